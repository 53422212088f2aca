using Bartizan.Content.Rules;
using Bartizan.Detection.Alerts;
using Bartizan.Detection.Incidents;
using Bartizan.Store.Queries;

namespace Bartizan.Detection.Tests.Incidents;

public sealed class IncidentMergingTests
{
    private static readonly Actor ana = Actor.User("Ana");

    [Fact]
    public async Task A_merge_gathers_alerts_closes_the_sources_and_is_undone_to_the_letter()
    {
        using var bench = new Workbench();
        var merging = new IncidentMerging(bench.Folder.Records, bench.Incidents, bench.Alerts);
        var (first, second, third) = (await OpenAsync(bench, 1), await OpenAsync(bench, 2), await OpenAsync(bench, 3));
        await bench.Incidents.EditAsync(third.Id, new() { Status = IncidentStatus.Closed, Classification = Classification.TruePositive, ClassificationReason = ClassificationReason.SuspiciousActivity, ClassificationComment = "was real" }, ana, null, default);
        bench.Time.Advance(TimeSpan.FromMinutes(1));
        var operation = (await merging.MergeAsync(first.Id, [second.Id, third.Id], "one attack", ana, default)).Value;
        var merged = await ReadAsync(bench, first.Id);
        Assert.Equal(new[] { first, second, third }.SelectMany(i => i.AlertIds).Order(), merged.AlertIds.Order());
        Assert.Equal((IncidentStatus.Closed, Classification.Undetermined, first.Id), ((await ReadAsync(bench, second.Id)).Status, (await ReadAsync(bench, second.Id)).Classification, (await ReadAsync(bench, second.Id)).MergedInto));
        Assert.Contains((await bench.Incidents.ActivitiesAsync(second.Id, 10, null, default)).Value.Items, a => a.Value.Action == "mergedInto" && a.Value.Note == $"{first.Number}");
        Assert.NotNull((await merging.MergeAsync(first.Id, [second.Id], "", ana, default)).Problem);

        Assert.NotNull((await merging.UndoAsync(operation.Id, ana, default)).Value.Undone);
        Assert.Equal(first.AlertIds, (await ReadAsync(bench, first.Id)).AlertIds);
        Assert.Equal(first.Tactics, (await ReadAsync(bench, first.Id)).Tactics);
        Assert.Equal((IncidentStatus.New, null), ((await ReadAsync(bench, second.Id)).Status, (await ReadAsync(bench, second.Id)).MergedInto));
        Assert.Equal((IncidentStatus.Closed, Classification.TruePositive, "was real"), ((await ReadAsync(bench, third.Id)).Status, (await ReadAsync(bench, third.Id)).Classification, (await ReadAsync(bench, third.Id)).ClassificationComment));
        Assert.NotNull((await merging.UndoAsync(operation.Id, ana, default)).Problem);
    }

    [Fact]
    public async Task What_was_reopened_since_is_not_undone_over_somebodys_head()
    {
        using var bench = new Workbench();
        var merging = new IncidentMerging(bench.Folder.Records, bench.Incidents, bench.Alerts);
        var (first, second) = (await OpenAsync(bench, 1), await OpenAsync(bench, 2));
        var operation = (await merging.MergeAsync(first.Id, [second.Id], "", ana, default)).Value;
        await bench.Incidents.EditAsync(second.Id, new() { Status = IncidentStatus.Active }, ana, null, default);
        Assert.Contains($"{second.Number}", (await merging.UndoAsync(operation.Id, ana, default)).Problem?.Message, StringComparison.Ordinal);
        Assert.NotNull((await merging.MergeAsync(first.Id, [first.Id], "", ana, default)).Problem);
        Assert.NotNull((await merging.MergeAsync(first.Id, [Guid.NewGuid()], "", ana, default)).Problem);
    }

    [Fact]
    public async Task A_split_makes_an_incident_of_some_alerts_and_taken_back_gives_them_again()
    {
        using var bench = new Workbench();
        var merging = new IncidentMerging(bench.Folder.Records, bench.Incidents, bench.Alerts);
        var (first, second) = (await OpenAsync(bench, 1), await OpenAsync(bench, 2));
        await merging.MergeAsync(first.Id, [second.Id], "", ana, default);
        var operation = (await merging.SplitAsync(first.Id, second.AlertIds, "Another matter", "", ana, default)).Value;
        var made = await ReadAsync(bench, operation.Target);
        Assert.Equal(("Another matter", second.AlertIds[0]), (made.Title, made.AlertIds.Single()));
        Assert.Equal(first.AlertIds, (await ReadAsync(bench, first.Id)).AlertIds);
        Assert.Equal(made.Id, Assert.Single((await ReadAsync(bench, first.Id)).Links).Other);
        Assert.NotNull((await merging.SplitAsync(first.Id, first.AlertIds, null, "", ana, default)).Problem);
        Assert.True((await merging.UndoAsync(operation.Id, ana, default)).IsSuccess);
        Assert.Equal(2, (await ReadAsync(bench, first.Id)).AlertIds.Count);
        Assert.Equal((IncidentStatus.Closed, first.Id), ((await ReadAsync(bench, made.Id)).Status, (await ReadAsync(bench, made.Id)).MergedInto));
    }

    [Fact]
    public async Task A_link_is_seen_from_both_ends_and_taken_away_from_either()
    {
        using var bench = new Workbench();
        var merging = new IncidentMerging(bench.Folder.Records, bench.Incidents, bench.Alerts);
        var (first, second) = (await OpenAsync(bench, 1), await OpenAsync(bench, 2));
        Assert.True((await merging.LinkAsync(first.Id, second.Id, IncidentLinkKind.DuplicateOf, ana, default)).IsSuccess);
        Assert.True((await merging.LinkAsync(first.Id, second.Id, IncidentLinkKind.CausedBy, ana, default)).IsSuccess);
        Assert.Equal(new IncidentLink(first.Id, IncidentLinkKind.CausedBy, IsFrom: false), Assert.Single((await ReadAsync(bench, second.Id)).Links));
        Assert.True((await merging.UnlinkAsync(second.Id, first.Id, ana, default)).Value);
        Assert.Empty((await ReadAsync(bench, first.Id)).Links);
        Assert.False((await merging.UnlinkAsync(second.Id, first.Id, ana, default)).Value);
        Assert.NotNull((await merging.LinkAsync(first.Id, first.Id, IncidentLinkKind.Related, ana, default)).Problem);
    }

    [Fact]
    public async Task Times_equal_what_the_table_of_incidents_says_and_closing_tells_on_rules()
    {
        using var bench = new Workbench();
        var metrics = new IncidentMetrics(bench.Folder.Records, bench.Incidents, bench.Time);
        (int Minutes, Classification Closing, ClassificationReason? Reason)[] script =
            [(10, Classification.TruePositive, ClassificationReason.SuspiciousActivity), (50, Classification.FalsePositive, ClassificationReason.IncorrectAlertLogic), (90, Classification.BenignPositive, ClassificationReason.SuspiciousButExpected)];
        var n = 0;
        foreach (var (minutes, closing, reason) in script)
        {
            var incident = await OpenAsync(bench, ++n);
            bench.Time.Advance(TimeSpan.FromMinutes(minutes));
            await bench.Incidents.EditAsync(incident.Id, new() { Status = IncidentStatus.Active }, ana, null, default);
            bench.Time.Advance(TimeSpan.FromHours(minutes));
            await bench.Incidents.EditAsync(incident.Id, new() { Status = IncidentStatus.Closed, Classification = closing, ClassificationReason = reason }, ana, null, default);
        }

        var all = (await metrics.ByAsync("severity", Sample.Noon.AddDays(-1), bench.Time.GetUtcNow().AddDays(1), default)).Value[0];
        var row = Assert.Single(await QueryAsync(bench, """
            SecurityIncident | summarize arg_max(TimeGenerated, *) by IncidentNumber
            | summarize round(avg((FirstModifiedTime - CreatedTime) / 1h), 6), round(avg((ClosedTime - CreatedTime) / 1h), 6)
            """));
        Assert.Equal((double)row[0]!, all.Acknowledge!.Mean, 6);
        Assert.Equal((double)row[1]!, all.Close!.Mean, 6);
        Assert.Equal(50 / 60d, all.Acknowledge.P50, 5);
        Assert.Equal(3, all.Closed);
        var card = Assert.Single(await metrics.ScorecardsAsync(Sample.Noon.AddDays(-1), bench.Time.GetUtcNow().AddDays(1), default));
        Assert.Equal((3, 1, 1, 1, 0.5), (card.Incidents, card.TruePositives, card.BenignPositives, card.WrongLogic, card.Quality!.Value));
    }

    [Fact]
    public void A_clock_runs_is_met_or_missed()
    {
        var incident = IncidentEditing.Open(Sample.Alert(), Guid.NewGuid(), 1, null, Sample.Noon) with { Severity = AlertSeverity.High };
        Assert.Equal(ClockState.Running, IncidentMetrics.Clocks(incident, SlaTargets.Default, Sample.Noon.AddMinutes(30)).Acknowledge.State);
        Assert.Equal(ClockState.Missed, IncidentMetrics.Clocks(incident, SlaTargets.Default, Sample.Noon.AddMinutes(31)).Acknowledge.State);
        Assert.Equal(ClockState.Met, IncidentMetrics.Clocks(incident with { FirstModified = Sample.Noon.AddMinutes(30) }, SlaTargets.Default, Sample.Noon.AddDays(9)).Acknowledge.State);
        var closed = incident with { Status = IncidentStatus.Closed, Closed = Sample.Noon.AddHours(9) };
        Assert.Equal((ClockState.Missed, Sample.Noon.AddHours(9)), (IncidentMetrics.Clocks(closed, SlaTargets.Default, Sample.Noon.AddDays(9)).Close.State, IncidentMetrics.Clocks(closed, SlaTargets.Default, Sample.Noon).Close.Stopped));
    }

    private static async Task<IReadOnlyList<object?[]>> QueryAsync(Workbench bench, string text)
    {
        var outcome = await FolderQueries.Over(bench.Folder, bench.Time).RunAsync(new QueryRequest(text), default);
        Assert.True(outcome.IsSuccess, outcome.Problem?.Message);
        return outcome.Value.Rows;
    }

    private static async Task<Incident> ReadAsync(Workbench bench, Guid id) => (await bench.Incidents.FindAsync(id, default))!.Value;

    private static async Task<Incident> OpenAsync(Workbench bench, int n)
    {
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        var built = Sample.Build(Sample.Rule, Sample.Rows(($@"CONTOSO\user{n}", $"web{n}")), bench.Time.GetUtcNow()).Alerts[0];
        var evidence = AlertEvidence.Freeze(built.Alert.Id, built.Rows, 1, "T", Sample.Noon, Sample.Noon, "test");
        var raised = (await bench.Intake.RaiseAsync(Sample.Rule, [(built.Alert, evidence)], [], default)).Value.Single();
        return (await bench.Incidents.ListAsync(new() { Filters = [new Store.Records.RecordFilter.Equal("alert", raised.Id.ToString("D"))] }, default)).Value.Items.Single().Value;
    }
}
