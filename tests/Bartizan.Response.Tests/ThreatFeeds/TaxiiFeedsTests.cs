using System.Net;
using System.Text;
using Bartizan.Connectors.Azure;
using Bartizan.Connectors.Taxii;
using Bartizan.Detection.ThreatIntelligence;
using Bartizan.Response.ThreatFeeds;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bartizan.Response.Tests.ThreatFeeds;

public sealed class TaxiiFeedsTests
{
    [Fact]
    public async Task A_collection_is_read_page_by_page_with_the_password_and_then_only_what_was_added()
    {
        using var bench = new Workbench();
        using var server = new Server();
        using var client = new TaxiiClient();
        var indicators = new IndicatorStore(bench.Folder.Records, bench.Outbox, bench.Time);
        using var feeds = new TaxiiFeeds(bench.Folder.Records, new Plain(), client, indicators, bench.Time, NullLogger<TaxiiFeeds>.Instance);
        Assert.True((await feeds.PutAsync(Feed(server), "pass", "ana", default)).IsSuccess);
        Assert.Equal(2, await feeds.PollDueAsync(default));
        Assert.Equal(0, await feeds.PollDueAsync(default));
        Assert.Equal(2, server.Asked.Count);
        Assert.All(server.Asked, a => Assert.Equal(("Basic " + Convert.ToBase64String("user:pass"u8), "application/taxii+json; version=2.1"), (a.Authorization, a.Accept)));
        Assert.Contains("/api1/collections/c%201/objects/", server.Asked[0].Path, StringComparison.Ordinal);
        Assert.Contains("next=page2", server.Asked[1].Path, StringComparison.Ordinal);
        bench.Time.Advance(TimeSpan.FromHours(1));
        await feeds.PollDueAsync(default);
        Assert.Contains("added_after=2026-01-02T00%3A00%3A00.000000Z", server.Asked[2].Path, StringComparison.Ordinal);
        var feed = (await feeds.FindAsync("intel", default))!.Value;
        Assert.Equal((2L, null), (feed.Taken, feed.Problem));
        Assert.Equal(2, (await bench.QueryAsync("ThreatIntelIndicators | where SourceSystem == 'intel' or Id has 'intel' or isnotempty(ObservableValue) | summarize by ObservableValue")).Count);
    }

    [Fact]
    public async Task A_server_that_refuses_is_told_and_an_address_without_encryption_is_not_asked()
    {
        using var bench = new Workbench();
        using var server = new Server { Status = 401 };
        using var client = new TaxiiClient();
        using var feeds = new TaxiiFeeds(bench.Folder.Records, new Plain(), client, new IndicatorStore(bench.Folder.Records, bench.Outbox, bench.Time), bench.Time, NullLogger<TaxiiFeeds>.Instance);
        await feeds.PutAsync(Feed(server), "pass", "ana", default);
        Assert.Equal(0, await feeds.PollDueAsync(default));
        Assert.Contains("401", (await feeds.FindAsync("intel", default))!.Value.Problem, StringComparison.Ordinal);
        Assert.Equal("properties.apiRoot", (await feeds.PutAsync(Feed(server) with { ApiRoot = "http://taxii.example.com/api1" }, "x", "ana", default)).Problem?.Target);
        Assert.Equal("properties.password", (await feeds.PutAsync(Feed(server) with { ApiRoot = "https://taxii.example.com/api1" }, null, "ana", default)).Problem?.Target);
    }

    private static TaxiiFeed Feed(Server server) => new("intel", server.Address + "api1", "c 1", "user", "", 60, 0, true);

    private sealed class Plain : ISecretSeal
    {
        public string Seal(string secret) => secret;

        public string Open(string sealedSecret) => sealedSecret;
    }

    private sealed class Server : IDisposable
    {
        private readonly HttpListener listener = new();

        public Server()
        {
            for (var port = 23_000 + Random.Shared.Next(9_000); ; port++)
            {
                Address = $"http://127.0.0.1:{port}/";
                listener.Prefixes.Clear();
                listener.Prefixes.Add(Address);
                try
                {
                    listener.Start();
                    break;
                }
                catch (HttpListenerException) when (port < ushort.MaxValue)
                {
                    // Taken: the next one.
                }
            }

            _ = ServeAsync();
        }

        public string Address { get; }

        public int Status { get; init; } = 200;

        public List<(string Path, string Authorization, string Accept)> Asked { get; } = [];

        public void Dispose() => listener.Close();

        private async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    var context = await listener.GetContextAsync();
                    Asked.Add((context.Request.RawUrl!, context.Request.Headers["Authorization"] ?? "", context.Request.Headers["Accept"] ?? ""));
                    var isSecond = context.Request.RawUrl!.Contains("next=page2", StringComparison.Ordinal);
                    var body = context.Request.RawUrl!.Contains("added_after", StringComparison.Ordinal) ? "{}"
                        : $$"""{"more":{{(isSecond ? "false" : "true")}},"next":"page2","objects":[{"type":"indicator","spec_version":"2.1","id":"indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd{{(isSecond ? "02" : "01")}}","created":"2026-01-01T00:00:00Z","modified":"2026-01-01T00:00:00Z","pattern":"[ipv4-addr:value = '203.0.113.{{(isSecond ? 2 : 1)}}']","pattern_type":"stix","valid_from":"2026-01-01T00:00:00Z"},{"type":"malware","id":"malware--x"}]}""";
                    context.Response.StatusCode = Status;
                    context.Response.Headers["X-TAXII-Date-Added-Last"] = isSecond ? "2026-01-02T00:00:00Z" : "2026-01-01T00:00:00Z";
                    await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
                    context.Response.Close();
                }
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                // The end was asked for.
            }
        }
    }
}
