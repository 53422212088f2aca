using System.Globalization;
using System.Security;
using System.Text;
using Bartizan.Connectors.Rows;
using Bartizan.Store.Ingestion;

namespace Bartizan.Connectors.WindowsEvents;

/// <summary>The table <c>Event</c>, with EventData as the agent of Log Analytics writes it: the event's XML inside a data item.</summary>
internal static class EventRow
{
    public static void Write(WindowsEvent e, RowJson row, RecordSink sink)
    {
        var data = new StringBuilder(512);
        data.Append("<DataItem type=\"System.XmlData\" time=\"").Append(e.Time?.ToString("o", CultureInfo.InvariantCulture)).Append("\">");
        AppendEventData(data, e).Append("</DataItem>");
        row.Begin().Time("TimeGenerated", e.Time).Text("Source", e.Provider).Text("EventLog", e.Channel).Text("Computer", e.Computer)
            .Number("EventID", e.Id).Text("EventLevel", e.Level).Text("EventLevelName", e.LevelName).Text("UserName", UserName(e))
            .Text("RenderedDescription", e.Message).Text("EventCategory", e.Task).Text("EventData", data.ToString()).Text("ParameterXml", Parameters(e));
        row.Append(sink, "Event");
    }

    /// <summary><c>&lt;EventData&gt;</c> with a named element for each of the event's own fields.</summary>
    public static StringBuilder AppendEventData(StringBuilder xml, WindowsEvent e)
    {
        xml.Append("<EventData xmlns=\"http://schemas.microsoft.com/win/2004/08/events/event\">");
        foreach (var (name, value) in e.Fields)
        {
            xml.Append("<Data Name=\"").Append(SecurityElement.Escape(name)).Append("\">").Append(Clean(value)).Append("</Data>");
        }

        return xml.Append("</EventData>");
    }

    private static string Parameters(WindowsEvent e)
    {
        var xml = new StringBuilder(256);
        foreach (var (_, value) in e.Fields)
        {
            xml.Append("<Param>").Append(Clean(value)).Append("</Param>");
        }

        return xml.ToString();
    }

    private static string UserName(WindowsEvent e) => e.UserName.Length > 0 ? e.UserName.TrimStart('\\') : e["User"];

    /// <summary>XML 1.0 has no control characters; they would make the whole field unreadable.</summary>
    private static string Clean(string value)
    {
        if (value.AsSpan().ContainsAnyInRange('\0', '\u0008') || value.AsSpan().ContainsAnyInRange('\u000b', '\u001f'))
        {
            value = string.Concat(value.Where(c => c >= ' ' || c is '\t' or '\n' or '\r'));
        }

        return SecurityElement.Escape(value);
    }
}
