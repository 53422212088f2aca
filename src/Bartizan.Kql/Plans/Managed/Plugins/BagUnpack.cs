using System.Text.Json;
using Bartizan.Kql.Functions;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Plans.Managed.Plugins;

/// <summary>bag_unpack: the properties of a column of bags become columns, in the order of their names, behind the other columns.</summary>
internal sealed class BagUnpack(PluginCall call) : ManagedOperator, IOpenShape
{
    private const int MostColumns = 4096;

    private readonly int bag = call.Column(0);
    private readonly string prefix = call.Constant(1, "OutputColumnPrefix")?.AsText ?? "";
    private readonly string conflict = call.Constant(2, "columnsConflict")?.AsText ?? "error";
    private readonly HashSet<string> ignored = call.Constant(3, "ignoredProperties") is { } names ? [.. (Json.Array(names) ?? []).Where(n => n.ValueKind == JsonValueKind.String).Select(n => n.GetString()!)] : [];
    private readonly RowShape source = call.Source.Shape;
    private readonly RowShape shape = call.Shape;

    public override string Name => "bag_unpack";

    public RowShape Discover(IReadOnlyList<IEnumerable<KqlValue[]>> inputs, OperatorContext context)
    {
        var types = new SortedDictionary<string, KqlType>(StringComparer.Ordinal);
        foreach (var row in inputs[0])
        {
            context.Cancellation.ThrowIfCancellationRequested();
            foreach (var property in Properties(row[bag]))
            {
                var name = prefix + property.Name;
                types[name] = types.TryGetValue(name, out var known) ? Both(known, TypeOf(property.Value)) : TypeOf(property.Value);
                if (types.Count > MostColumns)
                {
                    throw new QueryLimitException($"bag_unpack found more than {MostColumns} properties.");
                }
            }
        }

        var rest = source.Columns.Where((_, i) => i != bag).ToList();
        if (conflict == "error" && rest.FirstOrDefault(c => types.ContainsKey(c.Name)) is { } clash)
        {
            throw new PlanRefusal($"bag_unpack: the property '{clash.Name}' has the name of a column. Give a prefix, or columnsConflict='replace_source' or 'keep_source'.");
        }

        var unpacked = types.Where(t => conflict != "keep_source" || rest.All(c => c.Name != t.Key));
        return new RowShape(
        [
            .. rest.Where(c => conflict != "replace_source" || !types.ContainsKey(c.Name)),
            .. unpacked.Select(t => new KqlColumn(t.Key, t.Value == KqlType.Unknown ? KqlType.Dynamic : t.Value)),
        ]);
    }

    public override IEnumerable<KqlValue[]> Run(IReadOnlyList<IEnumerable<KqlValue[]>> inputs, OperatorContext context)
    {
        var from = shape.Columns.Select(c => IndexOf(c.Name)).ToArray();
        foreach (var row in inputs[0])
        {
            var properties = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
            foreach (var property in Properties(row[bag]))
            {
                properties[prefix + property.Name] = property.Value;
            }

            var result = new KqlValue[from.Length];
            for (var i = 0; i < from.Length; i++)
            {
                var column = shape.Columns[i];
                result[i] = properties.TryGetValue(column.Name, out var value) && (from[i] < 0 || conflict == "replace_source")
                    ? Typed(value, column.Type)
                    : from[i] >= 0 ? Conversion.To(row[from[i]], column.Type) : KqlValue.Null(column.Type);
            }

            yield return result;
        }
    }

    private int IndexOf(string name)
    {
        for (var i = 0; i < source.Columns.Count; i++)
        {
            if (i != bag && source.Columns[i].Name == name)
            {
                return i;
            }
        }

        return -1;
    }

    private IEnumerable<JsonProperty> Properties(KqlValue value) =>
        Json.Element(value) is { ValueKind: JsonValueKind.Object } found ? found.EnumerateObject().Where(p => !ignored.Contains(p.Name)) : [];

    private static KqlValue Typed(JsonElement value, KqlType type) => Conversion.To(Json.ToDynamic(value), type);

    private static KqlType TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.TryGetInt64(out _) ? KqlType.Long : KqlType.Real,
        JsonValueKind.String => KqlType.String,
        JsonValueKind.True or JsonValueKind.False => KqlType.Bool,
        JsonValueKind.Null => KqlType.Unknown,
        _ => KqlType.Dynamic,
    };

    private static KqlType Both(KqlType a, KqlType b) =>
        a == b || b == KqlType.Unknown ? a
        : a == KqlType.Unknown ? b
        : a is KqlType.Long or KqlType.Real && b is KqlType.Long or KqlType.Real ? KqlType.Real
        : KqlType.Dynamic;
}
