using System.Globalization;
using Bartizan.Agent.Buffer;

namespace Bartizan.Agent.Sensors.Linux;

/// <summary>Fills <c>Syslog</c> from the files that the host's syslog daemon writes.</summary>
internal sealed class SyslogSensor(IReadOnlyList<string> files, string computer, TimeProvider time) : ISensor
{
    private readonly (string Path, FollowedFile File)[] followed = [.. files.Select(f => (f, new FollowedFile(f)))];

    public TimeSpan Every => TimeSpan.FromSeconds(2);

    public IEnumerable<RowBatch> Read(Func<string, string?> positionOf)
    {
        foreach (var (path, file) in followed)
        {
            var source = "syslog:" + path;
            while (TryRead(file, positionOf(source)) is var (lines, position))
            {
                yield return Rows(path, source, lines, position);
                if (lines.Count == 0)
                {
                    break;
                }
            }
        }
    }

    private static (IReadOnlyList<string> Lines, string Position)? TryRead(FollowedFile file, string? position)
    {
        try
        {
            return file.Read(position) is { } read && (read.Lines.Count > 0 || read.Position != position) ? read : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // Rotated away between two looks: the next reading finds it.
            return null;
        }
    }

    private RowBatch Rows(string path, string source, IReadOnlyList<string> lines, string position)
    {
        var facility = SyslogLine.FacilityOf(path);
        var now = time.GetUtcNow();
        var rows = new RowLines();
        foreach (var text in lines)
        {
            var line = SyslogLine.Parse(text, facility, now, time.LocalTimeZone);
            rows.Add(json =>
            {
                json.WriteString("TimeGenerated", line.Time.UtcDateTime);
                json.WriteString("EventTime", line.Time.UtcDateTime);
                json.WriteString("Computer", line.Host ?? computer);
                json.WriteString("HostName", line.Host ?? computer);
                json.WriteString("CollectorHostName", computer);
                if (line.Facility is not null)
                {
                    json.WriteString("Facility", line.Facility);
                }

                if (line.Severity is not null)
                {
                    json.WriteString("SeverityLevel", line.Severity);
                }

                if (line.Program is not null)
                {
                    json.WriteString("ProcessName", line.Program);
                }

                if (int.TryParse(line.ProcessId, NumberStyles.None, CultureInfo.InvariantCulture, out var process))
                {
                    json.WriteNumber("ProcessID", process);
                }

                json.WriteString("SyslogMessage", line.Text);
            });
        }

        return new RowBatch("Syslog", rows.Count, rows.Bytes, source, position);
    }
}
