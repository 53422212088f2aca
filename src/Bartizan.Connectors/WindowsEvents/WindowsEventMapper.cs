using System.Text.Json;
using Bartizan.Connectors.Rows;
using Bartizan.Store.Ingestion;

namespace Bartizan.Connectors.WindowsEvents;

/// <summary>Which tables Windows events are written to; a rule may be written for any of them.</summary>
[Flags]
public enum WindowsEventTables
{
    None = 0,
    SecurityEvent = 1,
    Event = 2,
    WindowsEvent = 4,

    /// <summary>DeviceProcessEvents and the like, from Sysmon and the Security log.</summary>
    Device = 8,
    All = SecurityEvent | Event | WindowsEvent | Device,
}

/// <summary>Forwarded Windows events to the tables of Log Analytics and of advanced hunting.</summary>
public sealed class WindowsEventMapper(WindowsEventTables tables = WindowsEventTables.All) : IRecordMapper, IDisposable
{
    private readonly RowJson row = new();
    private readonly WindowsEvent current = new();

    public RecordForm Form => RecordForm.Json;

    /// <summary>Whether a record looks like a Windows event.</summary>
    public static bool Recognises(JsonElement record) => WindowsEventReader.TryRead(record, new WindowsEvent());

    public void Map(ReadOnlySpan<byte> record, RecordSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        try
        {
            var reader = new Utf8JsonReader(record);
            using var document = JsonDocument.ParseValue(ref reader);
            if (!TryMap(document.RootElement, sink))
            {
                sink.Refuse("is not a Windows event: it has no channel and event id");
            }
        }
        catch (JsonException)
        {
            sink.Refuse("is not well-formed JSON");
        }
    }

    public void Dispose() => row.Dispose();

    internal bool TryMap(JsonElement record, RecordSink sink)
    {
        if (!WindowsEventReader.TryRead(record, current))
        {
            return false;
        }

        Write(sink);
        return true;
    }

    /// <summary>An event as XML, somewhere in a line; false where there is none.</summary>
    internal bool TryMapXml(string line, RecordSink sink)
    {
        if (WindowsEventXml.Find(line) is not { } xml || !WindowsEventXml.TryRead(xml, current))
        {
            return false;
        }

        Write(sink);
        return true;
    }

    private void Write(RecordSink sink)
    {
        if (current.IsSecurity && tables.HasFlag(WindowsEventTables.SecurityEvent))
        {
            SecurityEventRow.Write(current, row, sink);
        }

        if (!current.IsSecurity && tables.HasFlag(WindowsEventTables.Event))
        {
            EventRow.Write(current, row, sink);
        }

        if (tables.HasFlag(WindowsEventTables.WindowsEvent))
        {
            WindowsEventRow.Write(current, row, sink);
        }

        if (tables.HasFlag(WindowsEventTables.Device))
        {
            DeviceRows.Write(current, row, sink);
        }
    }
}
