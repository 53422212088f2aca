using System.Globalization;
using System.Text;
using Bartizan.Connectors.Rows;
using Bartizan.Store.Ingestion;

namespace Bartizan.Connectors.WindowsEvents;

/// <summary>The table <c>SecurityEvent</c>: each of the event's fields in its column, and the columns that its agent derives from them.</summary>
internal static class SecurityEventRow
{
    private static readonly Dictionary<string, string> logonTypes = new(StringComparer.Ordinal)
    {
        ["2"] = "Interactive",
        ["3"] = "Network",
        ["4"] = "Batch",
        ["5"] = "Service",
        ["7"] = "Unlock",
        ["8"] = "NetworkCleartext",
        ["9"] = "NewCredentials",
        ["10"] = "RemoteInteractive",
        ["11"] = "CachedInteractive",
        ["12"] = "CachedRemoteInteractive",
        ["13"] = "CachedUnlock",
    };

    /// <summary>Events whose account is the one acted upon rather than the one acting.</summary>
    private static readonly HashSet<int> aboutTarget = [4624, 4625, 4626, 4627, 4634, 4647, 4648, 4768, 4769, 4770, 4771, 4772, 4773, 4774, 4775, 4776, 4777, 4778, 4779];

    /// <summary>Written from the header; an event's own field of the same name gives way.</summary>
    private static readonly HashSet<string> written = new(StringComparer.OrdinalIgnoreCase)
    {
        "TimeGenerated", "Computer", "Channel", "EventID", "EventSourceName", "Activity", "Level", "EventLevelName", "Keywords", "Task", "Opcode",
        "EventRecordId", "SystemProcessId", "SystemThreadId", "SystemUserId", "EventData", "Account", "AccountType", "SubjectAccount", "TargetAccount",
        "Process", "LogonTypeName", "Type", "TenantId",
    };

    public static void Write(WindowsEvent e, RowJson row, RecordSink sink)
    {
        var subject = Qualified(e["SubjectDomainName"], e["SubjectUserName"]);
        var target = Qualified(e["TargetDomainName"], e["TargetUserName"]);
        var account = aboutTarget.Contains(e.Id) || subject.Length == 0 ? target : subject;
        var process = e.Id == 4688 ? e["NewProcessName"] : e["ProcessName"];
        row.Begin().Time("TimeGenerated", e.Time).Text("Computer", e.Computer).Text("Channel", "Security").Number("EventID", e.Id)
            .Text("EventSourceName", e.Provider).Text("Activity", Activity(e)).Text("Level", e.Level).Text("EventLevelName", e.LevelName)
            .Text("Keywords", e.Keywords).Text("Task", e.Task).Text("Opcode", e.Opcode).Text("EventRecordId", e.RecordId)
            .Text("SystemProcessId", e.ProcessId).Text("SystemThreadId", e.ThreadId).Text("SystemUserId", e.UserId)
            .Text("Account", account).Text("AccountType", account.Length == 0 ? "" : account.EndsWith('$') ? "Machine" : "User")
            .Text("SubjectAccount", subject).Text("TargetAccount", target).Text("Process", FileName(process));
        if (logonTypes.TryGetValue(e["LogonType"], out var name))
        {
            row.Text("LogonTypeName", $"{e["LogonType"]} - {name}");
        }

        foreach (var (field, value) in e.Fields)
        {
            if (!written.Contains(field))
            {
                row.Text(field, value);
            }
        }

        row.Text("EventData", EventRow.AppendEventData(new StringBuilder(512), e).ToString());
        row.Append(sink, "SecurityEvent");
    }

    public static string FileName(string path) => path[(path.LastIndexOfAny(['\\', '/']) + 1)..];

    private static string Qualified(string domain, string name) => name.Length == 0 ? "" : domain.Length == 0 ? name : domain + "\\" + name;

    private static string Activity(WindowsEvent e)
    {
        var line = e.Message.AsSpan();
        var end = line.IndexOfAny('\r', '\n');
        line = (end < 0 ? line : line[..end]).Trim();
        var id = e.Id.ToString(CultureInfo.InvariantCulture);
        return line.IsEmpty ? id : $"{id} - {line}";
    }
}
