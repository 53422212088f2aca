using System.Net;
using System.Text;
using System.Text.Json;

namespace Bartizan.Server.Tests;

public sealed class PostureTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Subscription = "/subscriptions/77777777-7777-7777-7777-777777777777";
    private const string Elsewhere = "/subscriptions/88888888-8888-8888-8888-888888888888";
    private const string SecureTransfer = "1c5de8e1-f68d-6a17-e0d2-ec259c42768c";
    private const string Security = "providers/Microsoft.Security";
    private const string Policy = "providers/Microsoft.Authorization";

    [Fact]
    public async Task An_imported_resource_shows_in_score_controls_and_recommendations()
    {
        await LoadAsync();

        var score = (await server.GetAsync($"{Subscription}/{Security}/secureScores/ascScore?api-version=2020-01-01")).Json.GetProperty("properties");
        var controls = await server.GetAsync($"{Subscription}/{Security}/secureScoreControls?api-version=2020-01-01&$expand=definition");
        var transit = controls.Items.Single(c => c.GetProperty("properties").GetProperty("displayName").GetString() == "Encrypt data in transit").GetProperty("properties");
        var recommendation = (await server.GetAsync($"/providers/Microsoft.Bartizan/recommendations/{SecureTransfer}")).Json.GetProperty("properties");
        var overview = (await server.GetAsync("/providers/Microsoft.Bartizan/scoreOverview")).Json;

        Assert.InRange(score.GetProperty("score").GetProperty("percentage").GetDouble(), 0.01, 0.99);
        Assert.Equal(4, transit.GetProperty("score").GetProperty("max").GetDouble());
        Assert.InRange(transit.GetProperty("healthyResourceCount").GetInt32(), 1, 2);
        Assert.InRange(transit.GetProperty("unhealthyResourceCount").GetInt32(), 1, 2);
        Assert.NotEmpty(transit.GetProperty("definition").GetProperty("properties").GetProperty("assessmentDefinitions").EnumerateArray());
        Assert.Equal("Unhealthy", recommendation.GetProperty("state").GetString());
        Assert.True(recommendation.GetProperty("scoreGain").GetDouble() > 0);
        Assert.True(overview.GetProperty("counts").GetProperty("unhealthyResources").GetInt32() >= 1);
    }

    [Fact]
    public async Task An_assessment_says_which_clause_decided()
    {
        await LoadAsync();

        var one = await server.GetAsync($"{Id("bad")}/{Security}/assessments/{SecureTransfer}?api-version=2021-06-01&$expand=metadata");
        var all = await server.GetAsync($"{Subscription}/{Security}/assessments?api-version=2021-06-01&$filter=status eq 'Unhealthy'");

        var properties = one.Json.GetProperty("properties");
        Assert.Equal("Unhealthy", properties.GetProperty("status").GetProperty("code").GetString());
        Assert.Equal("High", properties.GetProperty("metadata").GetProperty("severity").GetString());
        Assert.Contains("supportsHttpsTrafficOnly", properties.GetProperty("evidence").GetRawText(), StringComparison.Ordinal);
        Assert.Contains(all.Items, a => a.GetProperty("name").GetString() == SecureTransfer);
        Assert.Equal(HttpStatusCode.NotFound, (await server.GetAsync($"{Id("bad")}/{Security}/assessments/none?api-version=2021-06-01")).Status);
        Assert.Equal("InvalidFilter", (await server.GetAsync($"{Subscription}/{Security}/assessments?api-version=2021-06-01&$filter=colour eq 'red'")).Code);
    }

    [Fact]
    public async Task A_reader_of_another_subscription_sees_none_of_it()
    {
        await LoadAsync();
        var stranger = await server.ProgramAsync("stranger", "Reader", Elsewhere);

        Assert.DoesNotContain((await server.GetAsync("/providers/Microsoft.Bartizan/recommendations", stranger)).Items, _ => true);
        Assert.Equal(0, (await server.GetAsync("/providers/Microsoft.Bartizan/inventory/summary", stranger)).Json.GetProperty("total").GetInt32());
        Assert.Equal(HttpStatusCode.Forbidden, (await server.GetAsync($"{Id("bad")}/{Security}/assessments/{SecureTransfer}?api-version=2021-06-01", stranger)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await server.GetAsync($"/providers/Microsoft.Bartizan/inventory/resource?id={Id("bad")}", stranger)).Status);
    }

    [Fact]
    public async Task A_definition_of_ones_own_is_assigned_judged_and_guarded_while_in_use()
    {
        await LoadAsync();
        var definition = $"{Subscription}/{Policy}/policyDefinitions/tagged?api-version=2023-04-01";
        var written = await PutAsync(definition, """{"properties":{"displayName":"Accounts name their owner","mode":"Indexed","policyRule":{"if":{"allOf":[{"field":"type","equals":"Microsoft.Storage/storageAccounts"},{"field":"tags['owner']","exists":false}]},"then":{"effect":"audit"}}}}""");
        var refused = await PutAsync($"{Subscription}/{Policy}/policyDefinitions/broken?api-version=2023-04-01", """{"properties":{"policyRule":{"if":{"field":"type","equalz":"a"},"then":{"effect":"audit"}}}}""");
        var assigned = await PutAsync($"{Subscription}/{Policy}/policyAssignments/tagged?api-version=2023-04-01", $$"""{"properties":{"policyDefinitionId":"{{Subscription}}/{{Policy}}/policyDefinitions/tagged"} }""");

        Assert.Equal(HttpStatusCode.Created, written.Status);
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Equal(HttpStatusCode.Created, assigned.Status);
        var state = await UntilAsync(async () => (await server.PostAsync(
            $"{Subscription}/providers/Microsoft.PolicyInsights/policyStates/latest/queryResults?api-version=2019-10-01&$filter=policyAssignmentName eq 'tagged'", "")).Items.FirstOrDefault(s => s.GetProperty("resourceId").GetString() == Id("bad")));
        Assert.Equal("NonCompliant", state.GetProperty("complianceState").GetString());
        Assert.Equal(HttpStatusCode.Conflict, (await server.SendAsync(HttpMethod.Delete, definition)).Status);
    }

    [Fact]
    public async Task An_exemption_takes_a_resource_out_of_the_count()
    {
        await LoadAsync();
        var assignment = (await server.GetAsync($"{Subscription}/{Policy}/policyAssignments?api-version=2023-04-01")).Items.Single(a => a.GetProperty("name").GetString() == "SecurityCenterBuiltIn");
        var exempted = await PutAsync(
            $"{Id("spared")}/{Policy}/policyExemptions/agreed?api-version=2022-07-01-preview",
            $$"""{"properties":{"policyAssignmentId":"{{assignment.GetProperty("id").GetString()}}","exemptionCategory":"Waiver","policyDefinitionReferenceIds":["storage-secure-transfer"]} }""");

        Assert.Equal(HttpStatusCode.Created, exempted.Status);
        var status = await UntilAsync(async () => (await server.GetAsync($"{Id("spared")}/{Security}/assessments/{SecureTransfer}?api-version=2021-06-01")).Json is { ValueKind: JsonValueKind.Object } found
            && found.TryGetProperty("properties", out var properties) && properties.GetProperty("status").TryGetProperty("cause", out _) ? properties.GetProperty("status") : default);
        Assert.Equal("Exempt", status.GetProperty("cause").GetString());
    }

    [Fact]
    public async Task A_manual_check_stands_as_a_person_attests_and_falls_back_when_that_is_withdrawn()
    {
        const string insights = "providers/Microsoft.PolicyInsights";
        const string version = "?api-version=2022-09-01";
        await LoadAsync();
        await PutAsync($"{Subscription}/{Policy}/policyDefinitions/walked?api-version=2023-04-01", """{"properties":{"displayName":"Accounts were walked through","mode":"Indexed","parameters":{"until":{"type":"String","defaultValue":"NonCompliant"}},"policyRule":{"if":{"field":"type","equals":"Microsoft.Storage/storageAccounts"},"then":{"effect":"manual","details":{"defaultState":"[parameters('until')]"}}}}}""");
        await PutAsync($"{Subscription}/{Policy}/policyAssignments/walked?api-version=2023-04-01", $$"""{"properties":{"policyDefinitionId":"{{Subscription}}/{{Policy}}/policyDefinitions/walked"} }""");
        var attestation = $"{Id("bad")}/{insights}/attestations/mine{version}";
        var body = $$"""{"properties":{"policyAssignmentId":"{{Subscription}}/{{Policy}}/policyAssignments/walked","complianceState":"Compliant","comments":"Seen on Monday.","evidence":[{"description":"Notes","sourceUri":"https://example.org/notes"}]} }""";
        Task<JsonElement> StateAsync(string name, string state) => UntilAsync(async () => (await server.PostAsync(
            $"{Subscription}/{insights}/policyStates/latest/queryResults?api-version=2019-10-01&$filter=policyAssignmentName eq 'walked' and complianceState eq '{state}'", "")).Items.FirstOrDefault(s => s.GetProperty("resourceId").GetString() == Id(name)));

        await StateAsync("bad", "NonCompliant");
        var written = await PutAsync(attestation, body);
        await StateAsync("bad", "Compliant");
        await StateAsync("spared", "NonCompliant");
        var again = await PutAsync(attestation, body);
        var listed = await server.GetAsync($"{Subscription}/{insights}/attestations{version}&$filter=complianceState eq 'Compliant'");
        var stranger = await server.ProgramAsync("attester", "Reader", Elsewhere);

        Assert.Equal(HttpStatusCode.Created, written.Status);
        Assert.Equal(HttpStatusCode.OK, again.Status);
        Assert.Equal("Succeeded", written.Json.GetProperty("properties").GetProperty("provisioningState").GetString());
        Assert.Equal(
            written.Json.GetProperty("properties").GetProperty("lastComplianceStateChangeAt").GetDateTimeOffset(),
            again.Json.GetProperty("properties").GetProperty("lastComplianceStateChangeAt").GetDateTimeOffset());
        Assert.Equal("mine", Assert.Single(listed.Items).GetProperty("name").GetString());
        Assert.Empty((await server.GetAsync($"/{insights}/attestations{version}", stranger)).Items);
        Assert.Equal(HttpStatusCode.BadRequest, (await PutAsync(attestation, body.Replace("\"Compliant\"", "\"Fine\"", StringComparison.Ordinal))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await PutAsync(attestation, body.Replace("policyAssignments/walked", "policyAssignments/none", StringComparison.Ordinal))).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Delete, attestation)).Status);
        await StateAsync("bad", "NonCompliant");
    }

    [Fact]
    public async Task What_is_imported_and_what_is_refused_are_both_told()
    {
        const string lines = """
            {"name":"11111111-2222-3333-4444-555555555555","properties":{"displayName":"One","policyRule":{"if":{"field":"type","equals":"a/b"},"then":{"effect":"audit"}}}}
            {"name":"broken","properties":{"policyRule":{"if":{"field":"type"},"then":{"effect":"audit"}}}}
            {"neither":true}
            """;
        var report = (await server.PostAsync("/providers/Microsoft.Bartizan/policies?file=my.jsonl", lines)).Json;
        var found = await server.GetAsync($"/{Policy}/policyDefinitions/11111111-2222-3333-4444-555555555555?api-version=2023-04-01");

        Assert.Equal(1, report.GetProperty("definitions").GetInt32());
        Assert.Equal(["my.jsonl line 2: broken", "my.jsonl line 3"], report.GetProperty("refused").EnumerateArray().Select(r => r.GetProperty("name").GetString()));
        Assert.Equal("One", found.Json.GetProperty("properties").GetProperty("displayName").GetString());
    }

    [Fact]
    public async Task Standards_controls_and_their_assessments_can_be_walked()
    {
        await LoadAsync();
        var root = $"{Subscription}/{Security}/regulatoryComplianceStandards";
        var standards = await server.GetAsync($"{root}?api-version=2019-01-01-preview");
        var controls = await server.GetAsync($"{root}/Microsoft-cloud-security-benchmark/regulatoryComplianceControls?api-version=2019-01-01-preview");
        var assessments = await server.GetAsync($"{root}/Microsoft-cloud-security-benchmark/regulatoryComplianceControls/DP-3/regulatoryComplianceAssessments?api-version=2019-01-01-preview");

        Assert.Contains(standards.Items, s => s.GetProperty("name").GetString() == "Azure-CIS-2.0.0");
        Assert.Equal("Failed", controls.Items.Single(c => c.GetProperty("name").GetString() == "DP-3").GetProperty("properties").GetProperty("state").GetString());
        Assert.Contains(assessments.Items, a => a.GetProperty("name").GetString() == SecureTransfer && a.GetProperty("properties").GetProperty("failedResources").GetInt32() >= 1);
    }

    [Fact]
    public async Task The_ledger_tells_of_arrivals_and_what_if_of_a_better_score()
    {
        await LoadAsync();
        var changes = await server.GetAsync($"{Subscription}/providers/Microsoft.Bartizan/scoreChanges?api-version=2026-01-01");
        var better = (await server.PostAsync("/providers/Microsoft.Bartizan/whatIf", $$"""{"mend":["{{SecureTransfer}}"]}""")).Json;

        Assert.Equal("Arrival", changes.Items[^1].GetProperty("items")[0].GetProperty("reason").GetString());
        Assert.True(better.GetProperty("after").GetProperty("percentage").GetDouble() >= better.GetProperty("before").GetProperty("percentage").GetDouble());
    }

    [Fact]
    public async Task A_finding_is_given_an_owner_and_a_due_date()
    {
        await LoadAsync();
        var root = $"{Id("bad")}/{Security}/assessments/{SecureTransfer}/governanceAssignments";
        var made = await PutAsync($"{root}/one?api-version=2022-01-01-preview", """{"properties":{"owner":"a@example.org","remediationDueDate":"2026-12-01T00:00:00Z"}}""");
        var undated = await PutAsync($"{root}/two?api-version=2022-01-01-preview", """{"properties":{"owner":"a@example.org"}}""");
        var list = await server.GetAsync($"{root}?api-version=2022-01-01-preview");

        Assert.Equal(HttpStatusCode.Created, made.Status);
        Assert.Equal(HttpStatusCode.BadRequest, undated.Status);
        Assert.Equal("a@example.org", Assert.Single(list.Items, i => i.GetProperty("name").GetString() == "one").GetProperty("properties").GetProperty("owner").GetString());
    }

    [Fact]
    public async Task A_governance_rule_gives_owners_that_the_report_counts()
    {
        await LoadAsync();
        var rule = $"{Subscription}/{Security}/governanceRules/high?api-version=2022-01-01-preview";
        const string body = """
            {"properties":{"displayName":"High within a week","rulePriority":5,"remediationTimeframe":"7.00:00:00","ruleType":"Integrated","sourceResourceType":"Assessments",
            "ownerSource":{"type":"Manually","value":"week@example.org"},"conditionSets":[{"conditions":[{"property":"$.Severity","value":"High","operator":"Equals"}]}]}}
            """;
        var made = await PutAsync(rule, body);
        var again = await PutAsync(rule, body);
        var refused = await PutAsync($"{Subscription}/{Security}/governanceRules/bad?api-version=2022-01-01-preview", """{"properties":{"displayName":"x"}}""");
        var executed = await server.PostAsync($"{Subscription}/{Security}/governanceRules/high/execute?api-version=2022-01-01-preview", """{"override":true}""");

        Assert.Equal(HttpStatusCode.Created, made.Status);
        Assert.Equal(HttpStatusCode.OK, again.Status);
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Equal(HttpStatusCode.Accepted, executed.Status);
        var report = await server.GetAsync($"{Subscription}/providers/Microsoft.Bartizan/governanceReport?api-version=2026-01-01&$filter=owner eq 'week@example.org'");
        Assert.NotEmpty(report.Items);
        Assert.All(report.Items, i => Assert.Equal("High", i.GetProperty("severity").GetString()));
        var summary = (await server.GetAsync($"{Subscription}/providers/Microsoft.Bartizan/governanceSummary?api-version=2026-01-01")).Json;
        Assert.Contains(summary.GetProperty("owners").EnumerateArray(), o => o.TryGetProperty("owner", out var owner) && owner.GetString() == "week@example.org");
        var stranger = await server.ProgramAsync("governance-stranger", "Reader", Elsewhere);
        Assert.Empty((await server.GetAsync("/providers/Microsoft.Bartizan/governanceReport?api-version=2026-01-01", stranger)).Items);
        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Delete, rule)).Status);
    }

    private async Task LoadAsync()
    {
        var body = new StringContent(string.Join('\n', Account("good", true), Account("bad", false), Account("spared", false)), Encoding.UTF8, "application/json");
        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Post, "/providers/Microsoft.Bartizan/resources?file=test.jsonl", body)).Status);
        await UntilAsync(async () => (await server.GetAsync($"{Id("good")}/{Security}/assessments/{SecureTransfer}?api-version=2021-06-01")) is { Status: HttpStatusCode.OK } found ? found.Json : default);
        await UntilAsync(async () => (await server.GetAsync($"{Id("bad")}/{Security}/assessments/{SecureTransfer}?api-version=2021-06-01")) is { Status: HttpStatusCode.OK } found ? found.Json : default);
    }

    private Task<Answer> PutAsync(string path, string body) => server.SendAsync(HttpMethod.Put, path, new StringContent(body, Encoding.UTF8, "application/json"));

    private static async Task<JsonElement> UntilAsync(Func<Task<JsonElement>> ask)
    {
        for (var i = 0; ; i++)
        {
            if (await ask() is { ValueKind: not JsonValueKind.Undefined } found)
            {
                return found;
            }

            Assert.True(i < 300, "It did not show within half a minute.");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    private static string Id(string name) => $"{Subscription}/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/{name}";

    private static string Account(string name, bool isHttpsOnly) =>
        JsonSerializer.Serialize(new { id = Id(name), name, type = "Microsoft.Storage/storageAccounts", location = "westeurope", properties = new { supportsHttpsTrafficOnly = isHttpsOnly, minimumTlsVersion = "TLS1_2" } });
}
