using System.Text;
using Bartizan.Agent.Buffer;
using Microsoft.Extensions.Time.Testing;

namespace Bartizan.Agent.Tests.Buffer;

public sealed class DiskBufferTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("bartizan-agent-").FullName;
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 1, 14, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public void What_was_kept_comes_back_in_order_after_a_restart()
    {
        Guid agent;
        using (var buffer = Open())
        {
            agent = buffer.AgentId;
            buffer.Append(Batch("a", "10"));
            buffer.Append(Batch("b", "20"));
            buffer.Release(buffer.Peek()!);
        }

        using var again = Open();
        Assert.Equal(agent, again.AgentId);
        Assert.Equal("20", again.PositionOf("syslog"));
        Assert.Equal((2, "b"), Seen(again.Peek()));
        again.Release(again.Peek()!);
        Assert.Null(again.Peek());
        again.Append(Batch("c", "30"));
        Assert.Equal((3, "c"), Seen(again.Peek()));
    }

    [Fact]
    public void A_batch_torn_at_any_byte_is_cut_off_and_those_before_it_are_whole()
    {
        byte[] whole;
        int first;
        using (var buffer = Open())
        {
            buffer.Append(Batch("one", "10"));
            first = (int)new FileInfo(Segment()).Length;
            buffer.Append(Batch("two", "20"));
            whole = Bytes(Segment());
        }

        var name = Path.GetFileName(Segment());
        for (var length = first; length < whole.Length; length++)
        {
            using var torn = new Torn(time, name, whole[..length]);
            Assert.Equal((1, "one"), Seen(torn.Buffer.Peek()));
            Assert.Equal("10", torn.Buffer.PositionOf("syslog"));
            torn.Buffer.Append(Batch("again", "20"));
            torn.Buffer.Release(torn.Buffer.Peek()!);
            Assert.Equal((2, "again"), Seen(torn.Buffer.Peek()));
        }
    }

    [Fact]
    public void A_flipped_bit_is_not_taken_for_a_batch()
    {
        byte[] whole;
        using (var buffer = Open())
        {
            buffer.Append(Batch("one", "10"));
            whole = Bytes(Segment());
        }

        var name = Path.GetFileName(Segment());
        for (var at = 0; at < whole.Length; at++)
        {
            var flipped = whole.ToArray();
            flipped[at] ^= 0x10;
            using var damaged = new Torn(time, name, flipped);
            Assert.Null(damaged.Buffer.Peek());
        }
    }

    [Fact]
    public void When_it_is_full_the_oldest_rows_go_and_are_counted()
    {
        const int Most = 20_000;
        using (var buffer = Open(Most))
        {
            for (var i = 0; i < 1000; i++)
            {
                buffer.Append(Batch($"line {i} {new string('x', 100)}", $"{i}"));
            }

            Assert.InRange(Directory.GetFiles(folder, "*.rows").Sum(f => new FileInfo(f).Length), 1, Most);
            Assert.Equal(1000, buffer.DroppedRows + buffer.WaitingRows());
            Assert.Equal(buffer.DroppedRows + 1, buffer.Peek()!.Number);
        }

        using var again = Open(Most);
        Assert.InRange(again.DroppedRows, 800, 999);
        Assert.Equal("999", again.PositionOf("syslog"));
        Assert.Equal(again.DroppedRows + 1, again.Peek()!.Number);
    }

    [Fact]
    public void Numbers_are_never_given_twice_even_when_nothing_waits()
    {
        using (var buffer = Open())
        {
            buffer.Append(Batch("a", "1"));
            buffer.Release(buffer.Peek()!);
        }

        using var again = Open();
        again.Append(Batch("b", "2"));
        Assert.Equal(2, again.Peek()!.Number);
    }

    [Fact]
    public void Two_agents_do_not_share_a_folder()
    {
        using var buffer = Open();
        Assert.Throws<IOException>(() => Open());
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    internal static RowBatch Batch(string text, string position) => new("Syslog", 1, Encoding.UTF8.GetBytes(text), "syslog", position);

    private static (long, string) Seen(NumberedBatch? batch) => (batch!.Number, Encoding.UTF8.GetString(batch.Batch.Lines.Span));

    private DiskBuffer Open(long most = 1_000_000) => DiskBuffer.Open(folder, most, time);

    private string Segment() => Directory.GetFiles(folder, "*.rows").Single();

    private static byte[] Bytes(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>A buffer over a segment as a crash left it.</summary>
    private sealed class Torn : IDisposable
    {
        private readonly string folder = Directory.CreateTempSubdirectory("bartizan-agent-torn-").FullName;

        public Torn(TimeProvider time, string name, byte[] bytes)
        {
            File.WriteAllBytes(Path.Combine(folder, name), bytes);
            Buffer = DiskBuffer.Open(folder, 1_000_000, time);
        }

        public DiskBuffer Buffer { get; }

        public void Dispose()
        {
            Buffer.Dispose();
            Directory.Delete(folder, recursive: true);
        }
    }
}
