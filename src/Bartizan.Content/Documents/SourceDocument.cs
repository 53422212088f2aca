using Bartizan.Foundation.Outcomes;

namespace Bartizan.Content.Documents;

/// <summary>A file's text read as YAML or JSON: its values with their places, or the one error that stopped the reading.</summary>
public sealed class SourceDocument
{
    /// <summary>More text than this in one file of content is a mistake or an attack.</summary>
    public const int MaxCharacters = 8 * 1024 * 1024;

    internal const int MaxDepth = 64;

    /// <summary>Bounds what aliases of YAML can unfold to.</summary>
    internal const int MaxNodes = 500_000;

    private readonly int[] lineStarts;

    private SourceDocument(string file, string text, SourceNode? root, Diagnostic? error)
    {
        File = file;
        Root = root;
        Error = error;
        var starts = new List<int> { 0 };
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n')
            {
                starts.Add(i + 1);
            }
        }

        lineStarts = [.. starts];
    }

    public string File { get; }

    public SourceNode? Root { get; }

    public Diagnostic? Error { get; }

    /// <summary>Reads JSON when the text starts as JSON does, else YAML.</summary>
    public static SourceDocument Read(string file, string text)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(text);
        text = text.TrimStart('\uFEFF');
        if (text.Length > MaxCharacters)
        {
            return new SourceDocument(file, "", null, Diagnostic.Error(
                "BC001", default, $"The file has {text.Length:N0} characters; at most {MaxCharacters:N0} are read.", "Split it."));
        }

        var (root, error) = text.AsSpan().TrimStart() is ['{' or '[', ..] ? JsonSource.Read(text) : YamlSource.Read(text);
        return new SourceDocument(file, text, root, error);
    }

    /// <summary>Every document of a YAML stream, each with its places in the whole text; of JSON the one there is.</summary>
    public static IReadOnlyList<SourceDocument> ReadAll(string file, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var first = Read(file, text);
        text = text.TrimStart('\uFEFF');
        if (first.Error is not null || text.AsSpan().TrimStart() is ['{' or '[', ..])
        {
            return [first];
        }

        var (roots, error) = YamlSource.ReadAll(text);
        return error is not null ? [new SourceDocument(file, text, null, error)] : [.. roots.Select(r => new SourceDocument(file, text, r, null))];
    }

    /// <summary>The line and column, from 1, at which something begins.</summary>
    public (int Line, int Column) PlaceOf(TextSpan span)
    {
        var line = Array.BinarySearch(lineStarts, span.Start);
        line = line < 0 ? ~line - 1 : line;
        return (line + 1, span.Start - lineStarts[line] + 1);
    }

    public FileDiagnostic Locate(Diagnostic diagnostic)
    {
        ArgumentNullException.ThrowIfNull(diagnostic);
        var (line, column) = PlaceOf(diagnostic.Span);
        return new FileDiagnostic(File, line, column, diagnostic);
    }
}
