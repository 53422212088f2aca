using System.Globalization;

namespace Bartizan.Agent.Sensors.Linux;

/// <summary>One line of a syslog file as rsyslog, syslog-ng and <c>journalctl -o short</c> write it; what a line does not say is absent.</summary>
internal sealed record SyslogLine(DateTimeOffset Time, string? Host, string? Program, string? ProcessId, string? Facility, string? Severity, string Text)
{
    private const int MaxProgram = 64;

    private static readonly string[] facilities =
    [
        "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp", "ntp", "audit", "alert", "clock",
        "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7",
    ];

    private static readonly string[] severities = ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"];

    /// <summary>Reads a line. One without a header is text that came now.</summary>
    /// <param name="facility">That of the file, where it holds only one; a priority in the line says better.</param>
    /// <param name="zone">The older form says local time, without year and zone.</param>
    public static SyslogLine Parse(string line, string? facility, DateTimeOffset now, TimeZoneInfo zone)
    {
        var rest = line.AsSpan();
        string? severity = null;
        if (TryReadPriority(ref rest, out var priority))
        {
            facility = facilities[priority >> 3];
            severity = severities[priority & 7];
        }

        if (!TryReadTime(ref rest, now, zone, out var time))
        {
            return new SyslogLine(now, null, null, null, facility, severity, rest.ToString());
        }

        var space = rest.IndexOf(' ');
        var host = space > 0 ? rest[..space].ToString() : null;
        rest = space > 0 ? rest[(space + 1)..] : rest;
        var (program, process) = ReadTag(ref rest);
        return new SyslogLine(time, host, program, process, program == "kernel" ? "kern" : facility, severity, rest.ToString());
    }

    /// <summary>The facility whose messages alone a file of this name holds by the distributions' defaults.</summary>
    public static string? FacilityOf(string path) => Path.GetFileName(path) switch
    {
        "auth.log" => "auth",
        "secure" => "authpriv",
        "kern.log" => "kern",
        "mail.log" or "maillog" => "mail",
        "cron.log" or "cron" => "cron",
        "daemon.log" => "daemon",
        "user.log" => "user",
        _ => null,
    };

    private static bool TryReadPriority(ref ReadOnlySpan<char> rest, out int priority)
    {
        priority = 0;
        var close = rest.StartsWith("<", StringComparison.Ordinal) ? rest[..Math.Min(rest.Length, 5)].IndexOf('>') : -1;
        if (close < 2 || !int.TryParse(rest[1..close], NumberStyles.None, CultureInfo.InvariantCulture, out priority) || priority > 191)
        {
            return false;
        }

        rest = rest[(close + 1)..];
        return true;
    }

    private static bool TryReadTime(ref ReadOnlySpan<char> rest, DateTimeOffset now, TimeZoneInfo zone, out DateTimeOffset time)
    {
        if (rest.Length > 20 && char.IsAsciiDigit(rest[0]) && rest[4] == '-' && rest[10] == 'T' && rest.IndexOf(' ') is > 0 and var end
            && DateTimeOffset.TryParse(rest[..end], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time))
        {
            time = time.ToUniversalTime();
            rest = rest[(end + 1)..];
            return true;
        }

        time = default;
        const string form = "MMM dd HH:mm:ss";
        if (rest.Length <= form.Length || rest[form.Length] != ' ')
        {
            return false;
        }

        Span<char> stamp = stackalloc char[form.Length];
        rest[..form.Length].CopyTo(stamp);
        if (stamp[4] == ' ')
        {
            stamp[4] = '0';
        }

        // February 29 is a day only in some years: the year is put in front before the stamp is read.
        var local = TimeZoneInfo.ConvertTime(now, zone);
        foreach (var year in (ReadOnlySpan<int>)[local.Year, local.Year - 1])
        {
            if (DateTime.TryParseExact($"{year:D4} {stamp}", "yyyy " + form, CultureInfo.InvariantCulture, DateTimeStyles.None, out var read) && read <= local.DateTime.AddDays(2))
            {
                time = new DateTimeOffset(read, zone.GetUtcOffset(read)).ToUniversalTime();
                rest = rest[(form.Length + 1)..];
                return true;
            }
        }

        return false;
    }

    /// <summary><c>sshd[4321]: </c>, <c>systemd: </c>, <c>kernel: </c>.</summary>
    private static (string? Program, string? ProcessId) ReadTag(ref ReadOnlySpan<char> rest)
    {
        var colon = rest.IndexOf(": ", StringComparison.Ordinal);
        colon = colon < 0 && rest.EndsWith(":", StringComparison.Ordinal) ? rest.Length - 1 : colon;
        if (colon is <= 0 or > MaxProgram)
        {
            return (null, null);
        }

        var tag = rest[..colon];
        string? process = null;
        if (tag[^1] == ']' && tag.LastIndexOf('[') is > 0 and var open)
        {
            process = tag[(open + 1)..^1].ToString();
            tag = tag[..open];
        }

        if (tag.Contains(' '))
        {
            return (null, null);
        }

        var program = tag.ToString();
        rest = rest[Math.Min(rest.Length, colon + 2)..];
        return (program, process);
    }
}
