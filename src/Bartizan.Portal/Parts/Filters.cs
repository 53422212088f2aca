namespace Bartizan.Portal.Parts;

/// <summary>Filters as the address holds them and as the API takes them.</summary>
internal static class Filters
{
    public static IReadOnlyList<string> Split(string? text) => (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>For the address: null where nothing is chosen, so that the parameter goes away.</summary>
    public static string? Join(IReadOnlyList<string> values) => values.Count == 0 ? null : string.Join(',', values);

    /// <summary>An OData condition that one of the values holds, or null where there are none.</summary>
    public static string? AnyOf(string path, IReadOnlyList<string> values) => values.Count switch
    {
        0 => null,
        1 => $"{path} eq {Quote(values[0])}",
        _ => $"({string.Join(" or ", values.Select(v => $"{path} eq {Quote(v)}"))})",
    };

    public static string? All(params ReadOnlySpan<string?> conditions)
    {
        var text = new List<string>();
        foreach (var condition in conditions)
        {
            if (!string.IsNullOrEmpty(condition))
            {
                text.Add(condition);
            }
        }

        return text.Count == 0 ? null : string.Join(" and ", text);
    }

    public static string Quote(string value) => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>A KQL string literal.</summary>
    public static string Kql(string value) => $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
