using Bartizan.Foundation.Outcomes;
using Bartizan.Policy.Values;

namespace Bartizan.Policy.Definitions;

/// <summary>Reads the JSON of a definition. Keys are found in any case; a known key given twice is refused.</summary>
internal sealed class DefinitionReader
{
    private readonly List<Diagnostic> diagnostics = [];

    public static Outcome<PolicyDefinition> Read(string text)
    {
        var tree = JsonSyntaxReader.Read(text, out var fault);
        if (fault is not null)
        {
            return Refusal([fault]);
        }

        var reader = new DefinitionReader();
        var definition = reader.ReadDefinition(tree!, text);
        return definition is null || reader.diagnostics.Count > 0 ? Refusal(reader.diagnostics) : definition;
    }

    private static Problem Refusal(IReadOnlyList<Diagnostic> diagnostics) =>
        new(ProblemKind.Invalid, diagnostics[0].Code, diagnostics[0].Message) { Diagnostics = diagnostics };

    private PolicyDefinition? ReadDefinition(JsonSyntax tree, string text)
    {
        if (tree is not JsonObject root)
        {
            Refuse(tree.Span, "A definition is an object.");
            return null;
        }

        RefuseDoubled(root, "properties", "policyRule", "parameters", "mode", "metadata", "displayName", "description", "if", "then");
        var properties = root.Find("properties")?.Value as JsonObject ?? root;
        if (properties != root)
        {
            RefuseDoubled(properties, "policyRule", "parameters", "mode", "metadata", "displayName", "description");
        }

        var isBare = properties.Find("policyRule") is null && properties.Find("if") is not null;
        var rule = isBare ? properties : properties.Find("policyRule")?.Value;
        if (rule is null)
        {
            Refuse(properties.Span, "The definition lacks policyRule.");
            return null;
        }

        var parameters = new ParameterReader(diagnostics).Read(properties.Find("parameters")?.Value);
        var ruleSyntax = ReadRule(rule);
        if (ruleSyntax is null)
        {
            return null;
        }

        var mode = properties.Find("mode")?.Value.Text;
        return new PolicyDefinition(text, ruleSyntax)
        {
            Id = root.Find("id")?.Value.Text,
            Name = root.Find("name")?.Value.Text,
            DisplayName = properties.Find("displayName")?.Value.Text,
            Description = properties.Find("description")?.Value.Text,
            PolicyType = properties.Find("policyType")?.Value.Text,
            ModeText = mode,
            Mode = ModeOf(mode),
            Metadata = properties.Find("metadata")?.Value.ToValue() ?? PolicyValue.Undefined,
            Version = properties.Find("version")?.Value.Text ?? properties.Find("metadata")?.Value.ToValue().Member("version").AsText,
            Parameters = parameters,
            IsBareRule = isBare,
        };
    }

    private RuleSyntax? ReadRule(JsonSyntax json)
    {
        if (json is not JsonObject rule)
        {
            Refuse(json.Span, "policyRule is an object with if and then.");
            return null;
        }

        RefuseDoubled(rule, "if", "then");
        var (condition, then) = (rule.Find("if"), rule.Find("then"));
        if (condition is null || then is null)
        {
            Refuse(rule.Span, $"The rule lacks {(condition is null ? "if" : "then")}.");
            return null;
        }

        var constraints = new ConstraintReader(diagnostics);
        var ifSyntax = constraints.Read(condition.Value, "/if");
        if (then.Value is not JsonObject outcome)
        {
            Refuse(then.Value.Span, "'then' is an object with effect.");
            return null;
        }

        RefuseDoubled(outcome, "effect", "details");
        if (outcome.Find("effect") is not { Value: JsonScalar { Value: StringValue effect } effectJson })
        {
            Refuse(outcome.Find("effect")?.Value.Span ?? outcome.Span, "'then' lacks an effect in text.");
            return null;
        }

        var details = outcome.Find("details")?.Value;
        ConstraintSyntax? existence = null;
        if (details is JsonObject o)
        {
            RefuseDoubled(o, "existenceCondition", "type", "operations", "roleDefinitionIds", "name");
            existence = o.Find("existenceCondition") is { } given ? constraints.Read(given.Value, "/then/details/existenceCondition") : null;
        }

        return ifSyntax is null ? null : new RuleSyntax(ifSyntax, effect.Text, effectJson.Span, details, existence);
    }

    private static PolicyMode ModeOf(string? mode) => mode?.ToLowerInvariant() switch
    {
        null or "all" or "notspecified" => PolicyMode.All,
        "indexed" => PolicyMode.Indexed,
        _ => PolicyMode.ResourceProvider,
    };

    private void RefuseDoubled(JsonObject o, params ReadOnlySpan<string> known)
    {
        foreach (var name in known)
        {
            if (o.Members.Where(m => m.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Skip(1).FirstOrDefault() is { } doubled)
            {
                Refuse(doubled.NameSpan, $"'{doubled.Name}' is given twice.");
            }
        }
    }

    private void Refuse(TextSpan span, string message) => diagnostics.Add(Diagnostic.Error("InvalidPolicyRule", span, message));
}
