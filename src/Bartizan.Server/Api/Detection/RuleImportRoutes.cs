using System.Text;
using Bartizan.Content.Rules;
using Bartizan.Detection.Rules;
using Bartizan.Foundation.Outcomes;
using Bartizan.Server.Api.Arm;
using Bartizan.Server.Auth.Roles;
using Bartizan.Store.Queries;
using Bartizan.Wire.Detection;
using Microsoft.AspNetCore.Mvc;

namespace Bartizan.Server.Api.Detection;

/// <summary>Rules as their authors write them: Sentinel's YAML or JSON, one or several in a file, each taken or refused by itself.</summary>
internal static class RuleImportRoutes
{
    private const int MaxImport = 32 * 1024 * 1024;

    public static void MapRuleImport(this IEndpointRouteBuilder routes) =>
        routes.ArmPost("/providers/Microsoft.Bartizan/rules", "Microsoft.SecurityInsights/alertRules/write", ImportAsync).AtWorkspace().WithMetadata(new RequestSizeLimitAttribute(MaxImport));

    private static async Task<IResult> ImportAsync(HttpRequest request, string? file, Caller caller, RuleStore rules, QueryRunner queries, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(request.Body, Encoding.UTF8);
        var read = RuleFile.Read(file ?? "body", await reader.ReadToEndAsync(cancellationToken).ConfigureAwait(false));
        var refused = read.Diagnostics.Where(d => d.IsError).Select(d => new RefusedRule(file ?? "body", d.ToString())).ToList();
        var taken = new List<string>();
        foreach (var rule in read.Rules)
        {
            var mistakes = rule.Kind is RuleKind.Scheduled or RuleKind.NRT ? queries.Check(rule.Query).Where(d => d.Severity == DiagnosticSeverity.Error).ToList() : [];
            if (mistakes.Count > 0)
            {
                refused.Add(new RefusedRule(rule.Name, $"The query cannot run: {string.Join(" ", mistakes.Take(3).Select(m => m.Message))}"));
            }
            else if ((await rules.PutAsync(rule, null, caller.Name, cancellationToken).ConfigureAwait(false)).TryGetValue(out var saved, out var problem))
            {
                taken.Add(saved.Value.Definition.Name);
            }
            else
            {
                refused.Add(new RefusedRule(rule.Name, problem.Message));
            }
        }

        return ArmResults.Value(new RuleImportReport(taken, refused));
    }
}
