using System.Text;
using System.Text.Json;
using Bartizan.Agent.Sensors.Linux;
using Microsoft.Extensions.Time.Testing;

namespace Bartizan.Agent.Tests.Sensors.Linux;

public sealed class SyslogSensorTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("bartizan-syslog-").FullName;
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 1, 14, 12, 0, 0, TimeSpan.Zero));
    private readonly Dictionary<string, string> positions = [];
    private readonly string file;
    private SyslogSensor sensor;

    public SyslogSensorTests()
    {
        file = Path.Combine(folder, "auth.log");
        File.WriteAllText(file, Line("before the agent came"));
        sensor = NewSensor();
        Assert.Empty(Read());
    }

    [Fact]
    public void A_file_is_followed_from_its_end_line_by_line()
    {
        Append(Line("one") + "Jan 14 11:59:09 web01 sshd[7]: half a");
        Assert.Equal(["one"], Read());
        Append(" line\n");
        Assert.Equal(["half a line"], Read());
        Assert.Empty(Read());
    }

    [Fact]
    public void After_a_restart_it_goes_on_where_it_was()
    {
        Append(Line("one"));
        Assert.Equal(["one"], Read());
        Append(Line("two"));
        sensor = NewSensor();
        Assert.Equal(["two"], Read());
    }

    [Fact]
    public void A_file_rotated_by_renaming_is_read_to_its_end_first()
    {
        Append(Line("one"));
        Assert.Equal(["one"], Read());
        Append(Line("two"));
        File.Move(file, file + ".1");
        Append(Line("three"));
        sensor = NewSensor();
        Assert.Equal(["two", "three"], Read());
        Assert.Empty(Read());
    }

    [Fact]
    public void A_file_rotated_by_copying_and_emptying_is_read_to_its_end_first()
    {
        Append(Line("one"));
        Assert.Equal(["one"], Read());
        Append(Line("two"));
        File.Copy(file, file + ".1");
        File.WriteAllText(file, Line("three"));
        Assert.Equal(["two", "three"], Read());
        Assert.Empty(Read());
    }

    [Fact]
    public void A_line_without_end_is_cut_and_does_not_hold_up_the_others()
    {
        Append(new string('x', 700_000) + "\n" + Line("after"));
        var read = Read();
        Assert.Equal("after", read[^1]);
        Assert.All(read, text => Assert.InRange(text.Length, 1, FollowedFile.MaxLine));
    }

    [Fact]
    public void Ten_thousand_lines_come_once_each()
    {
        Append(string.Concat(Enumerable.Range(0, 10_000).Select(i => Line($"line {i} {new string('y', 80)}"))));
        var read = Read();
        Assert.Equal(10_000, read.Count);
        Assert.Equal(10_000, read.Distinct().Count());
    }

    [Theory]
    [InlineData("Jan 14 11:59:09 web01 sshd[4321]: Accepted publickey", "2026-01-14T11:59:09Z", "web01", "sshd", "4321", "Accepted publickey")]
    [InlineData("Jan  4 11:59:09 web01 systemd: Started.", "2026-01-04T11:59:09Z", "web01", "systemd", null, "Started.")]
    [InlineData("Dec 31 23:59:59 web01 CRON[1]: (root) CMD (x: y)", "2025-12-31T23:59:59Z", "web01", "CRON", "1", "(root) CMD (x: y)")]
    [InlineData("2026-01-14T12:59:09.5+01:00 web01 kernel: [1.0] eth0: up", "2026-01-14T11:59:09.5Z", "web01", "kernel", null, "[1.0] eth0: up")]
    [InlineData("no header at all: here", "2026-01-14T12:00:00Z", null, null, null, "no header at all: here")]
    [InlineData("", "2026-01-14T12:00:00Z", null, null, null, "")]
    public void A_line_is_read_as_its_daemon_wrote_it(string line, string at, string? host, string? program, string? process, string text)
    {
        var read = SyslogLine.Parse(line, null, time.GetUtcNow(), TimeZoneInfo.Utc);
        Assert.Equal(DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture), read.Time);
        Assert.Equal((host, program, process, text), (read.Host, read.Program, read.ProcessId, read.Text));
    }

    [Fact]
    public void Local_time_becomes_universal_time()
    {
        var zone = TimeZoneInfo.CreateCustomTimeZone("two", TimeSpan.FromHours(2), "two", "two");
        Assert.Equal(new DateTimeOffset(2026, 1, 14, 11, 59, 9, TimeSpan.Zero), SyslogLine.Parse("Jan 14 13:59:09 web01 a: b", null, time.GetUtcNow(), zone).Time);
    }

    [Fact]
    public void A_leap_day_is_found_in_its_year() => Assert.Equal(
        new DateTimeOffset(2024, 2, 29, 1, 2, 3, TimeSpan.Zero),
        SyslogLine.Parse("Feb 29 01:02:03 web01 a: b", null, new DateTimeOffset(2025, 1, 2, 0, 0, 0, TimeSpan.Zero), TimeZoneInfo.Utc).Time);

    [Fact]
    public void Facility_comes_of_the_priority_else_of_the_file_and_is_absent_otherwise()
    {
        Assert.Equal(("authpriv", "info"), Both("<86>Jan 14 11:59:09 web01 sudo: x", null));
        Assert.Equal(("auth", null), Both("Jan 14 11:59:09 web01 sudo: x", SyslogLine.FacilityOf("/var/log/auth.log")));
        Assert.Equal((null, null), Both("Jan 14 11:59:09 web01 sudo: x", SyslogLine.FacilityOf("/var/log/syslog")));

        (string?, string?) Both(string line, string? facility) => SyslogLine.Parse(line, facility, time.GetUtcNow(), TimeZoneInfo.Utc) is var read ? (read.Facility, read.Severity) : default;
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static string Line(string text) => $"Jan 14 11:59:09 web01 sshd[7]: {text}\n";

    private SyslogSensor NewSensor() => new([file], "web01", time);

    private void Append(string text) => File.AppendAllText(file, text);

    /// <summary>The messages of one reading, with positions kept as the buffer keeps them.</summary>
    private List<string> Read()
    {
        var texts = new List<string>();
        foreach (var batch in sensor.Read(positions.GetValueOrDefault))
        {
            positions[batch.Source] = batch.Position;
            foreach (var line in Encoding.UTF8.GetString(batch.Lines.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                using var row = JsonDocument.Parse(line);
                texts.Add(row.RootElement.GetProperty("SyslogMessage").GetString()!);
            }
        }

        return texts;
    }
}
