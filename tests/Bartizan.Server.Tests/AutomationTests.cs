using System.Net;
using System.Text;

namespace Bartizan.Server.Tests;

public sealed class AutomationTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Version = "?api-version=2024-03-01";

    private const string Rule = """
        {"properties":{"displayName":"Raise odd sign-ins","order":1,"triggeringLogic":{"isEnabled":true,"triggersOn":"Incidents","triggersWhen":"Created","conditions":[
          {"conditionType":"Boolean","conditionProperties":{"operator":"Or","innerConditions":[
            {"conditionType":"Property","conditionProperties":{"propertyName":"IncidentTitle","operator":"Contains","propertyValues":["odd sign-in"]}},
            {"conditionType":"PropertyArray","conditionProperties":{"arrayType":"CustomDetails","arrayConditionType":"AnyItem","itemConditions":[
              {"conditionType":"Property","conditionProperties":{"propertyName":"IncidentCustomDetailsKey","operator":"Equals","propertyValues":["Port"]}}]}}]}}]},
          "actions":[{"order":1,"actionType":"ModifyProperties","actionConfiguration":{"severity":"High","owner":{"assignedTo":"Ana"},"labels":[{"labelName":"triage"}]}}]}}
        """;

    [Fact]
    public async Task A_rule_is_written_read_back_acts_and_is_removed()
    {
        var insights = await InsightsAsync();
        var id = $"{insights}/automationRules/73e01a99-5cd7-4139-a149-9f2736ff2ab5{Version}";
        Assert.Equal(HttpStatusCode.Created, (await PutAsync(id, Rule)).Status);
        Assert.Equal(HttpStatusCode.OK, (await PutAsync(id, Rule)).Status);
        var read = await server.GetAsync(id);
        Assert.Equal("Microsoft.SecurityInsights/AutomationRules", read.Json.GetProperty("type").GetString());
        var logic = read.Json.GetProperty("properties").GetProperty("triggeringLogic");
        Assert.Equal("Or", logic.GetProperty("conditions")[0].GetProperty("conditionProperties").GetProperty("operator").GetString());
        Assert.Single((await server.GetAsync($"{insights}/automationRules{Version}")).Items);

        var incident = $"{insights}/incidents/{Guid.CreateVersion7()}{Version}";
        Assert.Equal(HttpStatusCode.Created, (await PutAsync(incident, """{"properties":{"title":"An odd sign-in","severity":"Low","status":"New"}}""")).Status);
        var properties = (await server.GetAsync(incident)).Json.GetProperty("properties");
        for (var i = 0; i < 200 && properties.GetProperty("severity").GetString() != "High"; i++)
        {
            await Task.Delay(50, CancellationToken.None);
            properties = (await server.GetAsync(incident)).Json.GetProperty("properties");
        }

        Assert.Equal("High", properties.GetProperty("severity").GetString());
        Assert.Equal("Ana", properties.GetProperty("owner").GetProperty("assignedTo").GetString());
        Assert.Equal("triage", properties.GetProperty("labels")[0].GetProperty("labelName").GetString());

        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Delete, id)).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await server.SendAsync(HttpMethod.Delete, id)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await server.GetAsync(id)).Status);
    }

    [Theory]
    [InlineData("\"Created\"", "\"Sometimes\"", HttpStatusCode.BadRequest)]
    [InlineData("\"Contains\"", "\"Resembles\"", HttpStatusCode.BadRequest)]
    [InlineData("\"IncidentTitle\"", "\"IncidentTitel\"", HttpStatusCode.BadRequest)]
    [InlineData("\"severity\":\"High\"", "\"severity\":\"3\"", HttpStatusCode.BadRequest)]
    [InlineData("\"severity\":\"High\"", "\"status\":\"Closed\"", HttpStatusCode.BadRequest)]
    [InlineData("\"ModifyProperties\"", "\"Explode\"", HttpStatusCode.BadRequest)]
    [InlineData("\"order\":1,\"trig", "\"order\":0,\"trig", HttpStatusCode.BadRequest)]
    [InlineData("\"isEnabled\":true,", "", HttpStatusCode.BadRequest)]
    public async Task What_cannot_be_carried_out_is_refused(string from, string to, HttpStatusCode status)
    {
        Assert.Contains(from, Rule, StringComparison.Ordinal);
        var answer = await PutAsync($"{await InsightsAsync()}/automationRules/{Guid.CreateVersion7()}{Version}", Rule.Replace(from, to, StringComparison.Ordinal));
        Assert.Equal(status, answer.Status);
    }

    [Fact]
    public async Task A_responder_reads_rules_and_does_not_write_them()
    {
        var insights = await InsightsAsync();
        var responder = await server.ProgramAsync("responder", "Microsoft Sentinel Responder", "/");
        Assert.Equal(HttpStatusCode.OK, (await server.GetAsync($"{insights}/automationRules{Version}", responder)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await PutAsync($"{insights}/automationRules/{Guid.CreateVersion7()}{Version}", Rule, responder)).Status);
    }

    [Fact]
    public async Task A_playbook_is_written_started_on_an_incident_and_its_run_read()
    {
        var insights = await InsightsAsync();
        var group = insights[..insights.IndexOf("/providers", StringComparison.Ordinal)];
        var workflow = $"{group}/providers/Microsoft.Logic/workflows/note";
        const string Definition = """{"properties":{"definition":{"triggers":{"t":{"type":"Request"}},"actions":{"Note":{"type":"Compose","inputs":"@triggerBody()?['object']?['properties']?['title']"}}}}}""";
        Assert.Equal(HttpStatusCode.Created, (await PutAsync(workflow + "?api-version=2019-05-01", Definition)).Status);
        Assert.Equal("InvalidTemplate", (await PutAsync(workflow + "?api-version=2019-05-01", Definition.Replace("Compose", "Workflow", StringComparison.Ordinal))).Code);

        var incident = $"{insights}/incidents/{Guid.CreateVersion7()}";
        Assert.Equal(HttpStatusCode.Created, (await PutAsync(incident + Version, """{"properties":{"title":"Noted","severity":"Low","status":"New"}}""")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await server.PostAsync($"{incident}/runPlaybook{Version}", $$"""{"logicAppsResourceId":"{{workflow}}"}""")).Status);
        Assert.Equal("PlaybookNotFound", (await server.PostAsync($"{incident}/runPlaybook{Version}", """{"logicAppsResourceId":"/subscriptions/x/workflows/p"}""")).Code);
        var run = (await server.GetAsync($"{workflow}/runs?api-version=2019-05-01")).Items.Single().GetProperty("properties");
        for (var i = 0; i < 100 && run.GetProperty("status").GetString() == "Running"; i++)
        {
            await Task.Delay(50, CancellationToken.None);
            run = (await server.GetAsync($"{workflow}/runs?api-version=2019-05-01")).Items.Single().GetProperty("properties");
        }

        Assert.Equal("Succeeded", run.GetProperty("status").GetString());
        Assert.Equal("\"Noted\"", run.GetProperty("steps")[0].GetProperty("outputs").GetString());
    }

    [Fact]
    public async Task A_rule_on_alerts_is_kept_and_playbooks_start_on_what_they_are_for()
    {
        var insights = await InsightsAsync();
        var rule = $"{insights}/automationRules/{Guid.CreateVersion7()}{Version}";
        const string OnAlerts = """
            {"properties":{"displayName":"Enrich","order":1,"triggeringLogic":{"isEnabled":true,"triggersOn":"Alerts","triggersWhen":"Created","conditions":[
              {"conditionType":"Property","conditionProperties":{"propertyName":"AlertAnalyticRuleIds","operator":"Contains","propertyValues":["/x/alertRules/5b0c62f4-5f13-4f14-9f9e-9a3c0d8f0001"]}}]},
              "actions":[{"order":1,"actionType":"RunPlaybook","actionConfiguration":{"logicAppResourceId":"/x/workflows/asked"}}]}}
            """;
        Assert.Equal(HttpStatusCode.Created, (await PutAsync(rule, OnAlerts)).Status);
        Assert.Equal("Alerts", (await server.GetAsync(rule)).Json.GetProperty("properties").GetProperty("triggeringLogic").GetProperty("triggersOn").GetString());
        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Delete, rule)).Status);

        var workflow = $"{insights[..insights.IndexOf("/providers", StringComparison.Ordinal)]}/providers/Microsoft.Logic/workflows/asked";
        const string Logic = "?api-version=2019-05-01";
        const string Definition = """{"properties":{"definition":{"triggers":{"manual":{"type":"Request"}},"actions":{"Echo":{"type":"Compose","inputs":"@triggerBody()?['n']"},"W":{"type":"Wait","runAfter":{"Echo":["Succeeded"]},"inputs":{"interval":{"count":1,"unit":"Day"}}}}}}}""";
        Assert.Equal(HttpStatusCode.Created, (await PutAsync(workflow + Logic, Definition)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await server.PostAsync($"{workflow}/triggers/other/run{Logic}", "{}")).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await server.PostAsync($"{workflow}/triggers/manual/run{Logic}", """{"n":7}""")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await server.PostAsync($"{insights}/entities/{Guid.CreateVersion7()}/runPlaybook{Version}", $$"""{"logicAppsResourceId":"{{workflow}}"}""")).Status);
        var run = $"{workflow}/runs/{(await server.GetAsync($"{workflow}/runs{Logic}")).Items.Single().GetProperty("name").GetString()}";
        var steps = (await server.GetAsync($"{run}/actions{Logic}")).Items;
        for (var i = 0; i < 100 && steps.Count == 0; i++)
        {
            await Task.Delay(50, CancellationToken.None);
            steps = (await server.GetAsync($"{run}/actions{Logic}")).Items;
        }

        Assert.Equal("7", steps.Single().GetProperty("properties").GetProperty("outputs").GetString());
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync($"{run}/cancel{Logic}", "")).Status);
        var status = "Running";
        for (var i = 0; i < 100 && status == "Running"; i++)
        {
            await Task.Delay(50, CancellationToken.None);
            status = (await server.GetAsync(run + Logic)).Json.GetProperty("properties").GetProperty("status").GetString();
        }

        Assert.Equal("Cancelled", status);
    }

    [Fact]
    public async Task Anomaly_rules_are_listed_switched_copied_tuned_and_removed()
    {
        var settings = await InsightsAsync() + "/securityMLAnalyticsSettings";
        var all = (await server.GetAsync(settings + Version)).Items;
        Assert.True(all.Count >= 14);
        var spray = all.Single(s => s.GetProperty("properties").GetProperty("displayName").GetString()!.StartsWith("One address tries", StringComparison.Ordinal));
        Assert.Equal(("Anomaly", "PT1H", "Production"), (spray.GetProperty("kind").GetString(), spray.GetProperty("properties").GetProperty("frequency").GetString(), spray.GetProperty("properties").GetProperty("settingsStatus").GetString()));
        var id = spray.GetProperty("name").GetString();
        var copy = $"{settings}/{Guid.CreateVersion7()}{Version}";
        var body = $$$"""{"kind":"Anomaly","properties":{"displayName":"Spray, tuned","enabled":true,"settingsStatus":"Flighting","settingsDefinitionId":"{{{id}}}","customizableObservations":{"thresholdObservations":[{"name":"Accounts","value":"25"}]} } }""";
        Assert.Equal(HttpStatusCode.Created, (await PutAsync(copy, body)).Status);
        var read = (await server.GetAsync(copy)).Json.GetProperty("properties");
        Assert.Equal("25", read.GetProperty("customizableObservations").GetProperty("thresholdObservations")[0].GetProperty("value").GetString());
        Assert.False(read.GetProperty("isDefaultSettings").GetBoolean());
        Assert.Equal(HttpStatusCode.BadRequest, (await PutAsync(copy, body.Replace("\"25\"", "\"2\"", StringComparison.Ordinal))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await PutAsync(copy, body.Replace("Flighting", "Sometimes", StringComparison.Ordinal))).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Delete, copy)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await server.GetAsync(copy)).Status);
    }

    [Fact]
    public async Task A_rule_is_run_on_demand_and_the_run_read()
    {
        var insights = await InsightsAsync();
        var rule = (await server.GetAsync($"{insights}/alertRules{Version}")).Items.First(r => r.GetProperty("kind").GetString() == "Scheduled").GetProperty("name").GetString();
        var asked = await server.PostAsync($"{insights}/alertRules/{rule}/triggerRuleRun{Version}", """{"properties":{}}""");
        Assert.Equal(HttpStatusCode.Accepted, asked.Status);
        var id = asked.Json.GetProperty("name").GetString();
        var state = "Accepted";
        for (var i = 0; i < 200 && state is "Accepted" or "InProgress"; i++)
        {
            await Task.Delay(50, CancellationToken.None);
            state = (await server.GetAsync($"{insights}/triggeredAnalyticsRuleRuns/{id}{Version}")).Json.GetProperty("properties").GetProperty("provisioningState").GetString();
        }

        Assert.Equal("Succeeded", state);
        Assert.Equal(HttpStatusCode.NotFound, (await server.PostAsync($"{insights}/alertRules/{Guid.CreateVersion7()}/triggerRuleRun{Version}", """{"properties":{}}""")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await server.PostAsync($"{insights}/alertRules/{rule}/triggerRuleRun{Version}", """{"properties":{"executionTimeUtc":"2001-01-01T00:00:00Z"}}""")).Status);
    }

    [Fact]
    public async Task Sample_alerts_are_raised_with_evidence_and_their_incidents_merged_linked_timed_and_parted_again()
    {
        var insights = await InsightsAsync();
        var subscription = string.Join('/', insights.Split('/').Take(3));
        var simulate = $"{subscription}/providers/Microsoft.Security/locations/local/alerts/default/simulate?api-version=2022-01-01";
        Assert.Equal(HttpStatusCode.NoContent, (await server.PostAsync(simulate, """{"properties":{"kind":"Bundles","bundles":["VirtualMachines","KeyVaults"]}}""")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await server.PostAsync(simulate, """{"properties":{"kind":"Bundles","bundles":["Toasters"]}}""")).Status);
        var opened = (await server.GetAsync($"{insights}/incidents{Version}")).Items.Where(i => i.GetProperty("properties").GetProperty("title").GetString()!.StartsWith("[SAMPLE ALERT]", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, opened.Count);
        var (first, second) = (opened[0].GetProperty("name").GetString()!, opened[1].GetProperty("name").GetString()!);
        var alert = (await server.PostAsync($"{insights}/incidents/{first}/alerts{Version}", "")).Items.Single().GetProperty("name").GetString();
        const string Ours = "/providers/Microsoft.Bartizan";
        const string Ver = "?api-version=2026-01-01";
        Assert.Equal(64, (await server.GetAsync($"{Ours}/alerts/{alert}/evidence{Ver}")).Json.GetProperty("hash").GetString()!.Length);

        var merged = await server.PostAsync($"{Ours}/incidents/{first}/merge{Ver}", $$"""{"incidents":["{{second}}"],"reason":"one drill"}""");
        Assert.Equal(HttpStatusCode.OK, merged.Status);
        Assert.Equal("Closed", (await server.GetAsync($"{insights}/incidents/{second}{Version}")).Json.GetProperty("properties").GetProperty("status").GetString());
        Assert.Equal(2, (await server.PostAsync($"{insights}/incidents/{first}/alerts{Version}", "")).Items.Count);
        Assert.Single((await server.GetAsync($"{Ours}/incidents/{first}/operations{Ver}")).Items);
        var responder = await server.ProgramAsync("reader-of-incidents", "Microsoft Sentinel Reader", "/");
        Assert.Equal(HttpStatusCode.Forbidden, (await server.PostAsync($"{Ours}/incidentOperations/{merged.Json.GetProperty("id").GetString()}/undo{Ver}", "", responder)).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync($"{Ours}/incidentOperations/{merged.Json.GetProperty("id").GetString()}/undo{Ver}", "")).Status);
        Assert.Single((await server.PostAsync($"{insights}/incidents/{first}/alerts{Version}", "")).Items);

        Assert.Equal(HttpStatusCode.OK, (await PutAsync($"{Ours}/incidents/{first}/links/{second}{Ver}", """{"kind":"DuplicateOf"}""")).Status);
        Assert.Equal("To", (await server.GetAsync($"{Ours}/incidents/{second}/links{Ver}")).Items.Single().GetProperty("direction").GetString());
        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Delete, $"{Ours}/incidents/{second}/links/{first}{Ver}")).Status);
        Assert.Equal("Running", (await server.GetAsync($"{Ours}/incidents/{first}/clocks{Ver}")).Json.GetProperty("close").GetProperty("state").GetString());
        Assert.Equal(HttpStatusCode.BadRequest, (await PutAsync($"{Ours}/incidentSla/default{Ver}", """{"properties":{"targets":[{"severity":"High","acknowledge":"PT1H","close":"PT1M"}]}}""")).Status);
        Assert.Equal("PT30M", (await server.GetAsync($"{Ours}/incidentSla/default{Ver}")).Json.GetProperty("properties").GetProperty("targets")[0].GetProperty("acknowledge").GetString());
        Assert.Equal("All", (await server.GetAsync($"{Ours}/incidentMetrics{Ver}&by=owner")).Items[0].GetProperty("name").GetString());
        Assert.Contains((await server.GetAsync($"{Ours}/ruleScorecards{Ver}")).Items, c => c.GetProperty("incidents").GetInt32() == 1);
    }

    private async Task<string> InsightsAsync() =>
        (await server.GetAsync("/providers/Microsoft.Bartizan/server?api-version=2026-01-01")).Json.GetProperty("workspacePath").GetString() + "/providers/Microsoft.SecurityInsights";

    private Task<Answer> PutAsync(string path, string body, string? bearer = null) =>
        server.SendAsync(HttpMethod.Put, path, new StringContent(body, Encoding.UTF8, "application/json"), bearer);
}
