using Bartizan.Detection.Alerts;
using Bartizan.Detection.Incidents;

namespace Bartizan.Response.Automation;

/// <summary>Which rules answer a change of an incident, and in which order; pure.</summary>
public static class AutomationDecision
{
    /// <summary>How many rules may answer one another before the chain is cut.</summary>
    public const int MaxDepth = 5;

    /// <summary>What sets rules off: a creation, or a change of what an analyst or a rule would look at.</summary>
    public static bool IsTrigger(IncidentActivity activity)
    {
        ArgumentNullException.ThrowIfNull(activity);
        return activity.Action is "created" or "alertAdded" or "commentAdded"
            || activity.Changes.Any(c => c.Field is "severity" or "status" or "owner" or "labels" or "tactics" or "alerts");
    }

    /// <summary>The rules of one trigger in their order; those of equal order by age, then name.</summary>
    public static IReadOnlyList<AutomationRule> InOrder(IEnumerable<AutomationRule> rules, TriggersOn on, TriggersWhen when) =>
        [.. rules.Where(r => r.TriggersOn == on && r.TriggersWhen == when).OrderBy(r => r.Order).ThenBy(r => r.Created).ThenBy(r => r.Name, StringComparer.OrdinalIgnoreCase)];

    /// <summary>Whether a rule acts now.</summary>
    /// <param name="chain">The rules whose acts led to this change: none acts twice in one chain.</param>
    public static bool Acts(AutomationRule rule, AutomationSubject subject, IReadOnlyList<Guid> chain, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(chain);
        return rule.IsLive(now)
            && rule.TriggersOn == TriggersOn.Incidents
            && rule.TriggersWhen == subject.When
            && rule.EnabledSince <= subject.Cause.At
            && chain.Count < MaxDepth
            && !chain.Contains(rule.Actor.ObjectId!.Value)
            && rule.Conditions.All(c => ConditionEvaluation.Holds(c, subject));
    }

    /// <summary>Whether a rule acts on an alert that was raised: the conditions of such rules are on the analytics rule alone.</summary>
    public static bool Acts(AutomationRule rule, Alert alert, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(alert);
        return rule.IsLive(now)
            && rule.TriggersOn == TriggersOn.Alerts
            && rule.EnabledSince <= alert.TimeGenerated
            && alert.SuppressedBy is null
            && rule.Conditions.OfType<AutomationCondition.Property>().All(c => ConditionEvaluation.Compare(
                c.Operator, [alert.RuleId.ToString("D")], c.Values.Select(v => SubjectProperties.Canonical(c.Name, v))));
    }
}
