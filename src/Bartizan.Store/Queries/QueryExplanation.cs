namespace Bartizan.Store.Queries;

/// <summary>How a query would be run: its SQL, in order.</summary>
public sealed record QueryExplanation(IReadOnlyList<string> Statements);
