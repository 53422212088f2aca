using System.Globalization;
using Bartizan.Foundation.Outcomes;

namespace Bartizan.Content.Documents;

/// <summary>Reads typed values out of a file's tree and collects what is wrong, each with what was expected.</summary>
public sealed class SourceReading(SourceDocument document)
{
    private readonly List<FileDiagnostic> diagnostics = [];

    public SourceDocument Document => document;

    public IReadOnlyList<FileDiagnostic> Diagnostics => diagnostics;

    public bool HasErrors => diagnostics.Exists(d => d.IsError);

    /// <summary>The file's top mapping; null with a diagnostic when it has none.</summary>
    public SourceMap? Root()
    {
        if (document.Error is { } error)
        {
            diagnostics.Add(document.Locate(error));
            return null;
        }

        if (document.Root is SourceMap map)
        {
            return map;
        }

        Error("BC004", document.Root?.Span ?? default, $"Expected a mapping of names to values, found {document.Root?.Kind ?? "an empty file"}.");
        return null;
    }

    public void Error(string code, TextSpan span, string message, string? hint = null) =>
        diagnostics.Add(document.Locate(Diagnostic.Error(code, span, message, hint)));

    public void Warn(string code, TextSpan span, string message, string? hint = null) =>
        diagnostics.Add(document.Locate(Diagnostic.Warning(code, span, message, hint)));

    public string? RequiredText(SourceMap map, string key, string? otherKey = null)
    {
        var text = Text(map, key) ?? (otherKey is null ? null : Text(map, otherKey));
        if (text is null && map[key] is null && (otherKey is null || map[otherKey] is null))
        {
            Error("BC005", new TextSpan(map.Span.Start, 0), $"'{key}' is missing.", "Add it; it is required.");
        }

        return text;
    }

    public string? Text(SourceMap map, string key)
    {
        switch (map[key])
        {
            case null or SourceScalar { IsNull: true }:
                return null;
            case SourceScalar scalar:
                return scalar.Text;
            case var other:
                Error("BC006", other.Span, $"'{key}' must be a text, found {other.Kind}.");
                return null;
        }
    }

    public bool? Boolean(SourceMap map, string key)
    {
        switch (map[key])
        {
            case null or SourceScalar { IsNull: true }:
                return null;
            case SourceScalar scalar when bool.TryParse(scalar.Text, out var value):
                return value;
            case var other:
                Error("BC006", other.Span, $"'{key}' must be true or false, found {other.Kind}.");
                return null;
        }
    }

    public int? Integer(SourceMap map, string key)
    {
        switch (map[key])
        {
            case null or SourceScalar { IsNull: true }:
                return null;
            case SourceScalar scalar when int.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value):
                return value;
            case var other:
                Error("BC006", other.Span, $"'{key}' must be a whole number, found {other.Kind}.");
                return null;
        }
    }

    public TimeSpan? Duration(SourceMap map, string key)
    {
        if (map[key] is null or SourceScalar { IsNull: true })
        {
            return null;
        }

        var node = map[key]!;
        if (node is SourceScalar scalar && Durations.TryParse(scalar.Text, out var value))
        {
            return value;
        }

        Error("BC006", node.Span, $"'{key}' must be a duration, found {node.Kind}.", "Write 5m, 1h, 1d, or ISO 8601 such as PT1H.");
        return null;
    }

    public T? Choice<T>(SourceMap map, string key, IReadOnlyDictionary<string, T> choices)
        where T : struct
    {
        if (Text(map, key) is not { } text)
        {
            return null;
        }

        if (choices.TryGetValue(text.Trim(), out var value))
        {
            return value;
        }

        Error("BC007", map[key]!.Span, $"'{key}' cannot be '{text}'.", $"It is one of {string.Join(", ", choices.Keys)}.");
        return null;
    }

    public SourceMap? Map(SourceMap map, string key)
    {
        switch (map[key])
        {
            case null or SourceScalar { IsNull: true }:
                return null;
            case SourceMap value:
                return value;
            case var other:
                Error("BC006", other.Span, $"'{key}' must be a mapping of names to values, found {other.Kind}.");
                return null;
        }
    }

    public IReadOnlyList<SourceNode> List(SourceMap map, string key)
    {
        switch (map[key])
        {
            case null or SourceScalar { IsNull: true }:
                return [];
            case SourceList value:
                return value.Items;
            case var other:
                Error("BC006", other.Span, $"'{key}' must be a list, found {other.Kind}.");
                return [];
        }
    }

    public IReadOnlyList<SourceMap> Maps(SourceMap map, string key)
    {
        var maps = new List<SourceMap>();
        foreach (var node in List(map, key))
        {
            if (node is SourceMap item)
            {
                maps.Add(item);
            }
            else
            {
                Error("BC006", node.Span, $"Each item of '{key}' must be a mapping of names to values, found {node.Kind}.");
            }
        }

        return maps;
    }

    public IReadOnlyList<SourceScalar> Scalars(SourceMap map, string key)
    {
        var scalars = new List<SourceScalar>();
        foreach (var node in List(map, key))
        {
            if (node is SourceScalar { IsNull: false } item)
            {
                scalars.Add(item);
            }
            else if (node is SourceScalar)
            {
                Warn("BC008", node.Span, $"An item of '{key}' is empty; it is left out.");
            }
            else
            {
                Error("BC006", node.Span, $"Each item of '{key}' must be a text, found {node.Kind}.");
            }
        }

        return scalars;
    }

    public IReadOnlyList<string> Texts(SourceMap map, string key) => [.. Scalars(map, key).Select(s => s.Text)];
}
