using Bartizan.Foundation.Outcomes;

namespace Bartizan.Detection.ThreatIntelligence;

/// <summary>
/// Patterns of STIX as values that events are compared with, and patterns of single values. A value becomes an observable when it
/// is enough by itself: alternatives (OR, IN) each are, networks (ISSUBSET) too, and so is the hash of a file whose other properties stand beside it.
/// A pattern that no single value decides (other AND, FOLLOWEDBY, NOT, LIKE, MATCHES) is kept but matches nothing, rather than too much.
/// </summary>
internal static class StixPattern
{
    public const int MaxLength = 16_384;
    private const int MaxObservables = 1_000;

    public static Outcome<IReadOnlyList<Observable>> Read(string pattern) =>
        string.IsNullOrWhiteSpace(pattern) || pattern.Length > MaxLength ? new Problem(ProblemKind.Invalid, "BadRequest", $"A pattern has 1 to {MaxLength:N0} characters.", "pattern")
        : StixReader.Read(pattern) is var (observables, complaint) && complaint is not null ? new Problem(ProblemKind.Invalid, "BadRequest", complaint, "pattern")
        : observables.Distinct().Take(MaxObservables).ToArray();

    /// <summary>The pattern that says one value; null for a kind of value that is not known.</summary>
    public static string? Of(string kind, string value)
    {
        var path = kind.ToLowerInvariant() switch
        {
            "ip" or "ipv4" or "ipv4-addr" or "ipaddress" => value.Contains(':', StringComparison.Ordinal) ? "ipv6-addr:value" : "ipv4-addr:value",
            "ipv6" or "ipv6-addr" => "ipv6-addr:value",
            "domain" or "domainname" or "domain-name" => "domain-name:value",
            "url" => "url:value",
            "email" or "emailaddress" or "email-addr" => "email-addr:value",
            "md5" => "file:hashes.MD5",
            "sha1" or "sha-1" => "file:hashes.'SHA-1'",
            "sha256" or "sha-256" => "file:hashes.'SHA-256'",
            "file" or "filehash" or "hash" => value.Length switch
            {
                32 => "file:hashes.MD5",
                40 => "file:hashes.'SHA-1'",
                64 => "file:hashes.'SHA-256'",
                _ => null,
            },
            _ => null,
        };
        return path is null ? null : $"[{path} = '{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}']";
    }
}
