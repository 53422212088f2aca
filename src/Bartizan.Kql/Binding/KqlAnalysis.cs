using Bartizan.Foundation.Outcomes;
using Bartizan.Kql.Binding.Symbols;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Binding;

/// <summary>What a query would give and what is wrong with it, without running it.</summary>
/// <param name="Results">The columns of each result, in order; empty when there are errors.</param>
/// <param name="Parameters">The values that <c>declare query_parameters</c> asks for.</param>
/// <param name="Diagnostics">All errors and warnings, by their place in the text.</param>
public sealed record KqlAnalysis(IReadOnlyList<RowShape> Results, IReadOnlyList<KqlColumn> Parameters, IReadOnlyList<Diagnostic> Diagnostics)
{
    /// <summary>The first error, or null.</summary>
    public Diagnostic? Error => Diagnostics.FirstOrDefault(d => d.Severity == DiagnosticSeverity.Error);

    /// <summary>The columns of the last result: that of the query's own expression. Empty when there is none.</summary>
    public RowShape Shape => Results.Count > 0 ? Results[^1] : RowShape.Empty;

    public static KqlAnalysis Of(string text, ISchemaCatalog catalog)
    {
        var program = KqlBinder.Bind(text, catalog);
        return new KqlAnalysis(
            [.. program.Results.Select(r => r.Shape)],
            [.. program.Parameters.Select(p => new KqlColumn(p.Name, p.Type))],
            program.Diagnostics);
    }
}
