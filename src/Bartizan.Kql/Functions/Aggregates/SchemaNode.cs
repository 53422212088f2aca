using System.Text.Json;

namespace Bartizan.Kql.Functions.Aggregates;

/// <summary>The types seen at one path of many JSON values; buildschema prints it.</summary>
internal sealed class SchemaNode
{
    /// <summary>Paths beyond this many at one level are not told apart; it bounds hostile input.</summary>
    private const int MostProperties = 4096;

    private readonly List<string> kinds = [];
    private readonly List<string> names = [];
    private readonly Dictionary<string, SchemaNode> properties = new(StringComparer.Ordinal);
    private SchemaNode? elements;

    public bool IsEmpty => kinds.Count == 0;

    public void See(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                Note("{}");
                foreach (var property in value.EnumerateObject())
                {
                    Property(property.Name)?.See(property.Value);
                }

                break;
            case JsonValueKind.Array:
                Note("[]");
                elements ??= new SchemaNode();
                foreach (var item in value.EnumerateArray())
                {
                    elements.See(item);
                }

                break;
            case JsonValueKind.Number:
                Note(value.TryGetInt64(out _) ? "long" : "double");
                break;
            case JsonValueKind.String:
                Note("string");
                break;
            case JsonValueKind.True or JsonValueKind.False:
                Note("bool");
                break;
        }
    }

    public void See(SchemaNode other)
    {
        other.kinds.ForEach(Note);
        foreach (var name in other.names)
        {
            Property(name)?.See(other.properties[name]);
        }

        if (other.elements is not null)
        {
            (elements ??= new SchemaNode()).See(other.elements);
        }
    }

    public string ToJson()
    {
        var parts = kinds.Select(kind => kind switch
        {
            "{}" => $"{{{string.Join(',', names.Select(n => $"{Json.Quote(n)}:{properties[n].ToJson()}"))}}}",
            "[]" => $"{{\"`indexer`\":{elements!.ToJson()}}}",
            _ => Json.Quote(kind),
        }).ToList();
        return parts.Count == 1 ? parts[0] : Json.ArrayText(parts);
    }

    private void Note(string kind)
    {
        if (!kinds.Contains(kind))
        {
            kinds.Add(kind);
        }
    }

    private SchemaNode? Property(string name)
    {
        if (properties.TryGetValue(name, out var node))
        {
            return node;
        }

        if (properties.Count >= MostProperties)
        {
            return null;
        }

        names.Add(name);
        return properties[name] = new SchemaNode();
    }
}
