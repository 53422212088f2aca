using System.Text.Json;
using Bartizan.Wire.Logs;

namespace Bartizan.Portal.Logs;

/// <summary>What <c>render</c> asked for, as the chart module takes it.</summary>
internal static class ChartOfResult
{
    private const int MaxPoints = 5_000;
    private const int MaxSeries = 60;

    /// <summary>The chart as JSON, or null when the query renders none or the result cannot be drawn so.</summary>
    public static string? Read(LogsAnswer answer)
    {
        if (answer.Render is not { ValueKind: JsonValueKind.Object } render || answer.Tables.Count == 0 ||
            !render.TryGetProperty("visualization", out var visualization) || visualization.GetString() is not { Length: > 0 } name)
        {
            return null;
        }

        var kind = KindOf(name.ToLowerInvariant());
        var table = answer.Tables[0];
        if (kind is null || table.Rows.Count == 0)
        {
            return null;
        }

        var numbers = Places(table, "int", "long", "real", "decimal");
        var times = Places(table, "datetime");
        var words = Places(table, "string", "guid", "bool");
        var axis = name.Equals("timechart", StringComparison.OrdinalIgnoreCase) && times.Count > 0 ? times[0]
            : table.Columns[0].Type is "string" or "datetime" or "guid" or "bool" ? 0
            : words.Count > 0 ? words[0] : times.Count > 0 ? times[0] : 0;
        var values = numbers.Where(i => i != axis).ToList();
        if (values.Count == 0)
        {
            return null;
        }

        var split = words.Where(i => i != axis).ToList();
        var isTime = table.Columns[axis].Type == "datetime";
        var isNumber = table.Columns[axis].Type is "int" or "long" or "real" or "decimal";
        var points = table.Rows.Take(MaxPoints).ToList();
        var keys = points.Select(r => Key(r[axis], table.Columns[axis].Type)).Distinct().ToList();
        if (isTime || isNumber)
        {
            keys.Sort((a, b) => a.Order.CompareTo(b.Order));
        }

        var places = keys.Select((k, i) => (k, i)).ToDictionary(p => p.k, p => p.i);
        var series = new Dictionary<string, double?[]>();
        foreach (var row in points)
        {
            var place = places[Key(row[axis], table.Columns[axis].Type)];
            var group = string.Join(", ", split.Select(i => LogsExport.Text(row[i], table.Columns[i].Type)));
            foreach (var value in values)
            {
                var title = split.Count == 0 ? table.Columns[value].Name : values.Count == 1 ? group : $"{group}: {table.Columns[value].Name}";
                if (!series.TryGetValue(title, out var line))
                {
                    if (series.Count == MaxSeries)
                    {
                        continue;
                    }

                    series.Add(title, line = new double?[keys.Count]);
                }

                line[place] = row[value].ValueKind == JsonValueKind.Number ? row[value].GetDouble() : line[place];
            }
        }

        return JsonSerializer.Serialize(new
        {
            kind,
            stacked = IsStacked(render) || name.Contains("stacked", StringComparison.OrdinalIgnoreCase),
            isTime,
            isNumber,
            x = keys.Select(k => isNumber ? (object)k.Order : k.Text),
            series = series.Select(s => new { name = s.Key.Length == 0 ? "(empty)" : s.Key, values = s.Value }),
            xTitle = Title(render, "xtitle"),
            yTitle = Title(render, "ytitle"),
        });
    }

    private static string? KindOf(string visualization) => visualization switch
    {
        "timechart" or "linechart" => "line",
        "areachart" or "stackedareachart" => "area",
        "barchart" => "bar",
        "columnchart" => "column",
        "piechart" => "pie",
        "scatterchart" => "scatter",
        _ => null,
    };

    private static (string Text, double Order) Key(JsonElement cell, string type) => type switch
    {
        "datetime" when cell.ValueKind == JsonValueKind.String && cell.TryGetDateTimeOffset(out var at) => (at.UtcDateTime.ToString("O", System.Globalization.CultureInfo.InvariantCulture), at.ToUnixTimeMilliseconds()),
        "int" or "long" or "real" or "decimal" when cell.ValueKind == JsonValueKind.Number => (cell.GetRawText(), cell.GetDouble()),
        _ => (LogsExport.Text(cell, type), 0),
    };

    private static List<int> Places(LogsTable table, params ReadOnlySpan<string> types)
    {
        var found = new List<int>();
        for (var i = 0; i < table.Columns.Count; i++)
        {
            if (types.Contains(table.Columns[i].Type))
            {
                found.Add(i);
            }
        }

        return found;
    }

    private static bool IsStacked(JsonElement render) => render.TryGetProperty("kind", out var kind) && kind.ValueKind == JsonValueKind.String && kind.GetString()!.StartsWith("stacked", StringComparison.OrdinalIgnoreCase);

    private static string Title(JsonElement render, string name)
    {
        foreach (var member in render.EnumerateObject())
        {
            if (member.Name.Equals(name, StringComparison.OrdinalIgnoreCase) && member.Value.ValueKind == JsonValueKind.String)
            {
                return member.Value.GetString() ?? "";
            }
        }

        return "";
    }
}
