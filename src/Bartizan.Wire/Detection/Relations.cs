namespace Bartizan.Wire.Detection;

/// <summary><c>…/incidents/{id}/relations</c>: an alert or a bookmark that belongs to an incident.</summary>
public sealed record RelationProperties(string? RelatedResourceId)
{
    public string? RelatedResourceName { get; init; }

    public string? RelatedResourceType { get; init; }

    public string? RelatedResourceKind { get; init; }
}
