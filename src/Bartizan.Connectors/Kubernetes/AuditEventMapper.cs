using System.Text.Json;
using Bartizan.Connectors.Rows;
using Bartizan.Store.Ingestion;

namespace Bartizan.Connectors.Kubernetes;

/// <summary>Events of the Kubernetes audit log (<c>audit.k8s.io</c>) to <c>AzureDiagnostics</c> as AKS sends them: the event as JSON in <c>log_s</c>.</summary>
internal sealed class AuditEventMapper : IDisposable
{
    private readonly RowJson row = new();

    /// <summary>False when the record is no event of that log.</summary>
    public bool TryMap(JsonElement record, RecordSink sink)
    {
        if (!record.TryGetProperty("apiVersion", out var version) || version.ValueKind != JsonValueKind.String || !version.GetString()!.StartsWith("audit.k8s.io", StringComparison.Ordinal)
            || !record.TryGetProperty("auditID", out _) || !record.TryGetProperty("verb", out _))
        {
            return false;
        }

        row.Begin().Text("TimeGenerated", Text(record, "stageTimestamp") is { Length: > 0 } time ? time : Text(record, "requestReceivedTimestamp"))
            .Text("Category", "kube-audit").Text("log_s", JsonSerializer.Serialize(record, RowJsonContext.Default.JsonElement));
        row.Append(sink, "AzureDiagnostics");
        return true;
    }

    public void Dispose() => row.Dispose();

    private static string Text(JsonElement record, string name) => record.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
