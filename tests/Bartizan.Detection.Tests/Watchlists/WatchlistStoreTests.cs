using Bartizan.Detection.Watchlists;
using Bartizan.Foundation.Outcomes;
using Bartizan.Store.Queries;

namespace Bartizan.Detection.Tests.Watchlists;

public sealed class WatchlistStoreTests : IDisposable
{
    private readonly Workbench bench = new();
    private readonly TableFunctions functions;
    private readonly QueryRunner queries;
    private readonly WatchlistStore watchlists;

    public WatchlistStoreTests()
    {
        queries = FolderQueries.Over(bench.Folder, bench.Time, out functions);
        watchlists = new WatchlistStore(bench.Folder.Records, bench.Outbox, functions, bench.Time);
    }

    [Fact]
    public async Task Queries_read_a_watchlist_by_its_header_and_search_key()
    {
        await PutAsync("vip-users", "User,Team\nann@contoso.com,Board\n\"o'neil, pat\",IT\n", "User");

        Assert.Equal("Board", await OneAsync("_GetWatchlist('vip-users') | where SearchKey == 'ann@contoso.com' | project Team"));
        Assert.Equal("IT", await OneAsync("let v = _GetWatchlist('VIP-users') | project SearchKey, Team; datatable(Name:string)[\"o'neil, pat\"] | join kind=inner v on $left.Name == $right.SearchKey | project Team"));
        Assert.Equal(0L, await OneAsync("_GetWatchlist('nobody') | count"));
        Assert.Equal("vip-users", await OneAsync("_GetWatchlistAlias"));
        Assert.Equal("Board", await OneAsync("Watchlist | where SearchKey startswith 'ann' | project tostring(WatchlistItem.Team)"));
    }

    [Fact]
    public async Task New_content_replaces_the_items_and_a_restart_knows_them()
    {
        await PutAsync("vips", "User\nann\nbob\n", "User");
        await PutAsync("vips", "User,Note\ncid,x\n", "User");
        using var later = new WatchlistStore(bench.Folder.Records, bench.Outbox, functions, bench.Time);
        Assert.Equal(0L, await OneAsync("_GetWatchlist('vips') | count"));
        await later.LoadAsync(default);

        Assert.Equal("cid x", await OneAsync("_GetWatchlist('vips') | project strcat(User, ' ', Note)"));
        Assert.Equal(2L, await OneAsync("Watchlist | where _DTItemStatus == 'Delete' | count"));
    }

    [Fact]
    public async Task Single_items_come_change_and_go()
    {
        await PutAsync("vips", "User\nann\n", "User");
        var id = Guid.CreateVersion7(bench.Time.GetUtcNow());
        var made = await watchlists.PutItemAsync("vips", id, new Dictionary<string, string> { ["User"] = "bob", ["Team"] = "IT" }, null, "me", default);
        Assert.True(made.IsSuccess);
        Assert.Equal("IT", await OneAsync("_GetWatchlist('vips') | where SearchKey == 'bob' | project Team"));
        Assert.Equal(ProblemKind.Invalid, (await watchlists.PutItemAsync("vips", id, new Dictionary<string, string> { ["Team"] = "IT" }, null, "me", default)).Problem!.Kind);
        Assert.Equal(ProblemKind.PreconditionFailed, (await watchlists.PutItemAsync("vips", id, made.Value.Value.Values, "\"old\"", "me", default)).Problem!.Kind);

        Assert.True((await watchlists.DeleteItemAsync("vips", id, "me", default)).Value);
        Assert.Equal("ann", await OneAsync("_GetWatchlist('vips') | project SearchKey"));
        Assert.True((await watchlists.DeleteAsync("vips", null, "me", default)).Value);
        Assert.Equal(0L, await OneAsync("_GetWatchlist('vips') | count"));
    }

    [Theory]
    [InlineData("User\nann", "Team", "itemsSearchKey")]
    [InlineData("User,User\nann,bob", "User", "rawContent")]
    [InlineData("User\nann,bob", "User", "rawContent")]
    [InlineData("SearchKey\nann", "SearchKey", "rawContent")]
    [InlineData("", "User", "rawContent")]
    public void Content_that_does_not_fit_is_refused(string content, string key, string target) =>
        Assert.Equal(target, WatchlistText.Read(content, null, 0, key).Problem?.Target);

    [Fact]
    public void Lines_before_the_header_are_skipped_and_tabs_part_columns() =>
        Assert.Equal("b", WatchlistText.Read("# made by hand\nUser\tTeam\na\tb", "text/tsv", 1, "User").Value.Items[0]["Team"]);

    [Theory]
    [InlineData("ab")]
    [InlineData("-abc")]
    [InlineData("a'); drop")]
    public async Task An_alias_is_a_plain_name(string alias) =>
        Assert.Equal("watchlistAlias", (await watchlists.PutAsync(List(alias, "User"), null, null, "me", default)).Problem?.Target);

    public void Dispose()
    {
        watchlists.Dispose();
        bench.Dispose();
    }

    private async Task PutAsync(string alias, string content, string key) =>
        Assert.True((await watchlists.PutAsync(List(alias, key), WatchlistText.Read(content, "text/csv", 0, key).Value, null, "me", default)).IsSuccess);

    private Watchlist List(string alias, string key) => new()
    {
        Alias = alias,
        Id = Guid.CreateVersion7(bench.Time.GetUtcNow()),
        DisplayName = "Important people",
        SearchKey = key,
        Created = bench.Time.GetUtcNow(),
        CreatedBy = "me",
    };

    private async Task<object?> OneAsync(string text)
    {
        var answer = await queries.RunAsync(new QueryRequest(text), default);
        Assert.True(answer.IsSuccess, answer.Problem?.Message);
        return Assert.Single(answer.Value.Rows)[0];
    }
}
