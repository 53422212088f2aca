using System.Net;

namespace Bartizan.Server.Tests.Api;

/// <summary>What real clients send that a reader of the documentation would not.</summary>
public sealed class ClientDialectTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Id = "33333333-3333-3333-3333-333333333333";
    private const string States = $"/subscriptions/{Id}/providers/Microsoft.PolicyInsights/policyStates/latest";
    private const string Version = "api-version=2019-10-01";

    [Fact]
    public async Task A_subscription_that_is_not_a_GUID_is_refused_rather_than_found_empty()
    {
        Assert.Equal("InvalidSubscriptionId", (await server.GetAsync("/subscriptions/production/providers/Microsoft.Security/assessments?api-version=2021-06-01")).Code);
    }

    [Theory]
    [InlineData("{'additional_properties': {}, 'top': None, 'filter': None}", HttpStatusCode.OK)]
    [InlineData("rg-data/resourceGroups/{'additional_properties': {}, 'top': None}", HttpStatusCode.OK)]
    [InlineData("{'additional_properties': {}, 'top': 5}", HttpStatusCode.BadRequest)]
    [InlineData("{'additional_properties': {}, 'top': None}/providers/x/y", HttpStatusCode.BadRequest)]
    public async Task Shifted_arguments_of_the_policy_commands_are_put_right_only_while_no_option_is_lost(string shifted, HttpStatusCode status)
    {
        var path = $"/subscriptions/{string.Join('/', shifted.Split('/').Select(Uri.EscapeDataString))}/providers/Microsoft.PolicyInsights/policyStates/{Id}/summarize?{Version}";
        Assert.Equal(status, (await server.PostAsync(path, "")).Status);
    }

    [Fact]
    public async Task Pages_of_policy_states_are_followed_by_GET_and_top_is_all_that_is_wanted()
    {
        await LoadAsync();
        await UntilAsync(async () => (await server.PostAsync($"{States}/queryResults?{Version}", "")).Items.Count > 0);
        var first = await server.PostAsync($"{States}/queryResults?{Version}", "");
        var seen = first.Items.Count;
        for (var next = Next(first); next is not null;)
        {
            var page = await server.GetAsync(next);
            Assert.True(page.Items.Count > 0);
            seen += page.Items.Count;
            next = Next(page);
        }

        Assert.True(seen > first.Items.Count, $"{seen}");
        var top = await server.PostAsync($"{States}/queryResults?{Version}&$top=3", "");
        Assert.Equal(3, top.Items.Count);
        Assert.Null(Next(top));
    }

    [Fact]
    public async Task Policy_states_are_grouped_counted_ordered_and_chosen_from()
    {
        await LoadAsync();
        await UntilAsync(async () => (await server.PostAsync($"{States}/queryResults?{Version}", "")).Items.Count > 0);
        var groups = await server.PostAsync($"{States}/queryResults?{Version}&$apply=filter(complianceState ne 'Unknown')/groupby((complianceState),aggregate($count as n,resourceId with countdistinct as resources))&$orderby=n desc", "");
        Assert.All(groups.Items, g => Assert.True(g.GetProperty("n").GetInt32() >= g.GetProperty("resources").GetInt32()));
        Assert.Equal(groups.Items.Select(g => g.GetProperty("n").GetInt32()).OrderDescending(), groups.Items.Select(g => g.GetProperty("n").GetInt32()));
        var chosen = await server.PostAsync($"{States}/queryResults?{Version}&$select=resourceId&$orderby=resourceId desc&$top=2", "");
        Assert.All(chosen.Items, c => Assert.Equal(["resourceId"], c.EnumerateObject().Select(p => p.Name)));
    }

    [Theory]
    [InlineData("$apply=nonsense")]
    [InlineData("$apply=groupby((nothing))")]
    [InlineData("$apply=groupby((resourceId),sum(x))")]
    [InlineData("$apply=groupby((resourceId)")]
    [InlineData("$apply=aggregate(resourceId with sum as n)")]
    [InlineData("$orderby=nothing")]
    [InlineData("$select=nothing")]
    public async Task What_is_not_understood_of_a_state_query_is_refused(string query)
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await server.PostAsync($"{States}/queryResults?{Version}&{query}", "")).Status);
    }

    [Fact]
    public async Task An_evaluation_that_was_asked_for_says_where_to_ask_whether_it_is_done()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{States}/triggerEvaluation?{Version}");
        request.Headers.Authorization = new("Bearer", await server.TokenAsync());
        using var started = await server.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        await UntilAsync(async () => (await server.GetAsync(started.Headers.Location!.ToString())).Status == HttpStatusCode.OK);
        Assert.Equal("OperationNotFound", (await server.GetAsync($"/subscriptions/{Id}/providers/Microsoft.PolicyInsights/asyncOperationResults/none?{Version}")).Code);
    }

    [Fact]
    public async Task Shared_keys_are_those_of_the_workspace_that_is_named()
    {
        var answer = await server.PostAsync($"/subscriptions/{Id}/resourceGroups/rg0/providers/Microsoft.OperationalInsights/workspaces/other/sharedKeys?api-version=2021-06-01", "");
        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
        Assert.DoesNotContain("SharedKey", answer.Text, StringComparison.Ordinal);
    }

    private static string? Next(Answer answer) => answer.Json.TryGetProperty("@odata.nextLink", out var next) ? next.GetString() : null;

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (var i = 0; i < 300 && !await holds(); i++)
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        Assert.True(await holds());
    }

    private async Task LoadAsync()
    {
        var lines = Enumerable.Range(0, 120).Select(i =>
            $$"""{"id":"/subscriptions/{{Id}}/resourceGroups/rg0/providers/Microsoft.Storage/storageAccounts/s{{i}}","name":"s{{i}}","type":"Microsoft.Storage/storageAccounts","location":"westeurope","properties":{"supportsHttpsTrafficOnly":false} }""");
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync("/providers/Microsoft.Bartizan/resources?file=a.jsonl", string.Join('\n', lines))).Status);
    }
}
