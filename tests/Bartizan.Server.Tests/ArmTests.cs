using System.Net;
using System.Text;
using System.Text.Json;

namespace Bartizan.Server.Tests;

public sealed class ArmTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Subscription = "/subscriptions/33333333-3333-3333-3333-333333333333";

    [Fact]
    public async Task A_missing_or_malformed_api_version_is_refused_and_an_unknown_one_is_answered()
    {
        Assert.Equal("MissingApiVersionParameter", (await server.GetAsync("/subscriptions")).Code);
        Assert.Equal("InvalidApiVersionParameter", (await server.GetAsync("/subscriptions?api-version=latest")).Code);
        Assert.Equal(HttpStatusCode.OK, (await server.GetAsync("/subscriptions?api-version=2031-12-01-preview")).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.GetAsync("/subscriptions?api%2Dversion=2022-12-01")).Status);
    }

    [Fact]
    public async Task Paths_may_be_spelled_in_any_case_and_with_doubled_slashes()
    {
        await LoadAsync();
        string[] paths = [$"{Subscription}/RESOURCEGROUPS", $"{server.Address}/{Subscription}/resourcegroups", $"/Subscriptions/{Subscription.Split('/')[2]}/resourceGroups"];
        foreach (var path in paths)
        {
            var answer = await server.GetAsync(path + "?api-version=2021-04-01");
            Assert.Equal(["rg0", "rg1", "rg2"], answer.Items.Select(i => i.GetProperty("name").GetString()));
        }
    }

    [Fact]
    public async Task Following_next_links_gives_everything_once()
    {
        await LoadAsync();
        var names = new List<string>();
        var next = $"{Subscription}/resources?api-version=2021-04-01&$top=7&$filter=resourceType eq 'Microsoft.Storage/storageAccounts'";
        var pages = 0;
        while (next is not null)
        {
            var page = await server.GetAsync(next);
            names.AddRange(page.Items.Select(i => i.GetProperty("name").GetString()!));
            next = page.Json.TryGetProperty("nextLink", out var link) ? link.GetString() : null;
            pages++;
            Assert.True(next is null || next.StartsWith(server.Address.ToString(), StringComparison.Ordinal));
        }

        Assert.Equal(5, pages);
        Assert.Equal(30, names.Count);
        Assert.Equal(30, names.Distinct().Count());
    }

    [Fact]
    public async Task A_resource_is_answered_as_it_was_given()
    {
        await LoadAsync();
        var answer = await server.GetAsync($"{Subscription}/resourceGroups/rg1/providers/microsoft.storage/STORAGEACCOUNTS/s1?api-version=2023-01-01");
        var missing = await server.GetAsync($"{Subscription}/resourceGroups/rg1/providers/Microsoft.Storage/storageAccounts/none?api-version=2023-01-01");

        Assert.Equal("https", answer.Json.GetProperty("properties").GetProperty("scheme").GetString());
        Assert.Equal("ResourceNotFound", missing.Code);
        Assert.Equal(HttpStatusCode.NotFound, missing.Status);
    }

    [Fact]
    public async Task What_is_not_here_is_said_to_be_so()
    {
        var list = await server.GetAsync($"{Subscription}/providers/Microsoft.Security/topologies?api-version=2020-01-01");
        var put = await server.SendAsync(HttpMethod.Put, $"{Subscription}/providers/Microsoft.Security/iotAlerts/x?api-version=2020-01-01", new StringContent("{}", Encoding.UTF8, "application/json"));
        var provider = await server.GetAsync($"{Subscription}/providers/Contoso.Nothing?api-version=2020-01-01");
        var odd = await server.GetAsync("/subscriptions/x/resourceGroups/providers/Microsoft.Security/alerts?api-version=2022-01-01");

        Assert.Empty(list.Items);
        Assert.Equal("MissingSubscriptionRegistration", put.Code);
        Assert.Equal("InvalidResourceNamespace", provider.Code);
        Assert.True(odd.Status is HttpStatusCode.BadRequest or HttpStatusCode.NotFound or HttpStatusCode.OK, odd.Text);
    }

    [Theory]
    [InlineData("name eq 'x")]
    [InlineData("name eq")]
    [InlineData("name like 'x'")]
    [InlineData("((((name eq 'x')")]
    [InlineData("drop(name) eq 'x'")]
    public async Task A_filter_that_cannot_be_read_is_refused(string filter) =>
        Assert.Equal("InvalidFilter", (await server.GetAsync($"{Subscription}/resources?api-version=2021-04-01&$filter={Uri.EscapeDataString(filter)}")).Code);

    [Fact]
    public async Task A_deeply_nested_filter_is_refused_at_once()
    {
        var filter = new string('(', 3000) + "name eq 'x'" + new string(')', 3000);

        Assert.Equal("InvalidFilter", (await server.GetAsync($"{Subscription}/resources?api-version=2021-04-01&$filter={filter}")).Code);
    }

    [Fact]
    public async Task Role_assignments_are_made_listed_and_removed_as_Azure_does_it()
    {
        await LoadAsync();
        var token = await server.ProgramAsync("assignee", "Reader", $"{Subscription}/resourceGroups/rg2");
        var programs = await server.GetAsync("/providers/Microsoft.Bartizan/servicePrincipals");
        var id = programs.Items.Single(p => p.GetProperty("name").GetString() == "assignee").GetProperty("objectId").GetString();
        var name = Guid.CreateVersion7();
        var path = $"{Subscription}/resourceGroups/rg1/providers/Microsoft.Authorization/roleAssignments/{name}?api-version=2022-04-01";
        var body = $$$"""{"properties":{"roleDefinitionId":"{{{Subscription}}}/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7","principalId":"{{{id}}}"}}""";

        var before = await server.GetAsync($"{Subscription}/resources?api-version=2021-04-01", token);
        var put = await server.SendAsync(HttpMethod.Put, path, new StringContent(body, Encoding.UTF8, "application/json"));
        var after = await server.GetAsync($"{Subscription}/resources?api-version=2021-04-01", token);
        var listed = await server.GetAsync($"{Subscription}/resourceGroups/rg1/providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01&$filter=principalId eq '{id}'");
        var deleted = await server.SendAsync(HttpMethod.Delete, path);
        var gone = await server.SendAsync(HttpMethod.Delete, path);

        Assert.Equal(10, before.Items.Count);
        Assert.Equal(HttpStatusCode.Created, put.Status);
        Assert.Equal(20, after.Items.Count);
        Assert.Equal(name.ToString(), Assert.Single(listed.Items).GetProperty("name").GetString());
        Assert.Equal(HttpStatusCode.OK, deleted.Status);
        Assert.Equal(HttpStatusCode.NoContent, gone.Status);
    }

    [Fact]
    public async Task A_body_that_is_not_json_or_too_large_is_refused_as_such()
    {
        var garbled = await server.PostAsync("/providers/Microsoft.Bartizan/servicePrincipals", "{not json");
        var large = await server.SendAsync(HttpMethod.Post, "/providers/Microsoft.Bartizan/servicePrincipals", new StringContent(new string(' ', 5_000_000), Encoding.UTF8, "application/json"), expectContinue: true);

        Assert.Equal("InvalidRequestContent", garbled.Code);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.Status);
    }

    private async Task LoadAsync()
    {
        var lines = Enumerable.Range(0, 30).Select(i => JsonSerializer.Serialize(new
        {
            id = $"{Subscription}/resourceGroups/rg{i % 3}/providers/Microsoft.Storage/storageAccounts/s{i}",
            name = $"s{i}",
            type = "Microsoft.Storage/storageAccounts",
            location = "westeurope",
            properties = new { scheme = "https" },
        }));
        var answer = await server.PostAsync("/providers/Microsoft.Bartizan/resources?file=a.jsonl", string.Join('\n', lines));
        Assert.Equal(30, answer.Json.GetProperty("accepted").GetInt64() + answer.Json.GetProperty("unchanged").GetInt64());
    }
}
