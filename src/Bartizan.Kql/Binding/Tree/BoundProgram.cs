using Bartizan.Foundation.Outcomes;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Binding.Tree;

/// <summary>What a query text means: its results in order, and the settings it makes.</summary>
/// <param name="Results">
/// One entry for each tabular statement; a bare scalar expression is a <see cref="BoundPrint"/> with <see cref="BoundResult.IsScalar"/>.
/// Empty when there are errors.
/// </param>
/// <param name="Settings"><c>set name = value</c>, by lower-case name; an option without a value is true.</param>
internal sealed record BoundProgram(
    IReadOnlyList<BoundResult> Results,
    IReadOnlyDictionary<string, BoundExpression> Settings,
    IReadOnlyList<BoundParameter> Parameters,
    IReadOnlyList<Diagnostic> Diagnostics)
{
    public bool HasErrors => Diagnostics.Any(d => d.Severity == DiagnosticSeverity.Error);
}

internal sealed record BoundResult(BoundQuery Query, bool IsScalar)
{
    public RowShape Shape => Query.Shape;
}
