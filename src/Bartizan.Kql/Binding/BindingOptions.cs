using Bartizan.Kql.Types;

namespace Bartizan.Kql.Binding;

/// <summary>What a binding may be told beyond the text and the schema.</summary>
internal sealed class BindingOptions
{
    public static BindingOptions Default { get; } = new();

    /// <summary>
    /// Shapes that an earlier run found for operators with open shapes, by the <c>OpenKey</c> that the first binding gave them. Keys are stable between
    /// bindings of the same text.
    /// </summary>
    public IReadOnlyDictionary<string, RowShape> KnownShapes { get; init; } = new Dictionary<string, RowShape>();
}
