using System.Text.RegularExpressions;
using Bartizan.Foundation.Outcomes;

namespace Bartizan.Detection.ThreatIntelligence;

/// <summary>
/// Reads the comparisons of a STIX pattern, and writes patterns of single values. Only equality with values that stand alone is
/// compared with events: a pattern whose parts must hold together (AND, FOLLOWEDBY, NOT) is kept but matches nothing, rather than too much.
/// </summary>
internal static partial class StixPattern
{
    public const int MaxLength = 16_384;
    private const int MaxObservables = 1_000;

    public static Outcome<IReadOnlyList<Observable>> Read(string pattern)
    {
        if (string.IsNullOrWhiteSpace(pattern) || pattern.Length > MaxLength)
        {
            return Refuse($"A pattern has 1 to {MaxLength:N0} characters.");
        }

        var rest = Texts().Replace(pattern, "''");
        if (rest.Count(c => c == '\'') % 2 != 0)
        {
            return Refuse("A text in the pattern is not closed by '.");
        }

        if (!rest.Contains('[', StringComparison.Ordinal) || rest.Count(c => c == '[') != rest.Count(c => c == ']'))
        {
            return Refuse("A pattern stands in brackets: [ipv4-addr:value = '203.0.113.7'].");
        }

        if (Joined().IsMatch(rest))
        {
            return Array.Empty<Observable>();
        }

        var observables = new List<Observable>();
        foreach (Match match in Equal().Matches(pattern))
        {
            observables.Add(Observe(match.Groups["path"].Value, match.Groups["text"].Value));
        }

        foreach (Match match in In().Matches(pattern))
        {
            observables.AddRange(Texts().Matches(match.Groups["texts"].Value).Select(t => Observe(match.Groups["path"].Value, t.Value[1..^1])));
        }

        return observables.Distinct().Take(MaxObservables).ToArray();
    }

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

    private static Observable Observe(string path, string text)
    {
        var key = path.Replace("'", "", StringComparison.Ordinal).Replace("\"", "", StringComparison.Ordinal);
        var value = Escapes().Replace(text, "$1").Trim();
        return new Observable(
            key.Equals("email-message:from_ref.value", StringComparison.Ordinal) || key.Equals("email-message:sender_ref.value", StringComparison.Ordinal) ? "email-addr:value"
            : key.StartsWith("file:hashes.", StringComparison.Ordinal) ? "file:hashes." + key[12..].ToUpperInvariant().Replace("SHA1", "SHA-1", StringComparison.Ordinal).Replace("SHA256", "SHA-256", StringComparison.Ordinal)
            : key,
            key.StartsWith("url:", StringComparison.Ordinal) ? value : value.ToLowerInvariant());
    }

    private static Problem Refuse(string message) => new(ProblemKind.Invalid, "BadRequest", message, "pattern");

    [GeneratedRegex(@"'(?:[^'\\]|\\.)*'", RegexOptions.NonBacktracking)]
    private static partial Regex Texts();

    [GeneratedRegex(@"\\(.)", RegexOptions.NonBacktracking)]
    private static partial Regex Escapes();

    [GeneratedRegex(@"\b(AND|FOLLOWEDBY|NOT|REPEATS)\b|!=|<>", RegexOptions.NonBacktracking)]
    private static partial Regex Joined();

    [GeneratedRegex(@"(?<path>[a-z0-9-]+:[A-Za-z0-9_.-]+(?:'[A-Za-z0-9_-]+')?)\s*=\s*'(?<text>(?:[^'\\]|\\.)*)'", RegexOptions.NonBacktracking)]
    private static partial Regex Equal();

    [GeneratedRegex(@"(?<path>[a-z0-9-]+:[A-Za-z0-9_.-]+(?:'[A-Za-z0-9_-]+')?)\s+IN\s*\((?<texts>(?:\s*'(?:[^'\\]|\\.)*'\s*,?)*)\)", RegexOptions.NonBacktracking)]
    private static partial Regex In();
}
