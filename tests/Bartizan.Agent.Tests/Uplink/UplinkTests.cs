using System.IO.Compression;
using System.Net;
using System.Text;
using System.Web;
using Bartizan.Agent.Buffer;
using Bartizan.Agent.Tests.Buffer;
using Bartizan.Agent.Uplink;
using Microsoft.Extensions.Time.Testing;

namespace Bartizan.Agent.Tests.Uplink;

public sealed class UplinkTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("bartizan-uplink-").FullName;
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 1, 14, 12, 0, 0, TimeSpan.Zero));
    private readonly FakeServer server = new();
    private readonly HttpClient http;
    private readonly List<string> said = [];
    private DiskBuffer buffer;

    public UplinkTests()
    {
        http = new HttpClient(server) { BaseAddress = new Uri("https://siem.example:8443") };
        buffer = DiskBuffer.Open(folder, 1_000_000, time);
    }

    [Fact]
    public async Task A_batch_whose_answer_was_lost_is_sent_again_under_the_same_id_and_kept_once()
    {
        buffer.Append(DiskBufferTests.Batch("{\"a\":1}\n", "1"));
        buffer.Append(DiskBufferTests.Batch("{\"a\":2}\n", "2"));
        server.LoseNextAnswer = true;
        var loop = NewLoop();
        Assert.InRange(await loop.StepAsync(default), TimeSpan.FromMilliseconds(700), TimeSpan.FromMilliseconds(1300));

        // The agent dies before it learns anything.
        buffer.Dispose();
        buffer = DiskBuffer.Open(folder, 1_000_000, time);
        loop = NewLoop();
        Assert.Equal(TimeSpan.Zero, await loop.StepAsync(default));
        Assert.Equal(TimeSpan.Zero, await loop.StepAsync(default));
        Assert.Null(buffer.Peek());
        Assert.Equal(3, server.Requests);
        Assert.Equal(["{\"a\":1}\n", "{\"a\":2}\n"], server.Rows);
    }

    [Fact]
    public async Task It_waits_as_long_as_the_server_says_and_loses_nothing()
    {
        buffer.Append(DiskBufferTests.Batch("x", "1"));
        server.Next.Enqueue((HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(17)));
        var loop = NewLoop();
        Assert.Equal(TimeSpan.FromSeconds(17), await loop.StepAsync(default));
        Assert.Empty(server.Rows);
        Assert.Equal(TimeSpan.Zero, await loop.StepAsync(default));
        Assert.Equal(["x"], server.Rows);
    }

    [Fact]
    public async Task Without_a_server_it_waits_ever_longer_up_to_a_minute_or_so()
    {
        buffer.Append(DiskBufferTests.Batch("x", "1"));
        server.IsDown = true;
        var loop = NewLoop();
        var waits = new List<TimeSpan>();
        for (var i = 0; i < 10; i++)
        {
            waits.Add(await loop.StepAsync(default));
        }

        Assert.True(waits[1] > waits[0] && waits[4] > waits[3]);
        Assert.InRange(waits[^1], TimeSpan.FromSeconds(45), TimeSpan.FromSeconds(75));
        Assert.Single(said);
        server.IsDown = false;
        Assert.Equal(TimeSpan.Zero, await loop.StepAsync(default));
        Assert.Equal(["x"], server.Rows);
    }

    [Fact]
    public async Task A_token_that_ran_out_is_replaced()
    {
        buffer.Append(DiskBufferTests.Batch("x", "1"));
        buffer.Append(DiskBufferTests.Batch("y", "2"));
        var loop = NewLoop();
        await loop.StepAsync(default);
        server.Next.Enqueue((HttpStatusCode.Unauthorized, null));
        Assert.NotEqual(TimeSpan.Zero, await loop.StepAsync(default));
        Assert.Equal(TimeSpan.Zero, await loop.StepAsync(default));
        Assert.Equal(["x", "y"], server.Rows);
        Assert.Equal(2, server.Tokens);
    }

    [Fact]
    public async Task What_the_server_will_never_take_is_counted_and_does_not_hold_up_the_rest()
    {
        buffer.Append(DiskBufferTests.Batch("bad", "1"));
        buffer.Append(DiskBufferTests.Batch("good", "2"));
        server.Next.Enqueue((HttpStatusCode.BadRequest, null));
        var loop = NewLoop();
        await loop.StepAsync(default);
        await loop.StepAsync(default);
        Assert.Equal(["good"], server.Rows);
        Assert.Equal(1, buffer.RefusedRows);
    }

    [Theory]
    [InlineData("""{"appId":"a","password":"p"}""", "a", "p")]
    [InlineData("""{"clientId":"c","clientSecret":"s","url":"x"}""", "c", "s")]
    public void A_credential_is_read_from_the_files_that_the_product_writes(string text, string id, string secret)
    {
        var file = Path.Combine(folder, "credential.json");
        File.WriteAllText(file, text);
        Assert.Equal(new Credential(id, secret), Credential.Read(file).Value);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("secret")]
    public void A_file_that_is_no_credential_is_refused_without_showing_it(string text)
    {
        var file = Path.Combine(folder, "credential.json");
        File.WriteAllText(file, text);
        Assert.Equal("InvalidCredential", Credential.Read(file).Problem?.Code);
    }

    public void Dispose()
    {
        http.Dispose();
        buffer.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private UplinkLoop NewLoop() => new(buffer, new EventUplink(http, new TokenSource(http, new Credential("id", "secret"), time), buffer.AgentId, time).SendAsync, time, said.Add);

    /// <summary>Takes batches as the server does: each id once.</summary>
    private sealed class FakeServer : HttpMessageHandler
    {
        private readonly HashSet<string> batches = [];

        public Queue<(HttpStatusCode Status, TimeSpan? Wait)> Next { get; } = new();

        public bool LoseNextAnswer { get; set; }

        public bool IsDown { get; set; }

        public int Requests { get; private set; }

        public int Tokens { get; private set; }

        public List<string> Rows { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (IsDown)
            {
                throw new HttpRequestException("Connection refused");
            }

            if (request.RequestUri!.AbsolutePath == "/adfs/oauth2/token")
            {
                Tokens++;
                return Json($$"""{"access_token":"t{{Tokens}}","expires_in":3600}""");
            }

            Requests++;
            Assert.Equal("/providers/Microsoft.Bartizan/events/Syslog", request.RequestUri.AbsolutePath);
            Assert.Equal($"Bearer t{Tokens}", request.Headers.Authorization?.ToString());
            if (Next.TryDequeue(out var refusal))
            {
                var answer = new HttpResponseMessage(refusal.Status);
                answer.Headers.RetryAfter = refusal.Wait is { } wait ? new(wait) : null;
                return answer;
            }

            if (batches.Add(HttpUtility.ParseQueryString(request.RequestUri.Query)["batch"]!))
            {
                await using var gzip = new GZipStream(await request.Content!.ReadAsStreamAsync(cancellationToken), CompressionMode.Decompress);
                using var reader = new StreamReader(gzip, Encoding.UTF8);
                Rows.Add(await reader.ReadToEndAsync(cancellationToken));
            }

            if (LoseNextAnswer)
            {
                LoseNextAnswer = false;
                throw new HttpRequestException("Connection reset");
            }

            return Json("""{"target":"Syslog","accepted":1,"rejected":0,"problems":[]}""");
        }

        private static HttpResponseMessage Json(string text) => new(HttpStatusCode.OK) { Content = new StringContent(text, Encoding.UTF8, "application/json") };
    }
}
