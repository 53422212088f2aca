using System.Text.Json;
using Bartizan.Cli.Policy;
using Bartizan.Content.Packs;
using Bartizan.Content.Policies;
using Bartizan.Foundation.Outcomes;
using Bartizan.Foundation.Resources;
using Bartizan.Policy.Aliases;
using Bartizan.Policy.Definitions;
using Bartizan.Policy.Evaluation;
using Bartizan.Policy.Expressions;
using Bartizan.Policy.Values;

namespace Bartizan.Cli.Check;

/// <summary>One definition of the initiative that files are judged by.</summary>
internal sealed record InitiativeRule(string Id, string Title, string Description, string Severity, CompiledPolicy Policy)
{
    public CompiledPolicy? Applies { get; init; }

    /// <summary>The cloud it speaks of; null where its types alone say.</summary>
    public CloudEnvironment? Environment { get; init; }

    public IReadOnlyList<string> Remediation { get; init; } = [];

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The definition as text; says which fields it reads.</summary>
    public string Source { get; init; } = "";
}

/// <summary>Finds what <c>--initiative</c> names and makes it ready: our baselines, a standard, or a file in Azure's format.</summary>
internal sealed class CheckSet(PosturePack pack)
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <param name="definitions">Files or folders with the definitions that a file's initiative names.</param>
    /// <param name="values">Values of the initiative's parameters.</param>
    public Outcome<IReadOnlyList<InitiativeRule>> Resolve(string? initiative, IReadOnlyList<string> definitions, IReadOnlyDictionary<string, PolicyValue> values)
    {
        if (initiative is not null && File.Exists(initiative))
        {
            return FromFile(initiative, definitions, values);
        }

        var checks = pack.Checks.AsEnumerable();
        if (initiative is not null && !initiative.Equals("baseline", StringComparison.OrdinalIgnoreCase))
        {
            var name = initiative[(initiative.LastIndexOf('/') + 1)..];
            if (Enum.GetValues<CloudEnvironment>().Where(e => name.Equals("bartizan-baseline-" + e, StringComparison.OrdinalIgnoreCase)).ToList() is [var environment])
            {
                checks = checks.Where(c => c.Environment == environment);
            }
            else if (pack.Standards.FirstOrDefault(s => s.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } standard)
            {
                var named = standard.Controls.SelectMany(c => c.Checks).ToHashSet(StringComparer.OrdinalIgnoreCase);
                checks = checks.Where(c => named.Contains(c.Name));
            }
            else
            {
                var known = pack.Standards.Select(s => s.Name).Concat(pack.Checks.Select(c => "bartizan-baseline-" + c.Environment.ToString().ToLowerInvariant()).Distinct());
                return new Problem(ProblemKind.Invalid, "InitiativeNotFound", $"There is neither a file nor an initiative '{initiative}'; known are {string.Join(", ", known.Order(StringComparer.OrdinalIgnoreCase))}.", initiative);
            }
        }

        var rules = new List<InitiativeRule>();
        foreach (var check in checks)
        {
            var effect = values.GetValueOrDefault(check.EffectParameter)?.AsText ?? (check.IsOptional ? "Disabled" : check.Effect);
            if (!Compile(check.Rule, new() { ["effect"] = PolicyValue.Of(effect) }).TryGetValue(out var policy, out var problem))
            {
                return problem with { Message = $"{check.Name}: {problem.Message}" };
            }

            rules.Add(new InitiativeRule(check.Name, check.DisplayName, check.Description, check.Severity, policy)
            {
                Applies = check.Applies is null ? null : Compile(check.Applies, []).Value,
                Environment = check.Environment,
                Remediation = check.Remediation,
                Tags = [.. check.Controls, .. check.Techniques],
                Source = check.Rule,
            });
        }

        return rules;
    }

    private Outcome<CompiledPolicy> Compile(string rule, Dictionary<string, PolicyValue> values) =>
        PolicyDefinition.Parse(rule).Then(d => PolicyCompiler.Compile(d, values, pack.Aliases));

    private Outcome<IReadOnlyList<InitiativeRule>> FromFile(string file, IReadOnlyList<string> definitions, IReadOnlyDictionary<string, PolicyValue> values)
    {
        if (!Json(file).TryGetValue(out var root, out var problem) || !InitiativeDefinition.Parse(root).TryGetValue(out var initiative, out problem))
        {
            return problem with { Message = $"{file}: {problem.Message}" };
        }

        if (!Definitions(definitions).TryGetValue(out var found, out problem))
        {
            return problem;
        }

        var own = initiative.Defaults.ToDictionary(d => d.Key, d => PolicyJson.TryParse(d.Value) ?? PolicyValue.Undefined, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in values)
        {
            own[name] = value;
        }

        var rules = new List<InitiativeRule>();
        foreach (var member in initiative.Members)
        {
            var name = member.DefinitionId[(member.DefinitionId.LastIndexOf('/') + 1)..];
            var check = pack.Checks.FirstOrDefault(c => c.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
            if ((found.GetValueOrDefault(name) ?? check?.Rule) is not { } text)
            {
                return new Problem(ProblemKind.Invalid, "DefinitionNotFound", $"{file} names the definition '{name}', which is neither ours nor under --definitions.", name);
            }

            var given = member.Parameters.Select(p => (p.Key, Value: Passed(p.Value, own))).Where(p => !p.Value.IsUndefined).ToDictionary(p => p.Key, p => p.Value);
            if (!Compile(text, given).TryGetValue(out var policy, out problem))
            {
                return problem with { Message = $"{name}: {problem.Message}" };
            }

            var definition = policy.Definition;
            rules.Add(new InitiativeRule(member.ReferenceId, definition.DisplayName ?? name, definition.Description ?? "", check?.Severity ?? SeverityOf(definition), policy)
            {
                Applies = check?.Applies is { } applies ? Compile(applies, []).Value : null,
                Environment = check?.Environment,
                Remediation = check?.Remediation ?? [],
                Tags = member.Groups,
                Source = text,
            });
        }

        return rules;
    }

    private static string SeverityOf(PolicyDefinition definition) =>
        definition.Metadata.Member("severity").AsText?.ToLowerInvariant() switch { "high" or "critical" => "High", "low" => "Low", _ => "Medium" };

    private static PolicyValue Passed(string json, Dictionary<string, PolicyValue> own)
    {
        var value = PolicyJson.TryParse(json) ?? PolicyValue.Undefined;
        return value.AsText is { } text && TemplateExpression.Evaluate(text, own, EvaluationContext.Empty, AliasTable.Empty) is { IsSuccess: true, Value: var passed } ? passed : value;
    }

    private static Outcome<Dictionary<string, string>> Definitions(IReadOnlyList<string> paths)
    {
        var found = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var file in paths.SelectMany(Files))
        {
            if (!Json(file).TryGetValue(out var root, out var problem))
            {
                return problem;
            }

            var name = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("name", out var given) && given.ValueKind == JsonValueKind.String ? given.GetString()! : Path.GetFileNameWithoutExtension(file);
            found[name] = root.GetRawText();
        }

        return found;
    }

    private static IEnumerable<string> Files(string path) =>
        Directory.Exists(path) ? Directory.EnumerateFiles(path, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal) : [path];

    private static Outcome<JsonElement> Json(string file) => PolicyFile.Text(new FileInfo(file)).Then<JsonElement>(text =>
    {
        try
        {
            using var document = JsonDocument.Parse(text, Lenient);
            return document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            return new Problem(ProblemKind.Invalid, "InvalidJson", $"{file}({e.LineNumber + 1},{e.BytePositionInLine + 1}): {e.Message}", file);
        }
    });
}
