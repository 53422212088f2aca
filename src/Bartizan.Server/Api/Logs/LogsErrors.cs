using System.Text.Json.Serialization;
using Bartizan.Foundation.Outcomes;
using Bartizan.Wire.Arm;

namespace Bartizan.Server.Api.Logs;

/// <summary>The query API's refusals: errors within errors, the innermost with line and place. <c>details</c> says the same for clients that read those.</summary>
internal sealed record LogsError(
    string Message,
    string Code,
    [property: JsonPropertyName("innererror"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] LogsInnerError? Inner,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<ArmErrorBody>? Details)
{
    public static LogsError Of(Problem problem, string query)
    {
        var errors = problem.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).ToList();
        if (errors.Count == 0)
        {
            var code = problem.Kind is ProblemKind.Invalid or ProblemKind.NotSupported ? "BadArgumentError" : problem.Code;
            return new LogsError(problem.Message, code, code == problem.Code ? null : new LogsInnerError(problem.Code, problem.Message, null), null);
        }

        var first = errors[0];
        var (line, column) = Place(query, first.Span.Start);
        var isSyntax = first.Code.StartsWith("KS0", StringComparison.Ordinal) || first.Code.StartsWith("SYN", StringComparison.Ordinal);
        var token = first.Span.Start < query.Length ? query.Substring(first.Span.Start, Math.Min(Math.Max(1, first.Span.Length), Math.Min(80, query.Length - first.Span.Start))) : "";
        var told = first.Hint is null ? first.Message : $"{first.Message} {first.Hint}";
        var innermost = new LogsInnerError(first.Code, told, null) { Line = line, Pos = column, Token = token };
        var inner = new LogsInnerError(
            isSyntax ? "SyntaxError" : "SemanticError", isSyntax ? "A recognition error occurred in the query." : "A semantic error occurred.", innermost);
        return new LogsError("The request had some invalid properties", "BadArgumentError", inner, [.. errors.Select(e => Detail(e, query))]);
    }

    private static ArmErrorBody Detail(Diagnostic error, string query)
    {
        var (line, column) = Place(query, error.Span.Start);
        return new ArmErrorBody { Code = error.Code, Message = $"Line {line}, column {column + 1}: {error.Message}{(error.Hint is null ? "" : " " + error.Hint)}" };
    }

    private static (int Line, int Column) Place(string text, int position)
    {
        var before = text.AsSpan(0, Math.Clamp(position, 0, text.Length));
        return (before.Count('\n') + 1, before.Length - (before.LastIndexOf('\n') + 1));
    }
}

internal sealed record LogsInnerError(string Code, string Message, [property: JsonPropertyName("innererror"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] LogsInnerError? Inner)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Line { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Pos { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Token { get; init; }
}
