using Bartizan.Foundation.Resources;
using Bartizan.Posture.Assessments;
using Bartizan.Posture.Assignments;
using Bartizan.Store.Resources;

namespace Bartizan.Posture.Governance;

/// <summary>Carries out governance rules: gives unhealthy findings an owner and a date. What people assigned by hand stays.</summary>
public sealed class OwnerAssigner(GovernanceRuleBook rules, GovernanceBook book, AssessmentBoard board, ResourceStore resources)
{
    /// <param name="check">What is known of a check, by its key.</param>
    /// <param name="onlyRule">Only this rule's findings; null for all rules.</param>
    /// <param name="overrides">Whether findings that have an owner are assigned anew.</param>
    /// <returns>The findings that were assigned.</returns>
    public async Task<IReadOnlyList<GovernanceAssignment>> ApplyAsync(
        ScopeTree scopes, Func<string, Check?> check, string? onlyRule, bool overrides, string author, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scopes);
        ArgumentNullException.ThrowIfNull(check);
        await book.LoadAsync(cancellationToken).ConfigureAwait(false);
        var inForce = (await rules.ListAsync(cancellationToken).ConfigureAwait(false)).Where(r => !r.IsDisabled).ToList();
        if (inForce.Count == 0)
        {
            return [];
        }

        var (made, replaced) = (new List<GovernanceAssignment>(), new List<GovernanceAssignment>());
        foreach (var findings in board.All())
        {
            List<GovernanceRule>? here = null;
            Resource? resource = null;
            foreach (var assessment in findings.Assessments.Where(a => a.Status == AssessmentStatus.Unhealthy))
            {
                var known = book.Now.Of(findings.Id, assessment.Key);
                if (known is not null && !overrides)
                {
                    continue;
                }

                here ??= Above(inForce, scopes.Ancestors(findings.Id));
                var rule = here.Find(r => r.IsAbout(findings, assessment, check(assessment.Key)));
                if (rule is null || (onlyRule is not null && !rule.Id.Equals(onlyRule, StringComparison.OrdinalIgnoreCase)))
                {
                    continue;
                }

                if (rule.OwnerTag is not null)
                {
                    resource ??= await resources.FindAsync(findings.Id, cancellationToken).ConfigureAwait(false);
                }

                made.Add(GovernanceAssignment.Of(rule, assessment, rule.Owner ?? Tag(resource, rule.OwnerTag!)));
                if (known is not null)
                {
                    replaced.Add(known);
                }
            }
        }

        if (made.Count > 0)
        {
            await book.PutAsync(made, replaced, author, cancellationToken).ConfigureAwait(false);
        }

        return made;
    }

    private static List<GovernanceRule> Above(List<GovernanceRule> rules, IEnumerable<ResourceId> ancestors)
    {
        var places = ancestors.ToHashSet();
        return [.. rules.Where(r => places.Contains(r.Scope))];
    }

    private static string? Tag(Resource? resource, string name) =>
        resource?.Tags.FirstOrDefault(t => t.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
}
