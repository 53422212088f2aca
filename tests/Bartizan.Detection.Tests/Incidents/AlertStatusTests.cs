using Bartizan.Detection.Alerts;
using Bartizan.Store;
using Bartizan.Store.Queries;
using Microsoft.Extensions.DependencyInjection;

namespace Bartizan.Detection.Tests.Incidents;

public sealed class AlertStatusTests : IDisposable
{
    private readonly Workbench bench = new();

    public void Dispose() => bench.Dispose();

    [Fact]
    public async Task A_change_of_status_is_kept_and_a_further_row_tells_of_it()
    {
        await bench.RaiseAsync(Sample.Rule, Sample.Noon, (@"CONTOSO\ana", "web01"));
        var alert = Assert.Single((await bench.Alerts.ListAsync(new() { Take = 10 }, default)).Value.Items).Value;
        bench.Time.Advance(TimeSpan.FromMinutes(5));

        var changed = await bench.Intake.SetStatusAsync(alert.Id, AlertStatus.Dismissed, "ana", default);
        var again = await bench.Intake.SetStatusAsync(alert.Id, AlertStatus.Dismissed, "ana", default);
        var missing = await bench.Intake.SetStatusAsync(Guid.Empty, AlertStatus.Dismissed, "ana", default);

        Assert.Equal((true, true, false), (changed.Value, again.Value, missing.Value));
        Assert.Equal(AlertStatus.Dismissed, (await bench.Alerts.FindAsync(alert.Id, default))!.Status);
        // Not disposed of: the folder is the bench's.
        var services = new ServiceCollection().AddSingleton<TimeProvider>(bench.Time).AddLogging().AddStore(bench.Folder).BuildServiceProvider();
        var rows = (await services.GetRequiredService<QueryRunner>().RunAsync(new QueryRequest("SecurityAlert | order by TimeGenerated asc | project Status, SystemAlertId"), default)).Value.Rows;
        Assert.Equal([["New", alert.Id.ToString("D")], ["Dismissed", alert.Id.ToString("D")]], rows);
    }
}
