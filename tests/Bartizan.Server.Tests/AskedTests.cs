using System.Net;
using System.Text;
using System.Text.Json;

namespace Bartizan.Server.Tests;

/// <summary>What the command line and the SDKs ask for beside the feature routes: spelling, exports, functions, identities, other people's assessments.</summary>
public sealed class AskedTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Subscription = "/subscriptions/55555555-4444-4444-4444-444444444444";
    private const string Security = "/providers/Microsoft.Security/";
    private const string Told = "5f0c3b1e-3f43-4c51-9d0e-0a6b1c2d3e4f";
    private const string Version = "?api-version=2021-04-01";

    [Fact]
    public async Task Ids_are_spelt_as_ARM_spells_them_whatever_the_address_says()
    {
        var made = await PutAsync("/Subscriptions/55555555-4444-4444-4444-444444444444/resourcegroups/Spelt", """{"location":"westeurope"}""");
        var account = await PutAsync("/subscriptions/55555555-4444-4444-4444-444444444444/RESOURCEGROUPS/Spelt/Providers/Microsoft.Storage/storageAccounts/resourcegroups", """{"location":"westeurope"}""");

        Assert.Equal(Subscription + "/resourceGroups/Spelt", Text(made.Json, "id"));
        Assert.Equal(Subscription + "/resourceGroups/Spelt/providers/Microsoft.Storage/storageAccounts/resourcegroups", Text(account.Json, "id"));
    }

    [Fact]
    public async Task A_group_is_exported_as_a_template_of_what_is_asked_for()
    {
        const string group = Subscription + "/resourceGroups/exported";
        await PutAsync(group, """{"location":"westeurope"}""");
        await PutAsync(group + "/providers/Microsoft.Storage/storageAccounts/one", """{"location":"westeurope","properties":{"allowBlobPublicAccess":true,"provisioningState":"Succeeded"}}""");
        var two = await PutAsync(group + "/providers/Microsoft.Storage/storageAccounts/two", """{"location":"westeurope"}""");

        var all = await server.PostAsync(group + "/exportTemplate" + Version, """{"resources":["*"]}""");
        var some = await server.PostAsync(group + "/exportTemplate" + Version, $$"""{"resources":["{{Text(two.Json, "id")}}"]}""");
        var none = await server.PostAsync(Subscription + "/resourceGroups/none/exportTemplate" + Version, """{"resources":["*"]}""");

        var resources = all.Json.GetProperty("template").GetProperty("resources").EnumerateArray().ToList();
        Assert.Equal(["one", "two"], resources.Select(r => Text(r, "name")).Order());
        var one = resources.Single(r => Text(r, "name") == "one");
        Assert.Equal("Microsoft.Storage/storageAccounts", Text(one, "type"));
        Assert.False(one.TryGetProperty("id", out _));
        Assert.False(one.GetProperty("properties").TryGetProperty("provisioningState", out _));
        Assert.Equal("two", Text(Assert.Single(some.Json.GetProperty("template").GetProperty("resources").EnumerateArray()), "name"));
        Assert.Equal("ResourceGroupNotFound", none.Code);
    }

    [Fact]
    public async Task A_saved_search_with_an_alias_is_a_function_until_it_is_removed()
    {
        var workspace = (await server.GetAsync("/providers/Microsoft.Bartizan/server")).Json.GetProperty("workspacePath").GetString()!;
        const string body = """{"properties":{"category":"c","displayName":"d","query":"print N = n","functionAlias":"AskedFor","functionParameters":"n:long=1"}}""";
        var made = await PutAsync(workspace + "/savedSearches/asked", body);
        var called = await QueryAsync(workspace, "AskedFor(7)");
        var taken = await PutAsync(workspace + "/savedSearches/other", body);
        var table = await PutAsync(workspace + "/savedSearches/other", body.Replace("AskedFor", "SecurityEvent", StringComparison.Ordinal));
        await PutAsync(workspace + "/savedSearches/asked", body.Replace("AskedFor", "AskedAgain", StringComparison.Ordinal));
        var before = await QueryAsync(workspace, "AskedFor(7)");
        var renamed = await QueryAsync(workspace, "AskedAgain");
        await server.SendAsync(HttpMethod.Delete, workspace + "/savedSearches/asked" + Version);
        var after = await QueryAsync(workspace, "AskedAgain");

        Assert.Equal(HttpStatusCode.OK, made.Status);
        Assert.Equal(7, called.Json.GetProperty("tables")[0].GetProperty("rows")[0][0].GetInt64());
        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.Conflict), (taken.Status, table.Status));
        Assert.Equal(HttpStatusCode.BadRequest, before.Status);
        Assert.Equal(1, renamed.Json.GetProperty("tables")[0].GetProperty("rows")[0][0].GetInt64());
        Assert.Equal(HttpStatusCode.BadRequest, after.Status);
    }

    [Fact]
    public async Task An_assignment_keeps_its_identity_and_is_given_no_parameter_that_its_definition_lacks()
    {
        const string policy = Subscription + "/providers/Microsoft.Authorization/";
        await PutAsync(policy + "policyDefinitions/asked", """{"properties":{"mode":"Indexed","policyRule":{"if":{"field":"location","equals":"x"},"then":{"effect":"audit"}}}}""");
        var body = $$"""{"location":"westeurope","identity":{"type":"SystemAssigned"},"properties":{"policyDefinitionId":"{{policy}}policyDefinitions/asked"} }""";
        var first = await PutAsync(policy + "policyAssignments/asked", body);
        var second = await PutAsync(policy + "policyAssignments/asked", body);
        var wrong = await PutAsync(policy + "policyAssignments/asked", body.Replace("SystemAssigned", "Borrowed", StringComparison.Ordinal));
        var surplus = await PutAsync(
            policy + "policyAssignments/surplus", $$"""{"properties":{"policyDefinitionId":"{{policy}}policyDefinitions/asked","parameters":{"nothing":{"value":1} } } }""");

        var identity = first.Json.GetProperty("identity");
        Assert.Equal("SystemAssigned", Text(identity, "type"));
        Assert.Equal(Text(identity, "principalId"), Text(second.Json.GetProperty("identity"), "principalId"));
        Assert.Equal("InvalidIdentity", wrong.Code);
        Assert.Equal("UndefinedPolicyParameter", surplus.Code);
    }

    [Fact]
    public async Task What_others_assess_is_told_of_a_check_that_its_subscription_declares()
    {
        const string group = Subscription + "/resourceGroups/told";
        var undeclared = await PutAsync(group + Security + "assessments/" + Told, """{"properties":{"status":{"code":"Unhealthy"}}}""");
        var declared = await PutAsync(Subscription + Security + "assessmentMetadata/" + Told, """{"properties":{"displayName":"Told","severity":"high","assessmentType":"CustomerManaged"}}""");
        var wrong = await PutAsync(group + Security + "assessments/" + Told, """{"properties":{"status":{"code":"Sick"}}}""");
        var told = await PutAsync(group + Security + "assessments/" + Told, """{"properties":{"resourceDetails":{"source":"Azure"},"status":{"code":"unhealthy","cause":"c"}}}""");
        var listed = await server.GetAsync(Subscription + Security + "assessments" + Version);
        var own = await PutAsync(Subscription + Security + "assessmentMetadata/2ceaa635-4b7a-8359-879e-7f63ebf9e0a8", """{"properties":{"displayName":"Mine","severity":"Low"}}""");
        var reader = await server.ProgramAsync("reader of the other", "Security Reader", "/subscriptions/55555555-4444-4444-4444-444444444445");
        var unseen = await server.GetAsync(Subscription + Security + "assessmentMetadata/" + Told + Version, reader);
        var removed = await server.SendAsync(HttpMethod.Delete, Subscription + Security + "assessmentMetadata/" + Told + Version);
        var after = await server.GetAsync(group + Security + "assessments/" + Told + Version);

        Assert.Equal(HttpStatusCode.NotFound, undeclared.Status);
        Assert.Equal("High", Text(declared.Json.GetProperty("properties"), "severity"));
        Assert.Equal("InvalidInputJson", wrong.Code);
        Assert.Equal(HttpStatusCode.Created, told.Status);
        Assert.Contains(listed.Items, a => Text(a, "name") == Told && Text(a.GetProperty("properties").GetProperty("status"), "code") == "Unhealthy");
        Assert.Equal(HttpStatusCode.Conflict, own.Status);
        Assert.Equal(HttpStatusCode.NotFound, unseen.Status);
        Assert.Equal(HttpStatusCode.OK, removed.Status);
        Assert.Equal(HttpStatusCode.NotFound, after.Status);
    }

    [Fact]
    public async Task The_root_management_group_holds_every_subscription()
    {
        await PutAsync(Subscription + "/resourceGroups/states", """{"location":"westeurope"}""");
        await PutAsync(Subscription + "/resourceGroups/states/providers/Microsoft.Storage/storageAccounts/states", """{"location":"westeurope"}""");
        await PutAsync(Subscription + Security + "assessmentMetadata/" + Told[..^1] + "0", """{"properties":{"displayName":"Told","severity":"Low"}}""");
        await PutAsync(Subscription + Security + "assessments/" + Told[..^1] + "0", """{"properties":{"status":{"code":"Healthy"}}}""");
        var tenant = (await server.GetAsync("/tenants?api-version=2022-12-01")).Items[0].GetProperty("tenantId").GetString();

        var found = await server.GetAsync($"/providers/Microsoft.Management/managementGroups/{tenant}{Security}assessments{Version}&$filter=name eq '{Told[..^1]}0'");

        Assert.Equal(Told[..^1] + "0", Text(Assert.Single(found.Items), "name"));
    }

    [Fact]
    public async Task A_table_that_holds_events_is_not_said_to_be_removed()
    {
        var workspace = (await server.GetAsync("/providers/Microsoft.Bartizan/server")).Json.GetProperty("workspacePath").GetString();

        var kept = await server.SendAsync(HttpMethod.Delete, workspace + "/tables/SecurityEvent" + Version);
        var none = await server.SendAsync(HttpMethod.Delete, workspace + "/tables/None_CL" + Version);

        Assert.Equal("TableDeletionNotSupported", kept.Code);
        Assert.Equal(HttpStatusCode.NoContent, none.Status);
    }

    [Theory]
    [InlineData("PUT", Subscription + "/providers/Microsoft.Authorization/policyDefinitions/odd", """{"properties":1,"properties":2}""")]
    [InlineData("PUT", Subscription + "/resourceGroups/odd", """{"location":"westeurope","location":"northeurope"}""")]
    [InlineData("PUT", Subscription + "/resourceGroups/odd", """{"location":"westeurope","tags":{"a":"1","a":"2"}}""")]
    [InlineData("PUT", Subscription + Security + "alertsSuppressionRules/odd", """{"properties":null}""")]
    [InlineData("POST", "/v1/$batch", "[]")]
    [InlineData("POST", "/v1/$batch", "{}", "text/plain")]
    public async Task A_body_that_means_nothing_is_refused(string method, string path, string body, string type = "application/json")
    {
        var answer = await server.SendAsync(new HttpMethod(method), path + Version, new StringContent(body, Encoding.UTF8, type));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
    }

    [Fact]
    public async Task A_check_of_no_query_answers()
    {
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync("/providers/Microsoft.Bartizan/query/check", "{}")).Status);
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private Task<Answer> PutAsync(string path, string body) => server.SendAsync(HttpMethod.Put, path + Version, new StringContent(body, Encoding.UTF8, "application/json"));

    private Task<Answer> QueryAsync(string workspace, string query) => server.PostAsync($"/v1{workspace}/query", $$"""{"query":"{{query}}"}""");
}
