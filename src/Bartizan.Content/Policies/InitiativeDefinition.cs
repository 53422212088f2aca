using System.Text.Json;
using Bartizan.Foundation.Outcomes;

namespace Bartizan.Content.Policies;

/// <summary>An initiative (Azure: policy set definition): definitions with parameters, and groups that are the controls of a standard.</summary>
/// <param name="Source">The JSON it was read from.</param>
public sealed record InitiativeDefinition(
    string Id, string Name, string DisplayName, IReadOnlyList<InitiativeMember> Members, IReadOnlyList<InitiativeGroup> Groups, string Source)
{
    public string? Description { get; init; }

    public string? PolicyType { get; init; }

    /// <summary>The category of its metadata, such as Regulatory Compliance.</summary>
    public string? Category { get; init; }

    public string? Version { get; init; }

    /// <summary>Default values of parameters, as JSON text by name.</summary>
    public IReadOnlyDictionary<string, string> Defaults { get; init; } = new Dictionary<string, string>();

    /// <summary>Names of all parameters it declares.</summary>
    public IReadOnlyList<string> ParameterNames { get; init; } = [];

    /// <summary>Reads the JSON of an initiative, whole or only its properties.</summary>
    public static Outcome<InitiativeDefinition> Parse(JsonElement element) => InitiativeReader.Read(element);
}

/// <summary>One definition of an initiative.</summary>
/// <param name="Parameters">Values as JSON text by name; may be <c>[parameters('x')]</c> of the initiative.</param>
public sealed record InitiativeMember(
    string DefinitionId, string ReferenceId, IReadOnlyDictionary<string, string> Parameters, IReadOnlyList<string> Groups);

/// <summary>One control of an initiative.</summary>
public sealed record InitiativeGroup(string Name, string? DisplayName, string? Category, string? Description);
