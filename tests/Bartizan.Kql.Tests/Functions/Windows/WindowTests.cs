using Bartizan.Kql.Functions;

namespace Bartizan.Kql.Tests.Functions.Windows;

public sealed class WindowTests
{
    [Fact]
    public void Numbers_start_again_where_they_are_told_to() =>
        Assert.Equal(["5", "6", "5", "6"], Over("row_number", Enumerable.Range(0, 4).Select(i => new[] { KqlValue.Long(5), KqlValue.Bool(i == 2) })));

    [Fact]
    public void Sums_run_over_the_rows_so_far() =>
        Assert.Equal(["1", "3", "3", "7"], Over("row_cumsum", new long?[] { 1, 2, null, 4 }.Select(v => new[] { KqlValue.Long(v) })));

    [Fact]
    public void Ranks_rise_where_the_term_changes()
    {
        var rows = new long[] { 2, 3, 3, 3, 100 }.Select(v => new[] { KqlValue.Long(v) }).ToList();
        Assert.Equal(["1", "2", "2", "2", "3"], Over("row_rank_dense", rows));
        Assert.Equal(["1", "2", "2", "2", "5"], Over("row_rank_min", rows));
    }

    [Fact]
    public void A_session_ends_after_a_gap_or_when_it_has_lasted_long_enough()
    {
        var minutes = new[] { 0, 1, 2, 10, 11, 70 };
        var rows = minutes.Select(m => new[] { KqlValue.DateTime(m * TimeSpan.TicksPerMinute), KqlValue.TimeSpan(TimeSpan.TicksPerHour), KqlValue.TimeSpan(5 * TimeSpan.TicksPerMinute) });
        var starts = Over("row_window_session", rows).Select(s => KqlTime.ParseDateTime(s) / TimeSpan.TicksPerMinute);
        Assert.Equal(new long?[] { 0, 0, 0, 10, 10, 70 }, starts);
    }

    [Fact]
    public void The_row_before_has_a_default_at_the_start() =>
        Assert.Equal(["7", "7", "1"], Over("prev", new long[] { 1, 2, 3 }.Select(v => new[] { KqlValue.Long(v), KqlValue.Long(2), KqlValue.Long(7) })));

    private static List<string> Over(string name, IEnumerable<KqlValue[]> rows)
    {
        var all = rows.ToList();
        var state = FunctionCatalog.FindScalar(name)!.Window!([.. all[0].Select(v => v.Type)]);
        return [.. all.Select(r => Conversion.ToText(state.Next(r)))];
    }
}
