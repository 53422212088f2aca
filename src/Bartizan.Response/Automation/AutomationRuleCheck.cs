using System.Diagnostics;
using Bartizan.Detection.Incidents;
using Bartizan.Foundation.Outcomes;

namespace Bartizan.Response.Automation;

/// <summary>What is wrong with an automation rule, before it is kept; pure.</summary>
public static class AutomationRuleCheck
{
    private const int MaxValues = 1000;
    private const int MaxValueLength = 10_000;
    private const int MaxLabelLength = 1000;

    public static Problem? Check(AutomationRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        if (string.IsNullOrWhiteSpace(rule.DisplayName) || rule.DisplayName.Length > AutomationRule.MaxName)
        {
            return Refuse("properties.displayName", $"An automation rule needs a name of 1 to {AutomationRule.MaxName} characters.");
        }

        if (rule.Order is < 1 or > AutomationRule.MaxOrder)
        {
            return Refuse("properties.order", $"The order is a number from 1 to {AutomationRule.MaxOrder}, not {rule.Order}.");
        }

        if (rule is { TriggersOn: TriggersOn.Alerts, TriggersWhen: TriggersWhen.Updated })
        {
            return Refuse("properties.triggeringLogic.triggersWhen", "Alerts do not change: a rule on alerts is set off when they are created.");
        }

        return CheckConditions(rule) ?? CheckActions(rule);
    }

    private static Problem? CheckConditions(AutomationRule rule)
    {
        const string target = "properties.triggeringLogic.conditions";
        if (Count(rule.Conditions) > AutomationRule.MaxConditions)
        {
            return Refuse(target, $"An automation rule has at most {AutomationRule.MaxConditions} conditions.");
        }

        foreach (var condition in rule.Conditions)
        {
            if (CheckCondition(condition, rule, null, 0) is { } message)
            {
                return Refuse(target, message);
            }
        }

        return null;
    }

    private static int Count(IReadOnlyList<AutomationCondition> conditions) => conditions.Sum(c => 1 + Count(Inner(c)));

    private static IReadOnlyList<AutomationCondition> Inner(AutomationCondition condition) => condition switch
    {
        AutomationCondition.All c => c.Conditions,
        AutomationCondition.Any c => c.Conditions,
        AutomationCondition.AnyItem c => c.Conditions,
        _ => [],
    };

    private static string? CheckCondition(AutomationCondition condition, AutomationRule rule, ItemsOf? within, int depth)
    {
        var onUpdate = rule.TriggersWhen == TriggersWhen.Updated;
        if (rule.TriggersOn == TriggersOn.Alerts && condition is not AutomationCondition.Property)
        {
            return "A rule on alerts has conditions on AlertAnalyticRuleIds alone.";
        }

        switch (condition)
        {
            case AutomationCondition.Property c:
                if (!SubjectProperties.Has(c.Name))
                {
                    return $"There is no property '{c.Name}' to compare.{(NearestName.Find(c.Name, SubjectProperties.Names) is { } near ? $" Is {near} meant?" : "")}";
                }

                if (rule.TriggersOn == TriggersOn.Alerts && !c.Name.Equals("AlertAnalyticRuleIds", StringComparison.OrdinalIgnoreCase))
                {
                    return $"A rule on alerts has conditions on AlertAnalyticRuleIds alone, not on {c.Name}.";
                }

                if (c.Name.Equals("IncidentUpdatedBySource", StringComparison.OrdinalIgnoreCase) && !onUpdate)
                {
                    return "IncidentUpdatedBySource says who changed an incident: it stands in rules that are set off by updates.";
                }

                if (SubjectProperties.IsOfDetails(c.Name) && within is null)
                {
                    return $"{c.Name} stands inside a condition of the type PropertyArray.";
                }

                if (within is not null && !SubjectProperties.IsOfDetails(c.Name))
                {
                    return $"Inside a condition over custom details stand IncidentCustomDetailsKey and IncidentCustomDetailsValue, not {c.Name}.";
                }

                return c.Values.Count is 0 or > MaxValues || c.Values.Any(v => string.IsNullOrEmpty(v) || v.Length > MaxValueLength)
                    ? $"The condition on {c.Name} needs 1 to {MaxValues} values, none of them empty."
                    : null;
            case AutomationCondition.PropertyChanged c:
                return !onUpdate ? "A created incident has not changed: conditions on changes stand in rules that are set off by updates."
                    : within is not null ? "Inside a condition over custom details nothing changes."
                    : c.Type is not null && c.Values.Count == 0 ? $"{c.Type} needs values to compare with."
                    : c.Values.Count > MaxValues || c.Values.Any(string.IsNullOrEmpty) ? $"A condition has at most {MaxValues} values, none of them empty."
                    : null;
            case AutomationCondition.Added:
                return !onUpdate ? "A created incident has not changed: conditions on what was added stand in rules that are set off by updates."
                    : within is not null ? "Inside a condition over custom details nothing is added."
                    : null;
            case AutomationCondition.AnyItem c when c.Of == ItemsOf.CustomDetails && within is not null:
                return "Custom details do not hold custom details.";
            case AutomationCondition.AnyItem c:
                return CheckInner(c.Conditions, rule, c.Of, depth);
            case AutomationCondition.All c:
                return CheckInner(c.Conditions, rule, within, depth);
            case AutomationCondition.Any c:
                return CheckInner(c.Conditions, rule, within, depth);
            default:
                throw new UnreachableException();
        }
    }

    private static string? CheckInner(IReadOnlyList<AutomationCondition> inner, AutomationRule rule, ItemsOf? within, int depth) =>
        inner.Count is 0 or > AutomationRule.MaxItems ? $"A condition made of others has 1 to {AutomationRule.MaxItems} of them."
        : depth == 4 ? "Conditions stand at most five deep in one another."
        : inner.Select(c => CheckCondition(c, rule, within, depth + 1)).FirstOrDefault(m => m is not null);

    private static Problem? CheckActions(AutomationRule rule)
    {
        if (rule.Actions.Count is 0 or > AutomationRule.MaxActions)
        {
            return Refuse("properties.actions", $"An automation rule has 1 to {AutomationRule.MaxActions} actions.");
        }

        foreach (var action in rule.Actions)
        {
            if (rule.TriggersOn == TriggersOn.Alerts && action is not AutomationAction.RunPlaybook)
            {
                return Refuse("properties.actions", "A rule on alerts can run playbooks, and nothing else.");
            }

            if (CheckAction(action) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }

    private static Problem? CheckAction(AutomationAction action)
    {
        switch (action)
        {
            case AutomationAction.ModifyProperties m:
                if (m is { Severity: null, Status: null, Classification: null, Owner: null, Labels.Count: 0 })
                {
                    return Refuse("properties.actions", "ModifyProperties names nothing to modify: give a severity, status, classification, owner or labels.");
                }

                if (m.Labels.Any(l => string.IsNullOrWhiteSpace(l) || l.Length > MaxLabelLength))
                {
                    return Refuse("properties.actions", $"A label has 1 to {MaxLabelLength} characters.");
                }

                // Closing needs a classification from a rule as it does from a person.
                return IncidentClosing.Check(m.Status ?? IncidentStatus.New, m.Classification, m.ClassificationReason);
            case AutomationAction.AddTask t:
                return string.IsNullOrWhiteSpace(t.Title) || t.Title.Trim().Length > IncidentTask.MaxTitle
                    ? Refuse("properties.actions", $"A task has a title of 1 to {IncidentTask.MaxTitle} characters.")
                    : t.Description.Length > IncidentTask.MaxDescription ? Refuse("properties.actions", $"A task's description has at most {IncidentTask.MaxDescription:N0} characters.")
                    : null;
            case AutomationAction.RunPlaybook p:
                return string.IsNullOrWhiteSpace(p.ResourceId) ? Refuse("properties.actions", "RunPlaybook needs a logicAppResourceId.") : null;
            default:
                throw new UnreachableException();
        }
    }

    private static Problem Refuse(string target, string message) => new(ProblemKind.Invalid, "BadRequest", message, target);
}
