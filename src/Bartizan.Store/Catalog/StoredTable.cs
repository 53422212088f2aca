using System.Collections.Frozen;
using Bartizan.Kql.Types;

namespace Bartizan.Store.Catalog;

/// <summary>A table of events as it stands in the store.</summary>
public sealed record StoredTable
{
    public required string Name { get; init; }

    public string Category { get; init; } = "";

    public string Description { get; init; } = "";

    /// <summary>The column that says when the event happened.</summary>
    public string TimeColumn { get; init; } = "TimeGenerated";

    /// <summary>True for tables that are not declared in content: they gain columns as events bring them.</summary>
    public bool IsCustom { get; init; }

    public TimeSpan? Retention { get; init; }

    /// <summary>All columns, the standard ones last.</summary>
    public required IReadOnlyList<KqlColumn> Columns { get; init; }

    /// <summary>
    /// Which of the columns the engine has. A declared one comes into being with its first value: tables have hundreds of columns of which a
    /// source fills thirty, and the engine pays for each.
    /// </summary>
    public IReadOnlySet<string> Stored { get; init; } = FrozenSet<string>.Empty;

    /// <summary>What a column holds, where the declaration says so.</summary>
    public IReadOnlyDictionary<string, string> About { get; init; } = new Dictionary<string, string>();
}

/// <summary>Columns that every table of events has.</summary>
public static class StandardColumns
{
    /// <summary>When the store took the row in: the value of <c>ingestion_time()</c>.</summary>
    public const string Received = "_TimeReceived";

    /// <summary>What the record held beside the table's columns, and values that do not fit their column's type, by name.</summary>
    public const string Extra = "_Extra";

    public const string Time = "TimeGenerated";

    public static IReadOnlyList<KqlColumn> All { get; } =
    [
        new("TenantId", KqlType.String),
        new("SourceSystem", KqlType.String),
        new("Type", KqlType.String),
        new("_ResourceId", KqlType.String),
        new("_SubscriptionId", KqlType.String),
        new("_ItemId", KqlType.String),
        new("_BilledSize", KqlType.Real),
        new("_IsBillable", KqlType.String),
        new(Received, KqlType.DateTime),
        new(Extra, KqlType.Dynamic),
    ];
}
