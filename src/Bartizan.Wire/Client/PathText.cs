using System.Text;

namespace Bartizan.Wire.Client;

/// <summary>Writes addresses with their values escaped.</summary>
internal static class PathText
{
    /// <summary>Appends the given parameters, leaving out those without a value.</summary>
    public static string Query(string path, params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        var text = new StringBuilder(path);
        var mark = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        foreach (var (name, value) in parameters)
        {
            if (!string.IsNullOrEmpty(value))
            {
                text.Append(mark).Append(name).Append('=').Append(Uri.EscapeDataString(value));
                mark = '&';
            }
        }

        return text.ToString();
    }

    public static string Segment(string value) => Uri.EscapeDataString(value);
}
