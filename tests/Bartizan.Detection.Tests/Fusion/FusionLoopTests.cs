using Bartizan.Detection.Fusion;
using Bartizan.Detection.Incidents;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bartizan.Detection.Tests.Fusion;

public sealed class FusionLoopTests : IDisposable
{
    private readonly Workbench bench = new();

    [Fact]
    public async Task Alerts_of_a_replay_make_chains_although_they_are_years_old()
    {
        bench.Time.Advance(TimeSpan.FromDays(700));
        using var loop = new FusionLoop(new FusionIncidents(bench.Alerts, bench.Incidents), bench.Incidents, bench.Time, NullLogger<FusionLoop>.Instance);
        await loop.StartAsync(default);
        await bench.RaiseAsync(Sample.Rule with { Tactics = ["InitialAccess"], Techniques = ["T1078"] }, Sample.Noon, (@"CONTOSO\ana", "web01"));
        await bench.RaiseAsync(
            Sample.Rule with { Id = Guid.Parse("5b0c62f4-5f13-4f14-9f9e-9a3c0d8f0002"), Name = "Files encrypted", Tactics = ["Impact"], Techniques = ["T1486"] }, Sample.Noon, (@"CONTOSO\ana", "web01"));

        IReadOnlyList<Incident> chains = [];
        for (var tries = 0; tries < 100 && chains.Count == 0; tries++)
        {
            bench.Time.Advance(TimeSpan.FromSeconds(30));
            await Task.Delay(50);
            chains = [.. (await bench.AllIncidentsAsync()).Where(i => i.Labels.Any(l => l.Name == FusionIncidents.Label))];
        }

        await loop.StopAsync(default);
        Assert.True(loop.ExecuteTask!.IsCanceled);
        Assert.Single(chains);
    }

    public void Dispose() => bench.Dispose();
}
