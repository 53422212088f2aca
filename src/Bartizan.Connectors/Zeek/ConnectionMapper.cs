using System.Globalization;
using System.Text.Json;
using Bartizan.Connectors.Rows;
using Bartizan.Store.Ingestion;

namespace Bartizan.Connectors.Zeek;

/// <summary>
/// Zeek's <c>conn.log</c> as JSON to <c>CommonSecurityLog</c>. Zeek only watches: the action is what became of the connection, so that one which was
/// refused or never answered reads as it would from a firewall.
/// </summary>
internal sealed class ConnectionMapper : IDisposable
{
    private readonly RowJson row = new();

    /// <summary>False when the record is no connection.</summary>
    public bool TryMap(JsonElement record, RecordSink sink)
    {
        var state = Text(record, "conn_state");
        if (state.Length == 0 || Text(record, "id.orig_h") is not { Length: > 0 } source)
        {
            return false;
        }

        row.Begin().Time("TimeGenerated", Time(record)).Text("DeviceVendor", "Zeek").Text("DeviceProduct", "conn").Text("DeviceAction", Action(state)).Text("Activity", state)
            .Text("SourceIP", source).Number("SourcePort", Number(record, "id.orig_p")).Text("DestinationIP", Text(record, "id.resp_h")).Number("DestinationPort", Number(record, "id.resp_p"))
            .Text("Protocol", Text(record, "proto")).Text("ApplicationProtocol", Text(record, "service")).Text("ExternalID", Text(record, "uid"))
            .Number("SentBytes", Number(record, "orig_bytes")).Number("ReceivedBytes", Number(record, "resp_bytes"));
        row.Append(sink, "CommonSecurityLog");
        return true;
    }

    public void Dispose() => row.Dispose();

    /// <summary>States of <c>conn_state</c>: S0 no answer, REJ refused, RST… and SH… broken off by one side before it was established.</summary>
    private static string Action(string state) => state switch
    {
        "S0" or "SH" or "SHR" or "OTH" => "drop",
        "REJ" or "RSTOS0" or "RSTRH" => "reset",
        _ => "allow",
    };

    private static DateTime? Time(JsonElement record)
    {
        var text = Text(record, "ts");
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 253402300800)
        {
            return DateTime.UnixEpoch.AddSeconds(seconds);
        }

        return DateTime.TryParse(text.Length > 0 ? text : Text(record, "@timestamp"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
    }

    private static string Text(JsonElement record, string name) =>
        record.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String or JsonValueKind.Number ? value.ToString() : "";

    private static long? Number(JsonElement record, string name) => long.TryParse(Text(record, name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
