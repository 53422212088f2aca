using System.Collections.Frozen;

namespace Bartizan.Content.Rules;

/// <summary>The words of rule files and of the API for the same things, in any casing.</summary>
public static class RuleWords
{
    public static IReadOnlyDictionary<string, AlertSeverity> Severities { get; } = Named<AlertSeverity>();

    public static IReadOnlyDictionary<string, RuleKind> Kinds { get; } = Named<RuleKind>();

    public static IReadOnlyDictionary<string, EventGrouping> EventGroupings { get; } = Named<EventGrouping>();

    public static IReadOnlyDictionary<string, GroupingMethod> GroupingMethods { get; } = Named(
        ("All", GroupingMethod.AllEntities), ("None", GroupingMethod.AnyAlert), ("Custom", GroupingMethod.Selected));

    public static IReadOnlyDictionary<string, TriggerOperator> Operators { get; } = Named(
        ("gt", TriggerOperator.GreaterThan), ("lt", TriggerOperator.LessThan), ("eq", TriggerOperator.Equal), ("ne", TriggerOperator.NotEqual));

    private static FrozenDictionary<string, T> Named<T>(params (string Word, T Value)[] more)
        where T : struct, Enum =>
        Enum.GetValues<T>().Select(v => (Word: v.ToString(), Value: v)).Concat(more)
            .ToFrozenDictionary(w => w.Word, w => w.Value, StringComparer.OrdinalIgnoreCase);
}
