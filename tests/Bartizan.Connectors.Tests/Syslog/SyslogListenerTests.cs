using System.Net;
using System.Net.Sockets;
using System.Text;
using Bartizan.Connectors.Syslog;
using Bartizan.Store;
using Bartizan.Store.Queries;
using Bartizan.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bartizan.Connectors.Tests.Syslog;

public sealed class SyslogListenerTests : IAsyncLifetime
{
    private readonly DataFolder store = DataFolder.Open(new StoreOptions { Folder = null, ContentFolder = Path.Combine(RepositoryRoot.Path, "content") }, TimeProvider.System).Value;
    private ServiceProvider services = null!;
    private QueryRunner runner = null!;
    private SyslogListener listener = null!;

    public ValueTask InitializeAsync()
    {
        listener = new SyslogListener(new IPEndPoint(IPAddress.Loopback, 0), store.Ingestion, TimeProvider.System, NullLogger<SyslogListener>.Instance);
        Assert.True(listener.Start().IsSuccess);
        services = new ServiceCollection().AddStore(store).BuildServiceProvider();
        runner = services.GetRequiredService<QueryRunner>();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await listener.DisposeAsync();

        // Disposes of the store too.
        await services.DisposeAsync();
    }

    [Fact]
    public async Task Lines_over_TCP_land_in_Syslog_and_CEF_in_CommonSecurityLog()
    {
        await SendAsync("<34>Nov 26 01:02:03 web-1 sshd[77]: Failed password for root from 203.0.113.9\n<134>Nov 26 01:02:04 fw-1 CEF:0|Maker|Wall|1.0|100|Blocked|7|src=203.0.113.9 dst=10.0.0.4 dpt=22 act=deny\n");
        Assert.Equal(1, await CountAsync("Syslog | where Computer == 'web-1' and ProcessName == 'sshd'"));
        Assert.Equal(1, await CountAsync("CommonSecurityLog | where DeviceVendor == 'Maker' and DestinationPort == 22"));
    }

    [Fact]
    public async Task A_counted_message_with_a_line_feed_stays_one_message()
    {
        const string First = "<13>1 2026-11-26T01:02:03Z web-2 app 1 - - first\nsecond";
        const string Next = "<13>1 2026-11-26T01:02:04Z web-2 app 1 - - third";
        await SendAsync($"{Encoding.UTF8.GetByteCount(First)} {First}{Encoding.UTF8.GetByteCount(Next)} {Next}");
        Assert.Equal(2, await CountAsync("Syslog | where Computer == 'web-2'"));
        Assert.Equal(1, await CountAsync("Syslog | where Computer == 'web-2' and SyslogMessage == 'first second'"));
    }

    [Fact]
    public async Task Datagrams_are_kept_with_their_senders_address()
    {
        using var client = new UdpClient();
        for (var i = 0; i < 20; i++)
        {
            await client.SendAsync(Encoding.UTF8.GetBytes($"<13>Nov 26 01:02:03 web-3 app: message {i}"), listener.LocalEndPoint);
        }

        Assert.Equal(20, await CountAsync("Syslog | where Computer == 'web-3' and HostIP == '127.0.0.1'"));
    }

    [Fact]
    public void A_taken_port_is_a_problem_that_names_it()
    {
        var second = new SyslogListener(listener.LocalEndPoint, store.Ingestion, TimeProvider.System, NullLogger<SyslogListener>.Instance);
        var refused = second.Start();
        Assert.False(refused.IsSuccess);
        Assert.Contains(listener.LocalEndPoint.ToString(), refused.Problem!.Message, StringComparison.Ordinal);
    }

    private async Task SendAsync(string text)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(listener.LocalEndPoint);
        await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(text));
        client.Client.Shutdown(SocketShutdown.Send);
    }

    /// <summary>Waits, within reason, until the query counts at least one row and no more come.</summary>
    private async Task<long> CountAsync(string kql)
    {
        var last = -1L;
        for (var i = 0; i < 100; i++)
        {
            var answer = await runner.RunAsync(new QueryRequest(kql + " | count"), default);
            Assert.True(answer.IsSuccess, answer.Problem?.Message);
            var count = Convert.ToInt64(answer.Value.Rows[0][0], System.Globalization.CultureInfo.InvariantCulture);
            if (count > 0 && count == last)
            {
                return count;
            }

            last = count;
            await Task.Delay(100);
        }

        return last;
    }
}
