using Bartizan.Foundation.Outcomes;
using Bartizan.Posture.Compliance;
using Bartizan.Server.Api.Arm;
using Bartizan.Wire.Arm;
using Bartizan.Wire.Posture;

namespace Bartizan.Server.Api.Posture;

/// <summary><c>Microsoft.Security/regulatoryComplianceStandards</c>, their controls and assessments.</summary>
internal static class ComplianceRoutes
{
    private const string Read = "Microsoft.Security/regulatoryComplianceStandards/read";
    private const string Root = "/providers/Microsoft.Security/regulatoryComplianceStandards";
    private const string Controls = Root + "/{standard}/regulatoryComplianceControls";
    private const string Assessments = Controls + "/{control}/regulatoryComplianceAssessments";

    public static void MapCompliance(this IEndpointRouteBuilder routes)
    {
        // A standard is passed or failed as a whole: whoever sees only a part of the scope gets no verdict on it.
        routes.ArmGet(Root, Read, (ArmScope scope, ListQuery query, ComplianceBook book) => ArmResults.Page([.. book.For(scope.Id).Select(s => Standard(scope, s))], query));
        routes.ArmGet(Root + "/{standard}", Read, (string standard, ArmScope scope, ComplianceBook book) =>
            WithStandard(book, scope, standard, s => ArmResults.Resource(Standard(scope, s))));
        routes.ArmGet(Controls, Read, (string standard, ArmScope scope, ListQuery query, ComplianceBook book) =>
            WithStandard(book, scope, standard, s => ArmResults.Page([.. s.Controls.Select(c => Control(scope, s, c))], query)));
        routes.ArmGet(Controls + "/{control}", Read, (string standard, string control, ArmScope scope, ComplianceBook book) =>
            WithControl(book, scope, standard, control, (s, c) => ArmResults.Resource(Control(scope, s, c))));
        routes.ArmGet(Assessments, Read, (string standard, string control, ArmScope scope, ListQuery query, ComplianceBook book) =>
            WithControl(book, scope, standard, control, (s, c) => ArmResults.Page([.. c.Checks.Select(a => Assessment(scope, s, c, a))], query)));
        routes.ArmGet(Assessments + "/{key}", Read, (string standard, string control, string key, ArmScope scope, ComplianceBook book) =>
            WithControl(book, scope, standard, control, (s, c) =>
                c.Checks.FirstOrDefault(a => a.Key.Equals(key, StringComparison.OrdinalIgnoreCase)) is { } found
                    ? ArmResults.Resource(Assessment(scope, s, c, found))
                    : Missing($"The control '{control}' has no assessment '{key}'.")));
    }

    private static IResult WithStandard(ComplianceBook book, ArmScope scope, string name, Func<StandardReport, IResult> answer) =>
        book.Find(scope.Id, name) is { } standard ? answer(standard) : Missing($"There is no standard '{name}'.");

    private static IResult WithControl(ComplianceBook book, ArmScope scope, string name, string control, Func<StandardReport, ControlReport, IResult> answer) =>
        WithStandard(book, scope, name, s => s.Controls.FirstOrDefault(c => c.Control.Id.Equals(control, StringComparison.OrdinalIgnoreCase)) is { } found
            ? answer(s, found)
            : Missing($"The standard '{name}' has no control '{control}'."));

    private static IResult Missing(string message) => ArmErrors.Result(new Problem(ProblemKind.NotFound, "ResourceNotFound", message));

    private static string IdOf(ArmScope scope, StandardReport standard) =>
        $"{(scope.Id.Text == "/" ? "" : scope.Id.Text)}{Root}/{standard.Standard.Name}";

    private static ArmResource<ComplianceStandardProperties> Standard(ArmScope scope, StandardReport report) => new()
    {
        Id = IdOf(scope, report),
        Name = report.Standard.Name,
        Type = "Microsoft.Security/regulatoryComplianceStandard",
        Properties = new ComplianceStandardProperties(
            report.Outcome.ToString(), report.Count(ComplianceOutcome.Passed), report.Count(ComplianceOutcome.Failed), report.Count(ComplianceOutcome.Skipped),
            report.Count(ComplianceOutcome.Unsupported))
        { DisplayName = report.Standard.DisplayName },
    };

    private static ArmResource<ComplianceControlProperties> Control(ArmScope scope, StandardReport standard, ControlReport report) => new()
    {
        Id = $"{IdOf(scope, standard)}/regulatoryComplianceControls/{report.Control.Id}",
        Name = report.Control.Id,
        Type = "Microsoft.Security/regulatoryComplianceControl",
        Properties = new ComplianceControlProperties(
            report.Control.Title, report.Outcome.ToString(), report.Count(ComplianceOutcome.Passed), report.Count(ComplianceOutcome.Failed), report.Count(ComplianceOutcome.Skipped)),
    };

    private static ArmResource<ComplianceAssessmentProperties> Assessment(ArmScope scope, StandardReport standard, ControlReport control, CheckReport check) => new()
    {
        Id = $"{IdOf(scope, standard)}/regulatoryComplianceControls/{control.Control.Id}/regulatoryComplianceAssessments/{check.Key}",
        Name = check.Key,
        Type = "Microsoft.Security/regulatoryComplianceAssessment",
        Properties = new ComplianceAssessmentProperties(
            check.DisplayName, "Assessment", $"/providers/Microsoft.Security/assessmentMetadata/{check.Key}", check.Outcome.ToString(), check.Passed, check.Failed, check.Skipped, check.Unsupported),
    };
}
