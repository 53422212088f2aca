using System.Text;
using System.Text.Json;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Functions.Bags;

/// <summary>Property bags: keys, parts, and bags made from values. A key that begins with $. is a path.</summary>
internal static class BagFunctions
{
    public static IEnumerable<KqlFunction> All() =>
    [
        new("bag_keys", "(object:bag) -> dynamic", "The names of the bag's properties, as an array; null for what is no bag.")
        {
            Managed = a => Bag(a[0]) is { } bag ? Json.ArrayOf(bag.Keys.Select(Json.Quote)) : KqlValue.Null(KqlType.Dynamic),
        },
        new("bag_merge", "(bag:bag*64) -> dynamic", "One bag of the properties of all; of a name that stands in several, the leftmost counts.")
        {
            Nulls = NullRule.Handled,
            Managed = a => Merge(a),
        },
        new("bag_has_key", "(bag:bag, key:text) -> bool", "Whether the bag has the property; null for what is no bag.")
        {
            Managed = a => Json.Element(a[0]) is { ValueKind: JsonValueKind.Object } bag && Path(Conversion.ToText(a[1])) is { } path
                ? KqlValue.Bool(JsonPath.Find(bag, path) is not null) : KqlValue.Null(KqlType.Bool),
        },
        new("bag_remove_keys", "(bag:bag, keys:array) -> dynamic", "The bag without the properties that the array names.")
        {
            Managed = a => Remove(a[0], a[1]),
        },
        new("bag_set_key", "(bag:bag, key:text!, value:any) -> dynamic", "The bag with the property set to the value.")
        {
            Nulls = NullRule.Handled,
            Managed = a => Set(a[0], Conversion.ToText(a[1]), a[2]),
        },
        new("bag_zip", "(keys:array, values:array) -> dynamic", "A bag with names from one array and values from the other; names without a value get null.")
        {
            Managed = a => Zip(a[0], a[1]),
        },
        new("bag_pack", "(key:text*, value:any*) -> dynamic", "A bag of the names and values given in turn.")
        {
            Aliases = ["pack", "pack_dictionary"],
            Nulls = NullRule.Handled,
            Managed = a => Pack(a),
        },
        new("_bag_pack_non_empty", "(key:text*, value:any*) -> dynamic", "A bag of the names and values given in turn, without null and empty values: pack_all(true).")
        {
            Kind = FunctionKind.Operator,
            Nulls = NullRule.Handled,
            Managed = a => Pack(a, keepEmpty: false),
        },
        new("bag_pack_columns", "(column:any*@) -> dynamic", "A bag of the columns, each under its name.") { Kind = FunctionKind.Language },
        new("pack_all", "(ignore_null_empty:any?!!) -> dynamic", "A bag of all columns, each under its name; with true, without null and empty ones.") { Kind = FunctionKind.Language },
        new("pack_array", "(value:any#) -> dynamic; (value:any*) -> dynamic", "An array of the values.")
        {
            Nulls = NullRule.Handled,
            Managed = a => PackArray(a),
        },
        new("treepath", "(object:bag) -> dynamic", "The paths to all parts of the value, as an array; of an array only its first element.")
        {
            Naming = NameRule.Prefixed("tree"),
            Managed = a => Json.Element(a[0]) is { ValueKind: JsonValueKind.Object or JsonValueKind.Array } element ? TreePath(element) : KqlValue.Null(KqlType.Dynamic),
        },
    ];

    /// <summary>The properties in their order; null for what is no bag.</summary>
    internal static OrderedDictionary<string, string>? Bag(KqlValue value) => Json.Element(value) is { ValueKind: JsonValueKind.Object } element ? Bag(element) : null;

    private static OrderedDictionary<string, string> Bag(JsonElement element)
    {
        var bag = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var property in element.EnumerateObject())
        {
            bag[property.Name] = Json.Text(property.Value);
        }

        return bag;
    }

    private static IReadOnlyList<object>? Path(string key) => key.StartsWith("$.", StringComparison.Ordinal) || key.StartsWith("$[", StringComparison.Ordinal) ? JsonPath.Parse(key) : [key];

    private static KqlValue Merge(ReadOnlySpan<KqlValue> values)
    {
        OrderedDictionary<string, string>? merged = null;
        foreach (var value in values)
        {
            if (Bag(value) is { } bag)
            {
                merged ??= new OrderedDictionary<string, string>(StringComparer.Ordinal);
                foreach (var (key, text) in bag)
                {
                    merged.TryAdd(key, text);
                }
            }
        }

        return merged is null ? KqlValue.Null(KqlType.Dynamic) : Json.BagOf(merged);
    }

    private static KqlValue Remove(KqlValue value, KqlValue keys)
    {
        if (Json.Element(value) is not { ValueKind: JsonValueKind.Object } bag)
        {
            return KqlValue.Null(KqlType.Dynamic);
        }

        if (Json.Array(keys) is not { } list)
        {
            return value;
        }

        var paths = new List<IReadOnlyList<object>>();
        foreach (var key in list)
        {
            if (key.ValueKind == JsonValueKind.String && Path(key.GetString()!) is { } path)
            {
                paths.Add(path);
            }
        }

        return KqlValue.Dynamic(Without(bag, paths, 0));
    }

    private static string Without(JsonElement element, List<IReadOnlyList<object>> paths, int depth)
    {
        if (element.ValueKind != JsonValueKind.Object || paths.Count == 0)
        {
            return Json.Text(element);
        }

        var kept = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var property in element.EnumerateObject())
        {
            var here = paths.FindAll(p => p.Count > depth && p[depth] is string name && name == property.Name);
            if (!here.Exists(p => p.Count == depth + 1))
            {
                kept[property.Name] = Without(property.Value, here, depth + 1);
            }
        }

        return Json.BagOf(kept).AsText;
    }

    private static KqlValue Set(KqlValue value, string key, KqlValue to) =>
        Json.Element(value) is { ValueKind: JsonValueKind.Object } bag && Path(key) is { Count: > 0 } path && path.All(s => s is string)
            ? KqlValue.Dynamic(With(bag, path, 0, Json.Of(to))) : KqlValue.Null(KqlType.Dynamic);

    /// <summary>What stands in the way of the path and is no bag is replaced by one.</summary>
    private static string With(JsonElement? element, IReadOnlyList<object> path, int depth, string value)
    {
        if (depth == path.Count)
        {
            return value;
        }

        var bag = element is { ValueKind: JsonValueKind.Object } e ? Bag(e) : new OrderedDictionary<string, string>(StringComparer.Ordinal);
        var name = (string)path[depth];
        bag[name] = With(element is { ValueKind: JsonValueKind.Object } o && o.TryGetProperty(name, out var inner) ? inner : null, path, depth + 1, value);
        return Json.BagOf(bag).AsText;
    }

    private static KqlValue Zip(KqlValue keys, KqlValue values)
    {
        if (Json.Array(keys) is not { } names || Json.Array(values) is not { } items)
        {
            return KqlValue.Null(KqlType.Dynamic);
        }

        var bag = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i].ValueKind == JsonValueKind.String)
            {
                bag[names[i].GetString()!] = i < items.Count ? Json.Text(items[i]) : "null";
            }
        }

        return Json.BagOf(bag);
    }

    private static KqlValue Pack(ReadOnlySpan<KqlValue> arguments, bool keepEmpty = true)
    {
        var bag = new OrderedDictionary<string, string>(arguments.Length / 2, StringComparer.Ordinal);
        for (var i = 0; i + 1 < arguments.Length; i += 2)
        {
            if (keepEmpty || !Values.Conditions.IsEmpty(arguments[i + 1]))
            {
                bag[Conversion.ToText(arguments[i])] = Json.Of(arguments[i + 1]);
            }
        }

        return Json.BagOf(bag);
    }

    private static KqlValue PackArray(ReadOnlySpan<KqlValue> values)
    {
        var builder = new StringBuilder("[");
        foreach (var value in values)
        {
            builder.Append(builder.Length > 1 ? "," : "").Append(Json.Of(value));
        }

        return KqlValue.Dynamic(builder.Append(']').ToString());
    }

    private static KqlValue TreePath(JsonElement root)
    {
        var paths = new List<string>();
        Collect(root, "", paths);
        return Json.ArrayOf(paths.Select(Json.Quote));
    }

    private static void Collect(JsonElement element, string prefix, List<string> paths)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in element.EnumerateObject())
            {
                var path = $"{prefix}['{property.Name}']";
                paths.Add(path);
                Collect(property.Value, path, paths);
            }
        }
        else if (element.ValueKind == JsonValueKind.Array && element.GetArrayLength() > 0)
        {
            var path = prefix + "[0]";
            paths.Add(path);
            Collect(element[0], path, paths);
        }
    }
}
