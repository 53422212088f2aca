using System.Collections.Frozen;
using Bartizan.Foundation.Entities;

namespace Bartizan.Response.Automation;

/// <summary>The properties that conditions may name, and how each is read; a property of entities has the values of all of them.</summary>
public static class SubjectProperties
{
    /// <summary>Values of these are ids of analytics rules: a resource id and its last part mean the same.</summary>
    private static readonly FrozenSet<string> ruleIds = FrozenSet.Create(StringComparer.OrdinalIgnoreCase, "IncidentRelatedAnalyticRuleIds", "AlertAnalyticRuleIds");

    private static readonly FrozenSet<string> ofDetails = FrozenSet.Create(StringComparer.OrdinalIgnoreCase, "IncidentCustomDetailsKey", "IncidentCustomDetailsValue");

    private static readonly FrozenDictionary<string, Func<AutomationSubject, IEnumerable<string?>>> readers =
        new Dictionary<string, Func<AutomationSubject, IEnumerable<string?>>>
        {
            ["IncidentTitle"] = s => [s.Incident.Title],
            ["IncidentDescription"] = s => [s.Incident.Description],
            ["IncidentSeverity"] = s => [s.Incident.Severity.ToString()],
            ["IncidentStatus"] = s => [s.Incident.Status.ToString()],
            ["IncidentRelatedAnalyticRuleIds"] = s => s.Incident.RuleIds.Select(r => r.ToString("D")),
            ["IncidentTactics"] = s => s.Incident.Tactics,
            ["IncidentLabel"] = s => s.Incident.Labels.Select(l => l.Name),
            ["IncidentProviderName"] = s => [s.Incident.ProviderName],
            ["IncidentUpdatedBySource"] = s => [s.Cause.Actor.Kind.ToString()],
            ["IncidentCustomDetailsKey"] = s => s.Detail is { } detail ? [detail.Key] : Details(s).Select(d => d.Key),
            ["IncidentCustomDetailsValue"] = s => s.DetailValue is { } value ? [value] : s.Detail is { } detail ? detail.Value : Details(s).SelectMany(d => d.Value),
            ["AlertProductNames"] = s => s.Incident.ProductNames,
            ["AlertAnalyticRuleIds"] = s => s.Alerts.Select(a => a.RuleId.ToString("D")),
            ["AccountAadTenantId"] = Of(EntityKind.Account, "AadTenantId"),
            ["AccountAadUserId"] = Of(EntityKind.Account, "AadUserId"),
            ["AccountName"] = Of(EntityKind.Account, "Name"),
            ["AccountNTDomain"] = Of(EntityKind.Account, "NTDomain"),
            ["AccountPUID"] = Of(EntityKind.Account, "PUID"),
            ["AccountSid"] = Of(EntityKind.Account, "Sid"),
            ["AccountObjectGuid"] = Of(EntityKind.Account, "ObjectGuid"),
            ["AccountUPNSuffix"] = Of(EntityKind.Account, "UPNSuffix"),
            ["AzureResourceResourceId"] = Of(EntityKind.AzureResource, "ResourceId"),
            ["AzureResourceSubscriptionId"] = s => Entities(s, EntityKind.AzureResource).Select(e => e["SubscriptionId"] ?? SubscriptionOf(e["ResourceId"])),
            ["CloudApplicationAppId"] = Of(EntityKind.CloudApplication, "AppId"),
            ["CloudApplicationAppName"] = Of(EntityKind.CloudApplication, "Name"),
            ["DNSDomainName"] = Of(EntityKind.DNS, "DomainName"),
            ["FileDirectory"] = Of(EntityKind.File, "Directory"),
            ["FileName"] = Of(EntityKind.File, "Name"),
            ["FileHashValue"] = Of(EntityKind.FileHash, "Value"),
            ["HostAzureID"] = Of(EntityKind.Host, "AzureID"),
            ["HostName"] = Of(EntityKind.Host, "HostName"),
            ["HostNetBiosName"] = Of(EntityKind.Host, "NetBiosName"),
            ["HostNTDomain"] = Of(EntityKind.Host, "NTDomain"),
            ["HostOSVersion"] = Of(EntityKind.Host, "OSVersion"),
            ["IoTDeviceId"] = Of(EntityKind.IoTDevice, "DeviceId"),
            ["IoTDeviceName"] = Of(EntityKind.IoTDevice, "DeviceName"),
            ["IoTDeviceType"] = Of(EntityKind.IoTDevice, "DeviceType"),
            ["IoTDeviceVendor"] = Of(EntityKind.IoTDevice, "Vendor"),
            ["IoTDeviceModel"] = Of(EntityKind.IoTDevice, "Model"),
            ["IoTDeviceOperatingSystem"] = Of(EntityKind.IoTDevice, "OperatingSystem"),
            ["IPAddress"] = Of(EntityKind.IP, "Address"),
            ["MailboxDisplayName"] = Of(EntityKind.Mailbox, "DisplayName"),
            ["MailboxPrimaryAddress"] = Of(EntityKind.Mailbox, "MailboxPrimaryAddress"),
            ["MailboxUPN"] = Of(EntityKind.Mailbox, "UPN"),
            ["MailMessageDeliveryAction"] = Of(EntityKind.MailMessage, "DeliveryAction"),
            ["MailMessageDeliveryLocation"] = Of(EntityKind.MailMessage, "DeliveryLocation"),
            ["MailMessageRecipient"] = Of(EntityKind.MailMessage, "Recipient"),
            ["MailMessageSenderIP"] = Of(EntityKind.MailMessage, "SenderIP"),
            ["MailMessageSubject"] = Of(EntityKind.MailMessage, "Subject"),
            ["MailMessageP1Sender"] = Of(EntityKind.MailMessage, "P1Sender"),
            ["MailMessageP2Sender"] = Of(EntityKind.MailMessage, "P2Sender"),
            ["MalwareCategory"] = Of(EntityKind.Malware, "Category"),
            ["MalwareName"] = Of(EntityKind.Malware, "Name"),
            ["ProcessCommandLine"] = Of(EntityKind.Process, "CommandLine"),
            ["ProcessId"] = Of(EntityKind.Process, "ProcessId"),
            ["RegistryKey"] = Of(EntityKind.RegistryKey, "Key"),
            ["RegistryValueData"] = Of(EntityKind.RegistryValue, "Value"),
            ["Url"] = Of(EntityKind.URL, "Url"),
        }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    public static IReadOnlyCollection<string> Names => readers.Keys;

    public static bool Has(string? name) => name is not null && readers.ContainsKey(name);

    public static bool IsRuleId(string name) => ruleIds.Contains(name);

    /// <summary>Whether the property is of a custom detail; such conditions stand inside one over custom details.</summary>
    public static bool IsOfDetails(string name) => ofDetails.Contains(name);

    /// <summary>The values that the property has now; none when the incident has no such thing.</summary>
    public static IEnumerable<string> Read(AutomationSubject subject, string name) => readers[name](subject).OfType<string>();

    /// <summary>A value as it is compared.</summary>
    public static string Canonical(string name, string value) =>
        ruleIds.Contains(name) ? value[(value.LastIndexOf('/') + 1)..]
        : name.Equals("IncidentUpdatedBySource", StringComparison.OrdinalIgnoreCase) ? value.Replace(" ", "", StringComparison.Ordinal)
        : value;

    internal static IEnumerable<KeyValuePair<string, IReadOnlyList<string>>> Details(AutomationSubject subject) => subject.Alerts.SelectMany(a => a.CustomDetails);

    private static Func<AutomationSubject, IEnumerable<string?>> Of(EntityKind kind, string field) => s => Entities(s, kind).Select(e => e[field]);

    private static IEnumerable<Entity> Entities(AutomationSubject subject, EntityKind kind) => subject.Entities.Where(e => e.Kind == kind);

    private static string? SubscriptionOf(string? resourceId) =>
        resourceId?.Split('/', StringSplitOptions.RemoveEmptyEntries) is [var first, var id, ..] && first.Equals("subscriptions", StringComparison.OrdinalIgnoreCase) ? id : null;
}
