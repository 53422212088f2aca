using Bartizan.Foundation.Outcomes;
using Bartizan.Wire.Arm;
using Bartizan.Wire.Posture;

namespace Bartizan.Wire.Client;

/// <summary>Standards, their controls, and the assessments behind each, at a scope; the empty scope is the whole tenant.</summary>
public sealed class ComplianceClient
{
    private readonly BartizanClient client;

    internal ComplianceClient(BartizanClient client) => this.client = client;

    public Task<Outcome<ArmList<ArmResource<ComplianceStandardProperties>>>> StandardsAsync(string scope, CancellationToken cancellationToken) =>
        client.PageAsync<ArmResource<ComplianceStandardProperties>>(Path(scope), cancellationToken);

    public Task<Outcome<ArmResource<ComplianceStandardProperties>>> StandardAsync(string scope, string standard, CancellationToken cancellationToken) =>
        client.GetAsync<ArmResource<ComplianceStandardProperties>>(Path(scope, standard), cancellationToken);

    public Task<Outcome<ArmList<ArmResource<ComplianceControlProperties>>>> ControlsAsync(string scope, string standard, CancellationToken cancellationToken) =>
        client.AllAsync<ArmResource<ComplianceControlProperties>>(Path(scope, standard, "regulatoryComplianceControls"), cancellationToken);

    public Task<Outcome<ArmList<ArmResource<ComplianceAssessmentProperties>>>> AssessmentsAsync(string scope, string standard, string control, CancellationToken cancellationToken) =>
        client.AllAsync<ArmResource<ComplianceAssessmentProperties>>(Path(scope, standard, "regulatoryComplianceControls", control, "regulatoryComplianceAssessments"), cancellationToken);

    private static string Path(string scope, params ReadOnlySpan<string> parts)
    {
        var path = $"{(scope == "/" ? "" : scope)}/providers/Microsoft.Security/regulatoryComplianceStandards";
        foreach (var part in parts)
        {
            path += "/" + PathText.Segment(part);
        }

        return $"{path}?api-version={ApiVersions.Compliance}";
    }
}
