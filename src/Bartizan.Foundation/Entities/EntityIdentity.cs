using System.Collections.Frozen;
using System.Net;
using System.Net.Sockets;

namespace Bartizan.Foundation.Entities;

/// <summary>Which identifiers of each kind are strong or weak, and their canonical values.</summary>
public static class EntityIdentity
{
    /// <summary>An account known only by one of these names says nothing about who acted.</summary>
    private static readonly FrozenSet<string> namesOfNobody = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "ADMIN", "ADMINISTRATOR", "SYSTEM", "ROOT", "ANONYMOUS", "AUTHENTICATED USER", "NETWORK", "NULL", "LOCAL SYSTEM", "LOCALSYSTEM", "NETWORK SERVICE");

    /// <summary>Domain names that every Windows machine has for itself.</summary>
    private static readonly FrozenSet<string> localAuthorities = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "NT AUTHORITY", "BUILTIN", "WORKGROUP", "NT SERVICE", "WINDOW MANAGER", "FONT DRIVER HOST", ".", "LOCALHOST");

    private static readonly FrozenDictionary<EntityKind, IdentifierSet[]> sets = new Dictionary<EntityKind, IdentifierSet[]>
    {
        [EntityKind.Account] =
        [
            Strong("AadUserId"), Strong("Sid"), Strong("Name", "UPNSuffix"), Strong("Name", "NTDomain"), Strong("Name", "DnsDomain"),
            Strong("PUID"), Strong("ObjectGuid"), Strong("CloudAppAccountId"), Weak("Name"), Weak("DisplayName"),
        ],
        [EntityKind.Host] =
        [
            Strong("AzureID"), Strong("HostName", "DnsDomain"), Strong("HostName", "NTDomain"), Strong("NetBiosName", "DnsDomain"),
            Strong("NetBiosName", "NTDomain"), Strong("OMSAgentID"), Weak("HostName"), Weak("NetBiosName"),
        ],
        [EntityKind.IP] = [Strong("Address")],
        [EntityKind.URL] = [Strong("Url")],
        [EntityKind.AzureResource] = [Strong("ResourceId")],
        [EntityKind.CloudApplication] =
            [Strong("AppId", "InstanceName"), Strong("AppId"), Strong("Name", "InstanceName"), Strong("Name")],
        [EntityKind.DNS] = [Strong("DomainName")],
        [EntityKind.File] = [Strong("Name", "Directory"), Weak("Name")],
        [EntityKind.FileHash] = [Strong("Algorithm", "Value"), Weak("Value")],
        [EntityKind.Malware] = [Strong("Name", "Category"), Weak("Name")],
        [EntityKind.Process] =
            [Strong("ProcessId", "CreationTimeUtc"), Weak("ProcessId", "CommandLine"), Weak("CommandLine"), Weak("ProcessId")],
        [EntityKind.RegistryKey] = [Strong("Hive", "Key"), Weak("Key")],
        [EntityKind.RegistryValue] = [Weak("Name", "Value"), Weak("Name"), Weak("Value")],
        [EntityKind.SecurityGroup] = [Strong("DistinguishedName"), Strong("ObjectGuid"), Strong("SID")],
        [EntityKind.Mailbox] = [Strong("MailboxPrimaryAddress"), Weak("UPN"), Weak("DisplayName")],
        [EntityKind.MailCluster] = [Strong("Query", "Source"), Weak("Query")],
        [EntityKind.MailMessage] = [Strong("NetworkMessageId", "Recipient"), Weak("InternetMessageId"), Weak("Subject")],
        [EntityKind.SubmissionMail] = [Strong("SubmissionId", "NetworkMessageId", "Recipient", "Submitter"), Weak("SubmissionId")],
        [EntityKind.IoTDevice] = [Strong("IoTHub", "DeviceId"), Weak("DeviceId")],
        [EntityKind.Bookmark] = [Strong("BookmarkId")],
    }.ToFrozenDictionary();

    /// <summary>Whether the entity is an account that names nobody and is left out of alerts.</summary>
    public static bool IsNobody(Entity entity)
    {
        ArgumentNullException.ThrowIfNull(entity);
        return entity.Kind == EntityKind.Account && entity.Fields.Count == 1
            && entity.TryGet("Name", out var name) && namesOfNobody.Contains(name);
    }

    /// <summary>Accounts of the operating system itself; sharing one does not tie two alerts together.</summary>
    public static bool IsBuiltIn(Entity entity)
    {
        ArgumentNullException.ThrowIfNull(entity);
        return entity.Kind == EntityKind.Account
            && ((entity["Sid"] is { } sid && IsBuiltInSid(sid))
                || (entity["NTDomain"] is { } domain && localAuthorities.Contains(domain))
                || (entity["Name"] is { } name && (namesOfNobody.Contains(name) || name.EndsWith('$'))));
    }

    /// <summary>A SID that every machine has: the operating system's own, the well-known groups, the built-in administrator and guest.</summary>
    public static bool IsBuiltInSid(string sid)
    {
        ArgumentNullException.ThrowIfNull(sid);
        return !sid.StartsWith("S-1-5-21-", StringComparison.OrdinalIgnoreCase) && !sid.StartsWith("S-1-12-", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether an address is routable everywhere, and so means the same host to everybody.</summary>
    public static bool IsPublicAddress(string text)
    {
        if (!IPAddress.TryParse(text, out var address))
        {
            return false;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        if (IPAddress.IsLoopback(address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
        {
            return false;
        }

        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            return !address.IsIPv6LinkLocal && !address.IsIPv6SiteLocal && !address.IsIPv6UniqueLocal && !address.IsIPv6Multicast;
        }

        var b = address.GetAddressBytes();
        return !(b[0] == 10 || b[0] == 0 || b[0] >= 224 || (b[0] == 172 && b[1] is >= 16 and < 32) || (b[0] == 192 && b[1] == 168)
            || (b[0] == 169 && b[1] == 254) || (b[0] == 100 && b[1] is >= 64 and < 128));
    }

    internal static IReadOnlyList<EntityKey> KeysOf(Entity entity)
    {
        var keys = new List<EntityKey>();
        var kind = entity.Kind.ToString().ToLowerInvariant();
        foreach (var set in sets[entity.Kind])
        {
            if (!set.Fields.All(f => entity.TryGet(f, out _)))
            {
                continue;
            }

            var values = set.Fields.Select(f => Canonical(entity.Kind, f, entity[f]!));
            var (strong, context) = Scope(entity, set);
            keys.Add(new EntityKey(
                $"{kind}|{string.Join('+', set.Fields).ToLowerInvariant()}|{string.Join('|', values)}{context}",
                strong, string.Join('+', set.Fields) + (context.Length > 0 ? "+Host" : "")));
        }

        if (keys.Count == 0 && entity.Fields.Count > 0)
        {
            var all = entity.Fields.OrderBy(f => f.Key, StringComparer.OrdinalIgnoreCase).ToArray();
            keys.Add(new EntityKey(
                $"{kind}|*|{string.Join('|', all.Select(f => $"{f.Key.ToLowerInvariant()}={Canonical(entity.Kind, f.Key, f.Value)}"))}",
                false, string.Join('+', all.Select(f => f.Key))));
        }

        // Strong before weak; within that the catalogue's order, so that the best identifier names the entity.
        return [.. keys.OrderByDescending(k => k.IsStrong)];
    }

    /// <summary>Some identifiers hold only on one machine: there they are strong with the host named, weak without.</summary>
    private static (bool Strong, string Context) Scope(Entity entity, IdentifierSet set)
    {
        if (!set.IsStrong)
        {
            return (false, "");
        }

        var needsHost = (entity.Kind, set.Fields[0]) switch
        {
            (EntityKind.Process or EntityKind.File, _) => true,
            (EntityKind.Account, "Sid") => IsBuiltInSid(entity["Sid"]!),
            (EntityKind.Account, "Name") when set.Fields[^1] == "NTDomain" => IsLocalDomain(entity),
            _ => false,
        };
        if (needsHost)
        {
            return entity.Related.TryGetValue("Host", out var host) && host.Keys.Count > 0 ? (true, "@" + host.Keys[0].Text) : (false, "");
        }

        return entity.Kind switch
        {
            EntityKind.IP when !IsPublicAddress(entity["Address"]!) =>
                entity.TryGet("AddressScope", out var scope) ? (true, "@" + scope.ToLowerInvariant()) : (false, ""),
            EntityKind.URL => (Uri.TryCreate(EntityNames.Refang(entity["Url"]!), UriKind.Absolute, out _), ""),
            _ => (true, ""),
        };
    }

    private static bool IsLocalDomain(Entity account) =>
        localAuthorities.Contains(account["NTDomain"]!)
        || (account.Related.TryGetValue("Host", out var host) && string.Equals(host["HostName"], account["NTDomain"], StringComparison.OrdinalIgnoreCase));

    private static string Canonical(EntityKind kind, string field, string value) => (kind, field) switch
    {
        (EntityKind.IP, _) => IPAddress.TryParse(value, out var address)
            ? (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString()
            : value.ToLowerInvariant(),
        (EntityKind.URL, _) => EntityNames.CanonicalUrl(value),
        (EntityKind.Process, "CommandLine") or (EntityKind.MailMessage, "Subject") => value.Trim(),
        (EntityKind.AzureResource, _) => value.TrimEnd('/').ToLowerInvariant(),
        _ => value.Trim().ToLowerInvariant(),
    };

    private static IdentifierSet Strong(params string[] fields) => new(fields, true);

    private static IdentifierSet Weak(params string[] fields) => new(fields, false);

    private sealed record IdentifierSet(string[] Fields, bool IsStrong);
}
