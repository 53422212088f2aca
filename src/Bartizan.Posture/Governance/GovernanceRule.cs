using System.Globalization;
using System.Text.Json;
using Bartizan.Foundation.Outcomes;
using Bartizan.Foundation.Resources;
using Bartizan.Posture.Assessments;
using Bartizan.Posture.Assignments;

namespace Bartizan.Posture.Governance;

/// <summary>Who mends which findings of a scope, and within what time.</summary>
/// <param name="Priority">From 0 to 1000; the lower one decides. Two rules of one scope never share it.</param>
/// <param name="Timeframe">From the day the finding became unhealthy, or the rule was written if that is later.</param>
/// <param name="HasGrace">Findings do not lower the score until they are due.</param>
/// <param name="ConditionSets">A finding is meant when all conditions of one set hold.</param>
/// <param name="OwnerTag">The tag of the resource that names the owner; null where <paramref name="Owner"/> does.</param>
public sealed record GovernanceRule(
    string Id, ResourceId Scope, string DisplayName, int Priority, TimeSpan Timeframe, bool HasGrace, bool IsDisabled, IReadOnlyList<ResourceId> Excluded,
    IReadOnlyList<IReadOnlyList<GovernanceCondition>> ConditionSets, string? OwnerTag, string? Owner, DateTimeOffset Since)
{
    private const int MaxPriority = 1000;

    public bool IsAbout(ResourceFindings findings, Assessment assessment, Check? check)
    {
        ArgumentNullException.ThrowIfNull(findings);
        ArgumentNullException.ThrowIfNull(assessment);
        return !Excluded.Any(findings.Id.IsWithin) && ConditionSets.Any(set => set.All(c => c.Holds(assessment.Key, check)));
    }

    public DateTimeOffset DueDate(Assessment assessment)
    {
        ArgumentNullException.ThrowIfNull(assessment);
        return (assessment.StatusChanged > Since ? assessment.StatusChanged : Since) + Timeframe;
    }

    /// <summary>Reads the <c>properties</c> of a rule.</summary>
    /// <param name="since">When it was written.</param>
    public static Outcome<GovernanceRule> Read(string id, ResourceId scope, JsonElement properties, DateTimeOffset since)
    {
        if (JsonValues.Text(properties, "displayName") is not { Length: > 0 } name)
        {
            return Refusal("The rule lacks displayName.", "displayName");
        }

        if (JsonValues.Find(properties, "rulePriority") is not { ValueKind: JsonValueKind.Number } given || !given.TryGetInt32(out var priority) || priority is < 0 or > MaxPriority)
        {
            return Refusal($"rulePriority is a whole number from 0 to {MaxPriority}.", "rulePriority");
        }

        if (JsonValues.Text(properties, "ruleType") is { } kind && !kind.Equals("Integrated", StringComparison.OrdinalIgnoreCase))
        {
            return new Problem(ProblemKind.NotSupported, "RuleTypeNotSupported", $"Rules of the type '{kind}' are not supported; Integrated ones are.", "ruleType");
        }

        if (!TimeSpan.TryParse(JsonValues.Text(properties, "remediationTimeframe"), CultureInfo.InvariantCulture, out var timeframe) || timeframe <= TimeSpan.Zero)
        {
            return Refusal("remediationTimeframe is a time such as 7.00:00:00, for seven days.", "remediationTimeframe");
        }

        var excluded = new List<ResourceId>();
        foreach (var text in JsonValues.Texts(properties, "excludedScopes"))
        {
            if (!ResourceId.TryParse(text, out var place))
            {
                return Refusal($"'{text}' is not a scope.", "excludedScopes");
            }

            excluded.Add(place);
        }

        if (!ReadConditions(properties).TryGetValue(out var sets, out var problem))
        {
            return problem;
        }

        var source = JsonValues.Find(properties, "ownerSource") ?? default;
        var (type, value) = (JsonValues.Text(source, "type"), JsonValues.Text(source, "value"));
        var isByTag = "ByTag".Equals(type, StringComparison.OrdinalIgnoreCase);
        if (string.IsNullOrEmpty(value) || (!isByTag && !"Manually".Equals(type, StringComparison.OrdinalIgnoreCase)))
        {
            return Refusal("ownerSource has the type ByTag or Manually, and a value: the name of the tag, or an address.", "ownerSource");
        }

        return new GovernanceRule(
            id, scope, name, priority, timeframe, IsTrue(properties, "isGracePeriod"), IsTrue(properties, "isDisabled"), excluded, sets,
            isByTag ? value : null, isByTag ? null : value, since);
    }

    private static Outcome<IReadOnlyList<IReadOnlyList<GovernanceCondition>>> ReadConditions(JsonElement properties)
    {
        var sets = new List<IReadOnlyList<GovernanceCondition>>();
        foreach (var set in JsonValues.Items(properties, "conditionSets"))
        {
            var conditions = new List<GovernanceCondition>();
            foreach (var item in JsonValues.Items(set, "conditions"))
            {
                if (!GovernanceCondition.Read(item).TryGetValue(out var condition, out var problem))
                {
                    return problem;
                }

                conditions.Add(condition);
            }

            if (conditions.Count == 0)
            {
                return Refusal("A set of conditions has at least one.", "conditionSets");
            }

            sets.Add(conditions);
        }

        return sets.Count == 0 ? Refusal("The rule lacks conditionSets.", "conditionSets") : sets;
    }

    private static bool IsTrue(JsonElement element, string name) => JsonValues.Find(element, name) is { ValueKind: JsonValueKind.True };

    private static Problem Refusal(string message, string target) => new(ProblemKind.Invalid, "InvalidGovernanceRule", message, target);
}
