using System.Text;
using Bartizan.Content.Anomalies;
using Bartizan.Content.Rules;
using Bartizan.Detection.Anomalies;
using Bartizan.Detection.Rows;
using Bartizan.Store;
using Bartizan.Store.Ingestion;
using Bartizan.Store.Queries;
using Bartizan.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Bartizan.Detection.Tests.Anomalies;

/// <summary>The anomalies under <c>content/anomalies</c>, run on the real engine over the events they carry.</summary>
public sealed class OwnAnomaliesTests
{
    private static readonly string content = Path.Combine(RepositoryRoot.Path, "content");

    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Path.Combine(content, "anomalies")).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task An_anomaly_is_found_in_the_events_that_hold_it_and_in_no_others(string file)
    {
        var read = AnomalyFile.Read(file, await File.ReadAllTextAsync(Path.Combine(content, "anomalies", file)));
        Assert.Empty(read.Diagnostics);
        var definition = read.Anomaly!;
        Assert.Contains(definition.Tests, t => t.Fires);
        Assert.Contains(definition.Tests, t => !t.Fires);
        foreach (var test in definition.Tests)
        {
            using var bench = new Bench(test.At);
            await bench.AppendAsync(test);
            var setting = new AnomalySetting { Id = definition.Id, DefinitionId = definition.Id, Name = definition.Name };
            var run = await new AnomalyRunner(FolderQueries.Over(bench.Folder, bench.Time).RunAsync).RunAsync(definition, setting, test.At, Guid.Empty, default);
            Assert.True(run.Problem is null, $"{test.Name}: {run.Problem?.Message} {string.Join(' ', run.Problem?.Diagnostics.Select(d => $"{d.Span.Start}: {d.Message}") ?? [])}");
            Assert.True(run.Rows.Count == (test.Fires ? test.Alerts ?? 1 : 0), $"{test.Name}: {run.Rows.Count} found {string.Join('\n', run.Rows)}");
            Assert.All(run.Rows, r => Assert.DoesNotContain("\"Entities\":[]", r, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task What_is_due_is_looked_for_once_also_after_a_restart_and_told_in_the_table()
    {
        var definition = AnomalyFile.Read("f", await File.ReadAllTextAsync(Path.Combine(content, "anomalies", "password-spray.yaml"))).Anomaly!;
        var test = definition.Tests.First(t => t.Fires);
        using var bench = new Bench(test.At.AddMinutes(9));
        await bench.AppendAsync(test);
        Assert.Equal(0, await bench.NewLoop().RunDueAsync(default));
        bench.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, await bench.NewLoop().RunDueAsync(default));
        Assert.Equal(0, await bench.NewLoop().RunDueAsync(default));
        var row = Assert.Single(await bench.QueryAsync("Anomalies | project RuleName, RuleStatus, SourceIpAddress, Score, Tactics, tostring(AnomalyReasons[0]), tostring(Entities[0].Address), tolong(AnomalyDetails.Failing), EndTime"));
        Assert.Equal(["One address tries a password on many accounts", "Production", "203.0.113.20"], row.Take(3));
        Assert.Equal(("CredentialAccess", "40 accounts, 40 failures", "203.0.113.20", 40L), ((string)row[4]!, (string)row[5]!, (string)row[6]!, (long)row[7]!));
        Assert.InRange((double)row[3]!, 6, 10);
    }

    [Fact]
    public async Task A_copy_is_tuned_within_bounds_and_the_original_is_only_switched()
    {
        using var bench = new Bench(Sample.Noon);
        var spray = bench.Rules.Definitions.Single(d => d.Name.StartsWith("One address tries", StringComparison.Ordinal));
        var original = (await bench.Rules.FindAsync(spray.Id, default))!.Value.Setting;
        Assert.True(original.IsEnabled);
        Assert.Null((await bench.Rules.PutAsync(original with { IsEnabled = false }, null, "ana", default)).Problem);
        Assert.NotNull((await bench.Rules.PutAsync(original with { Parameters = new Dictionary<string, double> { ["Accounts"] = 30 } }, null, "ana", default)).Problem);
        var copy = original with { Id = Guid.NewGuid(), Name = "Ours", Status = AnomalyStatus.Flighting, Parameters = new Dictionary<string, double> { ["Accounts"] = 30 } };
        Assert.Equal(1, (await bench.Rules.PutAsync(copy, null, "ana", default)).Value.Version);
        Assert.Contains("Accounts: real = 30.0, Tries: real = 5.0", AnomalyRunner.QueryOf(spray, copy), StringComparison.Ordinal);
        Assert.NotNull((await bench.Rules.PutAsync(copy with { Parameters = new Dictionary<string, double> { ["Accounts"] = 1 } }, null, "ana", default)).Problem);
        Assert.NotNull((await bench.Rules.PutAsync(copy with { Parameters = new Dictionary<string, double> { ["Nonsense"] = 1 } }, null, "ana", default)).Problem);
        Assert.Equal("Conflict", (await bench.Rules.PutAsync(copy with { Id = Guid.NewGuid() }, null, "ana", default)).Problem?.Code);
        Assert.False((await bench.Rules.FindAsync(spray.Id, default))!.Value.Setting.IsEnabled);
    }

    private sealed class Bench : IDisposable
    {
        private readonly RowOutbox outbox;
        private readonly List<AnomalyLoop> loops = [];

        public Bench(DateTimeOffset now)
        {
            Time = new FakeTimeProvider(now);
            Folder = DataFolder.Open(new StoreOptions { ContentFolder = content, MemoryMegabytes = 512 }, Time).Value;
            outbox = new RowOutbox(Folder.Records, Folder.Ingestion, Time);
            Rules = new AnomalyRules(Folder.Records, Path.Combine(content, "anomalies"), Time);
        }

        public FakeTimeProvider Time { get; }

        public DataFolder Folder { get; }

        public AnomalyRules Rules { get; }

        public AnomalyLoop NewLoop()
        {
            var loop = new AnomalyLoop(Rules, new AnomalyRunner(FolderQueries.Over(Folder, Time).RunAsync), Folder.Records, outbox, Folder, Time, NullLogger<AnomalyLoop>.Instance);
            loops.Add(loop);
            return loop;
        }

        public async Task AppendAsync(RuleTest test)
        {
            foreach (var (table, events) in test.Events)
            {
                using var stream = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', events)));
                var receipt = await Folder.Ingestion.AppendAsync(table, stream, IngestionOptions.Default, default);
                Assert.True(receipt.IsSuccess && receipt.Value.Rejected == 0, receipt.Problem?.Message ?? (receipt.Value.Problems is [var first, ..] ? first.Message : ""));
            }
        }

        public async Task<IReadOnlyList<object?[]>> QueryAsync(string text)
        {
            var outcome = await FolderQueries.Over(Folder, Time).RunAsync(new QueryRequest(text), default);
            Assert.True(outcome.IsSuccess, outcome.Problem?.Message);
            return outcome.Value.Rows;
        }

        public void Dispose()
        {
            loops.ForEach(l => l.Dispose());
            outbox.Dispose();
            Folder.Dispose();
        }
    }
}
