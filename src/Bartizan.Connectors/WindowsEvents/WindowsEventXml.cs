using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace Bartizan.Connectors.WindowsEvents;

/// <summary>
/// Reads an event from its XML: the element <c>Event</c> with <c>System</c>, <c>EventData</c> or <c>UserData</c>, as the event log renders it, as exports
/// of EVTX files hold it and as Sysmon for Linux writes it into syslog.
/// </summary>
internal static class WindowsEventXml
{
    private const string End = "</Event>";

    private static readonly XmlReaderSettings settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        CheckCharacters = false,
    };

    /// <summary>The event's element within a line; null where there is none.</summary>
    public static string? Find(string line)
    {
        var begin = line.IndexOf("<Event>", StringComparison.Ordinal) is >= 0 and var bare ? bare : line.IndexOf("<Event ", StringComparison.Ordinal);
        var end = begin < 0 ? -1 : line.IndexOf(End, begin, StringComparison.Ordinal);
        return end < 0 ? null : line[begin..(end + End.Length)];
    }

    /// <summary>False when the text is no event or not well-formed.</summary>
    public static bool TryRead(string xml, WindowsEvent target)
    {
        target.Clear();
        try
        {
            using var reader = XmlReader.Create(new StringReader(xml), settings);
            Read(XElement.Load(reader), target);
            return target.Id > 0 && target.Channel.Length > 0;
        }
        catch (XmlException)
        {
            return false;
        }
    }

    private static void Read(XElement root, WindowsEvent target)
    {
        var system = Child(root, "System");
        var (provider, execution) = (Child(system, "Provider"), Child(system, "Execution"));
        target.Channel = Text(system, "Channel");
        target.Provider = Attribute(provider, "Name");
        target.Id = int.TryParse(Text(system, "EventID"), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0;
        target.Computer = Text(system, "Computer");
        target.Level = Text(system, "Level");
        target.LevelName = WindowsEventReader.LevelName(target.Level, "");
        target.Keywords = Text(system, "Keywords");
        target.Task = Text(system, "Task");
        target.Opcode = Text(system, "Opcode");
        target.RecordId = Text(system, "EventRecordID");
        target.ProcessId = Attribute(execution, "ProcessID");
        target.ThreadId = Attribute(execution, "ThreadID");
        target.UserId = Attribute(Child(system, "Security"), "UserID");
        target.Message = Text(Child(root, "RenderingInfo"), "Message");
        target.Time = WindowsEventReader.TryTime(Attribute(Child(system, "TimeCreated"), "SystemTime"), out var time) ? time : null;
        var number = 0;
        foreach (var data in Child(root, "EventData")?.Elements().Where(e => e.Name.LocalName == "Data") ?? [])
        {
            number++;
            target.Add(Attribute(data, "Name") is { Length: > 0 } name ? name : string.Create(CultureInfo.InvariantCulture, $"param{number}"), data.Value);
        }

        foreach (var data in Child(root, "UserData")?.Descendants().Where(e => !e.HasElements) ?? [])
        {
            target.Add(data.Name.LocalName, data.Value);
        }
    }

    private static XElement? Child(XElement? element, string name) => element?.Elements().FirstOrDefault(e => e.Name.LocalName == name);

    private static string Text(XElement? element, string name) => Child(element, name)?.Value.Trim() ?? "";

    private static string Attribute(XElement? element, string name) => element?.Attributes().FirstOrDefault(a => a.Name.LocalName.Equals(name, StringComparison.OrdinalIgnoreCase))?.Value ?? "";
}
