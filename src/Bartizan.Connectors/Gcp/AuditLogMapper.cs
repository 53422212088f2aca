using System.Text.Json;
using Bartizan.Connectors.Rows;
using Bartizan.Store.Ingestion;

namespace Bartizan.Connectors.Gcp;

/// <summary>Entries of Google Cloud's audit logs (<c>protoPayload</c> of type AuditLog) to <c>GCPAuditLogs</c>.</summary>
internal sealed class AuditLogMapper : IDisposable
{
    private readonly RowJson row = new();

    /// <summary>False when the record is no entry of an audit log.</summary>
    public bool TryMap(JsonElement record, RecordSink sink)
    {
        if (Part(record, "protoPayload") is not { } call || Part(call, "methodName") is null)
        {
            return false;
        }

        var resource = Part(record, "resource");
        row.Begin().Text("TimeGenerated", Text(record, "timestamp") is { Length: > 0 } time ? time : Text(record, "receiveTimestamp")).Text("Timestamp", Text(record, "timestamp"))
            .Text("InsertId", Text(record, "insertId")).Text("LogName", Text(record, "logName")).Text("Severity", Text(record, "severity"))
            .Text("ServiceName", Text(call, "serviceName")).Text("MethodName", Text(call, "methodName")).Text("GCPResourceName", Text(call, "resourceName"))
            .Text("GCPResourceType", Text(resource, "type")).Text("ProjectId", Text(Part(resource, "labels"), "project_id"))
            .Text("PrincipalEmail", Text(Part(call, "authenticationInfo"), "principalEmail")).Text("StatusMessage", Text(Part(call, "status"), "message"));
        foreach (var (column, name) in (ReadOnlySpan<(string, string)>)[("AuthenticationInfo", "authenticationInfo"), ("AuthorizationInfo", "authorizationInfo"), ("Request", "request"),
            ("RequestMetadata", "requestMetadata"), ("Response", "response"), ("ServiceData", "serviceData"), ("Status", "status"), ("Metadata", "metadata"), ("ResourceLocation", "resourceLocation")])
        {
            if (Part(call, name) is { } value)
            {
                row.Json(column, value);
            }
        }

        row.Append(sink, "GCPAuditLogs");
        return true;
    }

    public void Dispose() => row.Dispose();

    private static JsonElement? Part(JsonElement? record, string name) =>
        record is { ValueKind: JsonValueKind.Object } value && value.TryGetProperty(name, out var part) && part.ValueKind != JsonValueKind.Null ? part : null;

    private static string Text(JsonElement? record, string name) => Part(record, name) is { ValueKind: JsonValueKind.String } text ? text.GetString()! : "";
}
