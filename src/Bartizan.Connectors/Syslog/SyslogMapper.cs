using System.Text;
using Bartizan.Connectors.Cef;
using Bartizan.Connectors.Rows;
using Bartizan.Store.Ingestion;

namespace Bartizan.Connectors.Syslog;

/// <summary>
/// Lines that syslog carries: CEF goes to <c>CommonSecurityLog</c>, records of the Linux audit daemon to <c>LinuxAuditLog</c>, everything to
/// <c>Syslog</c> that is not CEF.
/// </summary>
public sealed class SyslogMapper(TimeProvider time) : IRecordMapper, IDisposable
{
    private readonly RowJson row = new();

    public RecordForm Form => RecordForm.Text;

    /// <summary>Who sent it, where the line itself names no host: the peer's address.</summary>
    public string Sender { get; set; } = "";

    public static bool Recognises(ReadOnlySpan<char> line) =>
        LinuxAudit.Recognises(line) || line.Contains("CEF:", StringComparison.Ordinal) || SyslogMessage.Recognises(line);

    public void Map(ReadOnlySpan<byte> record, RecordSink sink) => Map(Encoding.UTF8.GetString(record), sink);

    public void Dispose() => row.Dispose();

    internal void Map(string line, RecordSink sink)
    {
        if (LinuxAudit.Recognises(line) && LinuxAudit.TryWrite(line, Sender, row, sink))
        {
            return;
        }

        var message = SyslogMessage.Parse(line, time.GetUtcNow());
        var host = message.Host.Length > 0 ? message.Host : Sender;
        if (CefMessage.TryParse(line, out var cef))
        {
            CefRow.Write(cef, TimeOf(cef) ?? message.Time, host, row, sink);
            return;
        }

        var text = message.StructuredText.Length > 0 ? $"{message.StructuredText} {message.Text}" : message.Text;
        row.Begin().Time("TimeGenerated", message.Time).Time("EventTime", message.Time).Text("Computer", host).Text("HostName", host).Text("HostIP", Sender)
            .Text("CollectorHostName", Environment.MachineName).Text("Facility", message.FacilityName).Text("SeverityLevel", message.SeverityName)
            .Text("ProcessName", message.Program).Text("ProcessID", message.ProcessId).Text("SyslogMessage", text);
        row.Append(sink, "Syslog");
    }

    /// <summary>A device's own time of the event is better than the relay's.</summary>
    private static DateTime? TimeOf(CefMessage cef) =>
        (cef.Extension.GetValueOrDefault("rt") ?? cef.Extension.GetValueOrDefault("start")) is { } stamp
        && DateTime.TryParse(CefRow.Time(stamp), System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AdjustToUniversal | System.Globalization.DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : null;
}
