using System.Diagnostics;
using System.Globalization;
using Bartizan.Content.Rules;
using Bartizan.Detection;
using Bartizan.Detection.Alerts;
using Bartizan.Detection.Incidents;
using Bartizan.Foundation.Entities;
using Bartizan.Store;
using Bartizan.Store.Records;
using Microsoft.Extensions.DependencyInjection;

namespace Bartizan.Benchmarks;

/// <summary>A queue of incidents, its first page, its counts and its searches. Target at 100,000 incidents: each under 300 ms.</summary>
internal static class IncidentQueue
{
    private const int Part = 1_000;
    private const int Rounds = 3;

    private static readonly string[] Titles = ["Sign-in from two countries", "Service made that runs a command", "Memory of the credential process read", "Mail rule that forwards", "Trail stopped or weakened"];

    public static async Task RunAsync(int count)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"bartizan-bench-{Guid.CreateVersion7():N}");
        try
        {
            await using var services = new ServiceCollection()
                .AddLogging()
                .AddStore(new StoreOptions { Folder = folder, ContentFolder = Path.Combine(Scratch.Root(), "content"), MemoryMegabytes = 1024 })
                .AddDetection()
                .BuildServiceProvider();
            var records = services.GetRequiredService<RecordStore>();
            var incidents = services.GetRequiredService<IncidentStore>();
            var clock = Stopwatch.StartNew();
            foreach (var part in Enumerable.Range(0, count).Chunk(Part))
            {
                if ((await records.ApplyAsync([.. part.Select(n => incidents.Put(Opened(n), RecordMatch.Absent))], "bench", CancellationToken.None)).Problem is { } problem)
                {
                    Say($"refused: {problem.Message}");
                    return;
                }
            }

            Say($"written: {count / clock.Elapsed.TotalSeconds:N0} incidents a second");
            await TimeAsync("first page of 50, newest first", () => incidents.ListAsync(Newest(), CancellationToken.None));
            await TimeAsync("first page of 50, by severity", () => incidents.ListAsync(Newest() with { OrderBy = new RecordOrder("severityRank", Descending: true) }, CancellationToken.None));
            await TimeAsync("first page with the count", () => incidents.ListAsync(Newest() with { WantCount = true }, CancellationToken.None));
            await TimeAsync("filter by status and severity", () => incidents.ListAsync(Newest(new RecordFilter.Equal("status", "New"), new RecordFilter.Equal("severity", "High")), CancellationToken.None));
            await TimeAsync("counts above the queue", () => incidents.CountAsync([], CancellationToken.None));
            await TimeAsync("a common word in the title", () => incidents.ListAsync(Newest(new RecordFilter.Contains("title", "credential")), CancellationToken.None));
            await TimeAsync("a rare word in the title", () => incidents.ListAsync(Newest(new RecordFilter.Contains("title", $"case {count / 2} ")), CancellationToken.None));
            await TimeAsync("a word that is nowhere", () => incidents.ListAsync(Newest(new RecordFilter.Contains("title", "xyzzy")), CancellationToken.None));
            await TimeAsync("an entity by a part of its name", () => incidents.ListAsync(Newest(new RecordFilter.Contains("entity", $"ws-{count / 3}.")), CancellationToken.None));
            string[] places = ["title", "label", "ownerName", "ownerEmail", "ownerUpn", "product"];
            await TimeAsync("basic search over all its places", () => incidents.ListAsync(Newest(new RecordFilter.AnyOf([.. places.Select(p => new RecordFilter.Contains(p, "xyzzy"))])), CancellationToken.None));
            await TimeAsync("basic search, with the count", () => incidents.ListAsync(Newest(new RecordFilter.AnyOf([.. places.Select(p => new RecordFilter.Contains(p, "trail"))])) with { WantCount = true }, CancellationToken.None));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static RuleDefinition Rule { get; } = new()
    {
        Id = Guid.Parse("5b0c62f4-5f13-4f14-9f9e-9a3c0d8f0002"),
        Name = "Benchmark",
        Query = "SecurityEvent",
        QueryFrequency = TimeSpan.FromHours(1),
        QueryPeriod = TimeSpan.FromHours(1),
    };

    private static DateTimeOffset Start { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static Incident Opened(int n)
    {
        var incident = IncidentEditing.Open(Raised(n), new Guid(n, 2, 0, new byte[8]), n + 1, null, Start.AddMinutes(n));
        return incident with { Status = n % 10 == 0 ? IncidentStatus.New : n % 10 == 1 ? IncidentStatus.Active : IncidentStatus.Closed };
    }

    private static Alert Raised(int n)
    {
        var at = Start.AddMinutes(n);
        return new Alert
        {
            Id = new Guid(n, 1, 0, new byte[8]),
            RuleId = Rule.Id,
            RuleName = Rule.Name,
            Name = string.Create(CultureInfo.InvariantCulture, $"{Titles[n % Titles.Length]}, case {n} "),
            Description = "What happened, why it matters, and what to look at next: the account, the machine, and what both did in the hour before.",
            Severity = (AlertSeverity)(n % 4),
            Tactics = ["Execution", "Persistence"],
            Techniques = ["T1059.001", "T1543.003"],
            StartTime = at,
            EndTime = at.AddMinutes(5),
            TimeGenerated = at.AddMinutes(10),
            Entities =
            [
                Entity.Of(EntityKind.Account, ("Name", string.Create(CultureInfo.InvariantCulture, $"user{n % 5_000}")), ("UPNSuffix", "contoso.com")),
                Entity.Of(EntityKind.Host, ("HostName", string.Create(CultureInfo.InvariantCulture, $"ws-{n}")), ("DnsDomain", "contoso.com")),
                Entity.Of(EntityKind.IP, ("Address", string.Create(CultureInfo.InvariantCulture, $"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}"))),
            ],
            Query = new AlertQuery("SecurityEvent", "SecurityEvent", at, at.AddHours(1), 1, TimeSpan.FromHours(1), TriggerOperator.GreaterThan, 0),
        };
    }

    private static RecordQuery Newest(params IReadOnlyList<RecordFilter> filters) => new() { Filters = filters, OrderBy = new RecordOrder("created", Descending: true), Take = 50 };

    private static async Task TimeAsync<T>(string what, Func<Task<T>> ask)
    {
        var best = TimeSpan.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var clock = Stopwatch.StartNew();
            await ask();
            best = clock.Elapsed < best ? clock.Elapsed : best;
        }

        Say($"{what}: {best.TotalMilliseconds:N0} ms");
    }

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
