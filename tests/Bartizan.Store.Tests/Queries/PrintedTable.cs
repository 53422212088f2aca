using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Bartizan.Kql.Functions;
using Bartizan.Kql.Types;
using Bartizan.Store.Queries;

namespace Bartizan.Store.Tests.Queries;

/// <summary>
/// A table as a page of documentation prints it, compared with rows by the rules of the corpus: blank, null and empty are one, numbers to
/// the last printed digit, dynamic as JSON.
/// </summary>
internal sealed partial class PrintedTable
{
    private readonly List<string> columns;
    private readonly List<List<string>> rows;
    private readonly bool isOrdered;
    private readonly bool byName;
    private readonly bool anyArrayOrder;

    public PrintedTable(JsonElement example)
    {
        var expected = example.GetProperty("expected");
        columns = [.. expected.GetProperty("columns").EnumerateArray().Select(c => c.GetString()!)];
        rows = [.. expected.GetProperty("rows").EnumerateArray().Select(r => r.EnumerateArray().Select(c => c.GetString() ?? "").ToList())];
        isOrdered = example.GetProperty("ordered").GetBoolean();
        byName = example.GetProperty("columns_check").GetString() is "open" or "order";
        anyArrayOrder = example.GetProperty("cautions").EnumerateArray().Any(c => c.GetString() is "unordered-arrays" or "list-order");
    }

    /// <summary>What differs; null when nothing does.</summary>
    public string? Difference(QueryResult result)
    {
        if (result.Columns.Count != columns.Count)
        {
            return $"{result.Columns.Count} columns ({string.Join(", ", result.Columns.Select(c => c.Name))}) instead of {columns.Count} ({string.Join(", ", columns)})";
        }

        if (result.Rows.Count != rows.Count)
        {
            return $"{result.Rows.Count} rows instead of {rows.Count}: {Show(result)}";
        }

        var places = byName
            ? columns.Select(name => result.Columns.Select(c => c.Name).ToList().FindIndex(c => c.Equals(name, StringComparison.OrdinalIgnoreCase))).ToList()
            : [.. Enumerable.Range(0, columns.Count)];
        if (places.Contains(-1))
        {
            return $"no column {columns[places.IndexOf(-1)]} among {string.Join(", ", result.Columns.Select(c => c.Name))}";
        }

        var left = result.Rows.ToList();
        foreach (var row in rows)
        {
            var at = isOrdered ? (Fits(row, left[0]) ? 0 : -1) : left.FindIndex(r => Fits(row, r));
            if (at < 0)
            {
                return $"no row ({string.Join(" | ", row)}) in {Show(result)}";
            }

            left.RemoveAt(at);
        }

        return null;

        bool Fits(List<string> printed, object?[] actual) => places.Select((p, i) => Same(printed[i], actual[p], result.Columns[p].Type)).All(same => same);
    }

    private static string Show(QueryResult result) =>
        string.Join(" / ", result.Rows.Take(6).Select(r => "(" + string.Join(" | ", r.Select(c => Convert.ToString(c, CultureInfo.InvariantCulture))) + ")"));

    private bool Same(string printed, object? actual, KqlType type)
    {
        var isBlank = printed is "" or "null" || printed.Trim().Length == 0;
        if (actual is null or "")
        {
            return isBlank || (actual is "" && Whitespace().Replace(printed, " ").Trim().Length == 0);
        }

        printed = printed.Trim();
        return actual switch
        {
            bool flag => printed.Equals(flag ? "true" : "false", StringComparison.OrdinalIgnoreCase) || printed == (flag ? "1" : "0"),
            int or long => long.TryParse(printed, NumberStyles.AllowLeadingSign | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var whole) && whole == Convert.ToInt64(actual, CultureInfo.InvariantCulture),
            double or decimal => SameNumber(printed, Convert.ToDouble(actual, CultureInfo.InvariantCulture)),
            DateTime moment => KqlTime.ParseDateTime(printed) == moment.Ticks || (DateTime.TryParse(printed, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var other) && other.Ticks == moment.Ticks),
            TimeSpan span => KqlTime.ParseTimeSpan(printed) == span.Ticks,
            Guid guid => printed.Equals(guid.ToString("D"), StringComparison.OrdinalIgnoreCase),
            string text when type == KqlType.Dynamic => SameDynamic(printed, text),
            string text when type == KqlType.Decimal => printed == text,
            string text => Whitespace().Replace(printed, " ").Trim() == Whitespace().Replace(text, " ").Trim(),
            _ => false,
        };
    }

    private static bool SameNumber(string printed, double actual)
    {
        if (double.IsNaN(actual))
        {
            return printed.Equals("NaN", StringComparison.OrdinalIgnoreCase);
        }

        if (!double.TryParse(printed, NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var value))
        {
            return double.IsInfinity(actual) && printed.Contains(actual > 0 ? "inf" : "-inf", StringComparison.OrdinalIgnoreCase);
        }

        if (value == actual)
        {
            return true;
        }

        var mantissa = printed.Split('e', 'E');
        var point = mantissa[0].IndexOf('.', StringComparison.Ordinal);
        var decimals = point < 0 ? 0 : mantissa[0].Length - point - 1;
        var exponent = mantissa.Length > 1 && int.TryParse(mantissa[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var e) ? e : 0;
        return Math.Abs(value - actual) <= Math.Max((0.5 * Math.Pow(10, exponent - decimals)) + (1e-15 * Math.Abs(value)), (decimals >= 6 ? 1e-6 : 1e-9) * Math.Abs(value));
    }

    private bool SameDynamic(string printed, string actual)
    {
        if (Json.Parse(actual) is not { } value)
        {
            return Whitespace().Replace(printed, "") == Whitespace().Replace(actual, "");
        }

        return Json.Parse(printed) is { } wanted ? SameJson(wanted, value)
            : value.ValueKind == JsonValueKind.String && Same(printed, value.GetString(), KqlType.String);
    }

    private bool SameJson(JsonElement left, JsonElement right)
    {
        if (left.ValueKind != right.ValueKind)
        {
            return left.ValueKind is JsonValueKind.Number or JsonValueKind.String && right.ValueKind is JsonValueKind.Number or JsonValueKind.String
                && Same(left.ToString(), right.ToString(), KqlType.String);
        }

        switch (left.ValueKind)
        {
            case JsonValueKind.Object:
                return left.EnumerateObject().Count() == right.EnumerateObject().Count()
                    && left.EnumerateObject().All(p => right.TryGetProperty(p.Name, out var other) && SameJson(p.Value, other));
            case JsonValueKind.Array:
                var rest = right.EnumerateArray().ToList();
                if (rest.Count != left.GetArrayLength())
                {
                    return false;
                }

                foreach (var item in left.EnumerateArray())
                {
                    var at = anyArrayOrder ? rest.FindIndex(r => SameJson(item, r)) : SameJson(item, rest[0]) ? 0 : -1;
                    if (at < 0)
                    {
                        return false;
                    }

                    rest.RemoveAt(at);
                }

                return true;
            case JsonValueKind.Number:
                return SameNumber(left.GetRawText(), right.GetDouble());
            case JsonValueKind.String:
                return left.GetString() == right.GetString() || (KqlTime.ParseDateTime(left.GetString()!) is { } moment && KqlTime.ParseDateTime(right.GetString()!) == moment);
            default:
                return true;
        }
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Whitespace();
}
