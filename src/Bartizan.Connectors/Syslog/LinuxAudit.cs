using System.Globalization;
using System.Text;
using Bartizan.Connectors.Rows;
using Bartizan.Store.Ingestion;

namespace Bartizan.Connectors.Syslog;

/// <summary>
/// A line of the Linux audit log: <c>[node=host ]type=T msg=audit(seconds.millis:serial): name=value …</c>. Values are bare, quoted, or,
/// where the kernel does not trust them, hexadecimal.
/// </summary>
internal static class LinuxAudit
{
    /// <summary>Fields that the kernel writes in hexadecimal when they hold a space, a quote or worse.</summary>
    private static readonly HashSet<string> untrusted = new(StringComparer.Ordinal)
    {
        "proctitle", "comm", "exe", "cwd", "name", "path", "data", "cmd", "acct", "key", "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8", "a9",
    };

    public static bool Recognises(ReadOnlySpan<char> line) =>
        (line.StartsWith("type=", StringComparison.Ordinal) || line.StartsWith("node=", StringComparison.Ordinal)) && line.Contains("msg=audit(", StringComparison.Ordinal);

    public static bool TryWrite(string line, string host, RowJson row, RecordSink sink)
    {
        var stamp = line.IndexOf("msg=audit(", StringComparison.Ordinal);
        var close = stamp < 0 ? -1 : line.IndexOf(')', stamp);
        if (close < 0 || !TryReadStamp(line.AsSpan(stamp + 10, close - stamp - 10), out var time, out var serial))
        {
            return false;
        }

        var fields = new List<(string Name, string Value)>();
        ReadFields(line.AsSpan(0, stamp), fields);
        ReadFields(line.AsSpan(close + 1).TrimStart(':'), fields);
        var type = fields.Find(f => f.Name == "type").Value ?? "";
        var node = fields.Find(f => f.Name == "node").Value ?? host;
        row.Begin().Time("TimeGenerated", time).Text("RecordType", type).Text("AuditID", line[(stamp + 10)..close]).Text("SerialNumber", serial)
            .Text("Computer", node).Text("RawRecord", line);
        var seen = new HashSet<string>(StringComparer.Ordinal) { "type" };
        foreach (var (name, value) in fields)
        {
            // The path of a PATH record is called name.
            var column = name == "name" && type == "PATH" ? "path" : name;
            if (seen.Add(column))
            {
                row.Text(column, value);
            }
        }

        row.Append(sink, "LinuxAuditLog");
        row.Begin().Time("TimeGenerated", time).Time("EventTime", time).Text("Computer", node).Text("HostName", node).Text("Facility", "user").Text("SeverityLevel", "info")
            .Text("ProcessName", "audispd").Text("SyslogMessage", line);
        row.Append(sink, "Syslog");
        return true;
    }

    private static bool TryReadStamp(ReadOnlySpan<char> stamp, out DateTime time, out string serial)
    {
        time = default;
        serial = "";
        var colon = stamp.IndexOf(':');
        if (colon < 0 || !decimal.TryParse(stamp[..colon], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) || seconds > 253402300799m)
        {
            return false;
        }

        time = DateTime.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond));
        serial = stamp[(colon + 1)..].ToString();
        return true;
    }

    private static void ReadFields(ReadOnlySpan<char> text, List<(string Name, string Value)> fields)
    {
        while (true)
        {
            // auditd separates its own additions (ARCH=…) by the character 0x1D.
            text = text.TrimStart(" \u001d");
            var equals = text.IndexOf('=');
            if (equals <= 0)
            {
                return;
            }

            var name = text[..equals].ToString();
            text = text[(equals + 1)..];
            if (text.Length > 0 && text[0] is '"' or '\'')
            {
                var quote = text[0];
                var end = text[1..].IndexOf(quote);
                var value = end < 0 ? text[1..] : text.Slice(1, end);
                text = end < 0 ? [] : text[(end + 2)..];
                if (quote == '\'')
                {
                    // A message of user space holds fields of its own.
                    ReadFields(value, fields);
                }
                else
                {
                    fields.Add((name, value.ToString()));
                }
            }
            else
            {
                var end = text.IndexOfAny(' ', '\u001d');
                var value = (end < 0 ? text : text[..end]).ToString();
                text = end < 0 ? [] : text[end..];
                fields.Add((name, untrusted.Contains(name) ? Decode(name, value) : value == "?" ? "" : value));
            }
        }
    }

    private static string Decode(string name, string value)
    {
        // Arguments of a system call (a0=55e1…) are numbers; those of EXECVE are texts, quoted unless encoded.
        if (value.Length < 2 || value.Length % 2 != 0 || (name.Length == 2 && name[0] == 'a' && value.Length <= 16) || !value.All(char.IsAsciiHexDigitUpper))
        {
            return value == "(null)" ? "" : value;
        }

        var bytes = Convert.FromHexString(value);
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = bytes[i] == 0 ? (byte)' ' : bytes[i];
        }

        return Encoding.UTF8.GetString(bytes);
    }
}
