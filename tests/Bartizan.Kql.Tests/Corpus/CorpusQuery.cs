using System.Text.Json;
using Bartizan.Testing;

namespace Bartizan.Kql.Tests.Corpus;

/// <summary>One query of the corpus beside the clone, with what the reference says about it.</summary>
internal sealed record CorpusQuery(
    string Id, string Platform, string Text, string Verdict, string Shape, bool IsOpen, IReadOnlyList<(string Name, string Type)> Columns, int ErrorStart, int ErrorLength, string ErrorCode)
{
    public static IReadOnlyList<CorpusQuery> Read(string file)
    {
        var path = RepositoryRoot.Corpus("kql/" + file);
        Assert.SkipWhen(path is null, "The KQL corpus does not lie beside the clone.");
        return [.. File.ReadLines(path!).Select(Parse)];
    }

    private static CorpusQuery Parse(string line)
    {
        using var json = JsonDocument.Parse(line);
        var root = json.RootElement;
        var columns = root.TryGetProperty("columns", out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Select(c => (c[0].GetString()!, c[1].GetString()!)).ToList()
            : [];
        JsonElement? first = root.TryGetProperty("errors", out var errors) && errors.ValueKind == JsonValueKind.Array && errors.GetArrayLength() > 0
            ? errors.EnumerateArray().MinBy(e => e.GetProperty("start").GetInt32())
            : null;
        return new CorpusQuery(
            root.GetProperty("id").GetString()!,
            root.GetProperty("platform").GetString()!,
            root.GetProperty("query").GetString()!,
            root.GetProperty("verdict").GetString()!,
            root.TryGetProperty("shape", out var shape) ? shape.GetString() ?? "" : "",
            root.TryGetProperty("open", out var open) && open.ValueKind == JsonValueKind.True,
            columns,
            first?.GetProperty("start").GetInt32() ?? -1,
            first?.GetProperty("length").GetInt32() ?? 0,
            first?.GetProperty("code").GetString() ?? "");
    }
}
