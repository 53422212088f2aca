using System.Text.Json;
using Bartizan.Kql.Types;

namespace Bartizan.Store.Ingestion;

/// <summary>Which columns a custom table needs, from records that bring them: the narrowest type that holds every value seen.</summary>
internal sealed class SchemaInference
{
    private readonly Dictionary<string, KqlType> columns = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> order = [];

    public IReadOnlyList<KqlColumn> Columns => [.. order.Select(n => new KqlColumn(n, columns[n]))];

    public void Observe(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                return;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = ColumnNames.Clean(reader.GetString()!);
                reader.Read();
                if (TypeOf(ref reader) is { } type)
                {
                    Add(name, type);
                }

                reader.Skip();
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The record is refused with its reason when it is read in earnest.
        }
    }

    private void Add(string name, KqlType type)
    {
        if (columns.TryGetValue(name, out var known))
        {
            columns[name] = Join(known, type);
        }
        else
        {
            columns.Add(name, type);
            order.Add(name);
        }
    }

    private static KqlType Join(KqlType left, KqlType right) => (left, right) switch
    {
        _ when left == right => left,
        (KqlType.Dynamic, _) or (_, KqlType.Dynamic) => KqlType.Dynamic,
        (KqlType.Long, KqlType.Real) or (KqlType.Real, KqlType.Long) => KqlType.Real,
        _ => KqlType.String,
    };

    private static KqlType? TypeOf(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return null;
            case JsonTokenType.True or JsonTokenType.False:
                return KqlType.Bool;
            case JsonTokenType.Number:
                return reader.TryGetInt64(out _) ? KqlType.Long : KqlType.Real;
            case JsonTokenType.String:
                var text = reader.ValueSpan;
                return text.Length is >= 19 and <= 40 && text[4] == '-' && char.IsAsciiDigit((char)text[0]) && JsonText.TryReadTime(text, out _)
                    ? KqlType.DateTime
                    : KqlType.String;
            default:
                return KqlType.Dynamic;
        }
    }
}
