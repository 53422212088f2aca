using System.Globalization;
using System.Text;
using System.Text.Json;
using Bartizan.Portal.Parts;
using Bartizan.Wire.Logs;

namespace Bartizan.Portal.Logs;

/// <summary>Cells of a result as people, files and queries write them.</summary>
internal static class LogsExport
{
    public static string Text(JsonElement cell, string type) => cell.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => "",
        JsonValueKind.String when type == "datetime" && cell.TryGetDateTimeOffset(out var at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture),
        JsonValueKind.String => cell.GetString() ?? "",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => cell.GetRawText(),
    };

    /// <summary>A dynamic value that has inner parts, for the tree; null for plain values.</summary>
    public static JsonElement? Tree(JsonElement cell, string type)
    {
        if (type != "dynamic")
        {
            return null;
        }

        if (cell.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
        {
            return cell;
        }

        if (cell.ValueKind != JsonValueKind.String || cell.GetString() is not { Length: > 1 } text || text[0] is not ('{' or '['))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static int Compare(JsonElement a, JsonElement b, string type)
    {
        if (type is "int" or "long" or "real" or "decimal" && a.ValueKind == JsonValueKind.Number && b.ValueKind == JsonValueKind.Number)
        {
            return a.GetDouble().CompareTo(b.GetDouble());
        }

        return string.CompareOrdinal(Text(a, type), Text(b, type));
    }

    /// <summary>A <c>where</c> line for one value; text is quoted so that it can only be a value.</summary>
    public static string Condition(LogsColumn column, JsonElement cell, bool isExclusion)
    {
        var name = column.Name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') ? column.Name : $"[{Filters.Kql(column.Name)}]";
        var text = Text(cell, column.Type);
        var sign = isExclusion ? "!=" : "==";
        return column.Type switch
        {
            "int" or "long" or "bool" => $"where {name} {sign} {text}",
            "real" => $"where {name} {sign} real({text})",
            "decimal" => $"where {name} {sign} decimal({text})",
            "datetime" => $"where {name} {sign} datetime({(cell.ValueKind == JsonValueKind.String ? cell.GetString() : text)})",
            "timespan" => $"where {name} {sign} totimespan({Filters.Kql(text)})",
            "guid" => $"where {name} {sign} guid({text})",
            "dynamic" => $"where tostring({name}) {sign} {Filters.Kql(text)}",
            _ => $"where {name} {sign} {Filters.Kql(text)}",
        };
    }

    public static string Csv(LogsTable table) => Parts.Csv.Write(table.Rows
        .Select(row => (IReadOnlyList<string>)[.. row.Select((cell, i) => cell.ValueKind == JsonValueKind.String ? cell.GetString() ?? "" : Text(cell, table.Columns[i].Type))])
        .Prepend([.. table.Columns.Select(c => c.Name)]));

    public static string Json(LogsTable table)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartArray();
            foreach (var row in table.Rows)
            {
                writer.WriteStartObject();
                for (var i = 0; i < table.Columns.Count; i++)
                {
                    writer.WritePropertyName(table.Columns[i].Name);
                    (Tree(row[i], table.Columns[i].Type) ?? row[i]).WriteTo(writer);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
