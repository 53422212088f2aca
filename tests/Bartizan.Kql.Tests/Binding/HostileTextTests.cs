using CsCheck;

namespace Bartizan.Kql.Tests.Binding;

public sealed class HostileTextTests
{
    private static readonly string[] Pieces =
    [
        "Logons", "Networks", "User", "Code", "Detail", "TimeGenerated", "*", "Log*", " | where ", " | extend ", " | project ", " | project-away ", " | project-rename ",
        " | summarize ", " | join kind=inner (", " | lookup (", " | union ", " | mv-expand ", " | mv-apply ", " on (", " | parse ", " with ", " | sort by ",
        " | top 3 by ", " | top-nested of ", " | make-series ", " on TimeGenerated step 1h", " | scan with (step s: ", " => ", ";)", " | evaluate ", " | invoke ",
        " | partition by ", " | fork (", " | facet by ", " | search ", " | find ", " | reduce by ", " | render table", " | as X", " | make-graph User --> Host",
        " | graph-match (a)-[e]->(b) project ", " | graph-to-table nodes", "let f = (a:int, T:(*)) { ", " }; ", "let x = ", "; ", "f(", "x", "count()", "arg_max(", "bag_unpack(Detail)",
        "pivot(User)", "toscalar(", "materialize(", "iff(true, ", "tostring(", "pack_all()", "column_ifexists('a', ", "_GetWatchlist('w')", "Recent", "Loop()",
        ")", "(", ", ", " by ", " on ", "=", " == ", " and ", " or ", " + ", " - ", " has ", " in (", " between (", " .. ", ".a", "['b']", "[0]", "$left.User", "$right.Range",
        "'text'", "1", "2.5", "1d", "dynamic([1,{\"a\":2}])", "datetime(2020-01-01)", "typeof(long)", "datatable(a:int, b:string)[1, 'x']", "print ", "range x from 1 to 3 step 1",
        "declare query_parameters(p:long = 1);", "set a = b;", "union isfuzzy=true ", "database('other').", "arg('').", "entity_group [", "]", "{", "}", "\"", "@", "\0", "é", "\uD800",
    ];

    [Fact]
    public void No_sequence_of_pieces_makes_the_binder_throw() =>
        Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]).Array[1, 40].Sample(pieces => Analyse(string.Concat(pieces)), iter: 20_000);

    [Fact]
    public void No_characters_make_the_binder_throw() => Gen.String[0, 120].Sample(text => Analyse("Logons | where " + text), iter: 5_000);

    [Theory]
    [InlineData("Logons | where User == 'a'", " or User == 'a'", 20_000)]
    [InlineData("print x = 1", " + 1", 20_000)]
    [InlineData("Logons", " | where Code == 1", 20_000)]
    [InlineData("print x = Detail", ".a", 20_000)]
    [InlineData("print x = dynamic(1)", "[0]", 20_000)]
    [InlineData("print x = ", "(", 20_000)]
    [InlineData("print x = ", "toscalar(print y = ", 5_000)]
    [InlineData("print x = ", "-", 20_000)]
    [InlineData("Logons | extend a = 1", ", a = 1", 20_000)]
    [InlineData("union Logons", ", Logons", 20_000)]
    [InlineData("Logons | join (", "Logons | join (", 5_000)]
    public Task A_text_that_goes_on_and_on_is_bound_or_refused_in_bounded_time(string start, string piece, int times) =>
        Task.Run(() => Analyse(start + string.Concat(Enumerable.Repeat(piece, times)))).WaitAsync(TimeSpan.FromMinutes(2));

    [Fact]
    public void Functions_that_double_at_each_level_are_refused_in_bounded_time()
    {
        var text = "let f0 = (a:long) { a + 1 };\n" + string.Concat(Enumerable.Range(1, 38).Select(i => $"let f{i} = (a:long) {{ f{i - 1}(a) + f{i - 1}(a) }};\n")) + "print f38(1)";

        // Without a bound these are 2^38 calls: the test would not end.
        Assert.NotNull(TestCatalog.Analyse(text).Error);
    }

    [Fact]
    public void A_literal_of_a_megabyte_is_a_literal() =>
        Assert.Null(TestCatalog.Analyse($"print x = '{new string('a', 1_000_000)}'").Error);

    private static void Analyse(string text) => _ = TestCatalog.Analyse(text).Diagnostics.Count;
}
