using System.Text;
using System.Text.Json;
using Bartizan.Connectors.Aws;
using Bartizan.Connectors.Gcp;
using Bartizan.Connectors.Kubernetes;
using Bartizan.Connectors.Osquery;
using Bartizan.Connectors.Rows;
using Bartizan.Connectors.Syslog;
using Bartizan.Connectors.WindowsEvents;
using Bartizan.Connectors.Zeek;
using Bartizan.Store.Catalog;
using Bartizan.Store.Ingestion;

namespace Bartizan.Connectors.Import;

/// <summary>
/// Records of a shape nobody named: forwarded Windows events as JSON or XML, audit logs of AWS, Google Cloud and Kubernetes, results of
/// osquery, connections of Zeek, rows exported from Log Analytics or Splunk, audit and syslog lines.
/// Each record is looked at by itself; what nothing recognises is refused.
/// </summary>
public sealed class ImportMapper : IRecordMapper, IDisposable
{
    private readonly WindowsEventMapper windows;
    private readonly CloudTrailMapper cloudTrail = new();
    private readonly AuditEventMapper kubernetes = new();
    private readonly AuditLogMapper gcp = new();
    private readonly ProcessEventMapper osquery = new();
    private readonly ConnectionMapper zeek = new();
    private readonly SyslogMapper syslog;
    private readonly TableGuess guess;
    private readonly RowJson row = new();

    public ImportMapper(TableCatalog catalog, TimeProvider time, WindowsEventTables tables = WindowsEventTables.All)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        windows = new WindowsEventMapper(tables);
        syslog = new SyslogMapper(time);
        guess = new TableGuess(catalog);
    }

    public RecordForm Form => RecordForm.Either;

    public void Map(ReadOnlySpan<byte> record, RecordSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        if (record is not [(byte)'{', ..])
        {
            MapText(record, sink);
            return;
        }

        try
        {
            var reader = new Utf8JsonReader(record);
            using var document = JsonDocument.ParseValue(ref reader);
            if (!TryMap(document.RootElement, sink))
            {
                sink.Refuse("is of no shape that is known; name its table to take it in as it is");
            }
        }
        catch (JsonException e)
        {
            sink.Refuse($"is not well-formed JSON at byte {e.BytePositionInLine + 1}");
        }
    }

    public void Dispose()
    {
        windows.Dispose();
        cloudTrail.Dispose();
        kubernetes.Dispose();
        gcp.Dispose();
        osquery.Dispose();
        zeek.Dispose();
        syslog.Dispose();
        row.Dispose();
    }

    private bool TryMap(JsonElement record, RecordSink sink)
    {
        if (record.TryGetProperty("Type", out _) && guess.Find(record) is { } named)
        {
            Copy(record, named, sink);
            return true;
        }

        // Splunk exports what it took in as a text inside its own record.
        if ((record.TryGetProperty("result", out var result) && result.ValueKind == JsonValueKind.Object ? result : record).TryGetProperty("_raw", out var raw)
            && raw.ValueKind == JsonValueKind.String)
        {
            Map(Encoding.UTF8.GetBytes(raw.GetString()!.Trim()), sink);
            return true;
        }

        if (windows.TryMap(record, sink) || cloudTrail.TryMap(record, sink) || kubernetes.TryMap(record, sink) || gcp.TryMap(record, sink) || osquery.TryMap(record, sink)
            || zeek.TryMap(record, sink))
        {
            return true;
        }

        if (guess.Find(record) is { } table)
        {
            Copy(record, table, sink);
            return true;
        }

        return false;
    }

    private void MapText(ReadOnlySpan<byte> record, RecordSink sink)
    {
        var line = Encoding.UTF8.GetString(record);
        if (windows.TryMapXml(line, sink))
        {
            return;
        }

        if (SyslogMapper.Recognises(line))
        {
            syslog.Map(line, sink);
        }
        else
        {
            sink.Refuse("is neither JSON, nor a Windows event as XML, nor a line of syslog, CEF or the Linux audit log");
        }
    }

    private void Copy(JsonElement record, string table, RecordSink sink)
    {
        var columns = guess.ColumnsOf(table);
        row.Begin();
        foreach (var property in record.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.Null && !(property.Value.ValueKind == JsonValueKind.String && property.Value.GetString()!.Length == 0))
            {
                row.Json(TableGuess.Column(columns, property.Name), property.Value);
            }
        }

        row.Append(sink, table);
    }
}
