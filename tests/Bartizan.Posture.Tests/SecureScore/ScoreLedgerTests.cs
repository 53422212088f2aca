using Bartizan.Foundation.Resources;
using Bartizan.Posture.SecureScore;

namespace Bartizan.Posture.Tests.SecureScore;

public sealed class ScoreLedgerTests
{
    private const string Subscription = "11111111-1111-1111-1111-111111111111";

    private static readonly HashSet<string> Nothing = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_change_of_the_score_names_what_made_it()
    {
        await using var estate = new Estate();
        await estate.PutAsync(Account("a", "false"), Account("b", "true"));
        await estate.Sweep.SweepAsync(Stop);

        await estate.PutAsync(Account("a", "true"));
        await estate.Sweep.ReviseAsync([Id("a")], Stop);
        await estate.Resources.RemoveAsync([Id("b")], "test", Stop);
        await estate.Sweep.ReviseAsync([Id("b")], Stop);
        await estate.Sweep.SweepAsync(Stop);
        var changes = await estate.Get<ScoreLedger>().ListAsync(ResourceId.Subscription(Subscription), null, 10, Stop);

        Assert.Equal(["Resource", "Arrival"], changes.Where(c => c.Items[0].Reason != "Removal").Select(c => c.Items[0].Reason));
        var mended = changes.First(c => c.Items[0].Reason == "Resource");
        Assert.Equal(("Unhealthy", "Healthy"), (mended.Items[0].From, mended.Items[0].To));
        Assert.True(mended.After.Current > mended.Before.Current);
        Assert.Contains(mended.Controls, c => c is { DisplayName: "Encrypt data in transit", Healthy: 2, Unhealthy: 0 });
    }

    [Fact]
    public async Task Scores_are_rows_that_queries_find_and_are_not_judged_themselves()
    {
        await using var estate = new Estate();
        await estate.PutAsync(Account("a", "false"), Account("b", "true"));
        await estate.Sweep.SweepAsync(Stop);
        var scope = ResourceId.Subscription(Subscription);

        var rows = await RowsAsync();
        var receipt = await estate.Sweep.SweepAsync(Stop);

        Assert.Contains(rows, r => r.Type.Equals("microsoft.security/securescores", StringComparison.OrdinalIgnoreCase));
        var control = rows.First(r => r.Type.EndsWith("securescorecontrols", StringComparison.OrdinalIgnoreCase));
        Assert.NotEmpty(control.Record.GetProperty("properties").GetProperty("definition").GetProperty("properties").GetProperty("assessmentDefinitions").EnumerateArray());
        Assert.Equal((2, 0), (receipt.Resources, receipt.Changed));

        await estate.Resources.RemoveAsync([Id("a"), Id("b")], "test", Stop);
        await estate.Sweep.ReviseAsync([Id("a"), Id("b")], Stop);
        Assert.Empty(await RowsAsync());

        async Task<IReadOnlyList<Resource>> RowsAsync() =>
            [.. (await estate.Resources.ListAsync(new Bartizan.Store.Resources.ResourceQuery { View = Bartizan.Store.Resources.ResourceView.SecurityResources, Scope = scope }, Stop))
                .Items.Where(r => r.Type.Contains("secureScores", StringComparison.OrdinalIgnoreCase))];
    }

    [Fact]
    public async Task Mending_what_is_asked_raises_the_score_and_changes_nothing()
    {
        await using var estate = new Estate();
        await estate.PutAsync(Account("a", "false"), Account("b", "true"));
        await estate.Sweep.SweepAsync(Stop);
        var before = estate.Queries.Scores.Of(ResourceId.Subscription(Subscription))!;
        var failing = estate.Queries.Recommendations().Select(r => r.Check.Key).ToHashSet();

        var after = Assert.Single(estate.Get<WhatIf>().Ask(failing, Nothing));
        var exempt = estate.Get<WhatIf>().Ask(Nothing, failing);

        Assert.Equal(1, after.Percentage);
        Assert.True(before.Percentage < 1);
        Assert.All(exempt, s => Assert.Equal(1, s.Percentage));
        Assert.Equal(before.Percentage, estate.Queries.Scores.Of(ResourceId.Subscription(Subscription))!.Percentage);
    }

    private static ResourceId Id(string name) =>
        ResourceId.Parse($"/subscriptions/{Subscription}/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/{name}");

    private static string Account(string name, string httpsOnly) =>
        $$"""{"id":"{{Id(name)}}","name":"{{name}}","type":"Microsoft.Storage/storageAccounts","kind":"StorageV2","location":"westeurope","properties":{"supportsHttpsTrafficOnly":{{httpsOnly}},"minimumTlsVersion":"{{(httpsOnly == "true" ? "TLS1_2" : "TLS1_0")}}"} }""";
}
