using Bartizan.Foundation.Resources;

namespace Bartizan.Content.Standards;

/// <summary>A standard: requirements, and which checks speak to each.</summary>
/// <param name="Name">Slug that the API uses, such as <c>Azure-CIS-2.1.0</c>.</param>
public sealed record StandardDefinition(string Name, string DisplayName, IReadOnlyList<CloudEnvironment> Environments, IReadOnlyList<StandardControl> Controls)
{
    public string? Description { get; init; }

    /// <summary>The built-in initiative that holds the same standard in Azure; null where there is none.</summary>
    public string? InitiativeId { get; init; }
}

/// <summary>One requirement.</summary>
/// <param name="Id">Its number in the standard.</param>
/// <param name="Title">One line, in our words.</param>
/// <param name="Checks">Names of our checks; none where it cannot be judged from resources.</param>
/// <param name="BuiltIns">GUIDs of Azure's built-in definitions that are mapped to it.</param>
public sealed record StandardControl(string Id, string Title, IReadOnlyList<string> Checks, IReadOnlyList<string> BuiltIns);
