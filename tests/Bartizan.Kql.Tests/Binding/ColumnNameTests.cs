namespace Bartizan.Kql.Tests.Binding;

public sealed class ColumnNameTests
{
    private const string T = "datatable(a:int, b:string, c:dynamic, d:datetime)[] | ";

    [Theory]
    [InlineData("project a + 1, b, tolower(b)", "Column1:long, b:string, Column2:string")]
    [InlineData("project c.x, c['y z'], c[0], c.x.y[1]", "c_x:dynamic, c_y z:dynamic, c_0:dynamic, c_x_y_1:dynamic")]
    [InlineData("project tostring(c.x), c.x", "c_x:string, c_x1:dynamic")]
    [InlineData("project bin(a, 5), startofday(d)", "a:long, d:datetime")]
    [InlineData("project Column1 = a, a + 1", "Column1:int, Column11:long")]
    [InlineData("extend a + 1 | extend a + 2", "a:int, b:string, c:dynamic, d:datetime, Column1:long, Column2:long")]
    [InlineData("extend b = a", "a:int, b:int, c:dynamic, d:datetime")]
    [InlineData("extend tostring(a)", "a:string, b:string, c:dynamic, d:datetime")]
    [InlineData("project array_sort_asc(c, c), series_stats(c)", "c_sorted:dynamic, c_sorted1:dynamic, series_stats_c_min:real, series_stats_c_min_idx:long, series_stats_c_max:real, series_stats_c_max_idx:long, series_stats_c_avg:real, series_stats_c_stdev:real, series_stats_c_variance:real")]
    [InlineData("project-away b, c*", "a:int, d:datetime")]
    [InlineData("project-keep d, a", "a:int, d:datetime")]
    [InlineData("project-rename z = b", "a:int, z:string, c:dynamic, d:datetime")]
    [InlineData("project-reorder d, * desc", "d:datetime, c:dynamic, b:string, a:int")]
    public void A_projection_names_its_columns(string text, string columns) => Assert.Equal(columns, TestCatalog.Columns(T + text));

    [Theory]
    [InlineData("summarize count(), sum(a), dcount(b), make_set(b), max(d)", "count_:long, sum_a:long, dcount_b:long, set_b:dynamic, max_d:datetime")]
    [InlineData("summarize count() by b, bin(d, 1h)", "b:string, d:datetime, count_:long")]
    [InlineData("summarize max(a) - min(a), count()", "Column1:long, count_:long")]
    [InlineData("summarize arg_max(d, *) by b", "b:string, d:datetime, a:int, c:dynamic")]
    [InlineData("summarize arg_max(d, *) by bin(d, 1d)", "d:datetime, d1:datetime, a:int, b:string, c:dynamic")]
    [InlineData("summarize x = arg_max(d, a, strcat(b, 'x'))", "x:datetime, a:int, max_d_arg2:string")]
    [InlineData("summarize argmax(a, b)", "max_a:int, max_a_b:string")]
    [InlineData("summarize percentiles(a, 5, 99.9), percentile(a, 50)", "percentile_a_5:long, percentile_a_99_9:long, percentile_a_50:long")]
    [InlineData("summarize (low, high) = percentiles(a, 1, 99)", "low:long, high:long")]
    [InlineData("summarize take_any(a, b), any(b)", "a:int, b:string, any_b:string")]
    [InlineData("summarize max(a), max(a)", "max_a:int, max_a1:int")]
    [InlineData("count", "Count:long")]
    [InlineData("count as n", "n:long")]
    public void Aggregates_name_their_columns(string text, string columns) => Assert.Equal(columns, TestCatalog.Columns(T + text));

    [Theory]
    [InlineData("make-series count() default = 0, avg(a) on d from ago(1d) to now() step 1h by b", "b:string, count_:dynamic, avg_a:dynamic, d:dynamic")]
    [InlineData("top-nested 3 of b by count(), top-nested 2 of a by x = sum(a)", "b:string, aggregated_b:long, a:int, x:long")]
    [InlineData("top-hitters 3 of b", "b:string, approximate_count_b:long")]
    [InlineData("top-hitters 3 of b by a", "b:string, approximate_sum_a:int")]
    [InlineData("reduce by b", "Pattern:string, Count:long, Representative:string")]
    [InlineData("getschema", "ColumnName:string, ColumnOrdinal:long, DataType:string, ColumnType:string")]
    [InlineData("sample-distinct 3 of b", "b:string")]
    [InlineData("parse b with * 'x=' x:int ',' y", "a:int, b:string, c:dynamic, d:datetime, x:int, y:string")]
    [InlineData("parse-kv b as (k:int, v:string)", "a:int, b:string, c:dynamic, d:datetime, k:int, v:string")]
    [InlineData("mv-expand with_itemindex=i c, x = parse_json(b) to typeof(long)", "a:int, b:string, c:dynamic, d:datetime, x:long, i:long")]
    [InlineData("mv-apply c on (where tostring(c) == 'x')", "a:int, b:string, d:datetime, c:dynamic")]
    [InlineData("mv-apply x = c on (project z = 1)", "a:int, b:string, c:dynamic, d:datetime, z:long")]
    [InlineData("partition by b (summarize count() by a)", "a:int, count_:long")]
    [InlineData("scan with_match_id = m declare (n:long = 0) with (step s: true => n = s.n + 1;)", "a:int, b:string, c:dynamic, d:datetime, n:long, m:long")]
    [InlineData("distinct a, b", "a:int, b:string")]
    [InlineData("search 'x'", "$table:string, a:int, b:string, c:dynamic, d:datetime")]
    public void Operators_give_the_columns_that_they_are_known_for(string text, string columns) => Assert.Equal(columns, TestCatalog.Columns(T + text));

    [Theory]
    [InlineData("print 1, 'a', x = now(), tostring(1)", "print_0:long, print_1:string, x:datetime, print_3:string")]
    [InlineData("range x from 1 to 5 step 1", "x:long")]
    [InlineData("range x from ago(1d) to now() step 1h", "x:datetime")]
    [InlineData("range x from int(1) to 5 step 1.5", "x:real")]
    public void Sources_name_their_columns(string text, string columns) => Assert.Equal(columns, TestCatalog.Columns(text));

    [Theory]
    [InlineData("join kind=inner (datatable(b:string, a:int, z:int)[]) on a", "a:int, b:string, c:dynamic, d:datetime, b1:string, a1:int, z:int")]
    [InlineData("join kind=leftsemi (datatable(b:string)[]) on b", "a:int, b:string, c:dynamic, d:datetime")]
    [InlineData("join kind=rightanti (datatable(b:string, q:int)[]) on b", "b:string, q:int")]
    [InlineData("join (datatable(k:int)[]) on $left.a == $right.k", "a:int, b:string, c:dynamic, d:datetime, k:int")]
    [InlineData("lookup (datatable(b:string, a:int, z:int)[]) on b", "a:int, b:string, c:dynamic, d:datetime, a1:int, z:int")]
    public void Both_sides_of_a_join_give_columns_with_unique_names(string text, string columns) => Assert.Equal(columns, TestCatalog.Columns(T + text));

    [Theory]
    [InlineData("union (datatable(a:int)[]), (datatable(a:string, b:int)[])", "a_int:int, a_string:string, b:int")]
    [InlineData("union withsource=Src (datatable(a:int)[]), (datatable(b:int)[])", "Src:string, a:int, b:int")]
    [InlineData("union kind=inner (datatable(a:int, b:int)[]), (datatable(b:int)[])", "b:int")]
    [InlineData("union (datatable(b:string)[]), (datatable(b:long)[]), (datatable(b_string:int)[])", "b_string:string, b_long:long, b_string1:int")]
    [InlineData("union Logs_*", "Id_int:int, Id_string:string, Text:string, Size:long")]
    public void A_union_has_a_column_for_each_name_and_type(string text, string columns) => Assert.Equal(columns, TestCatalog.Columns(text));

    [Theory]
    [InlineData("Logons | extend Bag = Detail | evaluate bag_unpack(Bag) : (*, p:long) | project User, p", "User:string, p:long")]
    [InlineData("Logons | evaluate narrow()", "Row:long, Column:string, Value:string")]
    [InlineData("Logons | evaluate ipv4_lookup(Networks, Host, Range) | project User, Site", "User:string, Site:string")]
    [InlineData("Logons | evaluate rolling_percentile(Code, 95, TimeGenerated, 1d, 7)", "TimeGenerated:datetime, rolling_7_percentile_Code_95:int")]
    [InlineData("Logons | evaluate activity_metrics(User, TimeGenerated, ago(7d), now(), 1d)", "TimeGenerated:datetime, dcount_values:long, dcount_newvalues:long, retention_rate:real, churn_rate:real")]
    public void Plugins_give_the_columns_that_they_are_known_for(string text, string columns) => Assert.Equal(columns, TestCatalog.Columns(text));

    [Fact]
    public void A_fork_has_a_result_for_each_branch()
    {
        var shape = TestCatalog.Analyse("Logons | fork (count) (distinct User)");
        Assert.Null(shape.Error);
        Assert.Single(shape.Shape.Columns);
    }
}
