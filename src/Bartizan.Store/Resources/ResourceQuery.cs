using Bartizan.Foundation.Resources;

namespace Bartizan.Store.Resources;

/// <summary>Which view of the inventory a resource appears in, by its type, as Azure Resource Graph has them.</summary>
public enum ResourceView
{
    Resources,

    /// <summary>Subscriptions, resource groups, management groups.</summary>
    ResourceContainers,

    /// <summary><c>Microsoft.Security/*</c>: assessments and the like.</summary>
    SecurityResources,

    /// <summary>Policy definitions, assignments, states.</summary>
    PolicyResources,
}

/// <summary>Which resources, in the order of their ids.</summary>
public sealed record ResourceQuery
{
    /// <summary>Only what is this scope or lies below it.</summary>
    public ResourceId? Scope { get; init; }

    /// <summary>Any of these scopes; beside <see cref="Scope"/>, for callers who may see several. Null: everything.</summary>
    public IReadOnlyList<ResourceId>? VisibleScopes { get; init; }

    /// <summary>Types, compared without regard to case; empty for all.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>Text that id, name or a tag must contain.</summary>
    public string? Search { get; init; }

    public string? AccountId { get; init; }

    public CloudEnvironment? Environment { get; init; }

    public ResourceView? View { get; init; } = ResourceView.Resources;

    public int Take { get; init; } = 100;

    public string? Continuation { get; init; }

    public bool WantCount { get; init; }
}

/// <summary>A page of resources; <paramref name="Continuation"/> is null on the last.</summary>
public sealed record ResourcePage(IReadOnlyList<Resource> Items, string? Continuation, long? Count);

/// <summary>What became of a resource.</summary>
public enum ResourceChangeKind
{
    Added,
    Changed,
    Removed,
}

/// <summary>Announced after a change of the inventory is on disk.</summary>
public sealed record ResourceChanged(ResourceId Id, string Type, ResourceChangeKind Kind);

/// <summary>One moment in a resource's life.</summary>
/// <param name="Resource">As it was from then on; for a removal, as it was last.</param>
public sealed record ResourceVersion(DateTimeOffset At, ResourceChangeKind Kind, string Source, Resource Resource);

/// <summary>How many of the resources given were new, different and the same.</summary>
public sealed record ResourceReceipt(int Added, int Changed, int Unchanged);
