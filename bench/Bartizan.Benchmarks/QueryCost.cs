using System.Diagnostics;
using System.Globalization;
using Bartizan.Kql.Types;
using Bartizan.Store;
using Bartizan.Store.Engines.DuckDb;
using Bartizan.Store.Queries;

namespace Bartizan.Benchmarks;

/// <summary>
/// What KQL costs beside SQL written by hand for the same engine and the same rows: a table of security events of twenty columns, a list of two
/// thousand machines, a list of a hundred thousand accounts. Targets: median at most 1.10, none over 1.5.
/// </summary>
internal static class QueryCost
{
    private const string Day3 = "639029952000000000";
    private const string Day4 = "639030816000000000";

    private static readonly (string Kql, string Sql)[] pairs =
    [
        ("Cost_CL | where TimeGenerated between (datetime(2026-01-03) .. 1d) and Severity == 'High' | count", $"SELECT count(*) FROM Cost_CL WHERE TimeGenerated BETWEEN {Day3} AND {Day4} AND Severity = 'High'"),
        ("Cost_CL | where TimeGenerated > datetime(2026-01-03) and EventID in (4624, 4625, 4688) and LogonType == 3 | summarize count() by Computer", $"SELECT Computer, count(*) FROM Cost_CL WHERE TimeGenerated > {Day3} AND EventID IN (4624, 4625, 4688) AND LogonType = 3 GROUP BY 1"),
        ("Cost_CL | where CommandLine has 'fox42' | count", @"SELECT count(*) FROM Cost_CL WHERE regexp_matches(CommandLine, '(?i)\bfox42\b')"),
        ("Cost_CL | where CommandLine contains 'fox42' | count", "SELECT count(*) FROM Cost_CL WHERE contains(lower(CommandLine), 'fox42')"),
        ("Cost_CL | where Process startswith 'PROC1' and Account endswith '7' | count", "SELECT count(*) FROM Cost_CL WHERE starts_with(lower(Process), 'proc1') AND suffix(lower(Account), '7')"),
        ("Cost_CL | summarize count() by bin(TimeGenerated, 1h), Severity", "SELECT TimeGenerated // 36000000000, Severity, count(*) FROM Cost_CL GROUP BY 1, 2"),
        ("Cost_CL | summarize n = count() by IpAddress | top 10 by n", "SELECT IpAddress, count(*) n FROM Cost_CL GROUP BY 1 ORDER BY n DESC LIMIT 10"),
        ("Cost_CL | top 20 by Bytes", "SELECT * FROM Cost_CL ORDER BY Bytes DESC LIMIT 20"),
        ("Cost_CL | summarize dcount(IpAddress) by Severity", "SELECT Severity, count(DISTINCT IpAddress) FROM Cost_CL GROUP BY 1"),
        ("Cost_CL | summarize dcount(Account), sum(Bytes), avg(Bytes), max(TimeGenerated) by Computer", "SELECT Computer, count(DISTINCT Account), sum(Bytes), avg(Bytes), max(TimeGenerated) FROM Cost_CL GROUP BY 1"),
        ("Cost_CL | summarize arg_max(TimeGenerated, IpAddress, CommandLine, Severity, Bytes, Properties) by Account",
            "SELECT Account, max(TimeGenerated), arg_max(IpAddress, TimeGenerated), arg_max(CommandLine, TimeGenerated), arg_max(Severity, TimeGenerated), arg_max(Bytes, TimeGenerated), arg_max(Properties, TimeGenerated) FROM Cost_CL GROUP BY 1"),
        ("Cost_CL | join kind=inner Machines_CL on Computer | summarize count() by Owner", "SELECT m.Owner, count(*) FROM Cost_CL c JOIN Machines_CL m ON c.Computer = m.Computer GROUP BY 1"),
        ("Cost_CL | lookup kind=leftouter Machines_CL on Computer | summarize count() by Tier", "SELECT m.Tier, count(*) FROM Cost_CL c LEFT JOIN Machines_CL m ON c.Computer = m.Computer GROUP BY 1"),
        ("Cost_CL | where Part == 3 | join kind=inner Accounts_CL on Account | where Risk > 5 | count", "SELECT count(*) FROM Cost_CL c JOIN Accounts_CL a ON c.Account = a.Account WHERE c.Part = 3 AND a.Risk > 5"),
        ("Cost_CL | where Part == 3 | join kind=leftanti (Accounts_CL | where Risk > 5) on Account | count", "SELECT count(*) FROM Cost_CL c ANTI JOIN (SELECT * FROM Accounts_CL WHERE Risk > 5) a ON c.Account = a.Account WHERE c.Part = 3"),
        ("Cost_CL | mv-expand tag = Properties.tags | summarize count() by tostring(tag)", "SELECT tag, count(*) FROM (SELECT unnest(from_json(Properties->'$.tags', '[\"VARCHAR\"]')) tag FROM Cost_CL) GROUP BY 1"),
        ("Cost_CL | extend level = toint(Properties.level) | summarize avg(level) by tostring(Properties.kind)", "SELECT json_extract_string(Properties, '$.kind'), avg(json_extract_string(Properties, '$.level')::INTEGER) FROM Cost_CL GROUP BY 1"),
        (@"Cost_CL | extend w = extract(@'fox(\d+)', 1, CommandLine) | summarize count() by w", @"SELECT regexp_extract(CommandLine, 'fox(\d+)', 1), count(*) FROM Cost_CL GROUP BY 1"),
        ("Cost_CL | summarize percentiles(Bytes, 50, 95) by Severity", "SELECT Severity, quantile_disc(Bytes, 0.5), quantile_disc(Bytes, 0.95) FROM Cost_CL GROUP BY 1"),
        ("Cost_CL | distinct Account, IpAddress | count", "SELECT count(*) FROM (SELECT DISTINCT Account, IpAddress FROM Cost_CL)"),
        ("Cost_CL | summarize make_set(Severity) by Account", "SELECT Account, list(DISTINCT Severity) FROM Cost_CL GROUP BY 1"),
        ("Cost_CL | where Part == 3 | sort by Account asc, TimeGenerated asc | extend gap = iff(Account == prev(Account), TimeGenerated - prev(TimeGenerated), time(0)) | where gap > 10m | count",
            "SELECT count(*) FROM (SELECT Account = lag(Account) OVER w AND TimeGenerated - lag(TimeGenerated) OVER w > 6000000000 x FROM Cost_CL WHERE Part = 3 WINDOW w AS (ORDER BY Account, TimeGenerated)) WHERE x"),
        ("Cost_CL | make-series n = count() on TimeGenerated from datetime(2026-01-01) to datetime(2026-01-08) step 1h by Severity",
            "SELECT Severity, list(n ORDER BY h) FROM (SELECT Severity, (TimeGenerated - 639028224000000000) // 36000000000 h, count(*) n FROM Cost_CL GROUP BY 1, 2) GROUP BY 1"),
        ("Cost_CL | where Severity in~ ('high', 'low') and strlen(CommandLine) > 20 | extend u = toupper(Account) | summarize count() by u", "SELECT upper(Account), count(*) FROM Cost_CL WHERE lower(Severity) IN ('high', 'low') AND length(CommandLine) > 20 GROUP BY 1"),
    ];

    public static async Task RunAsync(long rows)
    {
        using var scratch = new Scratch();
        await FillAsync(scratch.Store, rows);
        var queries = FolderQueries.Over(scratch.Store, TimeProvider.System);
        using var connection = scratch.Store.Events.Connect();
        var ratios = new List<double>();
        foreach (var (kql, sql) in pairs)
        {
            var (byHand, byKql) = (double.MaxValue, double.MaxValue);
            for (var run = 0; run < 4; run++)
            {
                var clock = Stopwatch.StartNew();
                _ = Sql.Query(connection, sql).Count();
                byHand = Math.Min(byHand, clock.Elapsed.TotalMilliseconds);
                clock.Restart();
                var answer = await queries.RunAsync(new QueryRequest(kql), CancellationToken.None);
                byKql = Math.Min(byKql, clock.Elapsed.TotalMilliseconds);
                _ = answer.IsSuccess ? 0 : throw new InvalidOperationException($"{kql}: {answer.Problem.Message}");
            }

            ratios.Add(byKql / byHand);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{byKql / byHand,6:F2}  {byKql,9:F1} ms  {byHand,9:F1} ms  {kql}"));
        }

        ratios.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{ratios.Count} queries over {rows:N0} rows: median {ratios[ratios.Count / 2]:F2}, {ratios.Count(r => r > 1.5)} over 1.5"));
    }

    private static async Task FillAsync(DataFolder store, long rows)
    {
        static KqlColumn Column(string name, KqlType type = KqlType.String) => new(name, type);
        await store.Catalog.ExtendAsync(
            "Cost_CL",
            [
                Column("TimeGenerated", KqlType.DateTime), Column("EventID", KqlType.Int), Column("Computer"), Column("Account"), Column("TargetAccount"), Column("IpAddress"), Column("Severity"), Column("Process"),
                Column("ParentProcess"), Column("CommandLine"), Column("LogonType", KqlType.Int), Column("Bytes", KqlType.Long), Column("Port", KqlType.Int), Column("Protocol"), Column("Outcome"), Column("Channel"),
                Column("SessionId", KqlType.Guid), Column("Duration", KqlType.TimeSpan), Column("Part", KqlType.Int), Column("Properties", KqlType.Dynamic),
            ],
            CancellationToken.None);
        await store.Catalog.ExtendAsync("Machines_CL", [Column("Computer"), Column("Owner"), Column("Tier", KqlType.Int)], CancellationToken.None);
        await store.Catalog.ExtendAsync("Accounts_CL", [Column("Account"), Column("Risk", KqlType.Int)], CancellationToken.None);
        await store.Events.WriteAsync(
            c =>
            {
                Sql.Execute(
                    c,
                    """
                    INSERT INTO Cost_CL (TimeGenerated, EventID, Computer, Account, TargetAccount, IpAddress, Severity, Process, ParentProcess, CommandLine, LogonType, Bytes, Port, Protocol, Outcome, Channel, SessionId, Duration, Part, Properties)
                    SELECT 639028224000000000 + i * (6048000000000 // ?), 4600 + (hash(i) % 100)::INTEGER, 'host' || (hash(i + 1) % 2500), 'user' || (hash(i + 2) % 120000), 'user' || (hash(i + 3) % 120000),
                        '10.' || (hash(i + 4) % 250) || '.' || (hash(i + 5) % 250) || '.7', ['High', 'Medium', 'Low', 'Informational'][1 + (hash(i + 6) % 4)::INTEGER], 'proc' || (hash(i + 7) % 200) || '.exe', 'parent' || (hash(i + 8) % 40) || '.exe',
                        'the quick brown fox' || (hash(i + 9) % 1000) || ' jumps over ' || md5(i::VARCHAR) || ' and sleeps', (hash(i + 10) % 12)::INTEGER, (hash(i + 11) % 1000000)::BIGINT, (hash(i + 12) % 65536)::INTEGER, ['tcp', 'udp'][1 + (i % 2)],
                        ['Success', 'Failure'][1 + (hash(i + 13) % 2)::INTEGER], 'Security', md5((i // 10)::VARCHAR)::UUID, (hash(i + 14) % 100000000)::BIGINT, (i % 10)::INTEGER,
                        '{"kind":"k' || (i % 7) || '","level":' || (i % 9) || ',"tags":["a' || (i % 5) || '","b"]}'
                    FROM range(?) r(i)
                    """,
                    rows, rows);
                Sql.Execute(c, "INSERT INTO Machines_CL (Computer, Owner, Tier) SELECT 'host' || i, 'team' || (i % 40), (i % 3)::INTEGER FROM range(2000) r(i)");
                return Sql.Execute(c, "INSERT INTO Accounts_CL (Account, Risk) SELECT 'user' || i, (hash(i) % 10)::INTEGER FROM range(100000) r(i)");
            },
            CancellationToken.None);
    }
}
