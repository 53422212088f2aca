using System.IO.Compression;
using System.Net;
using System.Text;

namespace Bartizan.Server.Tests;

public sealed class ImportTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task A_receipt_names_file_and_line_of_what_was_refused()
    {
        var answer = await ImportAsync("Mixed_CL", "mixed.jsonl", "{\"a\":1}\nnot json\n{\"a\":2}\n[1]\n");
        var problems = answer.Json.GetProperty("problems").EnumerateArray().ToList();

        Assert.Equal(2, answer.Json.GetProperty("accepted").GetInt64());
        Assert.Equal(2, answer.Json.GetProperty("rejected").GetInt64());
        Assert.All(problems, p => Assert.Equal("mixed.jsonl", p.GetProperty("file").GetString()));
        Assert.Equal([2, 4], problems.Select(p => p.GetProperty("line").GetInt64()));
    }

    [Fact]
    public async Task An_unknown_table_is_refused_with_a_hint()
    {
        var answer = await ImportAsync("SigninLog", "x.jsonl", "{}");

        Assert.Equal("TableNotFound", answer.Code);
        Assert.Contains("SigninLogs", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_zip_bomb_costs_little_and_is_said_to_be_one()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            var zeros = new byte[1024 * 1024];
            for (var i = 0; i < 300; i++)
            {
                gzip.Write(zeros);
            }
        }

        var answer = await server.SendAsync(HttpMethod.Post, "/providers/Microsoft.Bartizan/events/Bomb_CL?file=bomb.gz", new ByteArrayContent(packed.ToArray()));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.Status);
        Assert.Equal("ArchiveBomb", answer.Code);
    }

    [Fact]
    public async Task A_line_of_100_MB_is_refused_and_its_neighbours_are_kept()
    {
        var answer = await server.SendAsync(HttpMethod.Post, "/providers/Microsoft.Bartizan/events/Long_CL?file=long.jsonl", new StreamContent(new LongLine(100 * 1024 * 1024)));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(2, answer.Json.GetProperty("accepted").GetInt64());
        Assert.Equal(2, Assert.Single(answer.Json.GetProperty("problems").EnumerateArray()).GetProperty("line").GetInt64());
    }

    [Fact]
    public async Task Resources_of_every_cloud_are_taken_and_what_is_none_is_named()
    {
        var lines = new[]
        {
            """{"id":"/subscriptions/44444444-4444-4444-4444-444444444444/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v","name":"v","type":"Microsoft.KeyVault/vaults"}""",
            """{"file":"x","resource":{"id":"/subscriptions/44444444-4444-4444-4444-444444444444/resourceGroups/g/providers/Microsoft.KeyVault/vaults/w","name":"w","type":"Microsoft.KeyVault/vaults"}}""",
            """{"environment":"Aws","accountId":"123456789012","region":"eu-west-1","type":"AWS::S3::Bucket","name":"b","record":{"BucketName":"b"}}""",
            """{"name":"//storage.googleapis.com/projects/p/bucket","assetType":"storage.googleapis.com/Bucket","resource":{"location":"EU","data":{}}}""",
            """{"hello":"world"}""",
            """{"id":"not an id","type":"x","name":"y"}""",
        };
        var answer = await server.PostAsync("/providers/Microsoft.Bartizan/resources?file=all.jsonl", string.Join('\n', lines));
        var problems = answer.Json.GetProperty("problems").EnumerateArray().ToList();

        Assert.Equal(4, answer.Json.GetProperty("accepted").GetInt64());
        Assert.Equal([5, 6], problems.Select(p => p.GetProperty("line").GetInt64()));
    }

    private Task<Answer> ImportAsync(string table, string file, string text) =>
        server.SendAsync(HttpMethod.Post, $"/providers/Microsoft.Bartizan/events/{table}?file={file}", new StringContent(text, Encoding.UTF8, "application/octet-stream"));

    /// <summary>Three lines, the second very long, made as it is read.</summary>
    private sealed class LongLine(long length) : Stream
    {
        private static readonly byte[] Before = "{\"a\":1}\n{\"a\":\""u8.ToArray();
        private static readonly byte[] After = "\"}\n{\"a\":3}\n"u8.ToArray();
        private long at;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => Before.Length + length + After.Length;

        public override long Position { get => at; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var n = 0;
            while (n < count && at < Length)
            {
                buffer[offset + n++] = at < Before.Length ? Before[at] : at < Before.Length + length ? (byte)'x' : After[at - Before.Length - length];
                at++;
            }

            return n;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
