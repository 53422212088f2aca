using System.Text.Json;
using Bartizan.Foundation.Outcomes;
using Bartizan.Policy.Aliases;
using Bartizan.Policy.Definitions;
using Bartizan.Policy.Evaluation;
using Bartizan.Policy.Values;

namespace Bartizan.Cli.Policy;

/// <summary>Definitions and alias tables of one run, each read once: the same text is compiled again only for other parameters.</summary>
internal sealed class BatchPolicies(string folder)
{
    /// <summary>A run over more texts than this forgets and reads again.</summary>
    private const int MaxKept = 4_096;

    private readonly Dictionary<string, Outcome<PolicyDefinition>> definitions = [];
    private readonly Dictionary<(string Definition, string Parameters, string? Aliases), Outcome<CompiledPolicy>> compiled = [];
    private readonly Dictionary<string, Outcome<AliasTable>> tables = [];

    public Outcome<PolicyDefinition> Definition(string text) => Keep(definitions, text, () => PolicyDefinition.Parse(text));

    public Outcome<CompiledPolicy> Compile(PolicyDefinition definition, JsonElement? parameters, string? aliases)
    {
        var given = parameters is { ValueKind: JsonValueKind.Object } o ? o.GetRawText() : "";
        return Keep(compiled, (definition.Source, given, aliases), () => Aliases(aliases).Then(table =>
            PolicyCompiler.Compile(
                definition,
                RequestParts.Parameters(given.Length == 0 ? PolicyValue.Undefined : PolicyJson.FromElement(parameters!.Value), definition),
                table)));
    }

    /// <summary>The table at a path, seen from where the run was started or from where its file lies.</summary>
    public Outcome<AliasTable> Aliases(string? path) => path is null
        ? BuiltInAliases.Table
        : Keep(tables, path, () => PolicyFile.AliasesOrBuiltIn(new FileInfo(File.Exists(path) ? path : Path.Combine(folder, path))));

    private static TValue Keep<TKey, TValue>(Dictionary<TKey, TValue> kept, TKey key, Func<TValue> make)
        where TKey : notnull
    {
        if (!kept.TryGetValue(key, out var value))
        {
            if (kept.Count >= MaxKept)
            {
                kept.Clear();
            }

            value = make();
            kept.Add(key, value);
        }

        return value;
    }
}
