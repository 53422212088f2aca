using System.Text.Json;
using Bartizan.Foundation.Outcomes;
using Bartizan.Policy.Values;

namespace Bartizan.Policy.Definitions;

/// <summary>What a definition applies to.</summary>
public enum PolicyMode
{
    /// <summary>Resource groups, subscriptions and every resource type.</summary>
    All,

    /// <summary>Only types that have tags and a location.</summary>
    Indexed,

    /// <summary>Something a resource provider evaluates itself, such as the objects inside a cluster.</summary>
    ResourceProvider,
}

/// <summary>A policy definition, read and checked.</summary>
public sealed class PolicyDefinition
{
    internal PolicyDefinition(string source, RuleSyntax rule)
    {
        Source = source;
        Rule = rule;
    }

    /// <summary>The id given in the text, or null for one that has none yet.</summary>
    public string? Id { get; internal init; }

    public string? Name { get; internal init; }

    public string? DisplayName { get; internal init; }

    public string? Description { get; internal init; }

    /// <summary>BuiltIn, Custom, Static; null where the text does not say.</summary>
    public string? PolicyType { get; internal init; }

    public PolicyMode Mode { get; internal init; } = PolicyMode.All;

    /// <summary>The mode as written.</summary>
    public string? ModeText { get; internal init; }

    public string? Version { get; internal init; }

    /// <summary>The metadata object; undefined when there is none.</summary>
    public PolicyValue Metadata { get; internal init; } = PolicyValue.Undefined;

    public IReadOnlyList<ParameterDefinition> Parameters { get; internal init; } = [];

    /// <summary>The text it was read from; spans in diagnostics are places in it.</summary>
    public string Source { get; }

    /// <summary>Whether parameters are declared at all; a bare rule reads whatever values it is given.</summary>
    public bool IsBareRule { get; internal init; }

    internal RuleSyntax Rule { get; }

    public ParameterDefinition? FindParameter(string name) =>
        Parameters.FirstOrDefault(p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// Reads a whole definition, its <c>properties</c>, or a bare <c>policyRule</c>. The problem, if any, has all diagnostics.
    /// </summary>
    public static Outcome<PolicyDefinition> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return DefinitionReader.Read(text);
    }

    public static Outcome<PolicyDefinition> Parse(JsonElement element) => DefinitionReader.Read(element.GetRawText());
}

/// <summary>The rule: when it applies and what should happen then.</summary>
/// <param name="EffectText">The effect as written, possibly an expression.</param>
internal sealed record RuleSyntax(
    ConstraintSyntax If, string EffectText, TextSpan EffectSpan, JsonSyntax? Details, ConstraintSyntax? ExistenceCondition);
