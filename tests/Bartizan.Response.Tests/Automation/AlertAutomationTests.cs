using Bartizan.Detection.Alerts;
using Bartizan.Detection.Incidents;
using Bartizan.Foundation.Entities;
using Bartizan.Response.Automation;
using Bartizan.Response.Playbooks;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bartizan.Response.Tests.Automation;

public sealed class AlertAutomationTests
{
    private const string Note = """{"triggers":{"A":{"type":"ApiConnectionWebhook","inputs":{"path":"/subscribe"}}},"actions":{"Say":{"type":"Compose","inputs":"@concat(triggerBody()?['AlertDisplayName'], ' ', string(length(json(triggerBody()?['Entities']))))"}}}""";

    [Fact]
    public async Task A_rule_on_alerts_runs_its_playbook_once_for_each_alert_of_its_rule()
    {
        using var bench = new Workbench();
        await bench.Playbooks.PutAsync("note", Note, true, null, "ana", default);
        await bench.RaiseAsync(Alert(0));
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        await bench.PutAsync(Rule("mine", Alert(0).RuleId));
        await bench.PutAsync(Rule("other", Guid.NewGuid()) with { Order = 2 });
        using var automation = bench.NewAlertAutomation();
        Assert.Equal(0, await automation.SweepAsync(default));
        await bench.RaiseAsync(Alert(1));
        await bench.RaiseAsync(Alert(2));
        Assert.Equal(2, await automation.SweepAsync(default));
        using var restarted = bench.NewAlertAutomation();
        Assert.Equal(0, await restarted.SweepAsync(default));
        var runs = (await bench.Playbooks.RunsAsync("note", 10, null, default)).Value.Items.Select(r => r.Value).ToList();
        Assert.Equal([Alert(1).Id, Alert(2).Id], runs.Select(r => r.AlertId!.Value).Order());
        Assert.All(runs, r => Assert.Equal(("\"Something happened 1\"", PlaybookTrigger.Alert, "mine"), (r.Steps.Single().Outputs, r.Trigger, r.StartedBy)));
        Assert.Equal(2, (await bench.QueryAsync("SentinelHealth | where ExtendedProperties.TriggeredOn == 'Alert' and Status == 'Success'")).Count);
    }

    [Fact]
    public async Task After_a_crash_between_the_start_and_the_note_of_it_no_playbook_starts_again()
    {
        using var bench = new Workbench();
        await bench.Playbooks.PutAsync("note", Note, true, null, "ana", default);
        var rule = await bench.PutAsync(Rule("mine", Alert(1).RuleId));
        var alert = await bench.RaiseAsync(Alert(1));
        var actor = new AutomationActor(bench.Incidents, bench.Tasks, bench.Starter, bench.Time, NullLogger<AutomationActor>.Instance);
        Assert.NotNull(await actor.ActAsync(rule, alert, default));
        using var automation = bench.NewAlertAutomation();
        Assert.Equal(1, await automation.SweepAsync(default));
        Assert.Single((await bench.Playbooks.RunsAsync("note", 10, null, default)).Value.Items);
    }

    [Fact]
    public async Task A_rule_on_alerts_expires_and_a_playbook_for_incidents_is_a_problem_of_its_run()
    {
        using var bench = new Workbench();
        await bench.Playbooks.PutAsync("note", Note.Replace("/subscribe", "/incident-creation", StringComparison.Ordinal), true, null, "ana", default);
        await bench.PutAsync(Rule("mine", Alert(1).RuleId) with { ExpiresAt = Workbench.Noon.AddHours(1) });
        await bench.RaiseAsync(Alert(1));
        using var automation = bench.NewAlertAutomation();
        Assert.Equal(1, await automation.SweepAsync(default));
        Assert.Single(await bench.QueryAsync("SentinelHealth | where Status == 'Failure' and Reason == 'PlaybookTriggerMismatch'"));
        bench.Time.Advance(TimeSpan.FromHours(1));
        await bench.RaiseAsync(Alert(2));
        Assert.Equal(0, await automation.SweepAsync(default));
    }

    [Fact]
    public async Task A_playbook_on_an_alert_works_on_its_incident()
    {
        using var bench = new Workbench();
        var alert = await bench.RaiseAsync(Alert(3));
        var incident = await bench.CreateAsync();
        await bench.EditAsync(incident.Id, new() { Labels = [new("noise"), new("keep")] });
        Assert.True((await bench.Incidents.AddAlertAsync(incident.Id, alert, Workbench.Analyst, default)).IsSuccess);
        const string Call = """ "host":{"connection":{"name":"azuresentinel"}} """;
        var definition = $$$$"""
            {"triggers":{"A":{"type":"ApiConnectionWebhook","inputs":{"path":"/subscribe"}}},"actions":{
              "Find":{"type":"ApiConnection","inputs":{ {{{{Call}}}}, "method":"get","path":"/Incidents/subscriptions/s/resourceGroups/g/workspaces/w/alerts/@{encodeURIComponent(triggerBody()?['SystemAlertId'])}"} },
              "Task":{"type":"ApiConnection","runAfter":{"Find":["Succeeded"]},"inputs":{ {{{{Call}}}}, "method":"post","path":"/Incidents/CreateTask","body":{"incidentArmId":"@body('Find')?['id']","taskTitle":"Look"} } },
              "Done":{"type":"ApiConnection","runAfter":{"Task":["Succeeded"]},"inputs":{ {{{{Call}}}}, "method":"post","path":"/Incidents/CompleteTask","body":{"taskArmId":"@body('Task')?['id']"} } },
              "Change":{"type":"ApiConnection","runAfter":{"Done":["Succeeded"]},"inputs":{ {{{{Call}}}}, "method":"put","path":"/Incidents","body":{"incidentArmId":"@body('Find')?['id']","ownerAction":"Assign","owner":"bo@example.com","tagsToRemove":{"TagsToRemove":[{"Tag":"noise"}]},"tagsToAdd":{"TagsToAdd":[{"Tag":"new"}]} } } } } }
            """;
        Assert.Null((await bench.Playbooks.PutAsync("work", definition, true, null, "ana", default)).Problem);
        var run = await (await bench.Starter.StartAsync("work", new PlaybookSubject.OfAlert(alert.Id), "ana", null, default)).Value.End;
        Assert.True(run.Status == StepStatus.Succeeded, string.Join("; ", run.Steps.Select(s => $"{s.Name} {s.Status} {s.Error}")));
        Assert.Equal(IncidentTaskStatus.Completed, Assert.Single(await bench.Tasks.ListAsync(incident.Id, default)).Value.Status);
        var after = await bench.ReadAsync(incident.Id);
        Assert.Equal(("bo@example.com", "keep,new"), (after.Owner?.UserPrincipalName, string.Join(',', after.Labels.Select(l => l.Name))));
        Assert.Equal("PlaybookTriggerMismatch", (await bench.Starter.StartAsync("work", new PlaybookSubject.OfIncident(incident.Id), "ana", null, default)).Problem?.Code);
    }

    private static Alert Alert(int n)
    {
        var alert = Sample.Alert(new Entity(EntityKind.Host, [KeyValuePair.Create("HostName", "web01")]));
        return alert with { Id = Guid.Parse($"7b0c62f4-5f13-4f14-9f9e-9a3c0d8f{n:D4}") };
    }

    private static AutomationRule Rule(string name, Guid analyticsRule) => Sample.Rule(name, 1, TriggersWhen.Created, new(), Sample.Is("AlertAnalyticRuleIds", $"/x/alertRules/{analyticsRule}")) with
    {
        TriggersOn = TriggersOn.Alerts,
        Actions = [new AutomationAction.RunPlaybook("/x/workflows/note", null)],
    };
}
