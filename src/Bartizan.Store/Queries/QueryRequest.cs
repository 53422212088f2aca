using System.Text.Json;
using Bartizan.Foundation.Outcomes;
using Bartizan.Foundation.Resources;
using Bartizan.Kql.Types;

namespace Bartizan.Store.Queries;

/// <summary>A question in KQL, with the limits it must keep.</summary>
public sealed record QueryRequest(string Text)
{
    /// <summary>What <c>now()</c> is; null for the clock.</summary>
    public DateTimeOffset? Now { get; init; }

    /// <summary>Only events of this time are seen, whatever the text says; the end is exclusive.</summary>
    public TimeRange? TimeRange { get; init; }

    /// <summary>Only rows that the store took in at exactly these moments (<see cref="Ingestion.EventsAppended.Received"/>) are seen; null for all.</summary>
    public IReadOnlyList<DateTimeOffset>? Received { get; init; }

    public QueryLimits Limits { get; init; } = QueryLimits.Default;

    /// <summary>Values for <c>declare query_parameters</c>, as KQL literals or plain text.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>The resources, and what lies beneath them, that the caller may see events of; null for all events.</summary>
    public IReadOnlyList<ResourceId>? VisibleScopes { get; init; }

    /// <summary>The same for the views of the inventory: whoever may read a workspace's events may not thereby read every resource.</summary>
    public IReadOnlyList<ResourceId>? InventoryScopes { get; init; }
}

/// <summary>A stretch of time, from inclusive to exclusive.</summary>
public sealed record TimeRange(DateTimeOffset From, DateTimeOffset To);

/// <summary>What a query may cost. Reaching the rows or bytes gives a partial result; reaching the time is a problem.</summary>
public sealed record QueryLimits
{
    public static QueryLimits Default { get; } = new();

    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(3);

    public int MaxRows { get; init; } = 500_000;

    public long MaxBytes { get; init; } = 100L * 1024 * 1024;
}

/// <summary>The answer to a query. Cells are bool, int, long, double, decimal, string, DateTime (UTC), TimeSpan, Guid, JSON text for dynamic, or null.</summary>
public sealed record QueryResult
{
    public string Name { get; init; } = "PrimaryResult";

    public required IReadOnlyList<KqlColumn> Columns { get; init; }

    public required IReadOnlyList<object?[]> Rows { get; init; }

    /// <summary>What <c>render</c> asked for: the kind of chart and its properties, as JSON; null without one.</summary>
    public JsonElement? Visualization { get; init; }

    public required QueryStatistics Statistics { get; init; }

    /// <summary>True when a limit cut the rows off.</summary>
    public bool IsPartial { get; init; }

    /// <summary>Further results of the same text: more statements, the branches of fork and facet.</summary>
    public IReadOnlyList<QueryResult> Others { get; init; } = [];

    /// <summary>Warnings and hints about the text.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics { get; init; } = [];
}

/// <summary>What a query cost.</summary>
public sealed record QueryStatistics(TimeSpan Translation, TimeSpan Execution, long Rows);
