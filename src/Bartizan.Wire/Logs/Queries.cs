using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bartizan.Wire.Logs;

/// <summary>The body of <c>POST /v1/workspaces/{id}/query</c>.</summary>
/// <param name="Timespan">ISO 8601: a duration, or start and end separated by a slash.</param>
public sealed record LogsQuery(string Query, string? Timespan = null)
{
    public IReadOnlyList<string>? Workspaces { get; init; }
}

/// <summary>The answer: <c>PrimaryResult</c> first, further results after it.</summary>
public sealed record LogsAnswer
{
    public required IReadOnlyList<LogsTable> Tables { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Statistics { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Render { get; init; }

    /// <summary>Present when a limit cut the rows off.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Error { get; init; }
}

/// <summary>A table of rows; cells are JSON values, dynamic ones as JSON text.</summary>
public sealed record LogsTable(string Name, IReadOnlyList<LogsColumn> Columns, IReadOnlyList<IReadOnlyList<JsonElement>> Rows);

public sealed record LogsColumn(string Name, string Type);

/// <summary>What the editor needs to complete names: <c>GET /v1/workspaces/{id}/metadata</c>.</summary>
public sealed record WorkspaceSchema(IReadOnlyList<SchemaTable> Tables, IReadOnlyList<SchemaFunction> Functions);

public sealed record SchemaTable(string Name, string? Description, string? Category, IReadOnlyList<SchemaColumn> Columns);

public sealed record SchemaColumn(string Name, string Type, string? Description);

public sealed record SchemaFunction(string Name, string Parameters, string? Body, string? Description);

/// <summary>What our engine says of a query's text, without running it.</summary>
public sealed record QueryDiagnostic(string Code, string Severity, int Start, int Length, string Message, string? Hint);

/// <summary>How a query would run: the plan after each stage and the SQL.</summary>
public sealed record QueryExplanation(string Plan, string Sql, double TranslationMilliseconds);
