using System.Globalization;
using Bartizan.Foundation.Outcomes;
using Bartizan.Foundation.Resources;
using Bartizan.Policy.Effects;
using Bartizan.Policy.Values;
using Bartizan.Posture.Assessments;
using Bartizan.Posture.Assignments;
using Bartizan.Posture.Evaluation;
using Bartizan.Store.Resources;

namespace Bartizan.Posture.Fixes;

/// <summary>
/// Works out what would mend a finding: the change that a check of ours carries, the operations of a modify, or the deployment of a
/// deployIfNotExists. The changed resource is judged, so that the proposal says what all checks would make of it.
/// </summary>
public sealed class FixProposals(ResourceStore resources, PostureSweep sweep, PolicyLibrary library, TimeProvider time)
{
    private static readonly string[] Levels = ["Low", "Moderate", "High"];

    /// <param name="key">The key of the assessment.</param>
    public async Task<Outcome<FixProposal>> ProposeAsync(ResourceId id, string key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (await resources.FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } resource)
        {
            return new Problem(ProblemKind.NotFound, "ResourceNotFound", $"There is no resource '{id}' in the inventory.", "resource");
        }

        var now = sweep.Judge(resource);
        if (sweep.FindCheck(key) is not { } check || now.FirstOrDefault(j => Is(j, key)) is not { } judgement)
        {
            return new Problem(ProblemKind.NotFound, "AssessmentNotFound", $"No check with the key '{key}' is about '{id}'.", "recommendation");
        }

        if (judgement.Status != AssessmentStatus.Unhealthy)
        {
            return new Problem(ProblemKind.Conflict, "NothingToFix", $"'{check.DisplayName}' says {judgement.Status} of '{resource.Name}'; there is nothing to mend.", "resource");
        }

        var verdict = sweep.VerdictOf(resource, key);
        if (verdict?.Deployment is { } deployment)
        {
            return Deploy(resource, check, deployment);
        }

        var shape = FixShape.Of(resource);
        var after = check.Fix is { } fix && PolicyJson.TryParse(fix) is { } patch ? FixPatch.Apply(shape.Envelope, patch)
            : verdict is { Changes.Count: > 0 } ? ChangeApplication.Apply(shape.Envelope, verdict.Changes, library.Pack.Aliases)
            : shape.Envelope;
        var changes = FixPatch.Changes(shape.Envelope, after);
        if (changes.Count == 0)
        {
            return new Problem(
                ProblemKind.Conflict, "NotFixable",
                check.Remediation.Count > 0
                    ? $"No change of '{resource.Name}' alone mends '{check.DisplayName}'; its remediation steps say what a person has to do."
                    : $"No change of '{resource.Name}' alone is known to mend '{check.DisplayName}'.",
                "recommendation");
        }

        var operation = new FixOperation(
            FixOperation.Patch, id.Text, PolicyJson.Write(FixPatch.Body(shape.Envelope, after)), PolicyJson.Write(FixPatch.Body(after, shape.Envelope)));
        var then = sweep.Judge(shape.Rebuild(resource, after));
        var effects = Effects(now, then);
        return new FixProposal(
            resource, check, operation, changes, effects, then.FirstOrDefault(j => Is(j, key))?.Status is AssessmentStatus.Healthy or AssessmentStatus.NotApplicable,
            Risk(check, changes, effects), FixSnippets.Of(resource, operation, after));
    }

    private static bool Is(Judgement judgement, string key) => judgement.Key.Equals(key, StringComparison.OrdinalIgnoreCase);

    private FixProposal Deploy(Resource resource, Check check, DeploymentPlan plan)
    {
        var scope = plan.Scope.Equals("Subscription", StringComparison.OrdinalIgnoreCase) || resource.Id.ResourceGroup is not { } group
            ? ResourceId.Subscription(resource.Id.SubscriptionId ?? resource.AccountId)
            : ResourceId.Parse($"/subscriptions/{resource.Id.SubscriptionId}/resourceGroups/{group}");
        var name = string.Create(CultureInfo.InvariantCulture, $"bartizan-fix-{time.GetUtcNow():yyyyMMddHHmmss}");
        var body = PolicyValue.Of(
        [
            .. scope.ResourceGroup is null ? new[] { ("location", PolicyValue.Of(resource.Location)) } : [],
            ("properties", PolicyValue.Of([("mode", PolicyValue.Of("Incremental")), ("template", plan.Template), ("parameters", plan.Parameters)])),
        ]);
        var operation = new FixOperation(
            FixOperation.Deployment, scope.Append($"providers/Microsoft.Resources/deployments/{name}").Text, PolicyJson.Write(body), Undo: null);
        var risk = new FixRisk(
            check.UserImpact, ["A template is deployed; what it makes stays, and is taken back by hand.", .. plan.RoleDefinitionIds.Count > 0 ? new[] { $"It needs the roles {string.Join(", ", plan.RoleDefinitionIds.Select(r => r[(r.LastIndexOf('/') + 1)..]))}." } : []]);
        return new FixProposal(resource, check, operation, [], [], Mends: null, risk, FixSnippets.Of(resource, operation, PolicyValue.Undefined));
    }

    private IReadOnlyList<FixEffect> Effects(IReadOnlyList<Judgement> now, IReadOnlyList<Judgement> then)
    {
        var before = Worst(now);
        var after = Worst(then);
        return
        [
            .. from key in before.Keys.Union(after.Keys, StringComparer.OrdinalIgnoreCase)
               let was = before.GetValueOrDefault(key, AssessmentStatus.NotApplicable)
               let becomes = after.GetValueOrDefault(key, AssessmentStatus.NotApplicable)
               where was != becomes
               orderby becomes == AssessmentStatus.Unhealthy descending, key
               select new FixEffect(key, sweep.FindCheck(key)?.DisplayName ?? key, was.ToString(), becomes.ToString()),
        ];
    }

    /// <summary>Several assignments may ask the same; the finding is as bad as the worst of them.</summary>
    private static Dictionary<string, AssessmentStatus> Worst(IReadOnlyList<Judgement> judgements) =>
        judgements.GroupBy(j => j.Key, StringComparer.OrdinalIgnoreCase).ToDictionary(
            g => g.Key, g => g.Any(j => j.Status == AssessmentStatus.Unhealthy) ? AssessmentStatus.Unhealthy : g.First().Status, StringComparer.OrdinalIgnoreCase);

    private static FixRisk Risk(Check check, IReadOnlyList<FixChange> changes, IReadOnlyList<FixEffect> effects)
    {
        var worse = effects.Where(e => e.After == nameof(AssessmentStatus.Unhealthy)).ToList();
        List<string> notes =
        [
            .. worse.Select(e => $"'{e.DisplayName}' would fail then."),
            .. changes.Where(c => c.Before?.StartsWith('[') == true).Select(c => $"The list at {c.Path} is replaced as a whole."),
            .. changes.Any(c => c.Before is null) ? new[] { "Where nothing stood before, undoing writes null; some providers then keep the new value." } : [],
        ];
        var level = Math.Max(Array.IndexOf(Levels, check.UserImpact), worse.Count > 0 ? 1 : 0);
        return new FixRisk(Levels[Math.Max(level, 0)], notes);
    }
}
