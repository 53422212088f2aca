using Bartizan.Detection.Scheduling;

namespace Bartizan.Detection.Tests.Scheduling;

public sealed class TriggeredRunsTests
{
    [Fact]
    public async Task A_run_on_demand_raises_what_the_rule_finds_at_that_moment_once()
    {
        using var bench = new Workbench(_ => Workbench.Rows((@"CONTOSO\ana", "web01")));
        Assert.True((await bench.Rules.PutAsync(Sample.Rule, null, "ana", default)).IsSuccess);
        using var runs = new TriggeredRuns(bench.Folder.Records, bench.Rules, bench.Scheduler, bench.Time);
        var at = Sample.Noon.AddHours(-3);
        var asked = (await runs.AskAsync(Sample.Rule.Id, at, "ana", default)).Value;
        Assert.Equal(TriggeredRunState.Accepted, asked.State);
        var run = (await runs.RunAsync(asked.Id, default))!;
        Assert.Equal((TriggeredRunState.Succeeded, 1), (run.State, run.Alerts));
        Assert.Equal(at, bench.Asked[^1].Now);
        Assert.Null(await runs.RunAsync(asked.Id, default));
        var again = (await runs.AskAsync(Sample.Rule.Id, at, "ana", default)).Value;
        await runs.RunAsync(again.Id, default);
        Assert.Single((await bench.Alerts.ListAsync(new(), default)).Value.Items);
    }

    [Fact]
    public async Task Only_rules_that_are_there_and_moments_that_have_been_are_run()
    {
        using var bench = new Workbench();
        using var runs = new TriggeredRuns(bench.Folder.Records, bench.Rules, bench.Scheduler, bench.Time);
        Assert.Equal("NotFound", (await runs.AskAsync(Guid.NewGuid(), null, "ana", default)).Problem?.Code);
        await bench.Rules.PutAsync(Sample.Rule, null, "ana", default);
        Assert.NotNull((await runs.AskAsync(Sample.Rule.Id, Sample.Noon.AddMinutes(1), "ana", default)).Problem);
        Assert.NotNull((await runs.AskAsync(Sample.Rule.Id, Sample.Noon.AddDays(-31), "ana", default)).Problem);
    }
}
