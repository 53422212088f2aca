using Bartizan.Foundation.Outcomes;
using Bartizan.Policy.Values;

namespace Bartizan.Policy.Definitions;

/// <summary>The types a parameter can have.</summary>
public enum ParameterType
{
    String,
    Array,
    Object,
    Boolean,
    Integer,
    Float,
    DateTime,
}

/// <summary>A parameter as a definition or initiative declares it.</summary>
/// <param name="DefaultValue">Undefined when none is declared.</param>
public sealed record ParameterDefinition(string Name, ParameterType Type, PolicyValue DefaultValue)
{
    /// <summary>The values it may have; empty when any will do.</summary>
    public IReadOnlyList<PolicyValue> AllowedValues { get; init; } = [];

    public string? DisplayName { get; init; }

    public string? Description { get; init; }

    public string? StrongType { get; init; }

    /// <summary>Where its name stands in the definition's text.</summary>
    internal TextSpan At { get; init; }
}
