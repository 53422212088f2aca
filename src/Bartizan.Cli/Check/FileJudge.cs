using System.Text.RegularExpressions;
using Bartizan.Foundation.Resources;
using Bartizan.Policy.Aliases;
using Bartizan.Policy.Definitions;
using Bartizan.Policy.Effects;
using Bartizan.Policy.Evaluation;

namespace Bartizan.Cli.Check;

/// <summary>Asks every rule about every declared resource.</summary>
internal sealed partial class FileJudge(IReadOnlyList<InitiativeRule> rules)
{
    private const int MaxClauses = 3;

    /// <summary>Where a check of ours that has <c>when</c> keeps it in its rule.</summary>
    private const string ApplyingClause = "/if/allOf/1";

    public IEnumerable<Finding> Judge(DeclaredFile file, IReadOnlyList<PolicyResource> all)
    {
        var secrets = new SecretText(file.Secrets);
        foreach (var resource in file.Resources)
        {
            foreach (var rule in rules)
            {
                if (rule.Policy.CanApplyTo(resource.Resource.Type) && !IsOfOtherCloud(rule, resource) && Judge(rule, resource, all, secrets) is { } finding)
                {
                    yield return finding;
                }
            }
        }
    }

    private static bool IsOfOtherCloud(InitiativeRule rule, DeclaredResource resource) => rule.Environment is { } environment
        ? environment != resource.Environment
        : rule.Policy.Types is null && resource.Environment != CloudEnvironment.Azure;

    private static Finding? Judge(InitiativeRule rule, DeclaredResource resource, IReadOnlyList<PolicyResource> all, SecretText secrets)
    {
        if (rule.Policy.Definition.Mode == PolicyMode.ResourceProvider || (rule.Applies is { } applies && applies.Evaluate(new PolicyRequest(resource.Resource)) is { Matched: false }))
        {
            return null;
        }

        var verdict = rule.Policy.Evaluate(new PolicyRequest(resource.Resource) { Related = PolicyRequest.Among(all), KeepEvidence = true });
        if (verdict.State == ComplianceState.NotApplicable || verdict.Kind is EffectKind.Manual)
        {
            return null;
        }

        Finding Of(FindingState state, string reason) => new(resource, rule, state, verdict.Effect, reason);
        if (verdict.Error is { } error)
        {
            return Of(FindingState.Unknown, secrets.Redact(error));
        }

        if (NotSaid(rule, resource) is { } field)
        {
            return Of(FindingState.Unknown, $"it reads {field}, which is not taken from files of this format");
        }

        if (Unresolved.Decides(verdict, resource.Resource.Root))
        {
            return Of(FindingState.Unknown, "it depends on a value that is known only once the file is deployed");
        }

        return verdict switch
        {
            { State: ComplianceState.Compliant } => Of(FindingState.Passed, ""),
            { State: ComplianceState.NonCompliant, ExistenceMet: false, RelatedIds: [] } => Of(FindingState.Unknown, "the related resource that it asks for is not in these files"),
            { State: ComplianceState.NonCompliant, ExistenceMet: false } => Of(FindingState.Failed, $"{string.Join(", ", verdict.RelatedIds.Take(MaxClauses).Select(i => i[(i.LastIndexOf("/providers/", StringComparison.Ordinal) is var at && at >= 0 ? at + "/providers/".Length : 0)..]))} is not as it asks"),
            { State: ComplianceState.NonCompliant } => Of(FindingState.Failed, Reason(verdict, secrets, rule.Applies is not null)),
            _ => Of(FindingState.Unknown, "related resources are not known"),
        };
    }

    /// <summary>The clauses that decided, with what they read.</summary>
    /// <param name="hasWhen">Whether the second clause only says where the check applies.</param>
    private static string Reason(Verdict verdict, SecretText secrets, bool hasWhen)
    {
        var clauses = verdict.Decisive().Where(c => c.Text is not ("field type equals" or "field type in") && !(hasWhen && c.Path.Contains(ApplyingClause, StringComparison.Ordinal))).TakeLast(MaxClauses)
            .Select(c => $"{c.Text} {secrets.Show(c.Text, c.Expected)} (is {secrets.Show(c.Text, c.Actual)})");
        return string.Join("; ", clauses);
    }

    /// <summary>A field that the rule reads and the file's format cannot say.</summary>
    private static string? NotSaid(InitiativeRule rule, DeclaredResource resource)
    {
        if (resource.Known is not { } known || resource.Resource.Type is not { } type)
        {
            return null;
        }

        foreach (Match match in Aliases().Matches(rule.Source))
        {
            if (match.Groups[1].Value.Equals(type, StringComparison.OrdinalIgnoreCase))
            {
                var path = match.Groups[2].Value.Replace("[*]", "", StringComparison.Ordinal);
                if (!known.Any(k => IsWithin(path, k) || IsWithin(k, path)))
                {
                    return path;
                }
            }
        }

        return null;
    }

    private static bool IsWithin(string path, string whole) =>
        path.StartsWith(whole, StringComparison.OrdinalIgnoreCase) && (path.Length == whole.Length || path[whole.Length] is '.' or '[');

    [GeneratedRegex("""["']([A-Za-z][\w.]*(?:::\w+|/[\w.]+)+)/([A-Za-z_][^"'\\/]*)["']""")]
    private static partial Regex Aliases();
}
