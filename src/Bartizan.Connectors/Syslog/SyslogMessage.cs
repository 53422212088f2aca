using System.Globalization;

namespace Bartizan.Connectors.Syslog;

/// <summary>One syslog message, of RFC 5424 or of the older form that RFC 3164 describes and every device bends.</summary>
/// <param name="Time">Null when the message says none, or none that can be read.</param>
public sealed record SyslogMessage(
    int Facility, int Severity, DateTime? Time, string Host, string Program, string ProcessId, string MessageId, string StructuredText, string Text)
{
    private static readonly string[] facilities =
    [
        "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp", "ntp", "audit", "alert", "clock",
        "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7",
    ];

    private static readonly string[] severities = ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"];

    public string FacilityName => facilities[Facility];

    public string SeverityName => severities[Severity];

    /// <summary>Reads a message. Anything is one: what has no header is text of facility user, severity notice.</summary>
    /// <param name="now">Supplies the year that RFC 3164 leaves out.</param>
    public static SyslogMessage Parse(string line, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(line);
        var rest = line.AsSpan().TrimEnd("\r\n\0");
        var priority = ReadPriority(ref rest);
        return rest.StartsWith("1 ", StringComparison.Ordinal) && TryParse5424(rest[2..], priority) is { } message
            ? message
            : Parse3164(rest, priority, now);
    }

    /// <summary>Whether a line of a file begins as syslog does: with a priority, or a date and a host.</summary>
    public static bool Recognises(ReadOnlySpan<char> line)
    {
        var rest = line;
        _ = ReadPriority(ref rest);
        return rest.Length < line.Length || TryReadDate(ref rest, DateTimeOffset.UnixEpoch, out _);
    }

    private static int ReadPriority(ref ReadOnlySpan<char> rest)
    {
        const int UserNotice = 13;
        var close = rest.StartsWith("<", StringComparison.Ordinal) ? rest[..Math.Min(rest.Length, 5)].IndexOf('>') : -1;
        if (close < 2 || !int.TryParse(rest[1..close], NumberStyles.None, CultureInfo.InvariantCulture, out var priority) || priority > 191)
        {
            return UserNotice;
        }

        rest = rest[(close + 1)..];
        return priority;
    }

    private static SyslogMessage? TryParse5424(ReadOnlySpan<char> rest, int priority)
    {
        var stamp = Word(ref rest);
        DateTime? time = null;
        if (stamp is not "-")
        {
            if (!DateTimeOffset.TryParse(stamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed))
            {
                return null;
            }

            time = parsed.UtcDateTime;
        }

        var host = Nil(Word(ref rest));
        var program = Nil(Word(ref rest));
        var process = Nil(Word(ref rest));
        var id = Nil(Word(ref rest));
        var structured = "";
        if (rest.StartsWith("[", StringComparison.Ordinal))
        {
            var length = StructuredLength(rest);
            structured = rest[..length].ToString();
            rest = rest[length..].TrimStart(' ');
        }
        else if (rest.StartsWith("-", StringComparison.Ordinal))
        {
            rest = rest[1..].TrimStart(' ');
        }

        return new SyslogMessage(priority >> 3, priority & 7, time, host, program, process, id, structured, rest.TrimStart('\uFEFF').ToString());
    }

    private static SyslogMessage Parse3164(ReadOnlySpan<char> rest, int priority, DateTimeOffset now)
    {
        DateTime? time = TryReadDate(ref rest, now, out var read) ? read : null;
        var host = "";
        if (time is not null)
        {
            // With no date there is no host either: it could be any word.
            var before = rest;
            host = Word(ref rest);
            if (host.EndsWith(':') || host.Contains('['))
            {
                host = "";
                rest = before;
            }
        }

        var (program, process) = ReadTag(ref rest);
        return new SyslogMessage(priority >> 3, priority & 7, time, host, program, process, "", "", rest.ToString());
    }

    /// <summary><c>sshd[4321]: </c> or <c>kernel: </c>.</summary>
    private static (string Program, string Process) ReadTag(ref ReadOnlySpan<char> rest)
    {
        var end = rest.IndexOfAny(' ', ':', '[');
        if (end <= 0 || end > 48)
        {
            return ("", "");
        }

        var program = rest[..end].ToString();
        var after = rest[end..];
        var process = "";
        if (after[0] == '[')
        {
            var close = after.IndexOf(']');
            if (close < 0)
            {
                return ("", "");
            }

            process = after[1..close].ToString();
            after = after[(close + 1)..];
        }

        if (!after.StartsWith(":", StringComparison.Ordinal) || program is "CEF" or "LEEF")
        {
            return ("", "");
        }

        rest = after[1..].TrimStart(' ');
        return (program, process);
    }

    private static bool TryReadDate(ref ReadOnlySpan<char> rest, DateTimeOffset now, out DateTime time)
    {
        time = default;
        if (rest.Length >= 19 && char.IsAsciiDigit(rest[0]) && rest[4] == '-')
        {
            var end = rest.IndexOf(' ');
            end = end is 10 && rest.Length > 19 ? 19 : end < 0 ? rest.Length : end;
            if (DateTimeOffset.TryParse(rest[..end], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var iso))
            {
                time = iso.UtcDateTime;
                rest = rest[end..].TrimStart(' ');
                return true;
            }
        }

        foreach (var format in (ReadOnlySpan<string>)["MMM dd HH:mm:ss", "MMM d HH:mm:ss", "MMM  d HH:mm:ss", "MMM dd yyyy HH:mm:ss", "MMM d yyyy HH:mm:ss", "MMM  d yyyy HH:mm:ss"])
        {
            if (rest.Length < format.Length
                || !DateTime.TryParseExact(rest[..format.Length], format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time))
            {
                continue;
            }

            rest = rest[format.Length..].TrimStart(" :");
            if (!format.Contains("yyyy", StringComparison.Ordinal))
            {
                // Without a year: the one that brings it nearest to now, so that December's messages in January are last year's.
                var year = now.Year;
                time = Shift(time, year) > now.UtcDateTime.AddDays(2) ? Shift(time, year - 1) : Shift(time, year);
            }

            return true;
        }

        return false;
    }

    private static DateTime Shift(DateTime time, int year) =>
        new DateTime(year, time.Month, Math.Min(time.Day, DateTime.DaysInMonth(year, time.Month)), 0, 0, 0, DateTimeKind.Utc) + time.TimeOfDay;

    private static string Word(ref ReadOnlySpan<char> rest)
    {
        var end = rest.IndexOf(' ');
        var word = (end < 0 ? rest : rest[..end]).ToString();
        rest = end < 0 ? [] : rest[(end + 1)..];
        return word;
    }

    private static string Nil(string word) => word == "-" ? "" : word;

    private static int StructuredLength(ReadOnlySpan<char> text)
    {
        var inQuotes = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                i++;
            }
            else if (text[i] == '"')
            {
                inQuotes = !inQuotes;
            }
            else if (!inQuotes && text[i] == ']' && (i + 1 == text.Length || text[i + 1] != '['))
            {
                return i + 1;
            }
        }

        return text.Length;
    }
}
