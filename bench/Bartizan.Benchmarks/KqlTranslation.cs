using BenchmarkDotNet.Attributes;
using Bartizan.Kql.Sql;

namespace Bartizan.Benchmarks;

/// <summary>A typical rule from its text to its plan, against the store's own catalogue. Target: under 2 ms once warm.</summary>
[MemoryDiagnoser]
public class KqlTranslation : IDisposable
{
    private const string Text = """
        let window = 1h;
        let spray = SigninLogs
            | where TimeGenerated > ago(window) and ResultType in ("50126", "50053")
            | summarize Accounts = dcount(UserPrincipalName), Failures = count(), StartTime = min(TimeGenerated), EndTime = max(TimeGenerated) by IPAddress
            | where Accounts >= 10;
        SigninLogs
        | where TimeGenerated > ago(window) and ResultType == "0"
        | join kind=inner spray on IPAddress
        | extend Name = tostring(split(UserPrincipalName, "@")[0]), Suffix = tostring(split(UserPrincipalName, "@")[1]), City = tostring(LocationDetails.city)
        | project TimeGenerated, UserPrincipalName, Name, Suffix, IPAddress, City, Accounts, Failures, StartTime, EndTime
        | sort by TimeGenerated desc
        """;

    private Scratch scratch = null!;

    [GlobalSetup]
    public void Open() => scratch = new Scratch();

    [GlobalCleanup]
    public void Dispose()
    {
        scratch.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark]
    public int Translate()
    {
        var compiled = CompiledQuery.Compile(Text, scratch.Store.Catalog);
        return compiled.HasErrors ? throw new InvalidOperationException(compiled.Diagnostics[0].Message) : compiled.Shapes.Count;
    }
}
