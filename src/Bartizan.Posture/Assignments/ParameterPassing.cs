using Bartizan.Content.Policies;
using Bartizan.Policy.Aliases;
using Bartizan.Policy.Evaluation;
using Bartizan.Policy.Expressions;
using Bartizan.Policy.Values;

namespace Bartizan.Posture.Assignments;

/// <summary>From the parameters of an assignment, through those of an initiative, to those of its definitions.</summary>
internal sealed class ParameterPassing
{
    private readonly AliasTable aliases;
    private readonly Dictionary<string, PolicyValue> own;

    public ParameterPassing(InitiativeDefinition initiative, Assignment assignment, AliasTable aliases)
    {
        this.aliases = aliases;
        own = Values(initiative.Defaults);
        foreach (var (name, value) in Values(assignment.Parameters))
        {
            own[name] = value;
        }
    }

    /// <summary>Values as an assignment gives them; these are never expressions.</summary>
    public static Dictionary<string, PolicyValue> Values(IReadOnlyDictionary<string, string> given) =>
        given.ToDictionary(p => p.Key, p => PolicyJson.TryParse(p.Value) ?? PolicyValue.Undefined, StringComparer.OrdinalIgnoreCase);

    /// <summary>What a member of the initiative gets. A value that the initiative itself was not given is left to the definition's default.</summary>
    public Dictionary<string, PolicyValue> For(InitiativeMember member)
    {
        var values = new Dictionary<string, PolicyValue>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, text) in member.Parameters)
        {
            var value = PolicyJson.TryParse(text) ?? PolicyValue.Undefined;
            value = value.AsText is { } expression ? Evaluate(expression) : value;
            if (!value.IsUndefined)
            {
                values[name] = value;
            }
        }

        return values;
    }

    private PolicyValue Evaluate(string text)
    {
        if (text.Length < 2 || text[0] != '[' || text[1] == '[')
        {
            return PolicyValue.Of(text.StartsWith("[[", StringComparison.Ordinal) ? text[1..] : text);
        }

        var outcome = TemplateExpression.Evaluate(text, own, EvaluationContext.Empty, aliases);
        return outcome.IsSuccess ? outcome.Value : PolicyValue.Undefined;
    }
}
