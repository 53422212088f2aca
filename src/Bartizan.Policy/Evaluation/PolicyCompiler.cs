using Bartizan.Foundation.Outcomes;
using Bartizan.Policy.Aliases;
using Bartizan.Policy.Conditions;
using Bartizan.Policy.Definitions;
using Bartizan.Policy.Effects;
using Bartizan.Policy.Expressions;
using Bartizan.Policy.Values;

namespace Bartizan.Policy.Evaluation;

/// <summary>From a definition and the values of its parameters to something that can be evaluated.</summary>
public static class PolicyCompiler
{
    private static readonly IReadOnlyDictionary<string, PolicyValue> NoValues = new Dictionary<string, PolicyValue>();

    /// <param name="parameters">Values by name in any case; the definition's defaults fill the rest.</param>
    public static Outcome<CompiledPolicy> Compile(
        PolicyDefinition definition, IReadOnlyDictionary<string, PolicyValue>? parameters, AliasTable aliases)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(aliases);
        var values = ParameterValues.Bind(definition.Parameters, parameters ?? NoValues, out var refusal);
        if (refusal is not null)
        {
            return refusal;
        }

        return Compile(definition, aliases, name => values.GetValueOrDefault(name, PolicyValue.Undefined), out _);
    }

    /// <summary>What there is to say about a definition without parameter values: refusals and remarks.</summary>
    public static IReadOnlyList<Diagnostic> Check(PolicyDefinition definition, AliasTable aliases)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(aliases);
        var values = ParameterValues.Bind(definition.Parameters, NoValues, out _);
        Compile(definition, aliases, name => values.GetValueOrDefault(name, PolicyValue.Undefined), out var scope);
        return [.. scope.Refusals, .. scope.Notes, .. DefinitionRemarks.Of(definition, scope)];
    }

    private static Outcome<CompiledPolicy> Compile(
        PolicyDefinition definition, AliasTable aliases, Func<string, PolicyValue> parameter, out CompileScope scope)
    {
        scope = new CompileScope(aliases, parameter);
        var rule = new ConstraintCompiler(scope).Compile(definition.Rule.If);
        var effect = new EffectCompiler(scope).Compile(definition.Rule);
        if (scope.Refusals.Count > 0)
        {
            var first = scope.Refusals[0];
            return new Problem(ProblemKind.Invalid, first.Code, first.Message) { Diagnostics = scope.Refusals };
        }

        var isApplicable = new ConstraintCompiler(scope).Compile(Applicability.Reduce(definition.Rule.If));
        return new CompiledPolicy(definition, rule, isApplicable, effect, scope.SlotCount, Applicability.TypesOf(definition.Rule.If, scope));
    }
}
