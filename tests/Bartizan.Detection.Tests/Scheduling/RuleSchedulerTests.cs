using Bartizan.Detection.Rules;
using Bartizan.Foundation.Outcomes;

namespace Bartizan.Detection.Tests.Scheduling;

public sealed class RuleSchedulerTests : IDisposable
{
    private readonly Workbench bench = new();

    public void Dispose() => bench.Dispose();

    [Fact]
    public async Task A_rule_runs_at_once_and_then_at_every_frequency_with_its_slot_as_now()
    {
        await bench.Rules.PutAsync(Sample.Rule, null, "test", default);
        Assert.Equal(1, await bench.Scheduler.RunDueAsync(default));
        Assert.Equal(0, await bench.Scheduler.RunDueAsync(default));
        bench.Time.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(0, await bench.Scheduler.RunDueAsync(default));
        bench.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, await bench.Scheduler.RunDueAsync(default));

        Assert.Equal([Sample.Noon.AddMinutes(-5), Sample.Noon.AddMinutes(55)], bench.Asked.Select(a => a.Now!.Value));
        Assert.Equal(Sample.Noon.AddMinutes(-65), bench.Asked[0].TimeRange!.From);
        Assert.Equal(Sample.Noon.AddMinutes(-5), bench.Asked[0].TimeRange!.To);
    }

    [Fact]
    public async Task After_a_restart_missed_slots_are_caught_up_and_none_runs_twice()
    {
        await bench.Rules.PutAsync(Sample.Rule, null, "test", default);
        await bench.Scheduler.RunDueAsync(default);
        bench.Time.Advance(TimeSpan.FromHours(3));
        var restarted = bench.NewScheduler();
        await restarted.RunDueAsync(default);
        await restarted.RunDueAsync(default);

        Assert.Equal(4, bench.Asked.Count);
        Assert.Equal(4, bench.Asked.Select(a => a.Now).Distinct().Count());
    }

    [Fact]
    public async Task Rows_become_an_alert_with_evidence_that_stays_intact_and_an_incident()
    {
        bench.Answer = _ => Workbench.Rows((@"CONTOSO\ana", "web01"), (@"CONTOSO\ben", "web02"));
        await bench.Rules.PutAsync(Sample.Rule, null, "test", default);
        await bench.Scheduler.RunDueAsync(default);

        var incident = Assert.Single(await bench.AllIncidentsAsync());
        Assert.Equal(1, incident.Number);
        var alert = await bench.Alerts.FindAsync(Assert.Single(incident.AlertIds), default);
        Assert.Equal(4, alert!.Entities.Count);
        var evidence = await bench.Alerts.EvidenceAsync(alert.Id, default);
        Assert.True(evidence!.IsIntact);
        Assert.Equal(2, evidence.TotalRows);
        Assert.False((evidence with { Rows = "[]" }).IsIntact);
    }

    [Fact]
    public async Task Running_the_same_window_again_raises_nothing_twice()
    {
        await bench.RaiseAsync(Sample.Rule, Sample.Noon, (@"CONTOSO\ana", "web01"));
        await bench.RaiseAsync(Sample.Rule, Sample.Noon, (@"CONTOSO\ana", "web01"));
        Assert.Single(await bench.AllIncidentsAsync());
    }

    [Fact]
    public async Task A_rule_that_fired_skips_the_runs_it_suppresses()
    {
        bench.Answer = _ => Workbench.Rows((@"CONTOSO\ana", "web01"));
        await bench.Rules.PutAsync(Sample.Rule with { IsSuppressionEnabled = true, SuppressionDuration = TimeSpan.FromHours(2) }, null, "test", default);
        for (var hour = 0; hour < 5; hour++)
        {
            await bench.Scheduler.RunDueAsync(default);
            bench.Time.Advance(TimeSpan.FromHours(1));
        }

        // It runs, is silent for two, runs, is silent.
        Assert.Equal(2, bench.Asked.Count);
    }

    [Fact]
    public async Task Ten_failures_of_one_permanent_kind_switch_a_rule_off_and_say_why()
    {
        bench.Answer = _ => new Problem(ProblemKind.Invalid, "SemanticError", "There is no table 'T'.");
        await bench.Rules.PutAsync(Sample.Rule, null, "test", default);
        for (var hour = 0; hour < 12; hour++)
        {
            await bench.Scheduler.RunDueAsync(default);
            bench.Time.Advance(TimeSpan.FromHours(1));
        }

        var rule = (await bench.Rules.FindAsync(Sample.Rule.Id, default))!.Value;
        Assert.False(rule.Definition.IsEnabled);
        Assert.StartsWith(LiveRule.DisabledPrefix, rule.Definition.Name, StringComparison.Ordinal);
        Assert.Contains("There is no table 'T'.", rule.Definition.Description, StringComparison.Ordinal);
        Assert.Equal(10, bench.Asked.Count);
    }

    [Fact]
    public async Task A_timeout_is_tried_again_with_growing_gaps_and_never_switches_a_rule_off()
    {
        bench.Answer = _ => new Problem(ProblemKind.LimitReached, "Timeout", "It took too long.");
        await bench.Rules.PutAsync(Sample.Rule, null, "test", default);
        for (var minute = 0; minute < 24 * 60; minute++)
        {
            await bench.Scheduler.RunDueAsync(default);
            bench.Time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.True((await bench.Rules.FindAsync(Sample.Rule.Id, default))!.Value.Definition.IsEnabled);
        Assert.InRange(bench.Asked.Count, 100, 200);
        bench.Answer = _ => Workbench.Rows((@"CONTOSO\ana", "web01"));
        bench.Time.Advance(TimeSpan.FromHours(2));
        await bench.Scheduler.RunDueAsync(default);
        Assert.NotEmpty(await bench.AllIncidentsAsync());
    }

    [Fact]
    public async Task A_span_too_far_back_is_given_up()
    {
        await bench.Rules.PutAsync(Sample.Rule, null, "test", default);
        await bench.Scheduler.RunDueAsync(default);
        bench.Time.Advance(TimeSpan.FromDays(3));
        await bench.Scheduler.RunDueAsync(default);
        Assert.Equal(1 + 24, bench.Asked.Count);
    }
}
