using System.Text;
using Bartizan.Content.Rules;
using Bartizan.Detection.Scheduling;
using Bartizan.Store.Ingestion;
using Bartizan.Store.Queries;

namespace Bartizan.Detection.Tests.Scheduling;

public sealed class NrtRulesTests : IDisposable
{
    private readonly Workbench bench = new();
    private readonly NrtRules nrt;

    public NrtRulesTests()
    {
        var queries = FolderQueries.Over(bench.Folder, bench.Time);
        nrt = new NrtRules(
            bench.Rules, new RuleRunner(queries.RunAsync, bench.Time), bench.Intake, new RuleHealth(bench.Folder, bench.Time), bench.Folder.Catalog, bench.Time);
    }

    [Fact]
    public async Task New_rows_raise_an_alert_once_however_late_they_are()
    {
        await PutAsync("Syslog | where SyslogMessage has 'evil'");
        var first = await AppendAsync("evil one", Sample.Noon.AddDays(-40));
        await nrt.RunAsync(first, default);
        await nrt.RunAsync(await AppendAsync("all well", Sample.Noon), default);
        await nrt.RunAsync(await AppendAsync("evil two", Sample.Noon), default);
        await nrt.RunAsync(first, default);

        var alerts = (await bench.Alerts.ListAsync(new() { OrderBy = new("time") }, default)).Value.Items;
        Assert.Equal(2, alerts.Count);
        Assert.All(alerts, a => Assert.Equal(1, a.Value.Query.Rows));
        Assert.Equal(RuleKind.NRT, alerts[0].Value.Kind);
    }

    [Fact]
    public async Task Rows_of_a_table_that_a_rule_does_not_read_wake_it_not()
    {
        await PutAsync("SecurityEvent | where EventID == 1102");
        Assert.Equal(0, await nrt.RunAsync(await AppendAsync("evil", Sample.Noon), default));
    }

    [Fact]
    public async Task Several_commits_at_once_are_one_run()
    {
        await PutAsync("Syslog | where SyslogMessage has 'evil'");
        var both = (await AppendAsync("evil one", Sample.Noon)).Concat(await AppendAsync("evil two", Sample.Noon)).ToList();
        Assert.Equal(1, await nrt.RunAsync(both, default));
        Assert.Equal(2, Assert.Single((await bench.Alerts.ListAsync(new(), default)).Value.Items).Value.Query.Rows);
    }

    [Fact]
    public async Task Commits_whose_notice_was_lost_with_the_process_are_looked_at_after_a_restart_and_only_those()
    {
        await PutAsync("Syslog | where SyslogMessage has 'evil'");
        bench.Time.Advance(TimeSpan.FromSeconds(5));
        await nrt.RunAsync(await AppendAsync("evil one", Sample.Noon), default);
        bench.Time.Advance(TimeSpan.FromSeconds(5));
        await AppendAsync("evil two", Sample.Noon.AddDays(-3));
        bench.Time.Advance(TimeSpan.FromSeconds(5));
        await AppendAsync("all well", Sample.Noon);

        Assert.Equal(1, await Restarted().RecoverAsync(default));
        Assert.Equal(0, await Restarted().RecoverAsync(default));
        var alerts = (await bench.Alerts.ListAsync(new() { OrderBy = new("sequence") }, default)).Value.Items;
        Assert.Equal([1L, 1L], alerts.Select(a => a.Value.Query.Rows));
        Assert.Equal(Sample.Noon.AddDays(-3), alerts[1].Value.StartTime);
    }

    [Fact]
    public async Task What_came_before_a_rule_was_written_is_not_its_matter()
    {
        await PutAsync("Syslog | where SyslogMessage has 'evil'");
        await nrt.RunAsync(await AppendAsync("all well", Sample.Noon), default);
        bench.Time.Advance(TimeSpan.FromSeconds(5));
        await AppendAsync("evil while it was being changed", Sample.Noon);
        bench.Time.Advance(TimeSpan.FromSeconds(5));
        await PutAsync("Syslog | where SyslogMessage has 'evil' or SyslogMessage has 'bad'");
        Assert.Equal(0, await Restarted().RecoverAsync(default));
    }

    public void Dispose() => bench.Dispose();

    private NrtRules Restarted() => new(
        bench.Rules, new RuleRunner(FolderQueries.Over(bench.Folder, bench.Time).RunAsync, bench.Time), bench.Intake, new RuleHealth(bench.Folder, bench.Time), bench.Folder.Catalog, bench.Time);

    private async Task PutAsync(string query)
    {
        var rule = Sample.Rule with { Kind = RuleKind.NRT, Query = query, IsEnabled = true, QueryFrequency = TimeSpan.FromMinutes(1), QueryPeriod = TimeSpan.FromMinutes(1), EntityMappings = [] };
        Assert.True((await bench.Rules.PutAsync(rule, null, "me", default)).IsSuccess);
    }

    private async Task<IReadOnlyList<EventsAppended>> AppendAsync(string message, DateTimeOffset at)
    {
        using var listening = new CancellationTokenSource();
        var heard = bench.Folder.Ingestion.Appended.ListenAsync(listening.Token).GetAsyncEnumerator();
        var next = heard.MoveNextAsync();
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes($$"""{"TimeGenerated":"{{at.UtcDateTime:O}}","SyslogMessage":"{{message}}"}"""));
        Assert.True((await bench.Folder.Ingestion.AppendAsync("Syslog", stream, new IngestionOptions(), default)).IsSuccess);
        Assert.True(await next);
        return [heard.Current];
    }
}
