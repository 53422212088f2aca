using System.Globalization;
using System.Text.Json;
using Bartizan.Kql.Types;

namespace Bartizan.Detection.Entities;

/// <summary>What a rule's query returned.</summary>
public sealed record RuleRows(IReadOnlyList<KqlColumn> Columns, IReadOnlyList<object?[]> Rows)
{
    /// <summary>Position of a column; -1 when there is none. Column names are case-sensitive in Kusto, mappings forgive.</summary>
    public int IndexOf(string column)
    {
        var loose = -1;
        for (var i = 0; i < Columns.Count; i++)
        {
            if (Columns[i].Name == column)
            {
                return i;
            }

            if (loose < 0 && Columns[i].Name.Equals(column, StringComparison.OrdinalIgnoreCase))
            {
                loose = i;
            }
        }

        return loose;
    }

    /// <summary>The cell as a text; empty for null. A dynamic text, alone or alone in a list, is that text.</summary>
    public string TextAt(object?[] row, int column)
    {
        ArgumentNullException.ThrowIfNull(row);
        var text = TextOf(row[column]);
        return Columns[column].Type == KqlType.Dynamic && text is ['"' or '[', ..] ? OnlyText(text) : text;
    }

    public static string TextOf(object? value) => value switch
    {
        null => "",
        string text => text.Trim(),
        DateTime time => time.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFZ", CultureInfo.InvariantCulture),
        bool truth => truth ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static string OnlyText(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var value = document.RootElement;
            if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 1)
            {
                value = value[0];
            }

            return value.ValueKind == JsonValueKind.String ? value.GetString()! : json;
        }
        catch (JsonException)
        {
            return json;
        }
    }
}
