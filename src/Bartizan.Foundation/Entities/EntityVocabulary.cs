using System.Collections.Frozen;

namespace Bartizan.Foundation.Entities;

/// <summary>
/// The four spellings of an entity's kind: in rule mappings and exploration questions, in REST resources, and in the JSON
/// text of an alert; and the fields a mapping may name.
/// </summary>
public static class EntityVocabulary
{
    private static readonly FrozenDictionary<EntityKind, (string RestKind, string AlertKind, string[] Identifiers)> kinds =
        new Dictionary<EntityKind, (string, string, string[])>
        {
            [EntityKind.Account] = ("Account", "account",
                ["FullName", "Name", "UPNSuffix", "NTDomain", "DnsDomain", "Sid", "AadUserId", "AadTenantId", "PUID", "ObjectGuid", "IsDomainJoined", "DisplayName", "CloudAppAccountId", "UnstructuredName"]),
            [EntityKind.Host] = ("Host", "host",
                ["FullName", "HostName", "NetBiosName", "DnsDomain", "NTDomain", "AzureID", "OMSAgentID", "OSFamily", "OSVersion", "IsDomainJoined", "UnstructuredName"]),
            [EntityKind.IP] = ("Ip", "ip", ["Address", "AddressScope"]),
            [EntityKind.URL] = ("Url", "url", ["Url"]),
            [EntityKind.DNS] = ("DnsResolution", "dns", ["DomainName", "DnsServerIp", "HostIpAddress"]),
            [EntityKind.AzureResource] = ("AzureResource", "azure-resource", ["ResourceId", "SubscriptionId"]),
            [EntityKind.CloudApplication] = ("CloudApplication", "cloud-application", ["AppId", "Name", "InstanceName", "SaasId", "InstanceId"]),
            [EntityKind.File] = ("File", "file", ["Name", "Directory", "FullPath"]),
            [EntityKind.FileHash] = ("FileHash", "filehash", ["Algorithm", "Value"]),
            [EntityKind.Malware] = ("Malware", "malware", ["Name", "Category"]),
            [EntityKind.Process] = ("Process", "process", ["ProcessId", "CommandLine", "ElevationToken", "CreationTimeUtc"]),
            [EntityKind.RegistryKey] = ("RegistryKey", "registry-key", ["Hive", "Key"]),
            [EntityKind.RegistryValue] = ("RegistryValue", "registry-value", ["Name", "Value", "ValueType"]),
            [EntityKind.SecurityGroup] = ("SecurityGroup", "security-group", ["DistinguishedName", "SID", "ObjectGuid"]),
            [EntityKind.IoTDevice] = ("IoTDevice", "iotdevice", ["DeviceId", "DeviceName", "IoTHub", "DeviceType", "Vendor", "Model", "OperatingSystem"]),
            [EntityKind.Mailbox] = ("Mailbox", "mailbox", ["MailboxPrimaryAddress", "DisplayName", "UPN", "ExternalDirectoryObjectId", "RiskLevel"]),
            [EntityKind.MailCluster] = ("MailCluster", "mail-cluster", ["NetworkMessageIds", "Query", "QueryTime", "MailCount", "Source", "Threats"]),
            [EntityKind.MailMessage] = ("MailMessage", "mail-message",
                ["Recipient", "Urls", "Threats", "Sender", "P1Sender", "P1SenderDisplayName", "P1SenderDomain", "SenderIP", "P2Sender", "P2SenderDisplayName", "P2SenderDomain", "ReceivedDate", "NetworkMessageId", "InternetMessageId", "Subject", "Language", "DeliveryAction", "DeliveryLocation"]),
            [EntityKind.SubmissionMail] = ("SubmissionMail", "SubmissionMail",
                ["NetworkMessageId", "SubmissionId", "Submitter", "SubmissionDate", "Timestamp", "Recipient", "Sender", "SenderIp", "Subject", "ReportType"]),
            [EntityKind.Bookmark] = ("Bookmark", "bookmark", ["BookmarkId"]),
        }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, EntityKind> spellings = kinds
        .SelectMany(k => new[] { k.Key.ToString(), k.Value.RestKind, k.Value.AlertKind }.Select(name => (name, k.Key)))
        .Append(("HuntingBookmark", EntityKind.Bookmark))
        .Append(("URL:Url", EntityKind.URL))
        .DistinctBy(s => s.Item1, StringComparer.OrdinalIgnoreCase)
        .ToFrozenDictionary(s => s.Item1, s => s.Item2, StringComparer.OrdinalIgnoreCase);

    /// <summary>The kind meant by any of the spellings, in any casing.</summary>
    public static bool TryParse(string? text, out EntityKind kind)
    {
        kind = default;
        return text is not null && spellings.TryGetValue(text.Trim(), out kind);
    }

    /// <summary>The kind as REST resources say it: <c>Ip</c>, <c>DnsResolution</c>.</summary>
    public static string RestName(EntityKind kind) => kinds[kind].RestKind;

    /// <summary>The kind as the JSON text in <c>SecurityAlert.Entities</c> says it: <c>ip</c>, <c>azure-resource</c>.</summary>
    public static string AlertName(EntityKind kind) => kinds[kind].AlertKind;

    /// <summary>The identifiers that a rule may map a column to, in the schema's casing.</summary>
    public static IReadOnlyList<string> IdentifiersOf(EntityKind kind) => kinds[kind].Identifiers;
}
