using Bartizan.Kql.Types;

namespace Bartizan.Kql.Binding.Symbols;

/// <summary>
/// A saved function. One with a body is bound inline at each call; one without is a table that the store makes from the
/// arguments (<c>_GetWatchlist</c>).
/// </summary>
/// <param name="Parameters">The parameter list as KQL, with its parentheses: <c>(alias:string, top:long=10)</c>.</param>
/// <param name="Body">The body as KQL, with or without braces; null when <paramref name="Returns"/> is given.</param>
public sealed record FunctionSymbol(string Name, string Parameters, string? Body, RowShape? Returns = null)
{
    /// <summary>True where an argument for a scalar parameter may name a column of the piped table (<c>invoke FileProfile(SHA1)</c>).</summary>
    public bool TakesColumns { get; init; }
}
