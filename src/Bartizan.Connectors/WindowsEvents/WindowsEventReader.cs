using System.Globalization;
using System.Text.Json;

namespace Bartizan.Connectors.WindowsEvents;

/// <summary>
/// Reads an event from the JSON of common forwarders: flat with the event's fields beside <c>Channel</c> and <c>EventID</c> (NXLog,
/// Winlogbeat's older forms, agents' exports, in any casing), nested under <c>winlog</c> (Winlogbeat), or as the XML's own tree
/// <c>Event.System</c> and <c>Event.EventData</c>.
/// </summary>
internal static class WindowsEventReader
{
    /// <summary>What forwarders add or take from the event's header; everything else in a flat record is the event's own.</summary>
    private static readonly HashSet<string> header = new(StringComparer.OrdinalIgnoreCase)
    {
        "channel", "eventid", "event_id", "hostname", "computer", "computername", "computer_name", "timecreated", "@timestamp", "timestamp", "eventtime",
        "eventreceivedtime", "timegenerated", "message", "sourcename", "provider", "providername", "provider_name", "providerguid", "provider_guid", "level",
        "severity", "severityvalue", "keywords", "task", "opcode", "opcodevalue", "version", "recordnumber", "eventrecordid", "record_id", "threadid",
        "executionprocessid", "executionthreadid", "host", "port", "sourcemoduletype", "sourcemodulename", "@version", "tags", "type", "category",
        "error_evt_unresolved", "eventtypeorignal", "activityid", "relatedactivityid", "qualifiers", "logname", "log_name", "eventdata", "event_data", "user_data", "userdata", "ecs", "source_name", "host_name", "machinename", "id", "beat", "process", "user",
        "agent", "event", "log", "timezone",
    };

    /// <summary>NXLog's words for the kind of entry; Sysmon has a field of the same name with other words.</summary>
    private static readonly HashSet<string> kinds = new(StringComparer.OrdinalIgnoreCase)
    {
        "AUDIT_SUCCESS", "AUDIT_FAILURE", "INFO", "WARNING", "ERROR", "VERBOSE", "CRITICAL", "DEBUG",
    };

    /// <summary>Every event of Sysmon has more fields than this; with fewer, the forwarder sent only its text.</summary>
    private const int LeastSysmonFields = 3;

    /// <summary>False when the record is no Windows event.</summary>
    public static bool TryRead(JsonElement record, WindowsEvent target)
    {
        target.Clear();
        if (record.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        if (Find(record, "winlog") is { ValueKind: JsonValueKind.Object } winlog)
        {
            ReadFlat(winlog, target);
            target.Message = Text(record, "message");
            target.Time ??= TimeOf(record);
            AddAll(Find(winlog, "event_data"), target);
            AddAll(Find(winlog, "user_data"), target);
            EcsFields.Add(record, target);
        }
        else if ((Find(record, "Event") is { ValueKind: JsonValueKind.Object } inner ? inner : record) is var e
            && Find(e, "System") is { ValueKind: JsonValueKind.Object } system)
        {
            ReadSystem(system, target);
            AddAll(Find(e, "EventData"), target);
            AddAll(Find(e, "UserData"), target);
        }
        else
        {
            ReadFlat(record, target);
            AddAll(Find(record, "EventData"), target);
            AddAll(Find(record, "event_data"), target);
            AddOwn(record, target);
            EcsFields.Add(record, target);
        }

        if (target.IsSysmon && target.Fields.Count < LeastSysmonFields)
        {
            AddLines(target.Message, target);
        }

        if (target.Channel.Length == 0)
        {
            target.Channel = ChannelOf(target);
        }

        return target.Id > 0 && target.Channel.Length > 0;
    }

    /// <summary>Some exports drop the channel; the provider, or the range that only the Security log's numbers have, tells it.</summary>
    private static string ChannelOf(WindowsEvent e) => e.Provider switch
    {
        "Microsoft-Windows-Sysmon" => "Microsoft-Windows-Sysmon/Operational",
        "Microsoft-Windows-Security-Auditing" => "Security",
        "" when e.Id is >= 4608 and <= 6424 && e.Fields.Count > 2 => "Security",
        _ => "",
    };

    private static void ReadFlat(JsonElement record, WindowsEvent target)
    {
        target.Channel = First(record, "Channel", "LogName", "log_name");
        target.Provider = First(record, "SourceName", "ProviderName", "provider_name", "Provider", "source_name");
        target.Id = Integer(First(record, "EventID", "event_id", "Id"));
        target.Computer = First(record, "Hostname", "Computer", "ComputerName", "computer_name", "MachineName", "host_name");
        target.Message = First(record, "Message");
        target.Level = First(record, "Level");
        target.LevelName = LevelName(target.Level, First(record, "Severity"));
        target.Keywords = First(record, "Keywords");
        target.Task = First(record, "Task");
        target.Opcode = First(record, "OpcodeValue", "Opcode");
        target.RecordId = First(record, "RecordNumber", "EventRecordID", "record_id");
        target.ProcessId = First(record, "ExecutionProcessID");
        target.ThreadId = First(record, "ThreadID", "ExecutionThreadID");
        target.UserId = First(record, "UserID");
        target.Time = TimeOf(record);
    }

    private static void ReadSystem(JsonElement system, WindowsEvent target)
    {
        ReadFlat(system, target);
        target.Provider = Attribute(Find(system, "Provider"), "Name") is { Length: > 0 } name ? name : target.Provider;
        target.Id = target.Id > 0 ? target.Id : Integer(Attribute(Find(system, "EventID"), "#text", "Value"));
        target.Time = TryTime(Attribute(Find(system, "TimeCreated"), "SystemTime"), out var time) ? time : target.Time;
        target.ProcessId = Attribute(Find(system, "Execution"), "ProcessID");
        target.ThreadId = Attribute(Find(system, "Execution"), "ThreadID");
        target.UserId = Attribute(Find(system, "Security"), "UserID");
    }

    /// <summary>A value of an XML element that a converter wrote as an object, with or without marks before attribute names.</summary>
    private static string Attribute(JsonElement? element, params ReadOnlySpan<string> names)
    {
        if (element is not { ValueKind: JsonValueKind.Object } found)
        {
            return "";
        }

        var attributes = Find(found, "#attributes") is { ValueKind: JsonValueKind.Object } a ? a : found;
        foreach (var name in names)
        {
            var value = First(found, name, "@" + name, "-" + name);
            value = value.Length > 0 ? value : First(attributes, name);
            if (value.Length > 0)
            {
                return value;
            }
        }

        return "";
    }

    private static void AddAll(JsonElement? data, WindowsEvent target)
    {
        if (data is not { ValueKind: JsonValueKind.Object } fields)
        {
            return;
        }

        foreach (var field in fields.EnumerateObject())
        {
            if (field.Value.ValueKind == JsonValueKind.Array && field.NameEquals("Data"))
            {
                AddList(field.Value, target);
            }
            else if (field.Value.ValueKind == JsonValueKind.Object && fields.GetPropertyCount() <= 2)
            {
                // UserData wraps its fields in one element more.
                AddAll(field.Value, target);
            }
            else if (!field.Name.StartsWith('#') && !field.Name.StartsWith('@'))
            {
                target.Add(field.Name, Text(field.Value));
            }
        }
    }

    /// <summary>Data elements as a list: with a name and a text each, or texts alone.</summary>
    private static void AddList(JsonElement list, WindowsEvent target)
    {
        var number = 0;
        foreach (var item in list.EnumerateArray())
        {
            number++;
            if (item.ValueKind == JsonValueKind.Object && Attribute(item, "Name") is { Length: > 0 } name)
            {
                target.Add(name, First(item, "#text", "Value", "Data", "content"));
            }
            else
            {
                target.Add(string.Create(CultureInfo.InvariantCulture, $"param{number}"), Text(item));
            }
        }
    }

    /// <summary>Sysmon's text has each field on a line of its own: <c>Image: C:\…</c>.</summary>
    private static void AddLines(string message, WindowsEvent target)
    {
        foreach (var line in message.AsSpan().EnumerateLines())
        {
            var colon = line.IndexOf(": ");
            if (colon > 0 && !line[..colon].Contains(' '))
            {
                target.Add(line[..colon].ToString(), line[(colon + 2)..].Trim().ToString());
            }
        }
    }

    private static void AddOwn(JsonElement record, WindowsEvent target)
    {
        // NXLog resolves the header's account into these names, which in the event itself would mean something else.
        var isNxlog = Find(record, "SourceModuleType") is not null || Find(record, "EventReceivedTime") is not null;
        foreach (var property in record.EnumerateObject())
        {
            var name = property.Name;
            if (header.Contains(name))
            {
                continue;
            }

            var value = Text(property.Value);
            if (isNxlog && name is "AccountName" or "AccountType" or "Domain" or "UserID" && isNxlog)
            {
                target.UserName = name switch
                {
                    "AccountName" => target.UserName + value,
                    "Domain" => value + "\\" + target.UserName,
                    _ => target.UserName,
                };
            }
            else if (!(name == "EventType" && kinds.Contains(value)) && !(name == "ProcessID" && target.ProcessId.Length == 0))
            {
                target.Add(name, value);
            }
            else if (name == "ProcessID")
            {
                target.ProcessId = value;
            }
        }
    }

    /// <summary>A time with its zone first; NXLog's EventTime is the sender's local time.</summary>
    private static DateTime? TimeOf(JsonElement record)
    {
        foreach (var name in (ReadOnlySpan<string>)["TimeCreated", "@timestamp", "TimeGenerated", "UtcTime", "Timestamp", "EventTime"])
        {
            if (Find(record, name) is { } value && TryTime(Text(value), out var time))
            {
                return time;
            }
        }

        return null;
    }

    internal static bool TryTime(string text, out DateTime time)
    {
        // PowerShell's JSON: /Date(1600000000000)/
        if (text.StartsWith("/Date(", StringComparison.Ordinal) && text.EndsWith(")/", StringComparison.Ordinal)
            && long.TryParse(text.AsSpan(6, text.Length - 8), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var milliseconds))
        {
            time = DateTime.UnixEpoch.AddMilliseconds(milliseconds);
            return true;
        }

        return DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
    }

    internal static string LevelName(string level, string severity) => level switch
    {
        "1" => "Critical",
        "2" => "Error",
        "3" => "Warning",
        "0" or "4" => "Information",
        "5" => "Verbose",
        "" => severity.ToUpperInvariant() switch
        {
            "CRITICAL" => "Critical",
            "ERROR" => "Error",
            "WARNING" => "Warning",
            "DEBUG" => "Verbose",
            "" => "",
            _ => "Information",
        },
        _ => level,
    };

    private static int Integer(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 0;

    private static string First(JsonElement record, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Find(record, name) is { ValueKind: JsonValueKind.String or JsonValueKind.Number } value)
            {
                return Text(value);
            }
        }

        return "";
    }

    private static string Text(JsonElement record, string name) => Find(record, name) is { } value ? Text(value) : "";

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Null => "",
        _ => value.GetRawText(),
    };

    private static JsonElement? Find(JsonElement record, string name)
    {
        if (record.TryGetProperty(name, out var exact))
        {
            return exact;
        }

        foreach (var property in record.EnumerateObject())
        {
            if (property.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return property.Value;
            }
        }

        return null;
    }
}
