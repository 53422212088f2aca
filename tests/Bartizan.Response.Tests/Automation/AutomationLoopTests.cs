using Bartizan.Content.Rules;
using Bartizan.Detection.Alerts;
using Bartizan.Detection.Incidents;
using Bartizan.Foundation.Entities;
using Bartizan.Response.Automation;

namespace Bartizan.Response.Tests.Automation;

public sealed class AutomationLoopTests
{
    private static readonly AutomationAction.ModifyProperties high = new() { Severity = AlertSeverity.High };

    [Fact]
    public async Task Each_rule_looks_at_the_state_that_the_one_before_left()
    {
        using var bench = new Workbench();
        await bench.PutAsync(Sample.Rule("second", 2, TriggersWhen.Created, new() { Labels = ["urgent"] }, Sample.Is("IncidentSeverity", "High")));
        await bench.PutAsync(Sample.Rule("first", 1, TriggersWhen.Created, high));
        var incident = await bench.CreateAsync();
        Assert.Equal(2, await bench.Loop.SweepAsync(default));
        var after = await bench.ReadAsync(incident.Id);
        Assert.Equal(AlertSeverity.High, after.Severity);
        Assert.Equal([new IncidentLabel("urgent", IsAutomatic: true)], after.Labels);
        Assert.Equal("second", after.ModifiedBy);
    }

    [Fact]
    public async Task A_rule_on_updates_answers_a_rule_on_creations_and_runs_after_it()
    {
        using var bench = new Workbench();
        await bench.PutAsync(Sample.Rule("on update", 1, TriggersWhen.Updated, new() { Owner = new() { AssignedTo = "Ana" } },
            new AutomationCondition.PropertyChanged(ChangedProperty.IncidentSeverity, ChangeType.ChangedTo, ConditionOperator.Equals, ["High"]), Sample.Is("IncidentUpdatedBySource", "Automation rule")));
        await bench.PutAsync(Sample.Rule("raise", 1, TriggersWhen.Created, high));
        await bench.PutAsync(Sample.Rule("tag", 2, TriggersWhen.Created, new() { Labels = ["seen"] }));
        var incident = await bench.CreateAsync();
        Assert.Equal(3, await bench.Loop.SweepAsync(default));
        var log = await bench.LogAsync(incident.Id);
        Assert.Equal(4, log.Count);
        Assert.Equal("Ana", (await bench.ReadAsync(incident.Id)).Owner?.AssignedTo);
        Assert.Equal("on update", (await bench.ReadAsync(incident.Id)).ModifiedBy);
    }

    [Fact]
    public async Task Two_rules_that_undo_one_another_stop_when_each_has_acted_once()
    {
        using var bench = new Workbench();
        await bench.PutAsync(Sample.Rule("up", 1, TriggersWhen.Updated, high, Sample.Is("IncidentSeverity", "Low")));
        await bench.PutAsync(Sample.Rule("down", 2, TriggersWhen.Updated, new() { Severity = AlertSeverity.Low }, Sample.Is("IncidentSeverity", "High")));
        var incident = await bench.CreateAsync();
        await bench.EditAsync(incident.Id, new() { Labels = [new("x")] });
        Assert.InRange(await bench.Loop.SweepAsync(default), 2, 4);
        var length = (await bench.LogAsync(incident.Id)).Count;
        Assert.Equal(0, await bench.Loop.SweepAsync(default));
        Assert.Equal(length, (await bench.LogAsync(incident.Id)).Count);
    }

    [Fact]
    public async Task A_chain_of_rules_is_cut_at_its_depth()
    {
        using var bench = new Workbench();
        for (var i = 0; i < 8; i++)
        {
            await bench.PutAsync(Sample.Rule($"r{i}", 1, TriggersWhen.Updated, new() { Labels = [$"l{i + 1}"] }, Sample.Is("IncidentLabel", $"l{i}"), new AutomationCondition.Property("IncidentLabel", ConditionOperator.NotEquals, [$"l{i + 1}"])));
        }

        // The queue runs backwards, so that each round lets one more rule act.
        foreach (var rule in await bench.Rules.EnabledAsync(default))
        {
            await bench.PutAsync(rule with { Order = 100 - int.Parse(rule.Name[1..], System.Globalization.CultureInfo.InvariantCulture) });
        }

        var incident = await bench.CreateAsync();
        await bench.EditAsync(incident.Id, new() { Labels = [new("l0")] });
        await bench.Loop.SweepAsync(default);
        Assert.Equal(AutomationDecision.MaxDepth + 1, (await bench.ReadAsync(incident.Id)).Labels.Count);
    }

    [Fact]
    public async Task After_a_restart_no_change_sets_a_rule_off_again()
    {
        using var bench = new Workbench();
        await bench.PutAsync(Sample.Rule("raise", 1, TriggersWhen.Created, high));
        var incident = await bench.CreateAsync();
        Assert.Equal(1, await bench.Loop.SweepAsync(default));
        await bench.EditAsync(incident.Id, new() { Severity = AlertSeverity.Low });
        bench.Loop.Dispose();
        bench.NewLoop();
        Assert.Equal(0, await bench.Loop.SweepAsync(default));
        Assert.Equal(AlertSeverity.Low, (await bench.ReadAsync(incident.Id)).Severity);
    }

    [Fact]
    public async Task What_happened_before_a_rule_was_switched_on_is_not_its_matter()
    {
        using var bench = new Workbench();
        var before = await bench.CreateAsync("before");
        bench.Time.Advance(TimeSpan.FromMinutes(1));
        await bench.PutAsync(Sample.Rule("raise", 1, TriggersWhen.Created, high) with { IsEnabled = false });
        var off = await bench.CreateAsync("while off");
        bench.Time.Advance(TimeSpan.FromMinutes(1));
        await bench.PutAsync(Sample.Rule("raise", 1, TriggersWhen.Created, high));
        var on = await bench.CreateAsync("after");
        Assert.Equal(1, await bench.Loop.SweepAsync(default));
        Assert.Equal(AlertSeverity.Low, (await bench.ReadAsync(before.Id)).Severity);
        Assert.Equal(AlertSeverity.Low, (await bench.ReadAsync(off.Id)).Severity);
        Assert.Equal(AlertSeverity.High, (await bench.ReadAsync(on.Id)).Severity);
    }

    [Fact]
    public async Task A_rule_switches_itself_off_when_its_time_is_over()
    {
        using var bench = new Workbench();
        await bench.PutAsync(Sample.Rule("mute", 1, TriggersWhen.Created, high) with { ExpiresAt = Workbench.Noon.AddHours(1) });
        bench.Time.Advance(TimeSpan.FromHours(2));
        var incident = await bench.CreateAsync();
        Assert.Equal(0, await bench.Loop.SweepAsync(default));
        Assert.Equal(AlertSeverity.Low, (await bench.ReadAsync(incident.Id)).Severity);
        Assert.False((await bench.Rules.FindAsync("mute", default))!.Value.IsEnabled);
    }

    [Fact]
    public async Task An_incident_that_a_rule_raised_is_muted_by_its_host()
    {
        using var bench = new Workbench();
        await bench.PutAsync(Sample.Rule("mute scanner", 1, TriggersWhen.Created,
            new() { Status = IncidentStatus.Closed, Classification = Classification.BenignPositive, ClassificationReason = ClassificationReason.SuspiciousButExpected },
            Sample.Is("HostName", "scanner01"), Sample.Is("IncidentRelatedAnalyticRuleIds", Sample.Alert().RuleId.ToString("D"))));
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        var rule = new RuleDefinition { Id = Sample.Alert().RuleId, Name = "Something happened", Query = "T" };
        var alert = Sample.Alert(Entity.Of(EntityKind.Host, ("HostName", "SCANNER01")));
        var raised = await bench.Intake.RaiseAsync(rule, [(alert, Evidence(alert))], [], default);
        Assert.True(raised.IsSuccess, raised.Problem?.Message);
        Assert.Equal(1, await bench.Loop.SweepAsync(default));
        var incident = Assert.Single((await bench.Incidents.ListAsync(new(), default)).Value.Items).Value;
        Assert.Equal(IncidentStatus.Closed, incident.Status);
        Assert.Equal(Classification.BenignPositive, incident.Classification);
    }

    [Fact]
    public async Task What_is_so_already_is_not_written_again()
    {
        using var bench = new Workbench();
        await bench.PutAsync(Sample.Rule("raise", 1, TriggersWhen.Updated, high));
        var incident = await bench.CreateAsync(severity: AlertSeverity.High);
        await bench.EditAsync(incident.Id, new() { Labels = [new("x")] });
        await bench.Loop.SweepAsync(default);
        Assert.Equal(2, (await bench.LogAsync(incident.Id)).Count);
    }

    [Fact]
    public async Task A_task_is_added_once_even_when_the_trail_of_it_was_lost()
    {
        using var bench = new Workbench();
        await bench.PutAsync(Sample.Rule("ask", 1, TriggersWhen.Created, high) with { Actions = [new AutomationAction.AddTask("Call the owner", "Was it you?") { Order = 1 }] });
        var incident = await bench.CreateAsync();
        Assert.Equal(1, await bench.Loop.SweepAsync(default));
        await new AutomationTrails(bench.Folder.Records, bench.Outbox, bench.Folder, bench.Time).ForgetAsync(incident.Id, default);
        Assert.Equal(1, await bench.Loop.SweepAsync(default));
        var task = Assert.Single(await bench.Tasks.ListAsync(incident.Id, default)).Value;
        Assert.Equal("Call the owner", task.Title);
        Assert.Equal(ActorKind.AutomationRule, task.CreatedBy.Kind);
    }

    [Fact]
    public async Task Each_run_is_a_row_of_the_health_table_with_what_could_not_be_done()
    {
        using var bench = new Workbench();
        await bench.PutAsync(Sample.Rule("close", 1, TriggersWhen.Created, new() { Order = 1, Severity = AlertSeverity.High }) with
        {
            Actions = [high with { Order = 1 }, new AutomationAction.AddTask("One more", "") { Order = 2 }],
        });
        var incident = await bench.CreateAsync();
        for (var i = 0; i < IncidentTask.MaxPerIncident; i++)
        {
            Assert.True((await bench.Tasks.PutAsync(incident.Id, Guid.CreateVersion7(), $"t{i}", null, null, Workbench.Analyst, null, default)).IsSuccess);
        }

        Assert.Equal(1, await bench.Loop.SweepAsync(default));
        var rows = await bench.QueryAsync("SentinelHealth | where OperationName == 'Automation rule run' | project SentinelResourceName, Status, tostring(ExtendedProperties.ActionsTriggeredSuccessfully), toint(ExtendedProperties.IncidentNumber)");
        Assert.Equal(["close", "Partial success", "1", incident.Number], Assert.Single(rows));
    }

    [Fact]
    public async Task The_running_loop_acts_as_soon_as_an_incident_is_announced()
    {
        using var bench = new Workbench();
        await bench.PutAsync(Sample.Rule("raise", 1, TriggersWhen.Created, high));
        await bench.Loop.StartAsync(default);
        var incident = await bench.CreateAsync();
        for (var i = 0; i < 200 && (await bench.ReadAsync(incident.Id)).Severity != AlertSeverity.High; i++)
        {
            await Task.Delay(25, CancellationToken.None);
        }

        await bench.Loop.StopAsync(default);
        Assert.Equal(AlertSeverity.High, (await bench.ReadAsync(incident.Id)).Severity);
    }

    private static AlertEvidence Evidence(Alert alert) => new()
    {
        AlertId = alert.Id,
        Query = "T",
        Start = Workbench.Noon,
        End = Workbench.Noon,
        Engine = "test",
        Columns = [],
        Rows = "[]",
        FrozenRows = 0,
        TotalRows = 1,
        Hash = "",
    };
}
