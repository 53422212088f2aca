using System.Text.Json.Serialization;
using Bartizan.Foundation.Outcomes;
using Bartizan.Store.Engines.Relational;
using Bartizan.Store.Records;
using Microsoft.EntityFrameworkCore;

namespace Bartizan.Store.Tests.Records;

public sealed record Note(string Title, long Number, DateTimeOffset? Due, IReadOnlyList<string> Labels);

[JsonSerializable(typeof(Note))]
internal sealed partial class NoteJson : JsonSerializerContext;

public sealed class RecordSetTests : IDisposable
{
    private static readonly RecordKind<Note> kind = new(
        "note",
        NoteJson.Default.Note,
        RecordField.Text<Note>("title", n => n.Title),
        RecordField.Number<Note>("number", n => n.Number),
        RecordField.Time<Note>("due", n => n.Due),
        RecordField.Texts<Note>("label", n => n.Labels));

    private readonly OpenStore store = OpenStore.InMemory();
    private readonly RecordSet<Note> notes;

    public RecordSetTests() => notes = store.Folder.Records.Open(kind);

    public void Dispose() => store.Dispose();

    [Fact]
    public async Task What_is_put_is_found_under_any_case_of_its_id()
    {
        var put = await notes.PutAsync("Abc", new Note("Hello", 1, null, ["x"]), null, "ann", default);

        var found = await notes.FindAsync("aBC", default);

        Assert.Equal("Abc", found!.Id);
        Assert.Equal("Hello", found.Value.Title);
        Assert.Equal(put.Value.ETag, found.ETag);
        Assert.Equal("ann", found.UpdatedBy);
    }

    [Fact]
    public async Task A_stale_etag_is_refused_and_changes_nothing()
    {
        var first = (await notes.PutAsync("a", new Note("one", 1, null, []), RecordMatch.Absent, "ann", default)).Value;
        await notes.PutAsync("a", new Note("two", 2, null, []), first.ETag, "bob", default);

        var stale = await notes.PutAsync("a", new Note("three", 3, null, []), first.ETag, "ann", default);
        var again = await notes.PutAsync("a", new Note("four", 4, null, []), RecordMatch.Absent, "ann", default);
        var none = await notes.PutAsync("b", new Note("five", 5, null, []), RecordMatch.Any, "ann", default);

        Assert.Equal(ProblemKind.PreconditionFailed, stale.Problem!.Kind);
        Assert.Equal(ProblemKind.Conflict, again.Problem!.Kind);
        Assert.Equal(ProblemKind.NotFound, none.Problem!.Kind);
        Assert.Equal("two", (await notes.FindAsync("a", default))!.Value.Title);
    }

    [Fact]
    public async Task A_batch_is_written_whole_or_not_at_all()
    {
        await notes.PutAsync("a", new Note("one", 1, null, []), null, "ann", default);

        var outcome = await store.Folder.Records.ApplyAsync(
            [notes.Put("b", new Note("two", 2, null, [])), notes.Put("a", new Note("x", 9, null, []), "wrong")], "ann", default);

        Assert.False(outcome.IsSuccess);
        Assert.Null(await notes.FindAsync("b", default));
    }

    [Fact]
    public async Task Lists_filter_order_and_page_without_gaps_or_repeats()
    {
        var changes = Enumerable.Range(1, 95).Select(i =>
            notes.Put($"n{i:D3}", new Note($"Note {i % 7}", i % 10, store.Time.GetUtcNow().AddDays(i), i % 2 == 0 ? ["even", "all"] : ["all"]))).ToList();
        await store.Folder.Records.ApplyAsync(changes, "ann", default);

        var seen = new List<Record<Note>>();
        var query = new RecordQuery { Filters = [new RecordFilter.Equal("label", "EVEN")], OrderBy = new("number", true), Take = 10, WantCount = true };
        do
        {
            var page = (await notes.ListAsync(query, default)).Value;
            Assert.Equal(47, page.Count);
            seen.AddRange(page.Items);
            query = query with { Continuation = page.Continuation };
        }
        while (query.Continuation is not null);

        Assert.Equal(47, seen.Select(s => s.Id).Distinct().Count());
        Assert.Equal(seen.Select(s => s.Value.Number).OrderDescending(), seen.Select(s => s.Value.Number));
    }

    [Fact]
    public async Task Filters_combine()
    {
        await store.Folder.Records.ApplyAsync(
            [
                notes.Put("1", new Note("Alpha beta", 1, store.Time.GetUtcNow(), ["a"])),
                notes.Put("2", new Note("beta", 2, store.Time.GetUtcNow().AddDays(1), ["b"])),
                notes.Put("3", new Note("gamma", 3, null, ["a", "b"])),
            ],
            "ann", default);

        Assert.Equal([("alpha beta", 1L), ("beta", 1L)], (await notes.CountByAsync("title", [new RecordFilter.Contains("title", "beta")], default)).Value.OrderBy(c => c.Key).Select(c => (c.Key, c.Value)));
        Assert.Equal(3, (await notes.CountByAsync("title", [], default)).Value.Values.Sum());
        Assert.False((await notes.CountByAsync("number", [], default)).IsSuccess);
        Assert.Equal(["1", "2"], await Ids(new RecordFilter.Contains("title", "BETA")));
        Assert.Equal(["1"], await Ids(new RecordFilter.StartsWith("title", "alpha")));
        Assert.Equal(["1"], await Ids(new RecordFilter.EndsWith("title", "A BETA")));
        Assert.Equal(["2", "3"], await Ids(new RecordFilter.In("number", [2, 3])));
        Assert.Equal(["1"], await Ids(new RecordFilter.Range("due", null, store.Time.GetUtcNow().AddHours(1))));
        Assert.Equal(["1", "3"], await Ids(new RecordFilter.AnyOf(new RecordFilter.Equal("number", 1), new RecordFilter.Equal("title", "gamma"))));
        Assert.Equal(["1", "2"], await Ids(new RecordFilter.Not(new RecordFilter.Equal("number", 3))));
        Assert.Equal(["3"], await Ids(new RecordFilter.Equal("label", "a"), new RecordFilter.Equal("label", "b")));
        Assert.Equal(["2"], await Ids(new RecordFilter.Ids(["2", "9"])));
        Assert.False((await notes.ListAsync(new RecordQuery { Filters = [new RecordFilter.Equal("color", "red")] }, default)).IsSuccess);
    }

    [Fact]
    public async Task Sequences_have_no_gaps_under_concurrency()
    {
        var numbers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => store.Folder.Records.NextNumberAsync("incident", default)));

        Assert.Equal(Enumerable.Range(1, 20).Select(i => (long)i), numbers.Order());
    }

    [Fact]
    public async Task Every_change_is_in_the_audit_chain_and_tampering_shows()
    {
        await notes.PutAsync("a", new Note("one", 1, null, []), null, "ann", default);
        await notes.DeleteAsync("a", null, "bob", default);
        await store.Folder.Records.Audit.AppendAsync("cid", "signIn/failed", "session", "cid", "wrong password", default);

        Assert.Equal(3, (await store.Folder.Records.Audit.VerifyAsync(default)).Value);
        var entries = await store.Folder.Records.Audit.ListAsync(null, 10, null, default);
        Assert.Equal(["signIn/failed", "records/removed", "records/added"], entries.Select(e => e.Action));

        using var disk = OpenStore.OnDisk();
        await disk.Folder.Records.Open(kind).PutAsync("a", new Note("one", 1, null, []), null, "ann", default);
        await disk.Folder.Records.Open(kind).PutAsync("a", new Note("two", 1, null, []), null, "ann", default);
        await using (var context = new RecordContext(new DbContextOptionsBuilder<RecordContext>().UseSqlite($"DataSource={Path.Combine(disk.FolderPath!, "records.sqlite")}").Options))
        {
            await context.Database.ExecuteSqlRawAsync("UPDATE audit SET author = 'eve' WHERE number = 1");
        }

        Assert.Equal("AuditChainBroken", (await disk.Folder.Records.Audit.VerifyAsync(default)).Problem!.Code);
    }

    [Fact]
    public async Task A_field_that_becomes_indexed_finds_what_was_written_before()
    {
        await notes.PutAsync("a", new Note("one", 1, null, []), null, "ann", default);
        var wider = new RecordKind<Note>("note", NoteJson.Default.Note, RecordField.Text<Note>("first", n => n.Title[..1]));

        var page = await store.Folder.Records.Open(wider).ListAsync(new RecordQuery { Filters = [new RecordFilter.Equal("first", "o")] }, default);

        Assert.Single(page.Value.Items);
    }

    [Fact]
    public void The_migrated_schema_is_the_model_and_serves_both_providers()
    {
        using var postgres = new RecordContext(new DbContextOptionsBuilder<RecordContext>().UseNpgsql("Host=nowhere").Options);
        using var sqlite = new RecordContext(new DbContextOptionsBuilder<RecordContext>().UseSqlite("DataSource=:memory:").Options);
        sqlite.Database.OpenConnection();
        sqlite.Database.Migrate();
        var migrated = Columns(sqlite);
        using var created = new RecordContext(new DbContextOptionsBuilder<RecordContext>().UseSqlite("DataSource=:memory:").Options);
        created.Database.OpenConnection();
        created.Database.EnsureCreated();

        Assert.NotEmpty(migrated);
        Assert.Equal(Columns(created), migrated);
        Assert.Contains("number bigint NOT NULL", postgres.Database.GenerateCreateScript(), StringComparison.Ordinal);
        Assert.Single(postgres.Database.GetMigrations());
    }

    private static List<string> Columns(RecordContext context) =>
        [.. context.Database.SqlQueryRaw<string>(
            "SELECT m.name || '.' || p.name || ':' || p.type || p.\"notnull\" || p.pk AS Value FROM sqlite_master m JOIN pragma_table_info(m.name) p "
            + "WHERE m.type = 'table' AND m.name NOT LIKE '\\_\\_EF%' ESCAPE '\\' UNION ALL SELECT name AS Value FROM sqlite_master WHERE type = 'index' AND name LIKE '%by%'")
            .ToList().Order(StringComparer.Ordinal)];

    private async Task<IEnumerable<string>> Ids(params RecordFilter[] filters) =>
        (await notes.ListAsync(new RecordQuery { Filters = filters }, default)).Value.Items.Select(i => i.Id);
}
