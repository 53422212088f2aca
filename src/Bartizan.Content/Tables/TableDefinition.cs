using Bartizan.Kql.Types;

namespace Bartizan.Content.Tables;

/// <summary>A table as declared in a file: what its rows are about and which columns it has beside the standard ones.</summary>
public sealed record TableDefinition
{
    public required string Name { get; init; }

    /// <summary>Under which heading the schema tree lists it.</summary>
    public string Category { get; init; } = "";

    public string Description { get; init; } = "";

    /// <summary>The column that says when the event happened: retention, time ranges and ordering go by it.</summary>
    public string TimeColumn { get; init; } = "TimeGenerated";

    public TimeSpan? Retention { get; init; }

    public IReadOnlyList<TableColumn> Columns { get; init; } = [];
}

/// <summary>A declared column; <paramref name="About"/> is empty where the name says it all.</summary>
public sealed record TableColumn(string Name, KqlType Type, string About = "");
