using System.Net;

namespace Bartizan.Foundation.Entities;

/// <summary>Names as people and logs write them, taken apart into fields and put together for display.</summary>
public static class EntityNames
{
    /// <summary>
    /// <c>DOMAIN\name</c>, <c>name@suffix</c>, a SID, or a bare name.
    /// </summary>
    public static IEnumerable<KeyValuePair<string, string>> AccountFields(string fullName)
    {
        ArgumentNullException.ThrowIfNull(fullName);
        var text = fullName.Trim();
        if (text.Length == 0)
        {
            yield break;
        }

        if (text.StartsWith("S-1-", StringComparison.OrdinalIgnoreCase))
        {
            yield return new("Sid", text.ToUpperInvariant());
            yield break;
        }

        var slash = text.IndexOf('\\', StringComparison.Ordinal);
        if (slash >= 0)
        {
            yield return new("Name", text[(slash + 1)..]);
            yield return new("NTDomain", text[..slash]);
            yield break;
        }

        var at = text.LastIndexOf('@');
        if (at > 0 && at < text.Length - 1)
        {
            yield return new("Name", text[..at]);
            yield return new("UPNSuffix", text[(at + 1)..]);
            yield break;
        }

        yield return new("Name", text);
    }

    /// <summary><c>host.dns.domain</c>, <c>DOMAIN\host</c> or a bare name. An address is no host name: nothing is returned.</summary>
    public static IEnumerable<KeyValuePair<string, string>> HostFields(string fullName)
    {
        ArgumentNullException.ThrowIfNull(fullName);
        var text = fullName.Trim().TrimEnd('.');
        if (text.Length == 0 || IPAddress.TryParse(text, out _))
        {
            yield break;
        }

        var slash = text.IndexOf('\\', StringComparison.Ordinal);
        if (slash >= 0)
        {
            yield return new("HostName", text[(slash + 1)..].TrimEnd('$'));
            yield return new("NTDomain", text[..slash]);
            yield break;
        }

        var dot = text.IndexOf('.', StringComparison.Ordinal);
        if (dot > 0)
        {
            yield return new("HostName", text[..dot]);
            yield return new("DnsDomain", text[(dot + 1)..]);
            yield break;
        }

        yield return new("HostName", text.TrimEnd('$'));
    }

    /// <summary>A path of either system taken apart: <c>C:\Windows\cmd.exe</c>, <c>/usr/bin/ssh</c>.</summary>
    public static IEnumerable<KeyValuePair<string, string>> FileFields(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var cut = path.LastIndexOfAny(['\\', '/']);
        if (cut < path.Length - 1)
        {
            yield return new("Name", path[(cut + 1)..]);
        }

        if (cut > 0)
        {
            yield return new("Directory", path[..cut]);
        }
    }

    /// <summary>The algorithm that a hash of this length must be of; empty when no known one is.</summary>
    public static string AlgorithmOf(string hash)
    {
        ArgumentNullException.ThrowIfNull(hash);
        return hash.Length switch
        {
            32 => "MD5",
            40 => "SHA1",
            64 => "SHA256",
            _ => "",
        };
    }

    internal static string Refang(string url) =>
        url.Replace("[.]", ".", StringComparison.Ordinal).Replace("hxxp", "http", StringComparison.OrdinalIgnoreCase);

    /// <summary>Scheme and host in lower case, no default port, no fragment; path and query as they are.</summary>
    internal static string CanonicalUrl(string url)
    {
        var text = Refang(url.Trim());
        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Host.Length > 0
            ? $"{uri.Scheme}://{uri.Authority.ToLowerInvariant()}{uri.PathAndQuery}"
            : text;
    }

    internal static string FriendlyNameOf(Entity entity) => entity.Kind switch
    {
        EntityKind.Account when entity["Name"] is { } name =>
            entity["UPNSuffix"] is { } suffix ? $"{name}@{suffix}"
            : entity["NTDomain"] is { } domain ? $"{domain}\\{name}"
            : name,
        EntityKind.Account => entity["DisplayName"] ?? entity["Sid"] ?? entity["AadUserId"] ?? First(entity),
        EntityKind.Host => (entity["HostName"] ?? entity["NetBiosName"] ?? LastSegment(entity["AzureID"]) ?? First(entity))
            + (entity["DnsDomain"] is { } dns ? "." + dns : ""),
        EntityKind.Process => ProcessName(entity),
        EntityKind.FileHash when entity["Value"] is { } value =>
            $"{entity["Algorithm"] ?? AlgorithmOf(value)}: {(value.Length > 12 ? value[..12] + "…" : value)}".TrimStart(':', ' '),
        EntityKind.URL => Clip(entity["Url"] ?? First(entity), 60),
        EntityKind.AzureResource => LastSegment(entity["ResourceId"]) ?? First(entity),
        EntityKind.RegistryKey => entity["Key"] ?? First(entity),
        EntityKind.IP => entity["Address"] ?? First(entity),
        EntityKind.DNS => entity["DomainName"] ?? First(entity),
        EntityKind.MailMessage => entity["Subject"] ?? entity["NetworkMessageId"] ?? First(entity),
        EntityKind.Mailbox => entity["MailboxPrimaryAddress"] ?? entity["UPN"] ?? First(entity),
        EntityKind.SecurityGroup => entity["DistinguishedName"] ?? entity["SID"] ?? First(entity),
        EntityKind.IoTDevice => entity["DeviceName"] ?? entity["DeviceId"] ?? First(entity),
        _ => entity["Name"] ?? entity["DisplayName"] ?? First(entity),
    };

    private static string ProcessName(Entity process)
    {
        var image = process.Related.TryGetValue("ImageFile", out var file) ? file["Name"] : null;
        if (image is null && process["CommandLine"] is { } commandLine)
        {
            image = Clip(commandLine, 48);
        }

        return (image ?? "process") + (process["ProcessId"] is { } id ? $" ({id})" : "");
    }

    private static string? LastSegment(string? path) => path?.TrimEnd('/') is { Length: > 0 } text ? text[(text.LastIndexOf('/') + 1)..] : null;

    private static string Clip(string text, int length) => text.Length <= length ? text : text[..(length - 1)] + "…";

    private static string First(Entity entity) =>
        entity.Fields.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => f.Value).FirstOrDefault() ?? entity.Kind.ToString();
}
