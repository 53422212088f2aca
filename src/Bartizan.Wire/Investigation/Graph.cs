namespace Bartizan.Wire.Investigation;

/// <summary>An incident as nodes and edges.</summary>
public sealed record IncidentGraph(IReadOnlyList<GraphNode> Nodes, IReadOnlyList<GraphEdge> Edges);

/// <param name="Id">An entity's or alert's id, or the incident's.</param>
/// <param name="Kind">Incident, SecurityAlert, or an entity kind such as Account, Host, Ip.</param>
/// <param name="Severity">For alerts and the incident.</param>
/// <param name="IsMember">False for what an exploration brought that does not belong to the incident.</param>
public sealed record GraphNode(
    string Id, string Kind, string Label, string? Severity, bool IsMember, DateTimeOffset? FirstSeen, DateTimeOffset? LastSeen,
    IReadOnlyDictionary<string, string> Fields);

/// <param name="Kind">What relates the two: Alert (entity in alert), Incident (alert in incident), Related (nesting), or the question's id.</param>
/// <param name="IsInferred">Drawn dashed: by similarity or by an alert that is not in the incident.</param>
public sealed record GraphEdge(string Source, string Target, string Kind, string? Label, bool IsInferred, DateTimeOffset? FirstSeen, DateTimeOffset? LastSeen, long? Count);

/// <summary>A question that can be asked of an entity.</summary>
public sealed record ExplorationQuestion(
    string Id, string DisplayName, string? Description, string InputEntityType, IReadOnlyList<string> OutputEntityTypes, IReadOnlyList<string> DataSources, bool IsAvailable, string? WhyNot);

/// <summary>What a question answered: new nodes and edges, and the query that was run, to see its events in Logs.</summary>
public sealed record ExpansionAnswer(
    IReadOnlyList<GraphNode> Nodes, IReadOnlyList<GraphEdge> Edges, string Query, DateTimeOffset From, DateTimeOffset To, long Rows, bool IsTruncated);

/// <summary>One happening in an incident's timeline.</summary>
/// <param name="Kind">Alert, Bookmark, Activity, Comment.</param>
/// <param name="NodeIds">What to highlight in the graph.</param>
public sealed record TimelineEntry(
    string Id, string Kind, DateTimeOffset Start, DateTimeOffset End, string Title, string? Severity, string? Text, IReadOnlyList<string> Tactics, IReadOnlyList<string> NodeIds);

/// <summary>The body of an expansion.</summary>
public sealed record ExpansionRequest(string ExpansionId, DateTimeOffset? StartTime, DateTimeOffset? EndTime, EntityFields? Entity);

/// <summary>An entity by its identifiers, for one that is not yet kept anywhere.</summary>
public sealed record EntityFields(string Kind, IReadOnlyDictionary<string, string> Fields);
