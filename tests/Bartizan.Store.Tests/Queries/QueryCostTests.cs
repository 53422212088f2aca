using System.Diagnostics;
using System.Globalization;
using Bartizan.Kql.Types;
using Bartizan.Store.Engines.DuckDb;
using Bartizan.Store.Queries;

namespace Bartizan.Store.Tests.Queries;

/// <summary>
/// What KQL costs beside SQL written by hand for the same engine and rows. Explicit: it takes a while and its figures mean something only on a
/// quiet machine.
/// </summary>
public sealed class QueryCostTests(ITestOutputHelper output)
{
    private const string Table = "Cost_CL";

    private static readonly (string Kql, string Sql)[] Pairs =
    [
        ("Cost_CL | where TimeGenerated between (datetime(2026-01-03) .. 1d) and Severity == 'High' | count",
            "SELECT count(*) FROM Cost_CL WHERE TimeGenerated BETWEEN 639029952000000000 AND 639030816000000000 AND Severity = 'High'"),
        ("Cost_CL | summarize count() by bin(TimeGenerated, 1h), Severity", "SELECT TimeGenerated // 36000000000, Severity, count(*) FROM Cost_CL GROUP BY 1, 2"),
        ("Cost_CL | where Message has 'fox42' | count", "SELECT count(*) FROM Cost_CL WHERE regexp_matches(Message, '(?i)\\bfox42\\b')"),
        ("Cost_CL | where Message contains 'fox42' | count", "SELECT count(*) FROM Cost_CL WHERE contains(lower(Message), 'fox42')"),
        ("Cost_CL | summarize n = count() by Ip | top 10 by n", "SELECT Ip, count(*) n FROM Cost_CL GROUP BY 1 ORDER BY n DESC LIMIT 10"),
        ("Cost_CL | summarize dcount(Ip) by Severity", "SELECT Severity, count(DISTINCT Ip) FROM Cost_CL GROUP BY 1"),
        ("Cost_CL | summarize arg_max(TimeGenerated, Ip, Message, Severity, N, Props) by Account", "SELECT Account, max(TimeGenerated), arg_max(Ip, TimeGenerated), arg_max(Message, TimeGenerated), arg_max(Severity, TimeGenerated), arg_max(N, TimeGenerated), arg_max(Props, TimeGenerated) FROM Cost_CL GROUP BY 1"),
        ("Cost_CL | join kind=inner (Cost_CL | summarize total = count() by Account) on Account | where total > 10 | count",
            "SELECT count(*) FROM Cost_CL a JOIN (SELECT Account, count(*) total FROM Cost_CL GROUP BY 1) b ON a.Account = b.Account WHERE total > 10"),
        ("Cost_CL | mv-expand tag = Props.tags | summarize count() by tostring(tag)",
            "SELECT tag, count(*) FROM (SELECT unnest(from_json(Props->'$.tags', '[\"VARCHAR\"]')) tag FROM Cost_CL) GROUP BY 1"),
        ("Cost_CL | extend v = toint(Props.level) | summarize avg(v) by tostring(Props.kind)",
            "SELECT json_extract_string(Props, '$.kind'), avg(json_extract_string(Props, '$.level')::INTEGER) FROM Cost_CL GROUP BY 1"),
        ("Cost_CL | extend w = extract(@'fox(\\d+)', 1, Message) | summarize count() by w", "SELECT regexp_extract(Message, 'fox(\\d+)', 1), count(*) FROM Cost_CL GROUP BY 1"),
        ("Cost_CL | summarize percentiles(N, 50, 95) by Severity", "SELECT Severity, quantile_disc(N, 0.5), quantile_disc(N, 0.95) FROM Cost_CL GROUP BY 1"),
        ("Cost_CL | distinct Account, Ip | count", "SELECT count(*) FROM (SELECT DISTINCT Account, Ip FROM Cost_CL)"),
        ("Cost_CL | summarize make_set(Severity) by Account", "SELECT Account, list(DISTINCT Severity) FROM Cost_CL GROUP BY 1"),
        ("Cost_CL | sort by Account asc, TimeGenerated asc | extend gap = iff(Account == prev(Account), TimeGenerated - prev(TimeGenerated), time(0)) | where gap > 10m | count",
            "SELECT count(*) FROM (SELECT Account = lag(Account) OVER w AND TimeGenerated - lag(TimeGenerated) OVER w > 6000000000 x FROM Cost_CL WINDOW w AS (ORDER BY Account, TimeGenerated)) WHERE x"),
        ("Cost_CL | where Severity in~ ('high', 'low') and strlen(Message) > 20 | extend u = toupper(Account) | summarize count() by u",
            "SELECT upper(Account), count(*) FROM Cost_CL WHERE lower(Severity) IN ('high', 'low') AND length(Message) > 20 GROUP BY 1"),
    ];

    [Fact(Explicit = true)]
    public async Task Kql_costs_about_what_sql_does()
    {
        var rows = int.Parse(Environment.GetEnvironmentVariable("BARTIZAN_COST_ROWS") ?? "1000000", CultureInfo.InvariantCulture);
        using var store = OpenStore.OnDisk();
        await store.Folder.Catalog.ExtendAsync(
            Table,
            [new("TimeGenerated", KqlType.DateTime), new("Account", KqlType.String), new("Ip", KqlType.String), new("Message", KqlType.String), new("Severity", KqlType.String), new("N", KqlType.Long), new("Props", KqlType.Dynamic)],
            CancellationToken.None);
        await store.Folder.Events.WriteAsync(
            c => Sql.Execute(
                c,
                "INSERT INTO Cost_CL (TimeGenerated, Account, Ip, Message, Severity, N, Props) SELECT 639028224000000000 + (i * 864000000000 * 7) // ?, 'user' || (hash(i) % 20000), '10.' || (hash(i + 1) % 250) || '.' || (hash(i + 2) % 250) || '.7', "
                + "'the quick brown fox' || (hash(i + 3) % 1000) || ' jumps over ' || md5(i::VARCHAR) || ' and then goes to sleep', ['High', 'Medium', 'Low', 'Informational'][1 + (hash(i + 4) % 4)::INTEGER], (hash(i + 5) % 100000)::BIGINT, "
                + "'{\"kind\":\"k' || (i % 7) || '\",\"level\":' || (i % 9) || ',\"tags\":[\"a' || (i % 5) || '\",\"b\"]}' FROM range(?) r(i)",
                (long)rows,
                (long)rows),
            CancellationToken.None);
        var ratios = new List<double>();
        foreach (var (kql, sql) in Pairs)
        {
            var (byHand, byKql) = (new List<double>(), new List<double>());
            for (var run = 0; run < 4; run++)
            {
                var clock = Stopwatch.StartNew();
                _ = store.Query(sql).Count;
                byHand.Add(clock.Elapsed.TotalMilliseconds);
                clock.Restart();
                var answer = await store.Queries.RunAsync(new QueryRequest(kql), CancellationToken.None);
                byKql.Add(clock.Elapsed.TotalMilliseconds);
                Assert.True(answer.IsSuccess, answer.Problem?.Message);
            }

            var ratio = byKql.Skip(1).Min() / byHand.Skip(1).Min();
            ratios.Add(ratio);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{ratio,6:F2}  {byKql.Skip(1).Min(),8:F1} ms  {byHand.Skip(1).Min(),8:F1} ms  {kql}"));
        }

        ratios.Sort();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"median {ratios[ratios.Count / 2]:F2}"));
    }
}
