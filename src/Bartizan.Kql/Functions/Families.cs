namespace Bartizan.Kql.Functions;

/// <summary>The families of the catalogue, in the order of the conformance page.</summary>
internal static class Families
{
    public static IEnumerable<KqlFunction> All() =>
    [
        .. Operators.Arithmetic.All(),
        .. Operators.Comparison.All(),
        .. Operators.TextSearch.All(),
        .. Operators.Membership.All(),
        .. Operators.Logic.All(),
        .. Aggregates.Counting.All(),
        .. Aggregates.Sums.All(),
        .. Aggregates.Spread.All(),
        .. Aggregates.Collections.All(),
        .. Aggregates.Choice.All(),
        .. Aggregates.Percentiles.All(),
        .. Aggregates.Digests.All(),
    ];
}
