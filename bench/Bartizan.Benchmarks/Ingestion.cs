using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using Bartizan.Store.Ingestion;

namespace Bartizan.Benchmarks;

/// <summary>Events of about 800 bytes, JSON lines, durable when acknowledged. Target: at least 100,000 a second on two cores.</summary>
public class Ingestion : IDisposable
{
    /// <summary>Events in one operation.</summary>
    public const int Events = 50_000;

    private Scratch scratch = null!;
    private byte[] lines = [];

    [GlobalSetup]
    public void Open()
    {
        scratch = new Scratch();
        var text = new StringBuilder();
        var filler = new string('x', 380);
        for (var i = 0; i < Events; i++)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $$"""{"TimeGenerated":"2026-01-03T{{i / 3600 % 24:00}}:{{i / 60 % 60:00}}:{{i % 60:00}}.1234567Z","EventID":{{4624 + i % 40}},"Computer":"host-{{i % 500}}.corp.example","Account":"CORP\\user{{i % 9000}}","Channel":"Security","Activity":"An account was used","SubjectUserName":"user{{i % 9000}}","TargetUserName":"user{{i * 7 % 9000}}","IpAddress":"10.{{i % 250}}.{{i / 250 % 250}}.7","LogonType":{{i % 11}},"Process":"C:\\Windows\\System32\\p{{i % 80}}.exe","CommandLine":"p{{i % 80}}.exe --run {{i}} {{filler}}"}""")
                .Append('\n');
        }

        lines = Encoding.UTF8.GetBytes(text.ToString());
    }

    [GlobalCleanup]
    public void Dispose()
    {
        scratch.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark(OperationsPerInvoke = Events)]
    public async Task<long> Append()
    {
        using var stream = new MemoryStream(lines, writable: false);
        var receipt = (await scratch.Store.Ingestion.AppendAsync("SecurityEvent", stream, IngestionOptions.Default, CancellationToken.None)).Value;
        return receipt.Accepted == Events ? receipt.Accepted : throw new InvalidOperationException($"{receipt.Accepted} of {Events} were accepted.");
    }
}
