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

    [Fact]
    public async Task A_signal_before_the_first_one_makes_the_incident_grow_and_no_second_one()
    {
        var account = (@"CONTOSO\ana", "web01");
        await bench.RaiseAsync(Sample.Rule with { Tactics = ["Execution"], Techniques = ["T1059"] }, Sample.Noon, account);
        await bench.RaiseAsync(
            Sample.Rule with { Id = Guid.Parse("5b0c62f4-5f13-4f14-9f9e-9a3c0d8f0002"), Name = "Files encrypted", Tactics = ["Impact"], Techniques = ["T1486"] }, Sample.Noon, account);
        var fusion = new FusionIncidents(bench.Alerts, bench.Incidents);
        bench.Time.Advance(TimeSpan.FromHours(1));
        await fusion.RunAsync(bench.Time.GetUtcNow(), default);
        await bench.RaiseAsync(
            Sample.Rule with { Id = Guid.Parse("5b0c62f4-5f13-4f14-9f9e-9a3c0d8f0003"), Name = "Strange sign-in", Tactics = ["InitialAccess"], Techniques = ["T1078"] },
            Sample.Noon.AddHours(-1), account);

        Assert.Equal(1, await fusion.RunAsync(bench.Time.GetUtcNow(), default));
        Assert.Equal(0, await fusion.RunAsync(bench.Time.GetUtcNow(), default));

        var made = Assert.Single(await bench.AllIncidentsAsync(), i => i.Labels.Any(l => l.Name == FusionIncidents.Label));
        Assert.Equal(3, made.AlertIds.Count);
        Assert.Contains("(3 signals", made.Title, StringComparison.Ordinal);
    }

    public void Dispose() => bench.Dispose();
}
