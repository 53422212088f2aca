using System.Globalization;
using System.Text;
using System.Text.Json;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Functions.Aggregates;

/// <summary>make_list, make_set, make_bag and buildschema: dynamic values gathered from rows.</summary>
internal static class Collections
{
    private const long DefaultLimit = 1_048_576;

    /// <summary>The old spellings stop early.</summary>
    private const long LegacyLimit = 128;

    /// <summary>Characters of JSON text at which a list or set takes no more elements.</summary>
    private const int LargestText = 1 << 27;

    private const TypeSet PlainJson = TypeSet.String | TypeSet.Integer | TypeSet.Bool | TypeSet.Guid;

    public static IEnumerable<KqlFunction> All() =>
    [
        .. Conditional.Pair("make_list", "make_list_if", "(value:any[if], limit:integer?) -> dynamic", "An array of all values but nulls; the elements of arrays count singly.",
            _ => new ListState(DefaultLimit, keepNulls: false), (c, f) => ListSql(c, f, DefaultLimit), prefix: "list"),
        .. Conditional.Pair("make_set", "make_set_if", "(value:any[if], limit:integer?) -> dynamic", "An array of the different values but null; the elements of arrays count singly.",
            _ => new SetState(DefaultLimit), (c, f) => SetSql(c, f, DefaultLimit), prefix: "set"),
        .. Conditional.Pair("make_bag", "make_bag_if", "(value:bag[if], limit:integer?) -> dynamic", "One bag of the properties of all bags; of a repeated key the first value counts.",
            _ => new BagState(), null, prefix: "bag"),
        Legacy("makelist", "list", "make_list", _ => new ListState(LegacyLimit, keepNulls: false), (c, f) => ListSql(c, f, LegacyLimit)),
        Legacy("makeset", "set", "make_set", _ => new SetState(LegacyLimit), (c, f) => SetSql(c, f, LegacyLimit)),
        new("make_dictionary", "(value:bag, limit:integer?) -> dynamic", "One bag of the properties of all bags (old spelling of make_bag).")
        {
            Kind = FunctionKind.Aggregate,
            Nulls = NullRule.Handled,
            Naming = NameRule.Prefixed("dictionary"),
            Aggregate = _ => new BagState(),
        },
        new("make_list_with_nulls", "(value:any) -> dynamic", "An array of all values, nulls too.")
        {
            Kind = FunctionKind.Aggregate,
            Nulls = NullRule.Handled,
            Naming = NameRule.Prefixed("list"),
            Aggregate = _ => new ListState(DefaultLimit, keepNulls: true),
        },
        new("buildschema", "(value:bag) -> dynamic", "The schema that admits all values: the types at each path, arrays under `indexer`.")
        {
            Kind = FunctionKind.Aggregate,
            Nulls = NullRule.Handled,
            Naming = NameRule.Prefixed("schema"),
            Aggregate = _ => new SchemaState(),
        },
    ];

    private static KqlFunction Legacy(string name, string prefix, string modern, AggregateFactory state, AggregateSql sql) =>
        new(name, "(value:any, limit:integer?) -> dynamic", $"Old spelling of {modern}, with at most 128 values unless the query says more.")
        {
            Kind = FunctionKind.Aggregate,
            Nulls = NullRule.Handled,
            Naming = NameRule.Prefixed(prefix),
            Aggregate = state,
            DuckDb = c => sql(c, ""),
        };

    private static string? ListSql(SqlCall c, string filter, long limit)
    {
        if (Limit(c, limit) is not { } most)
        {
            return null;
        }

        var order = c.Over == "" ? "" : " " + c.Over;
        var where = c.Arguments[0].MayBeNull ? Both(filter, $"{c[0]} IS NOT NULL") : filter;
        if (c.TypeOf(0) == KqlType.Dynamic && most >= DefaultLimit)
        {
            // The elements of an array count singly.
            var items = $"CASE WHEN starts_with({c[0]}, '[') THEN nullif(substr({c[0]}, 2, length({c[0]}) - 2), '') ELSE {c[0]} END";
            return $"concat('[', string_agg({items}, ','{order}){where}, ']')";
        }

        return c.TypeOf(0) != KqlType.Dynamic && PlainJson.HasFlag((TypeSet)(1 << (int)c.TypeOf(0)))
            ? string.Create(CultureInfo.InvariantCulture, $"coalesce(to_json(list_slice(list({c[0]}{order}){where}, 1, {most}))::VARCHAR, '[]')")
            : null;
    }

    private static string? SetSql(SqlCall c, string filter, long limit)
    {
        if (Limit(c, limit) is not { } most || c.TypeOf(0) == KqlType.Dynamic || !PlainJson.HasFlag((TypeSet)(1 << (int)c.TypeOf(0))))
        {
            return null;
        }

        var where = c.Arguments[0].MayBeNull ? Both(filter, $"{c[0]} IS NOT NULL") : filter;
        return string.Create(CultureInfo.InvariantCulture, $"coalesce(to_json(list_slice(list(DISTINCT {c[0]}){where}, 1, {most}))::VARCHAR, '[]')");
    }

    private static string Both(string filter, string condition) => filter == "" ? $" FILTER (WHERE {condition})" : $"{filter[..^1]} AND {condition})";

    private static long? Limit(SqlCall c, long standard) =>
        c.Count < 2 ? standard
        : c.Arguments[1] is { IsConstant: true, Constant: long or int } limit && Convert.ToInt64(limit.Constant, CultureInfo.InvariantCulture) is > 0 and var most ? Math.Min(most, DefaultLimit)
        : null;

    private static long Limit(ReadOnlySpan<KqlValue> row, long standard) =>
        row.Length > 1 && !row[1].IsNull ? Math.Clamp(row[1].AsLong, 0, DefaultLimit) : standard;

    private sealed class ListState(long standard, bool keepNulls) : AggregateState
    {
        private readonly StringBuilder text = new();
        private long count;
        private long? limit;

        private long Most => limit ?? standard;

        public override void Add(ReadOnlySpan<KqlValue> row)
        {
            limit ??= Limit(row, standard);
            if (count >= Most || (row[0].IsNull && !keepNulls) || text.Length > LargestText)
            {
                return;
            }

            if (row[0].Type == KqlType.Dynamic && Json.Array(row[0]) is { } items)
            {
                foreach (var item in items)
                {
                    if (count < Most)
                    {
                        _ = text.Append(count++ == 0 ? "" : ",").Append(Json.Text(item));
                    }
                }

                return;
            }

            _ = text.Append(count++ == 0 ? "" : ",").Append(Json.Of(row[0]));
        }

        public override void Merge(AggregateState later)
        {
            var other = (ListState)later;
            limit ??= other.limit;
            if (other.count == 0 || count >= Most)
            {
                return;
            }

            if (count + other.count <= Most)
            {
                _ = text.Append(count == 0 ? "" : ",").Append(other.text);
                count += other.count;
                return;
            }

            foreach (var item in Json.Array(other.Finish()) ?? [])
            {
                if (count < Most)
                {
                    _ = text.Append(count++ == 0 ? "" : ",").Append(Json.Text(item));
                }
            }
        }

        public override KqlValue Finish() => KqlValue.Dynamic($"[{text}]");
    }

    private sealed class SetState(long standard) : AggregateState
    {
        private readonly HashSet<string> keys = new(StringComparer.Ordinal);
        private readonly List<string> items = [];
        private long? limit;
        private long size;

        private long Most => limit ?? standard;

        public override void Add(ReadOnlySpan<KqlValue> row)
        {
            limit ??= Limit(row, standard);
            var value = row[0];
            if (value.IsNull || items.Count >= Most)
            {
                return;
            }

            if (value.Type != KqlType.Dynamic)
            {
                Take(Json.Of(value), null);
            }
            else if (Json.Element(value) is { } element)
            {
                if (element.ValueKind != JsonValueKind.Array)
                {
                    Take(Json.Key(element), element);
                    return;
                }

                foreach (var item in element.EnumerateArray())
                {
                    if (item.ValueKind != JsonValueKind.Null)
                    {
                        Take(Json.Key(item), item);
                    }
                }
            }
        }

        public override void Merge(AggregateState later)
        {
            var other = (SetState)later;
            limit ??= other.limit;
            foreach (var (key, item) in other.keys.Zip(other.items))
            {
                Keep(key, item);
            }
        }

        public override KqlValue Finish() => Json.ArrayOf(items);

        private void Take(string key, JsonElement? element)
        {
            if (!keys.Contains(key))
            {
                Keep(key, element is { } e ? Json.Text(e) : key);
            }
        }

        private void Keep(string key, string item)
        {
            if (items.Count < Most && size < LargestText && keys.Add(key))
            {
                items.Add(item);
                size += item.Length;
            }
        }
    }

    private sealed class BagState : AggregateState
    {
        private readonly Dictionary<string, string> properties = new(StringComparer.Ordinal);
        private readonly List<string> order = [];
        private long size;
        private long most = DefaultLimit;

        public override void Add(ReadOnlySpan<KqlValue> row)
        {
            most = Limit(row, DefaultLimit);
            if (row[0].IsNull || Json.Element(row[0]) is not { ValueKind: JsonValueKind.Object } bag)
            {
                return;
            }

            foreach (var property in bag.EnumerateObject())
            {
                if (!properties.ContainsKey(property.Name))
                {
                    Take(property.Name, Json.Text(property.Value));
                }
            }
        }

        public override void Merge(AggregateState later)
        {
            var other = (BagState)later;
            most = Math.Max(most, other.most);
            foreach (var name in other.order)
            {
                Take(name, other.properties[name]);
            }
        }

        public override KqlValue Finish() => Json.BagOf(order.Select(name => KeyValuePair.Create(name, properties[name])));

        private void Take(string name, string text)
        {
            if (size + name.Length + text.Length <= most && properties.TryAdd(name, text))
            {
                order.Add(name);
                size += name.Length + text.Length + 4;
            }
        }
    }

    private sealed class SchemaState : AggregateState
    {
        private readonly SchemaNode root = new();

        public override void Add(ReadOnlySpan<KqlValue> row)
        {
            if (!row[0].IsNull && Json.Element(row[0]) is { } element)
            {
                root.See(element);
            }
        }

        public override void Merge(AggregateState later) => root.See(((SchemaState)later).root);

        public override KqlValue Finish() => KqlValue.Dynamic(root.IsEmpty ? "{}" : root.ToJson());
    }
}
