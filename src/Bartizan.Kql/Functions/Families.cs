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
        .. Conversions.ToTypes.All(),
        .. Values.Conditions.All(),
        .. Text.Strings.All(),
        .. Text.Slices.All(),
        .. Text.RegexFunctions.All(),
        .. Numbers.Rounding.All(),
        .. Numbers.Elementary.All(),
        .. Numbers.Bits.All(),
        .. Time.Calendar.All(),
        .. Time.Moments.All(),
        .. Time.Formats.All(),
        .. Time.Zones.All(),
        .. Arrays.ArrayFunctions.All(),
        .. Arrays.Sorting.All(),
        .. Arrays.Sets.All(),
        .. Bags.BagFunctions.All(),
        .. Aggregates.Counting.All(),
        .. Aggregates.Sums.All(),
        .. Aggregates.Spread.All(),
        .. Aggregates.Collections.All(),
        .. Aggregates.Choice.All(),
        .. Aggregates.Percentiles.All(),
        .. Aggregates.Digests.All(),
        .. Windows.Ranking.All(),
        .. Windows.Neighbours.All(),
        .. Series.Elementwise.All(),
        .. Series.Filling.All(),
        .. Series.Filters.All(),
        .. Series.Statistics.All(),
        .. Series.Fits.All(),
        .. Series.Seasons.All(),
    ];
}
