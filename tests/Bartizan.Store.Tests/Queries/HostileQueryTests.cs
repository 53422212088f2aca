using System.Globalization;
using Bartizan.Store.Queries;
using CsCheck;

namespace Bartizan.Store.Tests.Queries;

/// <summary>No text makes a run throw, or take more time or memory than its limits: from the parser through SQL to the rows.</summary>
public sealed class HostileQueryTests
{
    private const string Table = "let T = datatable(t:datetime, k:string, v:long, d:dynamic) [datetime(2024-01-01), 'a', 1, dynamic({\"x\": 1}), datetime(2024-01-02), '', long(null), dynamic([1, 2])];\n";

    /// <summary>Whole operators, so that many of the texts are bound and reach the engine.</summary>
    private static readonly string[] Operators =
    [
        "where v > 0", "where k has 'a'", "where d.x == 1", "extend w = v + 1", "extend w = tostring(d)", "extend w = d[0]", "extend w = parse_json(k)", "project k, v, d, t", "project-away d",
        "summarize c = count() by k", "summarize make_list(v), make_set(k)", "summarize arg_max(t, *) by k", "summarize percentiles(v, 5, 95)", "take 3", "sort by v desc", "sort by k asc nulls first",
        "top 2 by v", "top-nested 1 of k with others='o' by sum(v)", "mv-expand d", "mv-expand d to typeof(long) limit 2", "mv-apply e = d on (take 1)", "distinct k", "serialize n = row_number()",
        "join kind=fullouter (T) on k", "join kind=leftanti (T) on k", "lookup (T | project k, z = v) on k", "union (T)", "union kind=inner (T), (print k = 'q')", "parse k with * 'a' r:long", "partition by k (take 1)",
        "make-series sum(v) on t step 1d by k", "scan with (step s: v > 0;)", "evaluate narrow()", "evaluate bag_unpack(d)", "evaluate pivot(k, sum(v))", "evaluate basket()", "evaluate autocluster()",
        "reduce by k", "facet by k", "fork (count) (take 1)", "getschema", "count", "sample 1", "render table", "as X", "search 'a'", "extend n = prev(v)", "invoke f()",
        "make-graph k --> k with_node_id=n | graph-match (a)-[e*1..2]->(b) project a.n, b.n", "where v in ((T | project v))", "extend s = toscalar(T | summarize max(v))", "extend w = 1 / 0, x = v / 0",
        "extend r = range(1, v)", "extend r = repeat(k, 3)", "extend s = strrep(k, 5)", "where k matches regex '(a|b)*'", "extend f = format_datetime(t, k)", "extend b = bin(t, 0d)", "summarize count() by bin(v, 0)",
    ];

    private static readonly int Rounds = int.Parse(Environment.GetEnvironmentVariable("BARTIZAN_FUZZ") ?? "150", CultureInfo.InvariantCulture);

    [Fact]
    public void No_pipeline_makes_a_run_throw()
    {
        using var store = OpenStore.InMemory();
        Gen.Int[0, Operators.Length - 1].Select(i => Operators[i]).Array[1, 5].Sample(
            pipe => Run(store.Queries, Table + "T | " + string.Join(" | ", pipe)), iter: Rounds, threads: 1);
    }

    [Fact]
    public void No_broken_pipeline_makes_a_run_throw()
    {
        using var store = OpenStore.InMemory();
        Gen.Select(Gen.Int[0, Operators.Length - 1].Select(i => Operators[i]).Array[1, 4], Gen.Int[0, 200], Gen.String[0, 8]).Sample(
            (pipe, at, noise) =>
            {
                var text = Table + "T | " + string.Join(" | ", pipe);
                Run(store.Queries, text.Insert(Table.Length + Math.Min(at, text.Length - Table.Length), noise));
            },
            iter: Rounds,
            threads: 1);
    }

    [Theory]
    [InlineData("print x = 1", " + 1", 3_000)]
    [InlineData("print x = 'a'", ", y = 'a'", 3_000)]
    [InlineData("range x from 1 to 3 step 1", " | where x > 0", 2_000)]
    [InlineData("range x from 1 to 3 step 1", " | extend x = x + x", 400)]
    [InlineData("range x from 1 to 3 step 1 | where x == 1", " or x == 2", 5_000)]
    [InlineData("print x = dynamic([", "[", 5_000)]
    [InlineData("print x = 1 | union (print x = 2)", ", (print x = 3)", 500)]
    [InlineData("print x = 1", " | join (print x = 1) on x | project x", 60)]
    [InlineData("print x = iff(true, ", "iff(true, ", 2_000)]
    [InlineData("let a = 1; print a", " | extend a = toscalar(print a)", 200)]
    public async Task A_text_that_goes_on_and_on_runs_or_is_refused_in_bounded_time(string start, string piece, int times)
    {
        using var store = OpenStore.InMemory();
        _ = await store.Queries.RunAsync(Limited(start + string.Concat(Enumerable.Repeat(piece, times))), CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task A_literal_of_a_megabyte_comes_back()
    {
        using var store = OpenStore.InMemory();
        var answer = await store.Queries.RunAsync(Limited($"print n = strlen('{new string('a', 1_000_000)}')"), CancellationToken.None);
        Assert.True(answer.TryGetValue(out var result, out var problem), problem?.Message);
        Assert.Equal(1_000_000L, result.Rows[0][0]);
    }

    private static QueryRequest Limited(string text) => new(text) { Limits = new QueryLimits { Timeout = TimeSpan.FromSeconds(10) } };

    private static void Run(QueryRunner runner, string text) => _ = runner.RunAsync(Limited(text), CancellationToken.None).GetAwaiter().GetResult();
}
