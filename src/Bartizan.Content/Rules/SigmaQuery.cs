using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Bartizan.Content.Documents;

namespace Bartizan.Content.Rules;

/// <summary>The detection part of a Sigma rule as a query: selections, then the condition over them, then a count if there is one.</summary>
internal sealed partial class SigmaQuery(SourceReading reading, SigmaSource source)
{
    private readonly HashSet<string> used = new(StringComparer.Ordinal);
    private SourceMap detection = null!;
    private List<string> words = [];
    private int next;

    public string Write(SourceMap map, TimeSpan? frame)
    {
        detection = map;
        IReadOnlyList<SourceScalar> conditions = map["condition"] switch { SourceScalar one => [one], SourceList list => [.. list.Items.OfType<SourceScalar>()], _ => [] };
        if (conditions.Count == 0)
        {
            reading.Error("BR053", map.Span, "A detection has a condition.");
            return "";
        }

        var tests = new List<string>();
        var count = "";
        foreach (var condition in conditions)
        {
            var parts = condition.Text.Split('|', 2);
            tests.Add(Condition(parts[0], condition));
            if (parts.Length == 2)
            {
                count = Aggregate(parts[1].Trim(), frame, condition);
                if (conditions.Count > 1)
                {
                    reading.Error("BR054", condition.Span, "A count cannot be one of several conditions.");
                }
            }
        }

        // The fields are known only after the condition was read; they are taken out of the XML before it.
        return $"{source.Events}\n{source.Extend(used)}| where {(tests.Count == 1 ? tests[0] : string.Join(" or ", tests.Select(t => $"({t})")))}{count}";
    }

    private string Condition(string text, SourceScalar at)
    {
        words = [.. Words().Matches(text).Select(m => m.Value)];
        next = 0;
        var said = Or(at);
        if (next < words.Count)
        {
            reading.Error("BR055", at.Span, $"The condition cannot be read from '{words[next]}' on.");
        }

        return said;
    }

    private string Or(SourceScalar at)
    {
        var parts = new List<string> { And(at) };
        while (Take("or"))
        {
            parts.Add(And(at));
        }

        return parts.Count == 1 ? parts[0] : $"({string.Join(" or ", parts)})";
    }

    private string And(SourceScalar at)
    {
        var parts = new List<string> { Not(at) };
        while (Take("and"))
        {
            parts.Add(Not(at));
        }

        return parts.Count == 1 ? parts[0] : $"({string.Join(" and ", parts)})";
    }

    private string Not(SourceScalar at)
    {
        if (Take("not"))
        {
            return $"not({Not(at)})";
        }

        if (Take("("))
        {
            var inside = Or(at);
            if (!Take(")"))
            {
                reading.Error("BR055", at.Span, "A parenthesis of the condition is not closed.");
            }

            return inside;
        }

        if (next >= words.Count)
        {
            reading.Error("BR055", at.Span, "The condition ends too early.");
            return "true";
        }

        var word = words[next++];
        if (next < words.Count && words[next].Equals("of", StringComparison.OrdinalIgnoreCase))
        {
            next++;
            return Several(word, next < words.Count ? words[next++] : "", at);
        }

        return Selection(word, at);
    }

    private string Several(string quantity, string pattern, SourceScalar at)
    {
        var isAll = quantity.Equals("all", StringComparison.OrdinalIgnoreCase);
        if (!isAll && quantity is not "1" && !quantity.Equals("any", StringComparison.OrdinalIgnoreCase))
        {
            reading.Error("BR056", at.Span, $"'{quantity} of {pattern}' is not supported; '1 of', 'any of' and 'all of' are.");
            return "true";
        }

        var names = detection.Entries.Select(e => e.Key).Where(k => k is not ("condition" or "timeframe") && (pattern.Equals("them", StringComparison.OrdinalIgnoreCase) ? k[0] != '_' : Regex.IsMatch(k, "^" + Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal) + "$"))).ToList();
        if (names.Count == 0)
        {
            reading.Error("BR057", at.Span, $"The condition names '{pattern}', but no selection is called so.");
            return "true";
        }

        return $"({string.Join(isAll ? " and " : " or ", names.Select(n => Selection(n, at)))})";
    }

    private string Selection(string name, SourceScalar at)
    {
        switch (detection[name])
        {
            case SourceMap map:
                return Fields(map);
            case SourceList list when list.Items.Count > 0:
                return $"({string.Join(" or ", list.Items.Select(i => i is SourceMap map ? Fields(map) : Keyword(i)))})";
            case SourceScalar scalar:
                return Keyword(scalar);
            default:
                reading.Error("BR057", at.Span, $"The condition names '{name}', but no selection is called so.");
                return "true";
        }
    }

    private string Fields(SourceMap map) => map.Entries.Count == 0 ? "true" : $"({string.Join(" and ", map.Entries.Select(Field))})";

    private string Keyword(SourceNode node)
    {
        if (source.Text is null || node is not SourceScalar scalar)
        {
            reading.Error("BR058", node.Span, $"Words without a field cannot be looked for in {source.Table}.");
            return "true";
        }

        return SigmaPattern.Contains(source.Text, scalar.Text, false);
    }

    private string Field(SourceEntry entry)
    {
        var parts = entry.Key.Split('|');
        var modifiers = parts[1..].Select(m => m.ToLowerInvariant()).ToList();
        if (modifiers.FirstOrDefault(m => !known.Contains(m)) is { } strange)
        {
            reading.Error("BR059", entry.KeySpan, $"The modifier '{strange}' is not supported.");
            return "true";
        }

        var column = parts[0].Length == 0 ? source.Text : source.Read(parts[0]);
        if (column is null)
        {
            reading.Error("BR060", entry.KeySpan, $"{source.Table} has no field '{parts[0]}'{(source.Columns is null ? "" : $"; there are {string.Join(", ", source.Columns.Order(StringComparer.Ordinal))}")}.");
            return "true";
        }

        used.Add(parts[0]);
        var values = entry.Value is SourceList list ? list.Items : [entry.Value];
        if (values.Count == 0 || values.Any(v => v is not SourceScalar))
        {
            reading.Error("BR061", entry.Value.Span, $"The field '{parts[0]}' is compared with texts and numbers only.");
            return "true";
        }

        var tests = values.Cast<SourceScalar>().Select(v => Value(column, modifiers, v)).ToList();
        return tests.Count == 1 ? tests[0] : $"({string.Join(modifiers.Contains("all") ? " and " : " or ", tests)})";
    }

    private string Value(string column, List<string> modifiers, SourceScalar value)
    {
        var isCased = modifiers.Contains("cased");
        if (modifiers.Contains("exists"))
        {
            return value.Text.Equals("true", StringComparison.OrdinalIgnoreCase) ? $"isnotempty({column})" : $"isempty({column})";
        }

        if (value.IsNull)
        {
            return $"isempty({column})";
        }

        if (modifiers.Contains("re"))
        {
            var flags = string.Concat(modifiers.Where(m => m is "i" or "m" or "s"));
            return $"{column} matches regex {SigmaPattern.Quote((flags.Length > 0 ? $"(?{flags})" : "") + value.Text)}";
        }

        if (modifiers.Contains("cidr"))
        {
            return $"{(value.Text.Contains(':', StringComparison.Ordinal) ? "ipv6_is_in_range" : "ipv4_is_in_range")}({column}, {SigmaPattern.Quote(value.Text)})";
        }

        if (modifiers.Find(comparisons.ContainsKey) is { } comparison)
        {
            if (!double.TryParse(value.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            {
                reading.Error("BR062", value.Span, $"'{value.Text}' is no number.");
                return "true";
            }

            return $"todouble({column}) {comparisons[comparison]} {number.ToString(CultureInfo.InvariantCulture)}";
        }

        if (modifiers.Contains("fieldref"))
        {
            if (source.Read(value.Text) is not { } other)
            {
                reading.Error("BR060", value.Span, $"{source.Table} has no field '{value.Text}'.");
                return "true";
            }

            used.Add(value.Text);
            return $"{column} =~ {other}";
        }

        // Registry paths begin with the short names of their hives here.
        var text = source.Table == "DeviceRegistryEvents"
            ? value.Text.Replace("HKEY_LOCAL_MACHINE\\", "HKLM\\", StringComparison.OrdinalIgnoreCase).Replace("HKEY_USERS\\", "HKU\\", StringComparison.OrdinalIgnoreCase).Replace("HKEY_CURRENT_USER\\", "HKCU\\", StringComparison.OrdinalIgnoreCase)
            : value.Text;
        var texts = Variants(text, modifiers).ToList();
        var tests = texts.Select(t =>
            modifiers.Contains("contains") ? SigmaPattern.Contains(column, t, isCased)
            : modifiers.Contains("startswith") ? SigmaPattern.StartsWith(column, t, isCased)
            : modifiers.Contains("endswith") ? SigmaPattern.EndsWith(column, t, isCased)
            : SigmaPattern.Compare(column, t, isCased)).Distinct().ToList();
        return tests.Count == 1 ? tests[0] : $"({string.Join(" or ", tests)})";
    }

    private static IEnumerable<string> Variants(string text, List<string> modifiers)
    {
        if (modifiers.Contains("windash"))
        {
            foreach (var dash in (string[])["-", "/", "\u2013", "\u2014", "\u2015"])
            {
                yield return Dash().Replace(text, dash, 1);
            }

            yield break;
        }

        if (!modifiers.Contains("base64") && !modifiers.Contains("base64offset"))
        {
            yield return text;
            yield break;
        }

        var bytes = (modifiers.Contains("wide") || modifiers.Contains("utf16le") || modifiers.Contains("utf16") ? Encoding.Unicode : Encoding.UTF8).GetBytes(text);
        if (modifiers.Contains("base64"))
        {
            yield return Convert.ToBase64String(bytes);
            yield break;
        }

        // A text inside a longer one begins at one of three places of a group; what its neighbours decide is cut off.
        for (var offset = 0; offset < 3; offset++)
        {
            var encoded = Convert.ToBase64String([.. new byte[offset], .. bytes]);
            yield return encoded[(offset == 0 ? 0 : offset + 1)..^((bytes.Length + offset) % 3 is 0 ? 0 : (bytes.Length + offset) % 3 == 1 ? 3 : 2)];
        }
    }

    private string Aggregate(string text, TimeSpan? frame, SourceScalar at)
    {
        var match = Counting().Match(text);
        if (!match.Success)
        {
            reading.Error("BR063", at.Span, $"'{text}' is not supported; 'count() by Field > 5' and 'count(Field) by Field > 5' are.");
            return "";
        }

        var (what, by) = (match.Groups["what"].Value, match.Groups["by"].Value);
        string? Column(string field)
        {
            if (field.Length == 0)
            {
                return "";
            }

            used.Add(field);
            if (source.Read(field) is { } column)
            {
                return column;
            }

            reading.Error("BR060", at.Span, $"{source.Table} has no field '{field}'.");
            return null;
        }

        if (Column(what) is not { } counted || Column(by) is not { } grouped)
        {
            return "";
        }

        var window = frame is { } f ? $", TimeGenerated = bin(TimeGenerated, {(long)f.TotalSeconds}s)" : ", TimeGenerated = bin(TimeGenerated, 1h)";
        return $"\n| summarize Events = {(counted.Length == 0 ? "count()" : $"dcount({counted})")} by {(grouped.Length == 0 ? window[2..] : $"By = {grouped}{window}")}\n| where Events {(match.Groups["op"].Value is "=" ? "==" : match.Groups["op"].Value)} {match.Groups["n"].Value}";
    }

    private bool Take(string word)
    {
        if (next < words.Count && words[next].Equals(word, StringComparison.OrdinalIgnoreCase))
        {
            next++;
            return true;
        }

        return false;
    }

    private static readonly HashSet<string> known =
    [
        "contains", "startswith", "endswith", "all", "re", "i", "m", "s", "cidr", "exists", "windash", "base64", "base64offset", "wide", "utf16", "utf16le", "gt", "gte", "lt", "lte", "cased", "fieldref",
    ];

    private static readonly Dictionary<string, string> comparisons = new(StringComparer.Ordinal) { ["gt"] = ">", ["gte"] = ">=", ["lt"] = "<", ["lte"] = "<=" };

    [GeneratedRegex(@"[()]|[^\s()]+")]
    private static partial Regex Words();

    [GeneratedRegex(@"(?<=^|\s)[-/\u2013\u2014\u2015]")]
    private static partial Regex Dash();

    [GeneratedRegex(@"^count\(\s*(?<what>[\w.]*)\s*\)(\s+by\s+(?<by>[\w.]+))?\s*(?<op>>=|<=|>|<|==|=)\s*(?<n>\d+)$")]
    private static partial Regex Counting();
}
