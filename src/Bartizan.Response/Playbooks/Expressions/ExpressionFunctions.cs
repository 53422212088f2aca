using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using static Bartizan.Response.Playbooks.Expressions.ExpressionEvaluation;

namespace Bartizan.Response.Playbooks.Expressions;

/// <summary>The functions of the workflow language that playbooks use.</summary>
internal static class ExpressionFunctions
{
    private const string Round = "yyyy-MM-ddTHH:mm:ss.fffffffZ";
    private const int MaxItems = 100_000;

    private static readonly FrozenSet<string> looks = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "body", "outputs", "triggerBody", "triggerOutputs", "variables", "parameters", "actions", "result", "items", "item", "workflow", "utcNow", "guid");

    private static readonly FrozenDictionary<string, (int Least, int Most, Func<JsonNode?[], JsonNode?> Run)> pure = new Dictionary<string, (int, int, Func<JsonNode?[], JsonNode?>)>
    {
        ["equals"] = (2, 2, a => Same(a[0], a[1])),
        ["not"] = (1, 1, a => !Truth(a[0])),
        ["and"] = (1, 50, a => a.All(Truth)),
        ["or"] = (1, 50, a => a.Any(Truth)),
        ["if"] = (3, 3, a => Truth(a[0]) ? a[1] : a[2]),
        ["greater"] = (2, 2, a => Compare(a) > 0),
        ["greaterOrEquals"] = (2, 2, a => Compare(a) >= 0),
        ["less"] = (2, 2, a => Compare(a) < 0),
        ["lessOrEquals"] = (2, 2, a => Compare(a) <= 0),
        ["coalesce"] = (1, 50, a => a.FirstOrDefault(v => v is not null)),
        ["length"] = (1, 1, a => a[0] is JsonArray array ? array.Count : Text(a[0]).Length),
        ["empty"] = (1, 1, a => a[0] is null || (a[0] is JsonArray array ? array.Count == 0 : a[0] is JsonObject o ? o.Count == 0 : Text(a[0]).Length == 0)),
        ["contains"] = (2, 2, a => Contains(a[0], a[1])),
        ["startsWith"] = (2, 2, a => Text(a[0]).StartsWith(Text(a[1]), StringComparison.OrdinalIgnoreCase)),
        ["endsWith"] = (2, 2, a => Text(a[0]).EndsWith(Text(a[1]), StringComparison.OrdinalIgnoreCase)),
        ["first"] = (1, 1, a => a[0] is JsonArray array ? array.FirstOrDefault() : Text(a[0]) is { Length: > 0 } t ? t[..1] : ""),
        ["last"] = (1, 1, a => a[0] is JsonArray array ? array.LastOrDefault() : Text(a[0]) is { Length: > 0 } t ? t[^1..] : ""),
        ["take"] = (2, 2, a => a[0] is JsonArray array ? Copy(array.Take(Whole(a[1]))) : Text(a[0])[..Math.Clamp(Whole(a[1]), 0, Text(a[0]).Length)]),
        ["skip"] = (2, 2, a => Copy(Items(a[0]).Skip(Whole(a[1])))),
        ["createArray"] = (0, 1000, a => Copy(a)),
        ["array"] = (1, 1, a => a[0] is JsonArray ? a[0] : Copy([a[0]])),
        ["union"] = (2, 50, a => a.All(v => v is JsonObject)
            ? new JsonObject(a.SelectMany(o => (JsonObject)o!).GroupBy(p => p.Key).Select(g => KeyValuePair.Create(g.Key, g.Last().Value?.DeepClone())))
            : Copy(a.SelectMany(Items).DistinctBy(i => i?.ToJsonString() ?? "null"))),
        ["intersection"] = (2, 50, a => Copy(Items(a[0]).Where(i => a.Skip(1).All(o => Items(o).Any(x => Same(i, x)))).DistinctBy(i => i?.ToJsonString() ?? "null"))),
        ["concat"] = (1, 1000, a => a.All(v => v is JsonArray) ? Copy(a.SelectMany(Items)) : Limited(string.Concat(a.Select(Text)))),
        ["join"] = (2, 2, a => Limited(string.Join(Text(a[1]), Items(a[0]).Select(Text)))),
        ["split"] = (2, 2, a => Copy(Text(a[0]).Split(Text(a[1])).Select(t => (JsonNode?)t))),
        ["replace"] = (3, 3, a => Text(a[1]).Length == 0 ? Text(a[0]) : Limited(Text(a[0]).Replace(Text(a[1]), Text(a[2]), StringComparison.Ordinal))),
        ["substring"] = (2, 3, a => Substring(Text(a[0]), Whole(a[1]), a.Length > 2 ? Whole(a[2]) : null)),
        ["indexOf"] = (2, 2, a => Text(a[0]).IndexOf(Text(a[1]), StringComparison.OrdinalIgnoreCase)),
        ["lastIndexOf"] = (2, 2, a => Text(a[0]).LastIndexOf(Text(a[1]), StringComparison.OrdinalIgnoreCase)),
        ["toLower"] = (1, 1, a => Text(a[0]).ToLowerInvariant()),
        ["toUpper"] = (1, 1, a => Text(a[0]).ToUpperInvariant()),
        ["trim"] = (1, 1, a => Text(a[0]).Trim()),
        ["string"] = (1, 1, a => Text(a[0])),
        ["int"] = (1, 1, a => (long)Number(a[0])),
        ["float"] = (1, 1, a => Number(a[0])),
        ["bool"] = (1, 1, a => a[0] is JsonValue v && v.GetValueKind() == JsonValueKind.Number ? Number(v) != 0 : Truth(a[0])),
        ["json"] = (1, 1, a => Parse(a[0])),
        ["add"] = (2, 2, a => Math2(a, (x, y) => x + y)),
        ["sub"] = (2, 2, a => Math2(a, (x, y) => x - y)),
        ["mul"] = (2, 2, a => Math2(a, (x, y) => x * y)),
        ["div"] = (2, 2, a => Divide(a)),
        ["mod"] = (2, 2, a => Number(a[1]) == 0 ? throw new ExpressionException("Nothing can be divided by 0.") : Math2(a, (x, y) => x % y)),
        ["min"] = (1, 1000, a => Numeric((a is [JsonArray only] ? [.. only] : a).Min(Number))),
        ["max"] = (1, 1000, a => Numeric((a is [JsonArray only] ? [.. only] : a).Max(Number))),
        ["encodeURIComponent"] = (1, 1, a => Uri.EscapeDataString(Text(a[0]))),
        ["encodeUriComponent"] = (1, 1, a => Uri.EscapeDataString(Text(a[0]))),
        ["decodeUriComponent"] = (1, 1, a => Uri.UnescapeDataString(Text(a[0]))),
        ["base64"] = (1, 1, a => Convert.ToBase64String(Encoding.UTF8.GetBytes(Text(a[0])))),
        ["base64ToString"] = (1, 1, a => Encoding.UTF8.GetString(Convert.FromBase64String(Text(a[0])))),
        ["uriComponent"] = (1, 1, a => Uri.EscapeDataString(Text(a[0]))),
        ["uriComponentToString"] = (1, 1, a => Uri.UnescapeDataString(Text(a[0]))),
        ["range"] = (2, 2, a => Whole(a[1]) is >= 0 and <= MaxItems and var n ? Copy(Enumerable.Range(Whole(a[0]), n).Select(i => (JsonNode?)i)) : throw new ExpressionException($"A range has at most {MaxItems:N0} numbers.")),
        ["reverse"] = (1, 1, a => Copy(Items(a[0]).Reverse())),
        ["sort"] = (1, 2, a => Copy(Items(a[0]).OrderBy(i => a.Length > 1 ? (i as JsonObject)?[Text(a[1])] : i, Comparer<JsonNode?>.Create((x, y) => Compare([x, y]))))),
        ["isInt"] = (1, 1, a => long.TryParse(Text(a[0]), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)),
        ["dayOfMonth"] = (1, 1, a => Time(a[0]).Day),
        ["dayOfYear"] = (1, 1, a => Time(a[0]).DayOfYear),
        ["startOfHour"] = (1, 2, a => Format(Time(a[0]) is var t ? t.Date.AddHours(t.Hour) : default, a.Length > 1 ? Text(a[1]) : Round)),
        ["startOfDay"] = (1, 2, a => Format(Time(a[0]).Date, a.Length > 1 ? Text(a[1]) : Round)),
        ["startOfMonth"] = (1, 2, a => Format(Time(a[0]) is var t ? t.Date.AddDays(1 - t.Day) : default, a.Length > 1 ? Text(a[1]) : Round)),
        ["removeProperty"] = (2, 2, a => a[0] is JsonObject o ? new JsonObject(o.Where(p => p.Key != Text(a[1])).Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone()))) : throw new ExpressionException($"'{Short(a[0])}' is not an object.")),
        ["addDays"] = (2, 3, a => Shift(a, TimeSpan.TicksPerDay)),
        ["addHours"] = (2, 3, a => Shift(a, TimeSpan.TicksPerHour)),
        ["addMinutes"] = (2, 3, a => Shift(a, TimeSpan.TicksPerMinute)),
        ["addSeconds"] = (2, 3, a => Shift(a, TimeSpan.TicksPerSecond)),
        ["formatDateTime"] = (1, 2, a => Format(Time(a[0]), a.Length > 1 ? Text(a[1]) : Round)),
        ["ticks"] = (1, 1, a => Time(a[0]).Ticks),
        ["dayOfWeek"] = (1, 1, a => (int)Time(a[0]).DayOfWeek),
        ["setProperty"] = (3, 3, a => With(a, Text(a[1]), a[2], mayExist: true)),
        ["addProperty"] = (3, 3, a => With(a, Text(a[1]), a[2], mayExist: false)),
    }.DistinctBy(p => p.Key, StringComparer.OrdinalIgnoreCase).ToFrozenDictionary(p => p.Key, p => p.Value, StringComparer.OrdinalIgnoreCase);

    public static bool Has(string name) => pure.ContainsKey(name) || looks.Contains(name);

    public static JsonNode? Call(string name, JsonNode?[] arguments, IExpressionScope scope)
    {
        if (pure.TryGetValue(name, out var function))
        {
            if (arguments.Length < function.Least || arguments.Length > function.Most)
            {
                throw new ExpressionException($"The function {name} takes {(function.Least == function.Most ? function.Least : $"{function.Least} to {function.Most}")} values, not {arguments.Length}.");
            }

            try
            {
                return function.Run(arguments);
            }
            catch (Exception e) when (e is OverflowException or ArgumentException or FormatException)
            {
                throw new ExpressionException($"The function {name} cannot work with what it was given: {e.Message}");
            }
        }

        return name.ToLowerInvariant() switch
        {
            "utcnow" => Format(scope.Now.UtcDateTime, arguments.Length > 0 ? Text(arguments[0]) : Round),
            "guid" => Guid.CreateVersion7(scope.Now).ToString(),
            _ => scope.Look(name, arguments),
        };
    }

    public static bool Same(JsonNode? left, JsonNode? right) =>
        left is JsonValue l && right is JsonValue r && l.GetValueKind() == JsonValueKind.Number && r.GetValueKind() == JsonValueKind.Number ? Number(l) == Number(r) : JsonNode.DeepEquals(left, right);

    public static IEnumerable<JsonNode?> Items(JsonNode? value) => value is JsonArray array ? array : throw new ExpressionException($"'{Short(value)}' is not an array.");

    public static JsonArray Copy(IEnumerable<JsonNode?> items)
    {
        var copy = new JsonArray([.. items.Take(MaxItems + 1).Select(i => i?.DeepClone())]);
        return copy.Count <= MaxItems ? copy : throw new ExpressionException($"An array has at most {MaxItems:N0} items.");
    }

    private static int Compare(JsonNode?[] a) => a.All(v => v is JsonValue j && j.GetValueKind() == JsonValueKind.String)
        ? string.CompareOrdinal(Text(a[0]), Text(a[1]))
        : Number(a[0]).CompareTo(Number(a[1]));

    private static bool Contains(JsonNode? where, JsonNode? what) => where switch
    {
        JsonArray array => array.Any(i => Same(i, what)),
        JsonObject o => o.ContainsKey(Text(what)),
        _ => Text(where).Contains(Text(what), StringComparison.Ordinal),
    };

    private static JsonNode Substring(string text, int start, int? length) =>
        start >= 0 && start <= text.Length && (length ?? 0) >= 0 && start + (length ?? 0) <= text.Length
            ? (length is { } given ? text.Substring(start, given) : text[start..])
            : throw new ExpressionException($"substring leaves the text: it has {text.Length} characters.");

    private static JsonNode? Parse(JsonNode? value)
    {
        try
        {
            return value is JsonValue ? JsonNode.Parse(Text(value), null, new JsonDocumentOptions { MaxDepth = 64 }) : value;
        }
        catch (JsonException e)
        {
            throw new ExpressionException($"This is not JSON: {e.Message}");
        }
    }

    private static int Whole(JsonNode? value) => Number(value) is >= int.MinValue and <= int.MaxValue and var number ? (int)number : throw new ExpressionException($"{Short(value)} is too large.");

    private static JsonNode Math2(JsonNode?[] a, Func<decimal, decimal, decimal> run) => Numeric(run(Number(a[0]), Number(a[1])));

    /// <summary>Two whole numbers divide to a whole one.</summary>
    private static JsonNode Divide(JsonNode?[] a)
    {
        decimal left = Number(a[0]), right = Number(a[1]);
        return right == 0 ? throw new ExpressionException("Nothing can be divided by 0.")
            : Numeric(decimal.IsInteger(left) && decimal.IsInteger(right) ? decimal.Truncate(left / right) : left / right);
    }

    private static JsonNode Numeric(decimal number) => decimal.IsInteger(number) && number is >= long.MinValue and <= long.MaxValue ? (long)number : number;

    private static DateTime Time(JsonNode? value) => DateTimeOffset.TryParse(Text(value), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
        ? time.UtcDateTime
        : throw new ExpressionException($"'{Short(value)}' is not a time.");

    private static JsonNode Shift(JsonNode?[] a, long unit) => Format(Time(a[0]).AddTicks((long)(Number(a[1]) * unit)), a.Length > 2 ? Text(a[2]) : Round);

    private static JsonNode Format(DateTime time, string format) => time.ToString(format, CultureInfo.InvariantCulture);

    private static JsonNode With(JsonNode?[] a, string name, JsonNode? value, bool mayExist)
    {
        if (a[0] is not JsonObject given || (!mayExist && given.ContainsKey(name)))
        {
            throw new ExpressionException(a[0] is JsonObject ? $"The object has a member '{name}' already." : $"'{Short(a[0])}' is not an object.");
        }

        var changed = (JsonObject)given.DeepClone();
        changed[name] = value?.DeepClone();
        return changed;
    }
}
