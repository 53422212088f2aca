using System.Globalization;
using Bartizan.Detection.Rows;
using Bartizan.Foundation.Outcomes;

namespace Bartizan.Detection.Watchlists;

/// <summary>A watchlist's content as people upload it: a header line and lines of values.</summary>
public sealed record WatchlistText(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyDictionary<string, string>> Items)
{
    public const int MaxLineLength = 10_240;
    public const int MaxColumns = 100;

    /// <summary>Names that the table itself brings.</summary>
    private static readonly string[] taken = ["SearchKey", "LastUpdatedTimeUTC", "_DTItemId"];

    /// <param name="contentType"><c>text/csv</c> or <c>text/tsv</c>.</param>
    /// <param name="skip">Lines before the header.</param>
    public static Outcome<WatchlistText> Read(string content, string? contentType, int skip, string searchKey)
    {
        ArgumentNullException.ThrowIfNull(content);
        char separator;
        switch (contentType?.Split(';')[0].Trim().ToLowerInvariant())
        {
            case null or "" or "text/csv":
                separator = ',';
                break;
            case "text/tsv" or "text/tab-separated-values":
                separator = '\t';
                break;
            default:
                return Refuse("contentType", $"'{contentType}' cannot be read; text/csv and text/tsv can.");
        }

        if (skip < 0)
        {
            return Refuse("numberOfLinesToSkip", "Lines to skip cannot be fewer than none.");
        }

        using var lines = DelimitedText.Read(DelimitedText.Skip(content, skip), separator).GetEnumerator();
        if (!lines.MoveNext())
        {
            return Refuse("rawContent", "There is no header line.");
        }

        string[] columns = [.. lines.Current.Select(c => c.Trim())];
        if (columns.Length > MaxColumns)
        {
            return Refuse("rawContent", $"A watchlist has at most {MaxColumns} columns; this one has {columns.Length}.");
        }

        if (columns.FirstOrDefault(c => c.Length == 0 || taken.Contains(c, StringComparer.OrdinalIgnoreCase)) is { } bad)
        {
            return Refuse("rawContent", bad.Length == 0 ? "A column of the header has no name." : $"The column name '{bad}' is taken; call it otherwise.");
        }

        if (columns.GroupBy(c => c, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            return Refuse("rawContent", $"The header names '{twice.Key}' twice.");
        }

        if (!columns.Contains(searchKey, StringComparer.Ordinal))
        {
            return Refuse("itemsSearchKey", $"The search key '{searchKey}' is no column; the header has {string.Join(", ", columns)}.");
        }

        var items = new List<IReadOnlyDictionary<string, string>>();
        while (lines.MoveNext())
        {
            var fields = lines.Current;
            if (fields.Count > columns.Length)
            {
                return Refuse("rawContent", string.Create(CultureInfo.InvariantCulture, $"Item {items.Count + 1} has {fields.Count} values for {columns.Length} columns."));
            }

            if (fields.Sum(f => f.Length + 1) > MaxLineLength)
            {
                return Refuse("rawContent", string.Create(CultureInfo.InvariantCulture, $"Item {items.Count + 1} is longer than {MaxLineLength:N0} characters."));
            }

            var values = new Dictionary<string, string>(StringComparer.Ordinal);
            for (var i = 0; i < columns.Length; i++)
            {
                values[columns[i]] = i < fields.Count ? fields[i] : "";
            }

            items.Add(values);
        }

        return new WatchlistText(columns, items);
    }

    private static Problem Refuse(string target, string message) => new(ProblemKind.Invalid, "BadRequest", message, target);
}
