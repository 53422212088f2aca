using System.Globalization;
using System.Text.Json;
using Bartizan.Connectors.Rows;
using Bartizan.Store.Ingestion;

namespace Bartizan.Connectors.Aws;

/// <summary>CloudTrail records to <c>AWSCloudTrail</c>.</summary>
public sealed class CloudTrailMapper : IRecordMapper, IDisposable
{
    private readonly RowJson row = new();

    public RecordForm Form => RecordForm.Json;

    /// <summary>Whether a record looks like one of CloudTrail.</summary>
    public static bool Recognises(JsonElement record) =>
        record.ValueKind == JsonValueKind.Object && record.TryGetProperty("eventSource", out _) && record.TryGetProperty("eventName", out _)
        && (record.TryGetProperty("awsRegion", out _) || record.TryGetProperty("eventVersion", out _));

    public void Map(ReadOnlySpan<byte> record, RecordSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        try
        {
            var reader = new Utf8JsonReader(record);
            using var document = JsonDocument.ParseValue(ref reader);
            if (!TryMap(document.RootElement, sink))
            {
                sink.Refuse("is not a CloudTrail record: it has no eventSource and eventName");
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
        if (!Recognises(record))
        {
            return false;
        }

        var identity = Part(record, "userIdentity");
        var session = Part(identity, "sessionContext");
        var issuer = Part(session, "sessionIssuer");
        var attributes = Part(session, "attributes");
        var tls = Part(record, "tlsDetails");
        row.Begin().Text("TimeGenerated", Text(record, "eventTime") is { Length: > 0 } time ? time : Text(record, "@timestamp"))
            .Text("AwsEventId", Text(record, "eventID")).Text("AWSRegion", Text(record, "awsRegion")).Text("AwsRequestId", Text(record, "requestID"))
            .Text("EventName", Text(record, "eventName")).Text("EventSource", Text(record, "eventSource")).Text("EventTypeName", Text(record, "eventType"))
            .Text("EventVersion", Text(record, "eventVersion")).Text("Category", Text(record, "eventCategory")).Text("ManagementEvent", Text(record, "managementEvent"))
            .Text("ReadOnly", Text(record, "readOnly")).Text("ErrorCode", Text(record, "errorCode")).Text("ErrorMessage", Text(record, "errorMessage"))
            .Text("APIVersion", Text(record, "apiVersion")).Text("RecipientAccountId", Text(record, "recipientAccountId"))
            .Text("SharedEventId", Text(record, "sharedEventID")).Text("SourceIpAddress", Text(record, "sourceIPAddress")).Text("UserAgent", Text(record, "userAgent"))
            .Text("VpcEndpointId", Text(record, "vpcEndpointId")).Text("RequestParameters", Text(record, "requestParameters"))
            .Text("ResponseElements", Text(record, "responseElements")).Text("Resources", Text(record, "resources"))
            .Text("AdditionalEventData", Text(record, "additionalEventData")).Text("ServiceEventDetails", Text(record, "serviceEventDetails"))
            .Text("TlsVersion", Text(tls, "tlsVersion")).Text("CipherSuite", Text(tls, "cipherSuite")).Text("ClientProvidedHostHeader", Text(tls, "clientProvidedHostHeader"))
            .Text("UserIdentityType", Text(identity, "type")).Text("UserIdentityArn", Text(identity, "arn")).Text("UserIdentityAccountId", Text(identity, "accountId"))
            .Text("UserIdentityPrincipalid", Text(identity, "principalId")).Text("UserIdentityUserName", Text(identity, "userName"))
            .Text("UserIdentityAccessKeyId", Text(identity, "accessKeyId")).Text("UserIdentityInvokedBy", Text(identity, "invokedBy"))
            .Text("UserIdentityUserId", Text(identity, "userId")).Text("UserIdentityStoreArn", Text(identity, "identityStoreArn"))
            .Text("SessionIssuerType", Text(issuer, "type")).Text("SessionIssuerUserName", Text(issuer, "userName")).Text("SessionIssuerArn", Text(issuer, "arn"))
            .Text("SessionIssuerAccountId", Text(issuer, "accountId")).Text("SessionIssuerPrincipalId", Text(issuer, "principalId"))
            .Text("SessionMfaAuthenticated", Text(attributes, "mfaAuthenticated")).Text("SessionCreationDate", Text(attributes, "creationDate"));
        WriteFirstPermission(record);
        row.Append(sink, "AWSCloudTrail");
        return true;
    }

    /// <summary>The first rule of a change of a security group, for queries that look for ports opened to everyone.</summary>
    private void WriteFirstPermission(JsonElement record)
    {
        var items = Part(Part(Part(record, "requestParameters"), "ipPermissions"), "items");
        if (items is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() == 0)
        {
            return;
        }

        var first = list[0];
        var ranges = Part(Part(first, "ipRanges"), "items");
        row.Text("IpProtocol", Text(first, "ipProtocol")).Text("SourcePort", Text(first, "fromPort")).Text("DestinationPort", Text(first, "toPort"))
            .Text("CidrIp", ranges is { ValueKind: JsonValueKind.Array } r && r.GetArrayLength() > 0 ? Text(r[0], "cidrIp") : "");
    }

    private static JsonElement? Part(JsonElement? record, string name) =>
        record is { ValueKind: JsonValueKind.Object } value && value.TryGetProperty(name, out var part) ? part : null;

    private static string Text(JsonElement? record, string name) => Part(record, name) switch
    {
        null or { ValueKind: JsonValueKind.Null } => "",
        { ValueKind: JsonValueKind.String } text => text.GetString()!,
        { ValueKind: JsonValueKind.True } => "true",
        { ValueKind: JsonValueKind.False } => "false",
        { ValueKind: JsonValueKind.Number } number => number.TryGetInt64(out var whole) ? whole.ToString(CultureInfo.InvariantCulture) : number.GetRawText(),
        { } other => JsonSerializer.Serialize(other, RowJsonContext.Default.JsonElement),
    };
}
