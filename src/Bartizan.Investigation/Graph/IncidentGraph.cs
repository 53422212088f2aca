using Bartizan.Content.Rules;
using Bartizan.Detection.Alerts;
using Bartizan.Detection.Incidents;
using Bartizan.Foundation.Entities;

namespace Bartizan.Investigation.Graph;

/// <summary>What a node stands for.</summary>
public enum NodeKind
{
    Incident,
    Alert,
    Entity,

    /// <summary>A resource of the inventory that an entity belongs to or runs on.</summary>
    Resource,
}

/// <summary>Something in an incident's graph.</summary>
public sealed record Node(string Id, NodeKind Kind, string Label)
{
    public Entity? Entity { get; init; }

    public AlertSeverity? Severity { get; init; }

    /// <summary>False for what belongs to no alert of the incident.</summary>
    public bool IsMember { get; init; } = true;

    public DateTimeOffset? FirstSeen { get; init; }

    public DateTimeOffset? LastSeen { get; init; }

    public IReadOnlyDictionary<string, string> Fields { get; init; } = new Dictionary<string, string>();
}

/// <summary>Why two nodes are drawn together.</summary>
public enum EdgeKind
{
    /// <summary>An alert of the incident.</summary>
    Incident,

    /// <summary>An entity that an alert names.</summary>
    Alert,

    /// <summary>One entity is part of the other: a process on a host.</summary>
    Nested,

    /// <summary>An answer to a question.</summary>
    Exploration,

    /// <summary>An alert outside the incident that names the entity; drawn dotted.</summary>
    RelatedAlert,

    /// <summary>An entity and the resource of the inventory that it is.</summary>
    Inventory,
}

public sealed record Edge(string From, string To, EdgeKind Kind)
{
    public string Label { get; init; } = "";

    public DateTimeOffset? FirstSeen { get; init; }

    public DateTimeOffset? LastSeen { get; init; }

    public long? Count { get; init; }

    /// <summary>What the answering row said beside entities: <c>IP_Aux_Country</c> and the like.</summary>
    public IReadOnlyDictionary<string, string> Details { get; init; } = new Dictionary<string, string>();
}

/// <summary>An incident told as nodes and edges. The same incident gives the same graph, in the same order.</summary>
public sealed record IncidentGraph(Incident Incident, IReadOnlyList<Alert> Alerts, IReadOnlyList<Node> Nodes, IReadOnlyList<Edge> Edges)
{
    public Node? Find(string id) => Nodes.FirstOrDefault(n => n.Id.Equals(id, StringComparison.OrdinalIgnoreCase));
}
