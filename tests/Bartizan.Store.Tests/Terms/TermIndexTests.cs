using System.Text;
using System.Text.Json;
using Bartizan.Kql.Sql;
using Bartizan.Store.Ingestion;
using Bartizan.Store.Queries;
using Bartizan.Store.Terms;
using CsCheck;

namespace Bartizan.Store.Tests.Terms;

public sealed class TermIndexTests : IDisposable
{
    private const string Table = "Words_CL";

    private static readonly string[] pieces =
    [
        "alpha", "ALPHA", "beta7", "gamma", "mimikatz", "Kelvin", "straße", "é", "\u212aelvin", "x", "deadbeef", "1000", "1e3", " ", "-", ".", "\\", "\\n", "\n", "\"", "/", "_", "C:\\new\\table",
    ];

    private static readonly string[] predicates =
    [
        "Text has '{0}'", "Text has_cs '{0}'", "Text contains '{0}'", "Text contains_cs '{0}'", "Text startswith '{0}'", "Text endswith '{0}'", "Text hasprefix '{0}'", "Text hassuffix '{0}'",
        "Text == '{0}'", "Text =~ '{0}'", "'{0}' == Text", "Text in ('{0}', 'nothing')", "Text in~ ('{0}')", "Text has_any ('{0}', 'zeta')", "Text has_all ('{0}', 'a')", "Text has_any (dynamic(['{0}']))",
        "not(Text has '{0}')", "Text !has '{0}'", "Text has '{0}' or Bag has '{0}'", "Text has '{0}' or N == 3", "Text has '{0}' and N > 2", "Bag has '{0}'", "Bag contains '{0}'", "Bag.a == '{0}'", "tostring(Bag.a) has '{0}'",
        "Bag['b'].c startswith '{0}'", "parse_json(Bag).a == '{0}'", "Bag == '{0}'", "tolower(Text) has '{0}'", "* has '{0}'",
    ];

    private readonly OpenStore store = OpenStore.OnDisk();
    private int tables;

    public void Dispose() => store.Dispose();

    [Fact]
    public void An_answer_is_the_same_with_and_without_the_index()
    {
        var text = Gen.Int[0, pieces.Length - 1].Select(i => pieces[i]).Array[0, 6].Select(string.Concat);
        var row = Gen.Select(text, text, text, Gen.Int[0, 5]);
        Gen.Select(row.Array[5, 60], Gen.Select(Gen.Int[0, predicates.Length - 1], Gen.Int[0, 1000], Gen.Int[0, 2], Gen.Int[0, 1000]).Array[14]).Sample(
            (rows, asked) =>
            {
                var table = $"Words{++tables}_CL";
                var count = 0;
                foreach (var slice in rows.Chunk(4))
                {
                    Append(store, slice.Select(r => Json(r.Item1, r.Item2, r.Item3, r.Item4, count++)), table);
                }

                string[] queries = [.. asked.Select(a => $"{table} | where {string.Format(System.Globalization.CultureInfo.InvariantCulture, predicates[a.Item1], Literal(Needle(rows[a.Item2 % rows.Length], a.Item3, a.Item4)))} | summarize make_list(Id)")];
                string[] before = [.. queries.Select(q => Answer(store, q))];
                Assert.True(Index(store, 4, table) > 0);
                string[] after = [.. queries.Select(q => Answer(store, q))];
                for (var i = 0; i < queries.Length; i++)
                {
                    Assert.True(before[i] == after[i], $"{queries[i]}\nwithout {before[i]}\nwith    {after[i]}");
                }
            },
            iter: 25, threads: 1);
    }

    [Fact]
    public void Only_the_segments_that_may_hold_a_word_are_read()
    {
        var moments = new List<long>();
        for (var i = 0; i < 10; i++)
        {
            Append(store, [Json($"run number{i} of powershell.exe", "", "", i, i)]);
            moments.Add((long)store.Query($"SELECT max(_TimeReceived) FROM {Table}")[0][0]!);
        }

        Assert.Equal(10, Index(store, 1));

        var rare = store.Folder.Terms.Restriction(Table, new TermCondition.Word("number7"));
        Assert.Equal($"((\"_TimeReceived\" > {moments[6]} AND \"_TimeReceived\" <= {moments[7]}) OR \"_TimeReceived\" > {moments[9]})", rare);
        Assert.Null(store.Folder.Terms.Restriction(Table, new TermCondition.Word("powershell")));
        Assert.Null(store.Folder.Terms.Restriction(Table, new TermCondition.Part("owersh")));
        Assert.Equal($"(\"_TimeReceived\" > {moments[9]})", store.Folder.Terms.Restriction(Table, new TermCondition.Part("mimikatz")));
        Assert.Equal($"(\"_TimeReceived\" > {moments[9]})", store.Folder.Terms.Restriction(Table, new TermCondition.All([new TermCondition.Word("powershell"), new TermCondition.Word("nowhere")])));
        Assert.Null(store.Folder.Terms.Restriction(Table, new TermCondition.Any([new TermCondition.Word("powershell"), new TermCondition.Word("nowhere")])));
    }

    [Theory]
    [InlineData("Bag.a has 'mimikatz'")]
    [InlineData("Bag.a == 'first\\nmimikatz'")]
    [InlineData("Bag has 'nmimikatz'")]
    [InlineData("Bag.a contains 'imika'")]
    public void Escapes_within_JSON_are_read_as_they_stand_and_as_what_they_mean(string predicate)
    {
        Append(store, [Json("", "first\nmimikatz", "", 0, 0)]);
        var without = Answer(store, $"{Table} | where {predicate} | summarize make_list(Id)");
        Assert.Equal(1, Index(store, 1));

        Assert.Equal("[\"0\"]", without);
        Assert.Equal("[\"0\"]", Answer(store, $"{Table} | where {predicate} | summarize make_list(Id)"));
    }

    [Fact]
    public async Task The_indexing_ends_quietly_when_it_is_told_to()
    {
        using var stop = new CancellationTokenSource();
        var running = store.Folder.Indexing.RunAsync(stop.Token);
        Append(store, [Json("first", "", "", 0, 0)]);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task Rows_of_a_slice_that_is_written_late_are_found()
    {
        Append(store, [Json("early", "", "", 0, 0)]);
        var entered = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var late = Task.Run(() => store.Folder.Ingestion.AppendAsync(
            Table, new SlowStream(Encoding.UTF8.GetBytes(Json("latecomer", "", "", 1, 1) + "\n"), entered, release.Task), new IngestionOptions(), default));
        await entered.Task;
        Append(store, [Json("quick", "", "", 2, 2)]);

        Index(store, 1);
        release.SetResult();
        Assert.Equal(1, (await late).Value.Accepted);

        Assert.Equal("[\"1\"]", Answer(store, $"{Table} | where Text has 'latecomer' | summarize make_list(Id)"));
        Index(store, 1);
        Assert.Equal("[\"1\"]", Answer(store, $"{Table} | where Text has 'latecomer' | summarize make_list(Id)"));
    }

    [Fact]
    public void Segments_outlast_a_restart_and_a_clock_that_was_set_back()
    {
        store.Time.Advance(TimeSpan.FromDays(2));
        Append(store, [Json("first", "", "", 0, 0)]);
        Assert.Equal(1, Index(store, 1));
        var covered = store.Folder.Terms.CoveredTo(Table);
        store.Time.AdjustTime(store.Time.GetUtcNow() - TimeSpan.FromDays(1));
        store.Reopen();
        Append(store, [Json("second", "", "", 1, 1)]);

        Assert.Equal(covered, store.Folder.Terms.CoveredTo(Table));
        Assert.Equal("[\"1\"]", Answer(store, $"{Table} | where Text has 'second' | summarize make_list(Id)"));
    }

    /// <summary>Some part of a text that is there: what matches nothing proves little.</summary>
    private static string Needle((string Text, string A, string C, int N) row, int which, int at)
    {
        var text = which switch { 0 => row.Text, 1 => row.A, _ => row.C };
        var start = text.Length == 0 ? 0 : at % text.Length;
        return at % 3 == 0 ? text : text[start..Math.Min(text.Length, start + 1 + (at % 11))];
    }

    private static string Json(string text, string a, string c, int n, int id) =>
        JsonSerializer.Serialize(new { TimeGenerated = "2026-05-04T09:00:00Z", Text = text, Bag = new { a, b = new { c }, text }, N = n, Id = id.ToString(System.Globalization.CultureInfo.InvariantCulture) });

    private static string Literal(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static void Append(OpenStore to, IEnumerable<string> lines, string table = Table)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        Assert.True(to.Folder.Ingestion.AppendAsync(table, stream, new IngestionOptions(), default).GetAwaiter().GetResult().IsSuccess);
    }

    private static int Index(OpenStore of, int segmentRows, string table = Table) =>
        new TermIndexing(of.Folder.Events, of.Folder.Catalog, of.Folder.Ingestion, of.Folder.Terms, segmentRows).IndexAsync(table, default).GetAwaiter().GetResult();

    private static string Answer(OpenStore of, string query)
    {
        var result = of.Queries.RunAsync(new QueryRequest(query.Replace("make_list(Id)", "make_set(Id)", StringComparison.Ordinal)), default).GetAwaiter().GetResult();
        Assert.True(result.IsSuccess, result.Problem?.Message);
        var ids = JsonSerializer.Deserialize<string[]>((string)result.Value.Rows[0][0]!)!;
        return JsonSerializer.Serialize(ids.Order(StringComparer.Ordinal));
    }

    /// <summary>Gives its bytes, and keeps whoever wants more waiting.</summary>
    private sealed class SlowStream(byte[] bytes, TaskCompletionSource entered, Task release) : MemoryStream(bytes)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Position == Length)
            {
                entered.TrySetResult();
                await release.WaitAsync(cancellationToken);
            }

            return await base.ReadAsync(buffer, cancellationToken);
        }
    }
}
