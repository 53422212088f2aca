using System.Globalization;
using System.Text.Json;
using Bartizan.Connectors.Rows;
using Bartizan.Store.Ingestion;

namespace Bartizan.Connectors.Osquery;

/// <summary>Results of osquery's event tables <c>process_events</c> and <c>socket_events</c>, under whatever name of a query, to the tables of advanced hunting.</summary>
internal sealed class ProcessEventMapper : IDisposable
{
    private readonly RowJson row = new();

    /// <summary>False when the record is no result of such a query.</summary>
    public bool TryMap(JsonElement record, RecordSink sink)
    {
        if (!record.TryGetProperty("hostIdentifier", out _) || !record.TryGetProperty("columns", out var columns) || columns.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        var isProcess = Text(columns, "cmdline").Length > 0;
        if (!isProcess && Text(columns, "remote_address").Length == 0)
        {
            return false;
        }

        var seconds = Number(columns, "time") ?? Number(record, "unixTime");
        DateTime? time = seconds is > 0 and < 253402300800 ? DateTime.UnixEpoch.AddSeconds(seconds.Value) : null;
        var path = Text(columns, "path");
        var name = path[(path.LastIndexOfAny(['/', '\\']) + 1)..];
        row.Begin().Time("TimeGenerated", time).Time("Timestamp", time).Text("DeviceName", Text(record, "hostIdentifier"));
        if (isProcess)
        {
            row.Text("ActionType", "ProcessCreated").Text("FileName", name).Text("FolderPath", path).Text("ProcessCommandLine", Text(columns, "cmdline"))
                .Number("ProcessId", Number(columns, "pid")).Text("AccountName", Text(columns, "username") is { Length: > 0 } user ? user : Text(columns, "uid"))
                .Number("InitiatingProcessId", Number(columns, "parent"));
            row.Append(sink, "DeviceProcessEvents");
        }
        else
        {
            row.Text("ActionType", "ConnectionSuccess").Text("RemoteIP", Text(columns, "remote_address")).Number("RemotePort", Number(columns, "remote_port"))
                .Text("LocalIP", Text(columns, "local_address")).Number("LocalPort", Number(columns, "local_port"))
                .Text("InitiatingProcessFileName", name).Text("InitiatingProcessFolderPath", path).Number("InitiatingProcessId", Number(columns, "pid"));
            row.Append(sink, "DeviceNetworkEvents");
        }

        return true;
    }

    public void Dispose() => row.Dispose();

    private static string Text(JsonElement record, string name) =>
        record.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String or JsonValueKind.Number ? value.ToString() : "";

    private static long? Number(JsonElement record, string name) => long.TryParse(Text(record, name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
