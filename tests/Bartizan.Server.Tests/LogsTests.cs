using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Bartizan.Server.Tests;

public sealed class LogsTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task A_query_is_answered_by_workspace_by_resource_id_by_get_and_in_a_batch()
    {
        var home = (await server.GetAsync("/providers/Microsoft.Bartizan/server")).Json;
        var id = home.GetProperty("workspaceId").GetString();
        const string query = "print a = 1, b = 'x', c = datetime(2024-01-02), d = dynamic({\"k\":1}), e = 1h, f = 2.5, g = true";
        var body = JsonSerializer.Serialize(new { query });

        var posted = await server.PostAsync($"/v1/workspaces/{id}/query", body);
        var got = await server.GetAsync($"/v1/workspaces/{id}/query?query={Uri.EscapeDataString(query)}");
        var byId = await server.PostAsync($"/v1{home.GetProperty("workspacePath").GetString()}/query", body);
        var batch = await server.PostAsync("/v1/$batch", JsonSerializer.Serialize(new { requests = new[] { new { id = "1", workspace = id, method = "POST", path = "/query", body = new { query } } } }));

        var table = posted.Json.GetProperty("tables")[0];
        Assert.Equal("PrimaryResult", table.GetProperty("name").GetString());
        Assert.Equal(["long", "string", "datetime", "dynamic", "timespan", "real", "bool"], table.GetProperty("columns").EnumerateArray().Select(c => c.GetProperty("type").GetString()));
        Assert.Equal("[[1,\"x\",\"2024-01-02T00:00:00Z\",\"{\\u0022k\\u0022:1}\",\"01:00:00\",2.5,true]]", JsonSerializer.Serialize(table.GetProperty("rows")));
        Assert.Equal(posted.Text, got.Text);
        Assert.Equal(posted.Text, byId.Text);
        var answer = Assert.Single(batch.Json.GetProperty("responses").EnumerateArray());
        Assert.Equal(200, answer.GetProperty("status").GetInt32());
        Assert.Equal(table.GetRawText(), answer.GetProperty("body").GetProperty("tables")[0].GetRawText());
    }

    [Theory]
    [InlineData("prin 1", "SyntaxError")]
    [InlineData("Nowhere | take 1", "SemanticError")]
    public async Task An_error_says_what_and_where(string query, string kind)
    {
        var answer = await server.PostAsync("/v1/workspaces/bartizan/query", JsonSerializer.Serialize(new { query }));
        var error = answer.Json.GetProperty("error");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("BadArgumentError", error.GetProperty("code").GetString());
        Assert.True(error.GetProperty("innererror").GetProperty("code").GetString() is "SyntaxError" or "SemanticError", kind);
        Assert.StartsWith("Line 1, column ", error.GetProperty("details")[0].GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, error.GetProperty("innererror").GetProperty("innererror").GetProperty("line").GetInt32());
    }

    [Fact]
    public async Task A_timespan_narrows_what_is_seen()
    {
        await server.PostAsync("/providers/Microsoft.Bartizan/events/Span_CL?file=a", "{\"TimeGenerated\":\"2024-05-01T10:00:00Z\",\"n\":1}\n{\"TimeGenerated\":\"2024-05-02T10:00:00Z\",\"n\":2}");
        var all = await CountAsync("Span_CL | count", null);
        var day = await CountAsync("Span_CL | count", "2024-05-02/P1D");
        var wrong = await server.PostAsync("/v1/workspaces/bartizan/query", """{"query":"print 1","timespan":"yesterday"}""");

        Assert.Equal(2, all);
        Assert.Equal(1, day);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
    }

    [Fact]
    public async Task Resource_graph_pages_and_shows_each_caller_their_own()
    {
        var lines = Enumerable.Range(0, 25).Select(i => $$"""{"id":"/subscriptions/55555555-5555-5555-5555-555555555555/resourceGroups/g{{i % 2}}/providers/Microsoft.KeyVault/vaults/v{{i:00}}","name":"v{{i:00}}","type":"Microsoft.KeyVault/vaults","location":"x"}""");
        await server.PostAsync("/providers/Microsoft.Bartizan/resources?file=g.jsonl", string.Join('\n', lines));
        var reader = await server.ProgramAsync("graph reader", "Reader", "/subscriptions/55555555-5555-5555-5555-555555555555/resourceGroups/g1");
        const string path = "/providers/Microsoft.ResourceGraph/resources?api-version=2021-03-01";
        const string body = """{"subscriptions":["55555555-5555-5555-5555-555555555555"],"query":"resources | where type =~ 'microsoft.keyvault/vaults' | project id, name | order by name asc","options":{"$top":10,"resultFormat":"objectArray"TOKEN}}""";

        var names = new List<string>();
        string? token = null;
        do
        {
            var page = await server.PostAsync(path, body.Replace("TOKEN", token is null ? "" : $",\"$skipToken\":\"{token}\"", StringComparison.Ordinal));
            Assert.Equal(HttpStatusCode.OK, page.Status);
            Assert.Equal(25, page.Json.GetProperty("totalRecords").GetInt64());
            names.AddRange(page.Json.GetProperty("data").EnumerateArray().Select(d => d.GetProperty("name").GetString()!));
            token = page.Json.TryGetProperty("$skipToken", out var next) ? next.GetString() : null;
        }
        while (token is not null);
        var own = await server.PostAsync(path, body.Replace("TOKEN", "", StringComparison.Ordinal), reader);
        var counted = await server.PostAsync("/v1/workspaces/bartizan/query", """{"query":"Resources | count"}""", reader);

        Assert.Equal(25, names.Count);
        Assert.Equal(12, own.Json.GetProperty("totalRecords").GetInt64());
        Assert.Equal(HttpStatusCode.Forbidden, counted.Status);
    }

    [Fact]
    public async Task Who_may_query_the_workspace_only_sees_events_but_of_the_inventory_nothing()
    {
        var home = (await server.GetAsync("/providers/Microsoft.Bartizan/server")).Json;
        await server.PostAsync("/providers/Microsoft.Bartizan/events/Seen_CL?file=a", """{"n":1}""");
        await server.PostAsync("/providers/Microsoft.Bartizan/resources?file=g.jsonl", """{"id":"/subscriptions/66666666-5555-5555-5555-555555555555/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v","name":"v","type":"Microsoft.KeyVault/vaults"}""");
        var analyst = await server.ProgramAsync("analyst", "Microsoft Sentinel Reader", home.GetProperty("workspacePath").GetString()!);

        Assert.Equal(1, await CountAsync("Seen_CL | count", null, analyst));
        Assert.Equal(0, await CountAsync("Resources | count", null, analyst));
    }

    [Fact]
    public async Task Events_come_in_by_rule_and_stream_and_by_shared_key()
    {
        var sent = await server.PostAsync("/dataCollectionRules/dcr-1/streams/Custom-Stream_CL?api-version=2023-01-01", """[{"a":1},{"a":2}]""");
        var home = (await server.GetAsync("/providers/Microsoft.Bartizan/server")).Json;
        var keys = await server.PostAsync($"{home.GetProperty("workspacePath").GetString()}/sharedKeys?api-version=2020-08-01", "{}");
        var id = home.GetProperty("workspaceId").GetString()!;
        const string body = """[{"who":"ada","when":"2024-05-01T10:00:00Z","n":1.5,"ok":true}]""";

        var signed = await CollectAsync(id, keys.Json.GetProperty("primarySharedKey").GetString()!, body, DateTimeOffset.UtcNow);
        var forged = await CollectAsync(id, Convert.ToBase64String(new byte[64]), body, DateTimeOffset.UtcNow);
        var stale = await CollectAsync(id, keys.Json.GetProperty("primarySharedKey").GetString()!, body, DateTimeOffset.UtcNow.AddHours(-1));
        var rows = await server.PostAsync("/v1/workspaces/bartizan/query", """{"query":"Shipped_CL | project who_s, when_t, n_d, ok_b"}""");

        Assert.Equal(HttpStatusCode.NoContent, sent.Status);
        Assert.Equal(2, await CountAsync("Stream_CL | count", null));
        Assert.Equal(HttpStatusCode.OK, signed);
        Assert.Equal(HttpStatusCode.Forbidden, forged);
        Assert.Equal(HttpStatusCode.Forbidden, stale);
        Assert.Equal("[[\"ada\",\"2024-05-01T10:00:00Z\",1.5,true]]", rows.Json.GetProperty("tables")[0].GetProperty("rows").GetRawText());
    }

    private async Task<long> CountAsync(string query, string? timespan, string? bearer = null)
    {
        var answer = await server.PostAsync("/v1/workspaces/bartizan/query", JsonSerializer.Serialize(new { query, timespan }), bearer);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        return answer.Json.GetProperty("tables")[0].GetProperty("rows")[0][0].GetInt64();
    }

    private async Task<HttpStatusCode> CollectAsync(string workspace, string key, string body, DateTimeOffset at)
    {
        var date = at.ToString("r");
        var text = $"POST\n{Encoding.UTF8.GetByteCount(body)}\napplication/json\nx-ms-date:{date}\n/api/logs";
        var signature = Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(key), Encoding.UTF8.GetBytes(text)));
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new("application/json") } };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/logs?api-version=2016-04-01") { Content = content };
        request.Headers.TryAddWithoutValidation("Authorization", $"SharedKey {workspace}:{signature}");
        request.Headers.Add("Log-Type", "Shipped");
        request.Headers.Add("x-ms-date", date);
        request.Headers.Add("time-generated-field", "when");
        using var answer = await server.Http.SendAsync(request);
        return answer.StatusCode;
    }
}
