using System.Text;
using Bartizan.Foundation.Outcomes;
using Bartizan.Foundation.Resources;
using Bartizan.Kql.Binding.Symbols;
using Bartizan.Kql.Functions;
using Bartizan.Kql.Sql;
using Bartizan.Kql.Types;
using Bartizan.Store.Ingestion;
using Bartizan.Store.Queries;

namespace Bartizan.Store.Tests.Queries;

public sealed class QueryRunnerTests : IDisposable
{
    private const string Lines = """
        {"TimeGenerated":"2026-05-04T09:00:00Z","Computer":"web01","SyslogMessage":"started","_ResourceId":"/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/Web/providers/Microsoft.Compute/virtualMachines/web01"}
        {"TimeGenerated":"2026-05-04T10:00:00Z","Computer":"web02","SyslogMessage":"Failed password for root","_ResourceId":"/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/Website/providers/Microsoft.Compute/virtualMachines/web02"}
        {"TimeGenerated":"2026-05-04T11:00:00Z","Computer":"db01","SyslogMessage":"stopped"}
        """;

    private readonly OpenStore store = OpenStore.InMemory();

    public void Dispose() => store.Dispose();

    [Fact]
    public async Task Rows_come_with_their_types()
    {
        await AppendAsync();

        var result = await RunAsync("Syslog | where SyslogMessage has 'failed' | project TimeGenerated, Computer, n = strlen(Computer)");

        Assert.Equal([new("TimeGenerated", KqlType.DateTime), new("Computer", KqlType.String), new("n", KqlType.Long)], result.Columns);
        Assert.Equal([new DateTime(2026, 5, 4, 10, 0, 0, DateTimeKind.Utc), "web02", 5L], Assert.Single(result.Rows));
    }

    [Fact]
    public async Task The_time_range_of_a_request_holds_for_every_event_table_it_reads()
    {
        await AppendAsync();
        var range = new TimeRange(new DateTimeOffset(2026, 5, 4, 9, 0, 0, default), new DateTimeOffset(2026, 5, 4, 11, 0, 0, default));

        var result = await RunAsync(new QueryRequest("union Syslog, (Syslog | where Computer == 'db01') | summarize n = count()") { TimeRange = range });

        Assert.Equal(2L, Assert.Single(result.Rows)[0]);
    }

    [Theory]
    [InlineData("set query_datetimescope_column = 'TimeGenerated'; set query_datetimescope_from = datetime(2026-05-04T10:00:00Z);", 2)]
    [InlineData("set query_datetimescope_column = TimeGenerated; set query_datetimescope_to = datetime(2026-05-04T10:00:00Z);", 2)]
    [InlineData("set query_datetimescope_column = 'TimeGenerated'; set query_datetimescope_from = datetime(2026-05-04T09:30Z); set query_datetimescope_to = datetime(2026-05-04T10:30Z);", 1)]
    [InlineData("set query_datetimescope_column = 'Elsewhere'; set query_datetimescope_from = datetime(2026-05-04T10:00:00Z);", 3)]
    [InlineData("set query_datetimescope_from = datetime(2026-05-04T10:00:00Z);", 3)]
    public async Task A_query_narrows_its_tables_to_the_scope_it_sets(string settings, long rows)
    {
        await AppendAsync();

        Assert.Equal(rows, Assert.Single((await RunAsync(settings + "\nSyslog | count")).Rows)[0]);
    }

    [Theory]
    [InlineData("query_datetimescope_from = 'yesterday-ish'")]
    [InlineData("query_now = 'soon'")]
    public async Task A_moment_that_is_none_is_refused_rather_than_left_out_of_account(string setting)
    {
        var refused = await store.Queries.RunAsync(new QueryRequest($"set query_datetimescope_column = 'TimeGenerated'; set {setting};\nSyslog | count"), CancellationToken.None);

        Assert.Contains("needs a datetime", refused.Problem!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_outside_the_visible_scopes_are_not_even_counted()
    {
        await AppendAsync();
        var scope = ResourceId.Parse("/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/web");

        var result = await RunAsync(new QueryRequest("Syslog | summarize make_list(Computer), count()") { VisibleScopes = [scope] });

        Assert.Equal(["[\"web01\"]", 1L], Assert.Single(result.Rows));
    }

    [Fact]
    public async Task The_clock_of_a_query_is_the_requests()
    {
        var now = new DateTimeOffset(2020, 2, 29, 1, 2, 3, default);

        var result = await RunAsync(new QueryRequest("print now(), ago(1d)") { Now = now });

        Assert.Equal([now.UtcDateTime, now.UtcDateTime.AddDays(-1)], Assert.Single(result.Rows));
    }

    [Fact]
    public async Task Too_many_rows_are_cut_off_and_the_result_says_so()
    {
        var result = await RunAsync(new QueryRequest("range x from 1 to 100000000 step 1") { Limits = new QueryLimits { MaxRows = 10 } });

        Assert.True(result.IsPartial);
        Assert.Equal(10, result.Rows.Count);
    }

    [Fact]
    public async Task A_cancelled_query_ends_at_once()
    {
        using var cancel = new CancellationTokenSource();
        var endless = store.Queries.RunAsync(
            new QueryRequest("range x from 1 to 100000000 step 1 | join kind=inner (range y from 1 to 100000000 step 1 | extend x = y % 1000) on x | summarize count()"), cancel.Token);
        await Task.Delay(300, TestContext.Current.CancellationToken);
        await cancel.CancelAsync();

        // Left alone it would take hours.
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => endless.WaitAsync(TimeSpan.FromMinutes(2)));

        Assert.Single((await RunAsync("print 1")).Rows);
    }

    [Fact]
    public async Task Errors_of_the_text_come_all_at_once_with_their_places()
    {
        var answer = await store.Queries.RunAsync(new QueryRequest("Syslog | where Computr == 1 | extend x = nosuch(3)"), CancellationToken.None);

        Assert.Equal(ProblemKind.Invalid, answer.Problem?.Kind);
        Assert.Contains(answer.Problem!.Diagnostics, d => d.Span.Start == 15);
        Assert.Equal(answer.Problem.Diagnostics, store.Queries.Check("Syslog | where Computr == 1 | extend x = nosuch(3)"));
    }

    [Fact]
    public async Task Fork_gives_a_result_for_each_branch()
    {
        var result = await RunAsync("datatable(a: long) [1, 2, 3] | fork big = (where a > 1) (count)");

        Assert.Equal(2, result.Rows.Count);
        Assert.Equal(3L, Assert.Single(Assert.Single(result.Others).Rows)[0]);
    }

    [Fact]
    public async Task Inventory_views_can_be_queried()
    {
        var result = await RunAsync("Resources | union ResourceContainers, SecurityResources, PolicyResources | summarize count() by type");

        Assert.Empty(result.Rows);
    }

    [Fact]
    public async Task A_table_function_brings_columns_of_its_own()
    {
        var functions = new TableFunctions(store.Folder.Catalog);
        functions.Define(
            new FunctionSymbol("_GetWatchlist", "(watchlistAlias:string)", null, new RowShape([new("SearchKey", KqlType.String)], IsOpen: true)),
            arguments => arguments[0].AsText != "vips"
                ? null
                : new FunctionRows(
                    new RowShape([new("SearchKey", KqlType.String), new("Title", KqlType.String)]),
                    [[KqlValue.Text("ann"), KqlValue.Text("CEO")], [KqlValue.Text("bob"), KqlValue.Text("CFO")]]));
        var runner = store.QueriesWith(functions);

        var known = (await runner.RunAsync(new QueryRequest("_GetWatchlist('vips') | where Title == 'CFO' | project SearchKey"), CancellationToken.None)).Value;
        var unknown = (await runner.RunAsync(new QueryRequest("_GetWatchlist('none') | where Title == 'CFO' | count"), CancellationToken.None)).Value;

        Assert.Equal("bob", Assert.Single(known.Rows)[0]);
        Assert.Equal(0L, Assert.Single(unknown.Rows)[0]);
    }

    [Fact]
    public async Task What_a_query_cannot_have_is_refused_by_name()
    {
        var answer = await store.Queries.RunAsync(new QueryRequest("externaldata(x: string) ['https://example.org/list.csv']"), CancellationToken.None);

        Assert.Equal(ProblemKind.NotSupported, answer.Problem?.Kind);
        Assert.Contains("externaldata", answer.Problem!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chart_requests_come_with_the_rows()
    {
        var result = await RunAsync("print x = 1, y = 2 | render columnchart with (title = 'numbers')");

        Assert.Equal("columnchart", result.Visualization?.GetProperty("Visualization").GetString());
    }

    [Fact]
    public async Task Decimals_keep_every_digit()
    {
        var result = await RunAsync("print decimal(0.1) + decimal(0.2), decimal(1) / decimal(3)");

        Assert.Equal(0.3m, Assert.Single(result.Rows)[0]);
        Assert.Equal("0.3333333333333333333333333333333333", result.Rows[0][1]);
    }

    private async Task AppendAsync()
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(Lines));
        var receipt = await store.Folder.Ingestion.AppendAsync("Syslog", stream, new IngestionOptions(), CancellationToken.None);
        Assert.Equal(3, receipt.Value.Accepted);
    }

    private Task<QueryResult> RunAsync(string text) => RunAsync(new QueryRequest(text));

    private async Task<QueryResult> RunAsync(QueryRequest request)
    {
        var answer = await store.Queries.RunAsync(request, CancellationToken.None);
        Assert.True(answer.IsSuccess, answer.Problem?.Message);
        return answer.Value;
    }
}
