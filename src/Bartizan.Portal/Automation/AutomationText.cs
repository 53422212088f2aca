using Bartizan.Portal.Parts;
using Bartizan.Wire.Response;

namespace Bartizan.Portal.Automation;

/// <summary>Automation rules in plain words.</summary>
internal static class AutomationText
{
    public static string Trigger(AutomationRuleProperties rule) =>
        $"{(rule.TriggeringLogic?.TriggersOn == "Alerts" ? "An alert" : "An incident")} is {(rule.TriggeringLogic?.TriggersWhen == "Updated" ? "changed" : "created")}";

    public static string Condition(AutomationConditionEntry condition) => condition.ConditionProperties is not { } p ? "" : condition.ConditionType switch
    {
        "Boolean" => string.Join(p.Operator == "Or" ? " or " : " and ", (p.InnerConditions ?? []).Select(Condition)),
        "PropertyChanged" => $"{Name(p.PropertyName)} changed{(p.ChangeType is null ? "" : p.ChangeType == "ChangedFrom" ? $" from {Values(p)}" : $" to {Values(p)}")}",
        "PropertyArrayChanged" => $"{EntityText.Words(p.ArrayType ?? "").ToLowerInvariant()} added",
        "PropertyArray" => $"any {EntityText.Words(p.ArrayType ?? "").ToLowerInvariant()}: {string.Join(" and ", (p.ItemConditions ?? []).Select(Condition))}",
        _ => $"{Name(p.PropertyName)} {EntityText.Words(p.Operator ?? "").ToLowerInvariant()} {Values(p)}",
    };

    public static string Action(AutomationActionEntry action) => (action.ActionType, action.ActionConfiguration) switch
    {
        ("RunPlaybook", { } c) => $"Run the playbook {c.LogicAppResourceId?[(c.LogicAppResourceId.LastIndexOf('/') + 1)..]}",
        ("AddIncidentTask", { } c) => $"Add the task “{c.Title}”",
        (_, { } c) => string.Join(", ", Changes(c).DefaultIfEmpty("Change nothing")),
        _ => action.ActionType ?? "",
    };

    /// <summary>Names of properties without the word that all of them begin with.</summary>
    public static string Name(string? property) => EntityText.Words(property is { Length: > 8 } && property.StartsWith("Incident", StringComparison.Ordinal) ? property[8..] : property ?? "");

    private static IEnumerable<string> Changes(AutomationActionConfiguration c)
    {
        if (c.Severity is { } severity)
        {
            yield return $"Severity {severity}";
        }

        if (c.Status is { } status)
        {
            yield return status == "Closed" ? $"Close as {EntityText.Words(c.Classification ?? "").ToLowerInvariant()}" : $"Status {status}";
        }

        if (c.Owner is { } owner)
        {
            yield return $"Assign to {owner.AssignedTo ?? owner.UserPrincipalName ?? owner.ObjectId ?? "nobody"}";
        }

        foreach (var label in c.Labels ?? [])
        {
            yield return $"Tag “{label.LabelName}”";
        }
    }

    private static string Values(AutomationConditionProperties p) => string.Join(" or ", (p.PropertyValues ?? []).Select(v => v[(v.LastIndexOf('/') + 1)..]));
}
