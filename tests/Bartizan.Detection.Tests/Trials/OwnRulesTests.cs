using Bartizan.Content.Rules;
using Bartizan.Content.Samples;
using Bartizan.Detection.Scheduling;
using Bartizan.Detection.Trials;
using Bartizan.Store;
using Bartizan.Store.Ingestion;
using Bartizan.Store.Queries;
using Bartizan.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Bartizan.Detection.Tests.Trials;

/// <summary>The rules under <c>content/rules</c>, run on the real engine.</summary>
public sealed class OwnRulesTests(ITestOutputHelper output) : IDisposable
{
    /// <summary>Alerts in the sample's ordinary hours that are tolerated: the noise budget.</summary>
    private const int NoiseBudget = 2;

    private static readonly string content = Path.Combine(RepositoryRoot.Path, "content");

    private readonly DataFolder folder = DataFolder.Open(new StoreOptions { ContentFolder = content, MemoryMegabytes = 1024 }, TimeProvider.System).Value;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Every_rule_fires_on_the_events_that_must_fire_it_and_on_no_others()
    {
        var trial = new RuleTrial(folder, Runner());
        var outcomes = new List<TrialOutcome>();
        foreach (var rule in Rules())
        {
            outcomes.AddRange(await trial.RunAsync(rule, default));
        }

        Assert.True(outcomes.Count >= 200, $"{outcomes.Count} fixtures");
        Assert.Empty(outcomes.Where(o => !o.IsPassed).Select(o => $"{o.Rule.Name}: {o.Test.Name}: {o.Complaint}"));
    }

    [Fact]
    public async Task The_samples_intrusion_is_found_in_all_its_stages_and_its_ordinary_day_is_quiet()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 18, 0, 0, 0, TimeSpan.Zero));
        var estate = SampleEstate.Open(Path.Combine(content, "sample"), time.GetUtcNow());
        foreach (var table in estate.Tables)
        {
            Assert.True((await folder.Ingestion.AppendAsync(table, estate.ReadEvents(table), IngestionOptions.Default, default)).IsSuccess);
        }

        var runner = Runner();
        var (techniques, quiet) = (new HashSet<string>(), 0);
        foreach (var rule in Rules())
        {
            foreach (var slot in RuleTimetable.Through(rule, estate.Start, estate.End))
            {
                var run = await runner.RunAsync(rule, slot, default);
                Assert.True(run.Problem is null, $"{rule.Name}: {run.Problem?.Message}");
                foreach (var (alert, _) in run.Batch.Alerts)
                {
                    output.WriteLine($"{alert.StartTime:HH:mm}-{alert.EndTime:HH:mm} {alert.Name} ({string.Join(' ', alert.Techniques)}) {string.Join(", ", alert.Entities.Take(4))}");
                    techniques.UnionWith(alert.Techniques);

                    // The intrusion begins at 13:02; what is told of earlier hours is noise.
                    quiet += alert.EndTime < estate.Start.AddHours(13) ? 1 : 0;
                }
            }
        }

        // Spray, mail rule, application credential, LSASS, service, owner, keys, network opened, trail stopped, data carried out.
        Assert.Subset(techniques, new HashSet<string> { "T1110.003", "T1114.003", "T1098.001", "T1003.001", "T1543.003", "T1098.003", "T1552.001", "T1562.007", "T1562.008", "T1048" });
        Assert.InRange(quiet, 0, NoiseBudget);
    }

    private static IReadOnlyList<RuleDefinition> Rules() => [.. RuleFile.ReadFolder(Path.Combine(content, "rules")).SelectMany(f => f.Rules)];

    private RuleRunner Runner() => new(FolderQueries.Over(folder, TimeProvider.System).RunAsync, TimeProvider.System);
}
