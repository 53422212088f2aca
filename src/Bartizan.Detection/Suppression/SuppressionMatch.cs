using Bartizan.Detection.Alerts;
using Bartizan.Foundation.Entities;

namespace Bartizan.Detection.Suppression;

/// <summary>Whether a rule dismisses an alert.</summary>
public static class SuppressionMatch
{
    private const string Prefix = "entities.";

    /// <summary>The rule's type and scope only; whether it holds at the time is asked of the rule.</summary>
    public static bool Covers(SuppressionRule rule, Alert alert, Guid workspaceId)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(alert);
        return (rule.AlertType == SuppressionRule.AnyType || rule.AlertType.Equals(AlertRow.TypeOf(alert, workspaceId), StringComparison.OrdinalIgnoreCase))
            && rule.AllOf.All(e => alert.Entities.SelectMany(All).Any(entity => IsMet(e, entity)));
    }

    /// <summary>The kind and the property of <c>entities.&lt;type&gt;.&lt;property&gt;</c>.</summary>
    internal static bool TryReadField(string field, out EntityKind kind, out string property)
    {
        kind = default;
        property = "";
        if (!field.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) || field.IndexOf('.', Prefix.Length) is not (> 0 and var dot) || dot + 1 == field.Length)
        {
            return false;
        }

        property = field[(dot + 1)..];
        return EntityVocabulary.TryParse(field[Prefix.Length..dot], out kind);
    }

    private static bool IsMet(ScopeElement element, Entity entity) =>
        TryReadField(element.Field, out var kind, out var property) && entity.Kind == kind && entity.TryGet(property, out var value)
        && (element.In.Contains(value, StringComparer.OrdinalIgnoreCase) || (element.Contains is { } part && value.Contains(part, StringComparison.OrdinalIgnoreCase)));

    /// <summary>The entity and what it holds: the host of a process is named by the alert as well.</summary>
    private static IEnumerable<Entity> All(Entity entity) => entity.Related.Values.SelectMany(All).Prepend(entity);
}
