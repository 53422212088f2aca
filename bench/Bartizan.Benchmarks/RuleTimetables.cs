using System.Diagnostics;
using System.Globalization;
using System.Text;
using Bartizan.Content.Rules;
using Bartizan.Detection;
using Bartizan.Detection.Rules;
using Bartizan.Detection.Scheduling;
using Bartizan.Store;
using Bartizan.Store.Ingestion;
using Microsoft.Extensions.DependencyInjection;

namespace Bartizan.Benchmarks;

/// <summary>
/// Rules on 5-minute timetables over the last hour of 10 million events a day. Target: 1,000 rules have all run within their 5 minutes on two
/// cores, with half a core to spare: at most 450 seconds of processor time a round.
/// </summary>
internal static class RuleTimetables
{
    private const int EventsADay = 10_000_000;
    private const int Rounds = 2;
    private static readonly TimeSpan every = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan bound = TimeSpan.FromMinutes(10);

    public static async Task RunAsync(int count)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"bartizan-bench-{Guid.CreateVersion7():N}");
        var time = new ShiftedTime();
        try
        {
            await using var services = new ServiceCollection()
                .AddLogging()
                .AddSingleton<TimeProvider>(time)
                .AddStore(new StoreOptions { Folder = folder, ContentFolder = Path.Combine(Scratch.Root(), "content"), MemoryMegabytes = 1024 })
                .AddDetection()
                .BuildServiceProvider();
            var ingestion = services.GetRequiredService<EventIngestion>();
            var clock = Stopwatch.StartNew();
            var events = await FillAsync(ingestion, time.GetUtcNow() - TimeSpan.FromHours(1), TimeSpan.FromHours(1));
            Say($"{events:N0} events of the last hour taken in ({events / clock.Elapsed.TotalSeconds:N0} a second)");

            var rules = services.GetRequiredService<RuleStore>();
            var templates = services.GetRequiredService<RuleTemplates>().All.Where(t => t.Kind == RuleKind.Scheduled).OrderBy(t => t.Id).ToList();
            for (var n = 0; n < count; n++)
            {
                var template = templates[n % templates.Count];
                var outcome = await rules.PutAsync(
                    template with { Id = Guid.CreateVersion7(), Name = $"{template.Name} #{n}", IsEnabled = true, QueryFrequency = every, QueryPeriod = every, Tests = [], IsSuppressionEnabled = false }, null, "bench", CancellationToken.None);
                if (outcome.Problem is { } problem)
                {
                    Say($"refused: {problem.Message}");
                    return;
                }
            }

            Say($"{count:N0} rules, made of {templates.Count} different ones");
            var scheduler = services.GetRequiredService<RuleScheduler>();
            for (var round = 1; round <= Rounds; round++)
            {
                using var stop = new CancellationTokenSource(bound);
                var cpu = Environment.CpuUsage.TotalTime;
                clock.Restart();
                int ran;
                try
                {
                    ran = await scheduler.RunDueAsync(stop.Token);
                }
                catch (OperationCanceledException)
                {
                    Say($"round {round}: not through within {bound.TotalMinutes} minutes");
                    return;
                }

                var (wall, spent) = (clock.Elapsed, Environment.CpuUsage.TotalTime - cpu);
                var states = new List<RuleState>();
                foreach (var rule in await rules.AllAsync(CancellationToken.None))
                {
                    states.Add(await rules.StateAsync(rule.Value.Definition.Id, CancellationToken.None));
                }

                Say($"round {round}: {ran:N0} rules in {wall.TotalSeconds:F1} s by the clock, {spent.TotalSeconds:F1} s of processor time ({spent.TotalMilliseconds / ran:F1} ms a rule); "
                    + $"{100 * spent / (2 * every):F0} % of two cores over 5 minutes; {states.Count(s => s.LastRunFailed)} failed");
                await FillAsync(ingestion, time.GetUtcNow(), every);
                time.Shift(every);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Events of five kinds, spread evenly; the same for the same span.</summary>
    private static async Task<int> FillAsync(EventIngestion ingestion, DateTimeOffset from, TimeSpan span)
    {
        var each = (int)(EventsADay * (span / TimeSpan.FromDays(1)) / 5);
        var random = new Random(1);
        await AppendAsync("SecurityEvent", n => $$"""{"EventID":4688,"Computer":"pc{{random.Next(500)}}","SubjectUserName":"u{{random.Next(300)}}","NewProcessName":"C:\\Windows\\System32\\p{{random.Next(80)}}.exe","CommandLine":"p{{random.Next(80)}}.exe /run {{n}}"}""");
        await AppendAsync("Syslog", n => $$"""{"Computer":"srv{{random.Next(100)}}","Facility":"auth","SeverityLevel":"info","ProcessName":"sshd","SyslogMessage":"session {{n}} opened for user u{{random.Next(300)}}"}""");
        await AppendAsync("SigninLogs", _ => $$"""{"UserPrincipalName":"u{{random.Next(300)}}@contoso.com","IPAddress":"198.51.100.{{random.Next(250)}}","ResultType":"0","AppDisplayName":"Portal"}""");
        await AppendAsync("CommonSecurityLog", _ => $$"""{"DeviceVendor":"Fw","SourceIP":"10.0.{{random.Next(8)}}.{{random.Next(250)}}","DestinationIP":"203.0.113.{{random.Next(250)}}","DestinationPort":443,"DeviceAction":"allow","SentBytes":{{random.Next(9000)}}}""");
        await AppendAsync("AzureActivity", n => $$"""{"OperationNameValue":"Microsoft.Compute/virtualMachines/read","ActivityStatusValue":"Success","Caller":"u{{random.Next(300)}}@contoso.com","CorrelationId":"{{n}}"}""");
        return 5 * each;

        async Task AppendAsync(string table, Func<int, string> write)
        {
            var lines = new StringBuilder();
            for (var n = 0; n < each; n++)
            {
                var at = from + (span * ((double)n / each));
                lines.Append(CultureInfo.InvariantCulture, $"{{\"TimeGenerated\":\"{at.UtcDateTime:O}\",").Append(write(n).AsSpan(1)).Append('\n');
            }

            using var stream = new MemoryStream(Encoding.UTF8.GetBytes(lines.ToString()));
            var receipt = await ingestion.AppendAsync(table, stream, IngestionOptions.Default, CancellationToken.None);
            if (receipt.Problem is { } problem)
            {
                throw new InvalidOperationException(problem.Message);
            }
        }
    }

    private static void Say(string text) => Console.WriteLine($"rules: {text}");

    /// <summary>The clock, moved forward between rounds.</summary>
    private sealed class ShiftedTime : TimeProvider
    {
        private TimeSpan shift;

        public void Shift(TimeSpan by) => shift += by;

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + shift;
    }
}
