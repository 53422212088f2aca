using Bartizan.Detection.Fusion;
using Bartizan.Detection.Incidents;

namespace Bartizan.Detection.Tests.Fusion;

public sealed class FusionIncidentsTests : IDisposable
{
    private readonly Workbench bench = new();

    [Fact]
    public async Task A_chain_is_one_incident_however_often_it_is_found()
    {
        await bench.RaiseAsync(Sample.Rule with { Tactics = ["InitialAccess"], Techniques = ["T1078"] }, Sample.Noon, (@"CONTOSO\ana", "web01"));
        await bench.RaiseAsync(
            Sample.Rule with { Id = Guid.Parse("5b0c62f4-5f13-4f14-9f9e-9a3c0d8f0002"), Name = "Files encrypted", Tactics = ["Impact"], Techniques = ["T1486"] }, Sample.Noon, (@"CONTOSO\ana", "web01"));
        var fusion = new FusionIncidents(bench.Alerts, bench.Incidents);
        bench.Time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(1, await fusion.RunAsync(bench.Time.GetUtcNow(), default));
        Assert.Equal(0, await fusion.RunAsync(bench.Time.GetUtcNow(), default));

        var made = Assert.Single(await bench.AllIncidentsAsync(), i => i.Labels.Any(l => l.Name == FusionIncidents.Label));
        Assert.Equal(2, made.AlertIds.Count);
        Assert.StartsWith("Ransomware", made.Title, StringComparison.Ordinal);
        Assert.Equal(["InitialAccess", "Impact"], made.Tactics.OrderByDescending(t => t, StringComparer.Ordinal));
        Assert.Equal(IncidentStatus.New, made.Status);
    }

    public void Dispose() => bench.Dispose();
}
