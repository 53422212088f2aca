using System.Text.Json;
using Bartizan.Foundation.Resources;
using Bartizan.Store.Resources;

namespace Bartizan.Store.Tests.Resources;

public sealed class ResourceStoreTests : IDisposable
{
    private const string Group = "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/Web";

    private readonly OpenStore store = OpenStore.InMemory();

    private ResourceStore Resources => store.Folder.Resources;

    public void Dispose() => store.Dispose();

    [Fact]
    public async Task What_is_the_same_leaves_no_trace_and_what_differs_makes_history()
    {
        var first = await Resources.UpsertAsync([Storage("one", "TLS1_0"), Storage("two", "TLS1_2")], "test", default);
        store.Time.Advance(TimeSpan.FromHours(1));
        var second = await Resources.UpsertAsync([Storage("one", "TLS1_2"), Storage("two", "TLS1_2")], "test", default);

        Assert.Equal(new ResourceReceipt(2, 0, 0), first);
        Assert.Equal(new ResourceReceipt(0, 1, 1), second);
        var history = await Resources.HistoryAsync(Storage("one", "").Id, default);
        Assert.Equal([ResourceChangeKind.Changed, ResourceChangeKind.Added], history.Select(h => h.Kind));
        Assert.Equal(store.Time.GetUtcNow(), history[0].At);
        Assert.Equal("TLS1_2", Tls((await Resources.FindAsync(Storage("ONE", "").Id, default))!));
    }

    [Fact]
    public async Task Removed_resources_are_gone_but_remembered()
    {
        await Resources.UpsertAsync([Storage("one", "TLS1_0")], "test", default);
        store.Time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(1, await Resources.RemoveAsync([Storage("one", "").Id], "test", default));

        Assert.Null(await Resources.FindAsync(Storage("one", "").Id, default));
        Assert.Equal(ResourceChangeKind.Removed, (await Resources.HistoryAsync(Storage("one", "").Id, default))[0].Kind);
    }

    [Fact]
    public async Task Lists_respect_scope_type_search_and_pages()
    {
        await Resources.UpsertAsync([.. Enumerable.Range(0, 25).Select(i => Storage($"st{i:D2}", "TLS1_2"))], "test", default);
        await Resources.UpsertAsync([Storage("other", "TLS1_2", Group + "2")], "test", default);

        var scope = ResourceId.Parse(Group.ToUpperInvariant().Replace("/SUBSCRIPTIONS", "/subscriptions", StringComparison.Ordinal));
        var query = new ResourceQuery { Scope = scope, Types = ["microsoft.storage/STORAGEACCOUNTS"], Take = 10, WantCount = true };
        var names = new List<string>();
        do
        {
            var page = await Resources.ListAsync(query, default);
            Assert.Equal(25, page.Count);
            names.AddRange(page.Items.Select(r => r.Name));
            query = query with { Continuation = page.Continuation };
        }
        while (query.Continuation is not null);

        Assert.Equal(25, names.Distinct().Count());
        Assert.Single((await Resources.ListAsync(new ResourceQuery { Search = "ST07" }, default)).Items);
        Assert.Empty((await Resources.ListAsync(new ResourceQuery { VisibleScopes = [] }, default)).Items);
        Assert.Equal(26, (await Resources.ListAsync(new ResourceQuery { Take = 100 }, default)).Items.Count);
    }

    [Fact]
    public async Task What_resources_share_is_kept_once_and_stands_in_the_properties_of_each()
    {
        await Resources.UpsertAsync([Finding("one", "Healthy"), Finding("two", "Unhealthy")], "test", default);
        await Resources.ShareAsync("Microsoft.Security/assessments", new Dictionary<string, string> { ["check"] = """{"displayName":"A check","metadata":{"severity":"High"}}""" }, default);
        await Resources.ShareAsync("Microsoft.Security/assessments", new Dictionary<string, string> { ["check"] = """{"displayName":"A check","metadata":{"severity":"Low"}}""" }, default);

        Assert.Equal(
            ["""{"status":{"code":"Healthy"},"displayName":"A check","metadata":{"severity":"Low"}}""", """{"status":{"code":"Unhealthy"},"displayName":"A check","metadata":{"severity":"Low"}}"""],
            store.Query("SELECT properties FROM \"SecurityResources\" ORDER BY id").Select(r => r[0]));
    }

    [Fact]
    public async Task A_record_that_says_no_more_than_its_columns_reads_back_whole_now_and_in_history()
    {
        await Resources.UpsertAsync([Finding("one", "Healthy")], "test", default);
        store.Time.Advance(TimeSpan.FromHours(1));
        await Resources.UpsertAsync([Finding("one", "Unhealthy")], "test", default);

        var now = (await Resources.FindAsync(Finding("one", "").Id, default))!.Record;
        var history = await Resources.HistoryAsync(Finding("one", "").Id, default);

        Assert.True(JsonElement.DeepEquals(Finding("one", "Unhealthy").Record, now), now.GetRawText());
        Assert.Equal(["Unhealthy", "Healthy"], history.Select(h => h.Resource.Record.GetProperty("properties").GetProperty("status").GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Keys_of_any_characters_are_known_again()
    {
        // In UTF-16 the second comes before the first, in UTF-8 behind it.
        await Resources.UpsertAsync([Storage("\uFF21", "TLS1_2"), Storage("\U0001F600", "TLS1_2")], "test", default);

        Assert.Equal(new ResourceReceipt(0, 0, 2), await Resources.UpsertAsync([Storage("\uFF21", "TLS1_2"), Storage("\U0001F600", "TLS1_2")], "test", default));
    }

    [Fact]
    public async Task The_views_hold_what_queries_expect()
    {
        var subscription = new Resource(
            ResourceId.Parse("/subscriptions/11111111-1111-1111-1111-111111111111"), "Shop", "Microsoft.Resources/subscriptions", "", CloudEnvironment.Azure, "11111111-1111-1111-1111-111111111111", Json("{}"));
        await Resources.UpsertAsync([subscription, Storage("one", "TLS1_0")], "test", default);

        var row = Assert.Single(store.Query("SELECT type, resourceGroup, properties, tags, kind FROM \"Resources\""));
        Assert.Equal(["microsoft.storage/storageaccounts", "web", """{"minimumTlsVersion":"TLS1_0"}""", """{"env":"prod"}""", ""], row);
        Assert.Single(store.Query("SELECT * FROM \"ResourceContainers\""));
        Assert.Equal(Bartizan.Kql.Types.KqlType.Dynamic, store.Folder.Catalog.FindTable("Resources")!.Shape.Find("properties")!.Type);
    }

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement.Clone();

    private static string Tls(Resource resource) => resource.Record.GetProperty("properties").GetProperty("minimumTlsVersion").GetString()!;

    private static Resource Storage(string name, string tls, string group = Group) => new(
        ResourceId.Parse($"{group}/providers/Microsoft.Storage/storageAccounts/{name}"), name, "Microsoft.Storage/storageAccounts", "westeurope",
        CloudEnvironment.Azure, "11111111-1111-1111-1111-111111111111", Json($$"""{ "properties": { "minimumTlsVersion": "{{tls}}" } }"""))
    {
        Tags = new Dictionary<string, string> { ["env"] = "prod" },
    };

    private static Resource Finding(string of, string status)
    {
        var id = ResourceId.Parse($"{Storage(of, "").Id.Text}/providers/Microsoft.Security/assessments/check");
        return new Resource(
            id, "check", "Microsoft.Security/assessments", "", CloudEnvironment.Azure, "11111111-1111-1111-1111-111111111111",
            Json($$"""{"id":"{{id.Text}}","name":"check","type":"microsoft.security/assessments","properties":{"status":{"code":"{{status}}"} } }"""));
    }
}
