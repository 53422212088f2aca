using System.Text.Json;
using Bartizan.Foundation.Outcomes;
using Bartizan.Policy.Aliases;
using Bartizan.Policy.Values;

namespace Bartizan.Cli.Policy;

/// <summary>Reads the files that the policy commands take. What cannot be read is a problem that names the file.</summary>
internal static class PolicyFile
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = PolicyJson.MaxDepth, CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    public static Outcome<string> Text(FileInfo file)
    {
        try
        {
            return File.ReadAllText(file.FullName);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Problem(ProblemKind.NotFound, "FileNotReadable", $"{file}: {e.Message}", file.Name);
        }
    }

    public static Outcome<PolicyValue> Value(FileInfo file) => Text(file).Then(text => Parse(text, file.Name));

    /// <summary>Resources from a JSON array, a single object, or one object a line; a wrapper <c>{resource}</c> is taken off.</summary>
    public static Outcome<IReadOnlyList<PolicyResource>> Resources(FileInfo file) => Text(file).Then<IReadOnlyList<PolicyResource>>(text =>
    {
        var values = new List<PolicyValue>();
        if (file.Extension.Equals(".jsonl", StringComparison.OrdinalIgnoreCase))
        {
            foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                if (!Parse(line, file.Name).TryGetValue(out var one, out var problem))
                {
                    return problem;
                }

                values.Add(one);
            }
        }
        else if (Parse(text, file.Name).TryGetValue(out var whole, out var problem))
        {
            values.AddRange(whole.Elements ?? whole.Member("value").Elements ?? [whole]);
        }
        else
        {
            return problem;
        }

        return values.Select(v => PolicyResource.Of(v.Member("resource") is { HasContent: true } inner ? inner : v)).ToList();
    });

    public static Outcome<AliasTable> Aliases(FileInfo file)
    {
        if (!Text(file).TryGetValue(out var text, out var problem) || !AliasTable.Parse(text).TryGetValue(out var table, out problem))
        {
            return problem with { Message = $"{file.Name}: {problem.Message}" };
        }

        return table;
    }

    /// <summary>The table of a file before the one that comes with the product.</summary>
    public static Outcome<AliasTable> AliasesOrBuiltIn(FileInfo? file) => file is null
        ? BuiltInAliases.Table
        : Aliases(file).Then<AliasTable>(given => BuiltInAliases.Table.Count == 0 ? given : AliasTable.Merge(given, BuiltInAliases.Table));

    private static Outcome<PolicyValue> Parse(string text, string name)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Options);
            return PolicyJson.FromElement(document.RootElement);
        }
        catch (JsonException e)
        {
            return new Problem(ProblemKind.Invalid, "InvalidJson", $"{name}({e.LineNumber + 1},{e.BytePositionInLine + 1}): {e.Message}", name);
        }
    }
}
