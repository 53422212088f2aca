using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bartizan.Server.Tests;

/// <summary>From a finding to a changed resource and back, against a resource manager on loopback.</summary>
public sealed class FixTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Subscription = "/subscriptions/66666666-6666-6666-6666-666666666666";
    private const string SecureTransfer = "1c5de8e1-f68d-6a17-e0d2-ec259c42768c";
    private const string Own = "providers/Microsoft.Bartizan";

    [Fact]
    public async Task A_finding_is_mended_by_an_approved_plan_and_the_plan_is_undone()
    {
        await using var arm = await ConnectAsync();
        var id = await PutAccountAsync(arm, "stmend");

        var proposed = await server.PostAsync($"{id}/{Own}/proposeFix", $$"""{"recommendation":"{{SecureTransfer}}"}""");
        var plan = await PlanAsync(id, "mend-1");
        var tooEarly = await ActAsync(id, "mend-1", "execute");
        var approved = await ActAsync(id, "mend-1", "approve", "agreed in the change meeting");
        var executed = await ActAsync(id, "mend-1", "execute");
        var healthy = await StatusAsync(id, "Healthy");
        var twice = await ActAsync(id, "mend-1", "execute");
        var undone = await ActAsync(id, "mend-1", "undo");
        var unhealthy = await StatusAsync(id, "Unhealthy");

        var change = Assert.Single(proposed.Json.GetProperty("changes").EnumerateArray());
        Assert.Equal("properties.supportsHttpsTrafficOnly", change.GetProperty("path").GetString());
        Assert.False(change.GetProperty("before").GetBoolean());
        Assert.True(change.GetProperty("after").GetBoolean());
        Assert.True(proposed.Json.GetProperty("mends").GetBoolean());
        Assert.Contains(proposed.Json.GetProperty("effects").EnumerateArray(), e => e.GetProperty("recommendation").GetString() == SecureTransfer && e.GetProperty("after").GetString() == "Healthy");
        Assert.Equal(["Azure CLI", "Bicep", "Terraform"], proposed.Json.GetProperty("snippets").EnumerateArray().Select(s => s.GetProperty("tool").GetString()));
        Assert.Equal(HttpStatusCode.Created, plan.Status);
        Assert.Equal("FixPlanState", tooEarly.Code);
        Assert.Equal("Approved", Status(approved));
        Assert.Equal("Succeeded", Status(executed));
        Assert.Equal("Healthy", healthy);
        Assert.Equal("FixPlanState", twice.Code);
        Assert.Equal("Undone", Status(undone));
        Assert.Equal("Unhealthy", unhealthy);
        Assert.Equal(
            [("PATCH", id, "2023-01-01", """{"properties":{"supportsHttpsTrafficOnly":true}}"""), ("PATCH", id, "2023-01-01", """{"properties":{"supportsHttpsTrafficOnly":false}}""")], arm.Writes);
        Assert.True(arm.Polls >= 4);
        Assert.Equal(
            ["Proposed", "Approved", "Running", "Succeeded", "Running", "Undone"],
            undone.Json.GetProperty("properties").GetProperty("steps").EnumerateArray().Select(s => s.GetProperty("status").GetString()));
        Assert.Equal("agreed in the change meeting", undone.Json.GetProperty("properties").GetProperty("steps")[1].GetProperty("note").GetString());
    }

    [Fact]
    public async Task Nothing_is_sent_when_the_resource_is_no_longer_as_the_plan_says()
    {
        await using var arm = await ConnectAsync();
        var id = await PutAccountAsync(arm, "stmoved");
        await PlanAsync(id, "mend-2");
        await ActAsync(id, "mend-2", "approve");
        arm.Resources[id]["properties"]!["supportsHttpsTrafficOnly"] = true;

        var executed = await ActAsync(id, "mend-2", "execute");

        Assert.Equal("Failed", Status(executed));
        Assert.Contains("there stands true now", executed.Json.GetProperty("properties").GetProperty("steps").EnumerateArray().Last().GetProperty("note").GetString(), StringComparison.Ordinal);
        Assert.Empty(arm.Writes);
    }

    [Fact]
    public async Task Who_proposes_does_not_approve_and_who_approves_needs_the_right_to_write_there()
    {
        await using var arm = await ConnectAsync();
        var id = await PutAccountAsync(arm, "strights");
        var securityAdmin = await server.ProgramAsync("proposes", "Security Admin", Subscription);
        var reader = await server.ProgramAsync("reads", "Reader", Subscription);
        var stranger = await server.ProgramAsync("elsewhere", "Owner", "/subscriptions/77777777-7777-7777-7777-777777777777");

        Assert.Equal(HttpStatusCode.Created, (await PlanAsync(id, "mend-3", securityAdmin)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await PlanAsync(id, "mend-4", reader)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await ActAsync(id, "mend-3", "approve", null, securityAdmin)).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.GetAsync($"{id}/{Own}/fixPlans/mend-3", reader)).Status);
        Assert.DoesNotContain((await server.GetAsync($"/{Own}/fixPlans", stranger)).Items, _ => true);
        Assert.Contains((await server.GetAsync($"/{Own}/fixPlans?$filter=status eq 'Proposed'")).Items, p => p.GetProperty("name").GetString() == "mend-3");

        // A plan is found only under its own resource, so that no other scope lends its rights.
        Assert.Equal(HttpStatusCode.NotFound, (await ActAsync("/subscriptions/77777777-7777-7777-7777-777777777777", "mend-3", "approve", null, stranger)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await server.GetAsync($"/{Own}/azureConnections", stranger)).Status);
    }

    [Fact]
    public async Task What_cannot_be_mended_or_reached_is_said()
    {
        const string elsewhere = "/subscriptions/55555555-5555-5555-5555-555555555555/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/stfar";
        await ImportAsync(elsewhere);
        Assert.Equal("Unhealthy", await StatusAsync(elsewhere, "Unhealthy"));
        await PlanAsync(elsewhere, "mend-5");
        await ActAsync(elsewhere, "mend-5", "approve");

        var unreachable = await ActAsync(elsewhere, "mend-5", "execute");
        var nothing = await server.PostAsync($"{elsewhere}/{Own}/proposeFix", """{"recommendation":"cdc78c07-02b0-4af0-1cb2-cb7c672a8b0a"}""");
        var unknown = await server.PostAsync($"{elsewhere}/{Own}/proposeFix", """{"recommendation":"none"}""");

        Assert.Equal("NoConnection", unreachable.Code);
        Assert.Equal("Approved", (await server.GetAsync($"{elsewhere}/{Own}/fixPlans/mend-5")).Json.GetProperty("properties").GetProperty("status").GetString());
        Assert.Equal("NotFixable", nothing.Code);
        Assert.Equal("AssessmentNotFound", unknown.Code);
    }

    [Fact]
    public async Task A_connection_never_gives_its_secret_back_and_takes_no_plain_address()
    {
        await using var arm = await ConnectAsync();

        var read = await server.GetAsync($"/{Own}/azureConnections/test");
        var plain = await PutConnectionAsync("plain", "http://198.51.100.7", arm.Address, EmulatedArm.Secret);
        var moved = await PutConnectionAsync("test", arm.Address, "http://127.0.0.1:9", null);

        Assert.DoesNotContain(EmulatedArm.Secret, read.Text, StringComparison.Ordinal);
        Assert.False(read.Json.GetProperty("properties").TryGetProperty("clientSecret", out _));
        Assert.Equal("InvalidConnection", plain.Code);
        Assert.Equal("InvalidConnection", moved.Code);
        Assert.DoesNotContain(EmulatedArm.Secret, (await server.GetAsync($"/{Own}/auditLog?$top=500")).Text, StringComparison.Ordinal);
    }

    private static string Status(Answer answer) => answer.Json.TryGetProperty("properties", out var p) ? p.GetProperty("status").GetString()! : answer.Text;

    private async Task<EmulatedArm> ConnectAsync()
    {
        var arm = await EmulatedArm.StartAsync();
        var put = await PutConnectionAsync("test", arm.Address, arm.Address, EmulatedArm.Secret);
        Assert.True(put.Status is HttpStatusCode.Created or HttpStatusCode.OK, put.Text);
        return arm;
    }

    private Task<Answer> PutConnectionAsync(string name, string endpoint, string authority, string? secret) => server.SendAsync(
        HttpMethod.Put, $"/{Own}/azureConnections/{name}",
        Json(new JsonObject
        {
            ["properties"] = new JsonObject
            {
                ["endpoint"] = endpoint,
                ["authority"] = authority,
                ["tenantId"] = "tenant",
                ["clientId"] = "client",
                ["clientSecret"] = secret,
                ["subscriptions"] = new JsonArray("66666666-6666-6666-6666-666666666666"),
            },
        }));

    private static StringContent Json(JsonObject body) => new(body.ToJsonString(), Encoding.UTF8, "application/json");

    private async Task<string> PutAccountAsync(EmulatedArm arm, string name)
    {
        var id = $"{Subscription}/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/{name}";
        arm.Resources[id] = JsonNode.Parse(Account(id))!.AsObject();
        await ImportAsync(id);
        Assert.Equal("Unhealthy", await StatusAsync(id, "Unhealthy"));
        return id;
    }

    private static string Account(string id) => JsonSerializer.Serialize(new
    {
        id,
        name = id[(id.LastIndexOf('/') + 1)..],
        type = "Microsoft.Storage/storageAccounts",
        location = "westeurope",
        kind = "StorageV2",
        sku = new { name = "Standard_LRS" },
        properties = new { supportsHttpsTrafficOnly = false, minimumTlsVersion = "TLS1_2" },
    });

    private async Task ImportAsync(string id)
    {
        var answer = await server.SendAsync(HttpMethod.Post, $"/{Own}/resources?file=test.jsonl", new StringContent(Account(id), Encoding.UTF8, "application/json"));
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
    }

    private Task<Answer> PlanAsync(string id, string name, string? bearer = null) =>
        server.SendAsync(HttpMethod.Put, $"{id}/{Own}/fixPlans/{name}", Json(new JsonObject { ["properties"] = new JsonObject { ["recommendation"] = SecureTransfer } }), bearer);

    private Task<Answer> ActAsync(string id, string name, string act, string? note = null, string? bearer = null) =>
        server.PostAsync($"{id}/{Own}/fixPlans/{name}/{act}", new JsonObject { ["note"] = note }.ToJsonString(), bearer);

    /// <summary>What the check says of the resource once it says what is awaited, or in the end.</summary>
    private async Task<string?> StatusAsync(string id, string awaited)
    {
        string? status = null;
        for (var i = 0; i < 100 && status != awaited; i++)
        {
            await Task.Delay(100);
            var answer = await server.GetAsync($"{id}/providers/Microsoft.Security/assessments/{SecureTransfer}?api-version=2021-06-01");
            status = answer.Status == HttpStatusCode.OK ? answer.Json.GetProperty("properties").GetProperty("status").GetProperty("code").GetString() : null;
        }

        return status;
    }
}
