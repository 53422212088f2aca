using Bartizan.Connectors.Rows;
using Bartizan.Store.Ingestion;

namespace Bartizan.Connectors.WindowsEvents;

/// <summary>The table <c>WindowsEvent</c>: the header as columns, the event's own fields as one object.</summary>
internal static class WindowsEventRow
{
    public static void Write(WindowsEvent e, RowJson row, RecordSink sink)
    {
        row.Begin().Time("TimeGenerated", e.Time).Text("Channel", e.Channel).Text("Provider", e.Provider).Text("Computer", e.Computer)
            .Number("EventID", e.Id).Text("EventLevel", e.Level).Text("EventLevelName", e.LevelName).Text("Keywords", e.Keywords)
            .Text("Task", e.Task).Text("Opcode", e.Opcode).Text("EventRecordId", e.RecordId)
            .Text("SystemProcessId", e.ProcessId).Text("SystemThreadId", e.ThreadId).Text("SystemUserId", e.UserId);
        row.Writer.WriteStartObject("EventData");
        foreach (var (name, value) in e.Fields)
        {
            row.Writer.WriteString(name, value);
        }

        if (e.Fields.Count == 0 && e.Message.Length > 0)
        {
            // Events without named fields say everything in their text.
            row.Writer.WriteString("Message", e.Message);
        }

        row.Writer.WriteEndObject();
        row.Append(sink, "WindowsEvent");
    }
}
