using System.Net;
using System.Text.RegularExpressions;

namespace Bartizan.Detection.ThreatIntelligence;

/// <summary>
/// Reads the grammar of STIX patterns: observations in brackets joined by AND, OR, FOLLOWEDBY and qualified by WITHIN, REPEATS, START and STOP;
/// in the brackets comparisons joined by AND and OR. Answers the values that decide the whole by themselves.
/// </summary>
internal sealed partial class StixReader
{
    private const int MaxDepth = 32;

    private static readonly Observable[] nothing = [];

    private readonly List<string> tokens = [];
    private int at;
    private int depth;
    private string? complaint;

    private StixReader(string pattern)
    {
        var end = 0;
        foreach (Match match in Tokens().Matches(pattern))
        {
            if (match.Groups["other"].Success)
            {
                complaint = match.Value == "'" ? "A text in the pattern is not closed by '." : $"'{match.Value}' is not expected in a pattern.";
                return;
            }

            end = match.Index + match.Length;
            if (!string.IsNullOrWhiteSpace(match.Value))
            {
                tokens.Add(match.Value);
            }
        }

        if (end != pattern.Length || tokens.Count == 0 || (tokens[0] != "[" && tokens[0] != "("))
        {
            complaint = "A pattern stands in brackets: [ipv4-addr:value = '203.0.113.7'].";
        }
    }

    private string Here => at < tokens.Count ? tokens[at] : "";

    public static (IReadOnlyList<Observable> Observables, string? Complaint) Read(string pattern)
    {
        var reader = new StixReader(pattern);
        if (reader.complaint is not null)
        {
            return (nothing, reader.complaint);
        }

        var found = reader.Observations();
        if (reader.complaint is null && reader.at < reader.tokens.Count)
        {
            reader.Complain();
        }

        return (reader.complaint is null ? found : nothing, reader.complaint);
    }

    private Observable[] Observations()
    {
        var found = Observation();
        while (complaint is null && Here is "AND" or "OR" or "FOLLOWEDBY")
        {
            var word = tokens[at++];
            var next = Observation();
            found = word == "OR" ? [.. found, .. next] : nothing;
        }

        return found;
    }

    private Observable[] Observation()
    {
        if (Here is not ("[" or "(") || ++depth > MaxDepth)
        {
            return Complain();
        }

        var inBrackets = tokens[at++] == "[";
        var found = inBrackets ? Comparisons() : Observations();
        Expect(inBrackets ? "]" : ")");
        depth--;
        while (complaint is null && Here is "WITHIN" or "REPEATS" or "START" or "STOP")
        {
            // Within some time says nothing of one observation; repeated, or between moments, is more than a value can say.
            if (tokens[at++] is not "WITHIN" && !(tokens[at - 1] == "REPEATS" && Here == "1"))
            {
                found = nothing;
            }

            at++;
            at += Here is "SECONDS" or "TIMES" ? 1 : 0;
        }

        return found;
    }

    private Observable[] Comparisons()
    {
        var found = Conjunction();
        while (complaint is null && Here == "OR")
        {
            at++;
            found = [.. found, .. Conjunction()];
        }

        return found;
    }

    /// <summary>AND binds more tightly than OR.</summary>
    private Observable[] Conjunction()
    {
        var from = at;
        var found = Comparison();
        if (Here != "AND")
        {
            return found;
        }

        var hashes = OfFile(found);
        while (complaint is null && Here == "AND")
        {
            at++;
            var next = OfFile(Comparison());
            hashes = hashes.Length > 0 ? hashes : next;
        }

        // What a hash is of needs no more words: name and size are beside it only for people.
        return tokens[from..Math.Min(at, tokens.Count)].All(t => t != "NOT" && (!t.Contains(':', StringComparison.Ordinal) || t.Contains('\'', StringComparison.Ordinal) || t.StartsWith("file:", StringComparison.Ordinal))) ? hashes : nothing;

        static Observable[] OfFile(Observable[] observables) => observables.Length > 0 && observables.All(o => o.Key.StartsWith("file:hashes.", StringComparison.Ordinal)) ? observables : nothing;
    }

    private Observable[] Comparison()
    {
        if (++depth > MaxDepth)
        {
            return Complain();
        }

        var found = Here switch
        {
            "(" => Group(),
            "NOT" or "EXISTS" => Negation(),
            _ => Test(),
        };
        depth--;
        return found;
    }

    private Observable[] Group()
    {
        at++;
        var found = Comparisons();
        Expect(")");
        return found;
    }

    private Observable[] Negation()
    {
        if (tokens[at++] == "EXISTS")
        {
            at++;
        }
        else
        {
            Comparison();
        }

        return nothing;
    }

    private Observable[] Test()
    {
        var path = Here;
        if (!path.Contains(':', StringComparison.Ordinal) || path[0] == '\'')
        {
            return Complain();
        }

        at++;
        var isNegated = Here == "NOT";
        at += isNegated ? 1 : 0;
        var word = Here;
        if (word is not ("=" or "!=" or "<>" or "<" or ">" or "<=" or ">=" or "IN" or "LIKE" or "MATCHES" or "ISSUBSET" or "ISSUPERSET"))
        {
            return Complain();
        }

        at++;
        List<string> values = [];
        if (word == "IN")
        {
            Expect("(");
            do
            {
                Value(values);
            }
            while (complaint is null && Here == "," && ++at > 0);

            Expect(")");
        }
        else
        {
            Value(values);
        }

        if (complaint is null && word == "ISSUBSET" && values.Exists(v => !IPNetwork.TryParse(v, out _) && !IPAddress.TryParse(v, out _)))
        {
            complaint = $"'{values[0]}' is no network, such as 203.0.113.0/24.";
        }

        return complaint is null && !isNegated && word is "=" or "IN" or "ISSUBSET" ? [.. values.Select(v => Observe(path, v))] : nothing;
    }

    private void Value(List<string> values)
    {
        var token = Here;
        if (token.Length > 1 && token[^1] == '\'')
        {
            values.Add(Escapes().Replace(token[(token.IndexOf('\'', StringComparison.Ordinal) + 1)..^1], "$1").Trim());
        }
        else if (token.Length > 0 && (char.IsAsciiDigit(token[0]) || token[0] == '-' || token is "true" or "false"))
        {
            values.Add(token);
        }
        else
        {
            Complain();
        }

        at++;
    }

    private void Expect(string token)
    {
        if (Here != token)
        {
            Complain();
        }

        at++;
    }

    private Observable[] Complain()
    {
        complaint ??= depth > MaxDepth ? $"A pattern nests at most {MaxDepth} deep." : Here.Length == 0 ? "The pattern ends too early." : $"'{Here}' is not expected in a pattern.";
        return nothing;
    }

    private static Observable Observe(string path, string value)
    {
        var key = path.Replace("'", "", StringComparison.Ordinal).Replace("\"", "", StringComparison.Ordinal);
        return new Observable(
            key is "email-message:from_ref.value" or "email-message:sender_ref.value" ? "email-addr:value"
            : key is "network-traffic:dst_ref.value" or "network-traffic:src_ref.value" && IPAddress.TryParse(value.Split('/')[0], out var address) ? (address.GetAddressBytes().Length == 4 ? "ipv4-addr:value" : "ipv6-addr:value")
            : key.StartsWith("file:hashes.", StringComparison.Ordinal) ? "file:hashes." + key[12..].ToUpperInvariant().Replace("SHA1", "SHA-1", StringComparison.Ordinal).Replace("SHA256", "SHA-256", StringComparison.Ordinal)
            : key,
            key.StartsWith("url:", StringComparison.Ordinal) ? value : value.ToLowerInvariant());
    }

    [GeneratedRegex(@"\s+|[hbt]?'(?:[^'\\]|\\.)*'|[a-z0-9-]+:(?:[A-Za-z0-9_.-]|\[[*0-9]+\]|'[A-Za-z0-9_ -]+')+|[A-Z]+|true|false|-?\d+(?:\.\d+)?|<=|>=|!=|<>|[\[\]()=<>,]|(?<other>.)", RegexOptions.NonBacktracking | RegexOptions.Singleline)]
    private static partial Regex Tokens();

    [GeneratedRegex(@"\\(.)", RegexOptions.NonBacktracking | RegexOptions.Singleline)]
    private static partial Regex Escapes();
}
