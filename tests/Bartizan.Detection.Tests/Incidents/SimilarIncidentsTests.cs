using Bartizan.Detection.Incidents;

namespace Bartizan.Detection.Tests.Incidents;

public sealed class SimilarIncidentsTests : IDisposable
{
    private readonly Workbench bench = new();

    [Fact]
    public async Task A_shared_account_and_the_same_rule_rank_above_the_rule_alone()
    {
        var rule = Sample.Rule with { QueryFrequency = TimeSpan.FromMinutes(5) };
        await bench.RaiseAsync(rule, Sample.Noon, ("CONTOSO\\ana", "web1"));
        await bench.RaiseAsync(rule, Sample.Noon.AddHours(1), ("CONTOSO\\bob", "web2"));
        await bench.RaiseAsync(rule, Sample.Noon.AddHours(2), ("CONTOSO\\ana", "web3"));
        var all = await bench.AllIncidentsAsync();

        var similar = await new SimilarIncidents(bench.Incidents, bench.Alerts).FindAsync(all[2], default);
        var again = await new SimilarIncidents(bench.Incidents, bench.Alerts).FindAsync(all[2], default);

        Assert.Equal([1, 2], similar.Select(s => s.Incident.Number));
        Assert.Contains(similar[0].SharedEntities, e => e.Contains("ana", StringComparison.OrdinalIgnoreCase));
        Assert.Empty(similar[1].SharedEntities);
        Assert.True(similar[1].IsSameRule);
        Assert.Equal(3.5, similar[1].Score);
        Assert.Equal(similar.Select(s => s.Score), again.Select(s => s.Score));
    }

    public void Dispose() => bench.Dispose();
}
