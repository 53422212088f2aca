using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;

namespace Bartizan.Server.Tests;

/// <summary>Watchlists, tasks, similar incidents and indicators, by the routes of the API.</summary>
public sealed class InsightsTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Version = "api-version=2024-03-01";
    private string Insights => $"{Workspace}/providers/Microsoft.SecurityInsights";

    private string Workspace => server.Start.App.Services.GetRequiredService<Home>().WorkspaceScope.ToString();

    [Fact]
    public async Task A_watchlist_is_uploaded_listed_by_item_and_removed()
    {
        var path = $"{Insights}/watchlists/vip-users";
        var made = await PutAsync(path, """{"properties":{"displayName":"Important","provider":"me","itemsSearchKey":"User","contentType":"text/csv","rawContent":"User,Team\nann,Board\nbob,IT\n"}}""");
        Assert.Equal(HttpStatusCode.Created, made.Status);
        Assert.Equal("vip-users", made.Json.GetProperty("properties").GetProperty("watchlistAlias").GetString());

        var items = (await server.GetAsync($"{path}/watchlistItems?{Version}")).Items;
        Assert.Equal(["ann", "bob"], items.Select(i => i.GetProperty("properties").GetProperty("itemsKeyValue").GetProperty("User").GetString()));
        Assert.Equal(HttpStatusCode.BadRequest, (await PutAsync($"{Insights}/watchlists/x1y", """{"properties":{"displayName":"Important","itemsSearchKey":"Nobody","rawContent":"User\nann"}}""")).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Delete, $"{path}?{Version}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await server.GetAsync($"{path}?{Version}")).Status);
    }

    [Fact]
    public async Task A_suppression_rule_is_written_listed_by_type_tried_and_removed()
    {
        var path = $"/subscriptions/{server.Start.App.Services.GetRequiredService<Home>().SubscriptionId}/providers/Microsoft.Security/alertsSuppressionRules";
        const string body = """{"properties":{"alertType":"Scanner","reason":"Noise","state":"Enabled","suppressionAlertsScope":{"allOf":[{"field":"entities.ip.address","in":["10.0.0.9"]},{"field":"entities.host.hostname","contains":"lab"}]}}}""";

        var made = await PutAsync($"{path}/quiet-lab", body);
        Assert.Equal(HttpStatusCode.OK, made.Status);
        Assert.Equal("lab", made.Json.GetProperty("properties").GetProperty("suppressionAlertsScope").GetProperty("allOf")[1].GetProperty("contains").GetString());
        Assert.Single((await server.GetAsync($"{path}?{Version}&AlertType=Scanner")).Items);
        Assert.Empty((await server.GetAsync($"{path}?{Version}&AlertType=Other")).Items);
        var tried = await server.SendAsync(HttpMethod.Post, "/providers/Microsoft.Bartizan/alertsSuppressionRules/preview", Json(body));
        Assert.Equal(0, tried.Json.GetProperty("count").GetInt32());
        Assert.Equal(HttpStatusCode.BadRequest, (await PutAsync($"{path}/all", """{"properties":{"alertType":"*","reason":"Noise","state":"Enabled"}}""")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await server.SendAsync(HttpMethod.Delete, $"{path}/quiet-lab?{Version}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await server.GetAsync($"{path}/quiet-lab?{Version}")).Status);
    }

    [Fact]
    public async Task Tasks_belong_to_an_incident_and_a_stale_header_is_412()
    {
        var path = $"{Insights}/incidents/{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):D}";
        var made = await PutAsync(path, """{"properties":{"title":"Case of the lost key","severity":"Low","status":"New"}}""");
        Assert.Equal(HttpStatusCode.Created, made.Status);
        var task = await PutAsync($"{path}/tasks/{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):D}", """{"properties":{"title":"Ask the owner","status":"New"}}""");
        Assert.Equal(HttpStatusCode.Created, task.Status);
        Assert.Equal("Ask the owner", Assert.Single((await server.GetAsync($"{path}/tasks?{Version}")).Items).GetProperty("properties").GetProperty("title").GetString());
        Assert.Equal(1, (await server.GetAsync($"{path}?{Version}")).Json.GetProperty("properties").GetProperty("additionalData").GetProperty("tasksCount").GetInt32());
        Assert.Equal(HttpStatusCode.BadRequest, (await PutAsync($"{path}/tasks/{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):D}", """{"properties":{"title":"x","status":"Half"}}""")).Status);

        using var request = new HttpRequestMessage(HttpMethod.Put, $"{path}?{Version}") { Content = Json("""{"properties":{"title":"Other"}}""") };
        request.Headers.Authorization = new("Bearer", await server.TokenAsync());
        request.Headers.TryAddWithoutValidation("If-Match", "\"stale\"");
        using var answer = await server.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.PreconditionFailed, answer.StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await PutAsync(path, """{"etag":"\"stale\"","properties":{"title":"Other"}}""")).Status);

        var found = await server.GetAsync($"{Insights}/incidents?{Version}&$search=lost key&searchIn=title,entities,comments");
        Assert.Contains(found.Items, i => i.GetProperty("properties").GetProperty("title").GetString() == "Case of the lost key");
        Assert.Equal(HttpStatusCode.BadRequest, (await server.GetAsync($"{Insights}/incidents?{Version}&$search=x&searchIn=mood")).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.GetAsync($"/providers/Microsoft.Bartizan/incidents/{made.Json.GetProperty("name").GetString()}/similar")).Status);

        var responder = await server.ProgramAsync("responder", "Microsoft Sentinel Responder", Workspace);
        Assert.Equal(HttpStatusCode.Forbidden, (await server.SendAsync(HttpMethod.Delete, $"{path}?{Version}", null, responder)).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Put, $"{path}?{Version}", Json("""{"properties":{"title":"Mine"}}"""), responder)).Status);
    }

    [Fact]
    public async Task Indicators_are_made_queried_and_imported()
    {
        var made = await server.PostAsync($"{Insights}/threatIntelligence/main/createIndicator?{Version}", """{"kind":"indicator","properties":{"displayName":"Bad","pattern":"[ipv4-addr:value = '203.0.113.77']","patternType":"ipv4-addr","confidence":90,"source":"me","validFrom":"2026-01-01T00:00:00Z"}}""");
        Assert.Equal(HttpStatusCode.Created, made.Status);
        var queried = await server.PostAsync($"{Insights}/threatIntelligence/main/queryIndicators?{Version}", """{"minConfidence":80,"keywords":["203.0.113.77"],"patternTypes":["ipv4-addr"]}""");
        Assert.Equal("Bad", Assert.Single(queried.Items).GetProperty("properties").GetProperty("displayName").GetString());
        Assert.Empty((await server.PostAsync($"{Insights}/threatIntelligence/main/queryIndicators?{Version}", """{"minConfidence":95,"keywords":["203.0.113.77"]}""")).Items);

        var import = await server.PostAsync("/providers/Microsoft.Bartizan/indicators/import", """{"source":"List","format":"csv","content":"type,value\nip,198.51.100.9\nmood,bad\n"}""");
        Assert.Equal(1, import.Json.GetProperty("written").GetInt32());
        Assert.Single(import.Json.GetProperty("problems").EnumerateArray());
        Assert.Contains((await server.GetAsync($"{Insights}/threatIntelligence/main/indicators?{Version}")).Items, i => i.GetProperty("properties").GetProperty("source").GetString() == "List");
    }

    [Fact]
    public async Task A_bookmark_is_kept_expanded_promoted_to_an_incident_and_told_in_its_timeline()
    {
        var id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        var path = $"{Insights}/bookmarks/{id:D}";
        Assert.Equal(HttpStatusCode.BadRequest, (await PutAsync(path, """{"properties":{"displayName":"No query"}}""")).Status);
        var made = await PutAsync(path, """
            {"properties":{"displayName":"Odd sign-in","query":"SigninLogs","notes":"from the hunt","eventTime":"2026-02-03T04:05:06Z","tactics":["InitialAccess"],
             "entityMappings":[{"entityType":"Account","fieldMappings":[{"identifier":"FullName","value":"CONTOSO\\ana"}]}]}}
            """);
        Assert.Equal(HttpStatusCode.Created, made.Status);
        var expanded = await server.PostAsync($"{path}/expand?api-version=2023-02-01-preview", """{"expansionId":"27f76e63-c41b-480f-bb18-12ad2e011d49"}""");
        Assert.Equal("ana", Assert.Single(expanded.Json.GetProperty("value").GetProperty("entities").EnumerateArray()).GetProperty("properties").GetProperty("accountName").GetString());
        Assert.Equal(HttpStatusCode.NotFound, (await server.PostAsync($"{path}/expand?api-version=2023-02-01-preview", $$"""{"expansionId":"{{id:D}}"}""")).Status);

        var incidentId = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        var incident = $"{Insights}/incidents/{incidentId:D}";
        await PutAsync(incident, """{"properties":{"title":"Case of the bookmark","severity":"Low","status":"New"}}""");
        var relation = $"{incident}/relations/{incidentId:D}_{id:D}";
        var body = "{\"properties\":{\"relatedResourceId\":\"" + path + "\"}}";
        Assert.Equal(HttpStatusCode.Created, (await PutAsync(relation, body)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await PutAsync(relation, body)).Status);
        Assert.Equal("Odd sign-in", Assert.Single((await server.PostAsync($"{incident}/bookmarks?{Version}", "{}")).Items).GetProperty("properties").GetProperty("displayName").GetString());
        Assert.Equal("Case of the bookmark", (await server.GetAsync($"{path}?{Version}")).Json.GetProperty("properties").GetProperty("incidentInfo").GetProperty("title").GetString());
        Assert.Contains((await server.GetAsync($"/providers/Microsoft.Bartizan/incidents/{incidentId:D}/timeline")).Items, i => i.GetProperty("kind").GetString() == "Bookmark");

        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Delete, $"{relation}?{Version}")).Status);
        Assert.Empty((await server.GetAsync($"{incident}/relations?{Version}")).Items);
        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Delete, $"{path}?{Version}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await server.GetAsync($"{path}?{Version}")).Status);
    }

    [Fact]
    public async Task Coverage_tells_what_rules_claim_and_a_story_needs_alerts()
    {
        var coverage = (await server.GetAsync("/providers/Microsoft.Bartizan/attackCoverage?days=30")).Json.GetProperty("techniques").EnumerateArray().ToList();
        var cleared = Assert.Single(coverage, t => t.GetProperty("technique").GetString() == "T1070.001");
        Assert.Contains("DefenseEvasion", cleared.GetProperty("tactics").EnumerateArray().Select(t => t.GetString()));
        Assert.Equal(HttpStatusCode.BadRequest, (await server.GetAsync("/providers/Microsoft.Bartizan/attackCoverage?days=0")).Status);

        var id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        await PutAsync($"{Insights}/incidents/{id:D}", """{"properties":{"title":"Case without alerts","severity":"Low","status":"New"}}""");
        Assert.Contains("nothing to tell", (await server.GetAsync($"/providers/Microsoft.Bartizan/incidents/{id:D}/story")).Json.GetProperty("summary").GetString());
        Assert.Equal(HttpStatusCode.NotFound, (await server.GetAsync($"/providers/Microsoft.Bartizan/entities/{id:D}/profile")).Status);
    }

    private Task<Answer> PutAsync(string path, string body) => server.SendAsync(HttpMethod.Put, $"{path}?{Version}", Json(body));

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");
}
