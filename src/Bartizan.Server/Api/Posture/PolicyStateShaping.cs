using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Bartizan.Foundation.Outcomes;
using Bartizan.Server.Api.Arm;
using Bartizan.Wire.Client;
using Bartizan.Wire.Posture;

namespace Bartizan.Server.Api.Posture;

/// <summary>
/// What <c>$apply</c>, <c>$orderby</c> and <c>$select</c> make of policy states: <c>filter(…)</c>, then <c>groupby((a,b), aggregate($count as n))</c> or
/// <c>aggregate(…)</c> alone, with <c>$count</c> and <c>countdistinct</c>. What is not understood is refused, not passed over.
/// </summary>
internal sealed partial class PolicyStateShaping
{
    /// <summary>Rows that are sorted or grouped are held in memory together.</summary>
    private const int MaxRows = 1_000_000;

    private static readonly IReadOnlyDictionary<string, Func<PolicyState, object?>> Fields = PolicyStateRoutes.Fields;

    private Func<PolicyState, bool> holds = _ => true;
    private IReadOnlyList<string>? groups;
    private readonly List<(string? Field, string Name)> aggregates = [];
    private IReadOnlyList<(string Field, bool Descending)> order = [];
    private IReadOnlyList<string> select = [];

    public bool IsWanted => groups is not null || order.Count > 0 || select.Count > 0;

    public static Outcome<PolicyStateShaping> Read(IQueryCollection query, string? orderBy)
    {
        var shaping = new PolicyStateShaping();
        var problem = shaping.ReadApply(query["$apply"].ToString());
        shaping.order = [.. Split(orderBy ?? "").Select(o => o.Split(' ', 2, StringSplitOptions.TrimEntries)).Select(o => (o[0], o.Length > 1 && o[1].Equals("desc", StringComparison.OrdinalIgnoreCase)))];
        shaping.select = [.. Split(query["$select"].ToString()).Select(s => shaping.Canonical(s) ?? s)];
        var unknown = shaping.order.Select(o => o.Field).Concat(shaping.select).FirstOrDefault(f => shaping.Canonical(f) is null);
        problem ??= unknown is null ? null : Invalid($"there is no column '{unknown}'", "$select");
        return problem is null ? shaping : problem;
    }

    public IResult Answer(IReadOnlyList<PolicyState> states, ListQuery query, int offset)
    {
        if (states.Count > MaxRows)
        {
            return ArmErrors.Result(new Problem(ProblemKind.TooLarge, "ResponseTooLarge", $"There are more than {MaxRows:N0} states; narrow the scope or the filter."));
        }

        var rows = groups is null ? states.Where(holds).Select(Row).ToList() : Group([.. states.Where(holds)]);
        IOrderedEnumerable<JsonObject>? sorted = null;
        foreach (var (field, descending) in order)
        {
            var name = Canonical(field)!;
            sorted = (sorted, descending) switch
            {
                (null, false) => rows.OrderBy(r => r[name], NodeOrder.Instance),
                (null, true) => rows.OrderByDescending(r => r[name], NodeOrder.Instance),
                (_, false) => sorted.ThenBy(r => r[name], NodeOrder.Instance),
                (_, true) => sorted.ThenByDescending(r => r[name], NodeOrder.Instance),
            };
        }

        var page = (sorted ?? rows.AsEnumerable()).Skip(offset).Take(query.Top).Select(Select).ToArray();
        return ArmResults.Value(new JsonObject
        {
            ["@odata.context"] = "policyStates/$metadata#latest",
            ["@odata.count"] = page.Length,
            ["value"] = new JsonArray(page),
        });
    }

    private Problem? ReadApply(string text)
    {
        text = text.Trim();
        while (text.Length > 0)
        {
            var open = text.IndexOf('(', StringComparison.Ordinal);
            var close = open < 0 ? -1 : Closing(text, open);
            if (close < 0)
            {
                return Invalid($"'{text}' has no closing bracket", "$apply");
            }

            var (step, inner) = (text[..open].Trim(), text[(open + 1)..close]);
            var problem = groups is not null ? Invalid($"nothing may follow a grouping, but '{step}' does", "$apply") : step.ToLowerInvariant() switch
            {
                "filter" => ReadFilter(inner),
                "groupby" => ReadGroups(inner),
                "aggregate" => ReadAggregates(inner),
                _ => Invalid($"'{step}' is not among filter, groupby and aggregate", "$apply"),
            };
            if (problem is not null)
            {
                return problem;
            }

            text = text[(close + 1)..].TrimStart();
            if (text.Length > 0 && text[0] != '/')
            {
                return Invalid($"'{text}' was not expected; steps are joined by '/'", "$apply");
            }

            text = text.TrimStart('/').TrimStart();
        }

        return null;
    }

    private Problem? ReadFilter(string text)
    {
        if (!FilterText.Read(text, Fields).TryGetValue(out var condition, out var problem))
        {
            return problem;
        }

        var before = holds;
        holds = s => before(s) && condition(s);
        return null;
    }

    private Problem? ReadGroups(string text)
    {
        text = text.Trim();
        var close = text.StartsWith('(') ? Closing(text, 0) : -1;
        if (close < 0)
        {
            return Invalid("groupby takes its columns in brackets, as groupby((a,b))", "$apply");
        }

        var names = Split(text[1..close]).ToList();
        if (names.FirstOrDefault(n => Canonical(n) is null) is { } unknown)
        {
            return Invalid($"there is no column '{unknown}'", "$apply");
        }

        var rest = text[(close + 1)..].Trim().TrimStart(',').Trim();
        if (rest.Length > 0)
        {
            if (!rest.StartsWith("aggregate(", StringComparison.OrdinalIgnoreCase) || Closing(rest, "aggregate".Length) != rest.Length - 1)
            {
                return Invalid($"'{rest}' is not aggregate(…)", "$apply");
            }

            if (ReadAggregates(rest["aggregate(".Length..^1]) is { } problem)
            {
                return problem;
            }
        }

        groups = [.. names.Select(n => Canonical(n)!)];
        return null;
    }

    private Problem? ReadAggregates(string text)
    {
        foreach (var part in Split(text))
        {
            var match = AggregatePattern().Match(part);
            var field = match.Groups["field"] is { Success: true } f ? f.Value : null;
            if (!match.Success || (field is not null && Canonical(field) is null))
            {
                return Invalid($"'{part}' is neither '$count as name' nor 'column with countdistinct as name'", "$apply");
            }

            aggregates.Add((field is null ? null : Canonical(field), match.Groups["name"].Value));
        }

        groups = [];
        return null;
    }

    private List<JsonObject> Group(IReadOnlyList<PolicyState> states) =>
    [
        .. states.GroupBy(s => string.Join('\n', groups!.Select(g => Text(Fields[g](s)).ToLowerInvariant())), StringComparer.Ordinal).Select(group =>
        {
            var first = Row(group.First());
            var row = new JsonObject(groups!.Select(name => KeyValuePair.Create(name, first[name]?.DeepClone())));

            foreach (var (field, name) in aggregates)
            {
                row[name] = field is null ? group.Count() : group.Select(s => Text(Fields[field](s))).Distinct(StringComparer.OrdinalIgnoreCase).Count();
            }

            return row;
        }),
    ];

    private JsonNode Select(JsonObject row) => select.Count == 0 ? row : new JsonObject(select.Select(s => KeyValuePair.Create(s, row[s]?.DeepClone())));

    /// <summary>A column's own spelling; null where there is none of that name.</summary>
    private string? Canonical(string name) =>
        Fields.Keys.FirstOrDefault(k => k.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? aggregates.Select(a => a.Name).FirstOrDefault(a => a.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static JsonObject Row(PolicyState state) => (JsonObject)JsonSerializer.SerializeToNode(state, BartizanClient.Json)!;

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    private static int Closing(string text, int open)
    {
        var (depth, quoted) = (0, false);
        for (var i = open; i < text.Length; i++)
        {
            quoted ^= text[i] == '\'';
            depth += quoted ? 0 : text[i] switch { '(' => 1, ')' => -1, _ => 0 };
            if (depth == 0 && !quoted)
            {
                return i;
            }
        }

        return -1;
    }

    private static IEnumerable<string> Split(string text) => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static Problem Invalid(string why, string target) => new(ProblemKind.Invalid, "InvalidQueryParametersValue", $"The query cannot be read: {why}. Columns are {string.Join(", ", Fields.Keys)}.", target);

    [GeneratedRegex(@"^(?:\$count|(?<field>\w+)\s+with\s+countdistinct)\s+as\s+(?<name>[A-Za-z_]\w{0,60})$", RegexOptions.IgnoreCase)]
    private static partial Regex AggregatePattern();

    private sealed class NodeOrder : IComparer<JsonNode?>
    {
        public static NodeOrder Instance { get; } = new();

        public int Compare(JsonNode? x, JsonNode? y) => x?.GetValueKind() == JsonValueKind.Number && y?.GetValueKind() == JsonValueKind.Number
            ? x.GetValue<int>().CompareTo(y.GetValue<int>())
            : string.Compare(x?.ToString(), y?.ToString(), StringComparison.OrdinalIgnoreCase);
    }
}
