using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Bartizan.Foundation.Outcomes;
using Bartizan.Foundation.Resources;
using Bartizan.Kql.Types;
using Bartizan.Server.Api.Arm;
using Bartizan.Server.Api.Tenancy;
using Bartizan.Server.Auth.Roles;
using Bartizan.Store.Queries;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace Bartizan.Server.Api.Logs;

/// <summary><c>Microsoft.ResourceGraph/resources</c>: KQL over the inventory, page by page, each caller seeing their own part.</summary>
internal static class ResourceGraphRoutes
{
    private const int MaxTop = 1000;

    private const int MaxRows = 200_000;

    // Who sees nothing gets an empty answer, as in Azure.
    public static void MapResourceGraph(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/providers/Microsoft.ResourceGraph/resources", AskAsync).ForAnyCaller().DisableAntiforgery();
        routes.MapGet("/providers/Microsoft.ResourceGraph/operations", () => ArmResults.Value(new { value = Array.Empty<object>() })).ForAnyCaller();
    }

    private static async Task<IResult> AskAsync([FromBody] GraphQuestion body, HttpContext context, QueryRunner runner, Home home, Caller caller, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(body.Query))
        {
            return Refuse(new Problem(ProblemKind.Invalid, "EmptyQuery", "The query is missing.", "query"));
        }

        var top = Math.Clamp(body.Options?.Top ?? MaxTop, 1, MaxTop);
        if (!TryReadSkip(body.Options, out var skip))
        {
            return Refuse(new Problem(ProblemKind.Invalid, "InvalidSkipToken", "The $skipToken is not one that this query gave out.", "$skipToken"));
        }

        var scopes = Scopes(body, caller, home);
        var request = new QueryRequest(WithTable(body.Query))
        {
            VisibleScopes = scopes,
            InventoryScopes = scopes,
            Limits = QueryLimits.Default with { MaxRows = MaxRows, Timeout = TimeSpan.FromSeconds(60) },
        };
        var outcome = scopes.Count == 0 ? null : (Outcome<QueryResult>?)await runner.RunAsync(request, cancellationToken);
        if (outcome?.Problem is { } problem)
        {
            return Refuse(problem);
        }

        var rows = outcome?.Value.Rows ?? [];
        var page = rows.Skip(skip).Take(top).ToList();
        var next = skip + page.Count;
        context.Response.Headers["x-ms-user-quota-remaining"] = "14";
        context.Response.Headers["x-ms-user-quota-resets-after"] = "00:00:05";
        context.Response.Headers["x-ms-resource-graph-request-duration"] = "0:00:00:00.0100000";
        var answer = new JsonObject
        {
            ["totalRecords"] = rows.Count,
            ["count"] = page.Count,
            ["data"] = IsTable(body) ? Table(outcome?.Value.Columns ?? [], page) : Objects(outcome?.Value.Columns ?? [], page),
            ["facets"] = new JsonArray(),
            ["resultTruncated"] = next < rows.Count || outcome?.Value.IsPartial == true ? "true" : "false",
        };
        if (next < rows.Count)
        {
            answer["$skipToken"] = WebEncoders.Base64UrlEncode(Encoding.ASCII.GetBytes("skip:" + next.ToString(CultureInfo.InvariantCulture)));
        }

        return ArmResults.Value(answer);
    }

    /// <summary>The callers' scopes within what the request asks for: its subscriptions, or all.</summary>
    private static IReadOnlyList<ResourceId> Scopes(GraphQuestion body, Caller caller, Home home)
    {
        var may = caller.Scopes(Inventory.Read);
        var groups = body.ManagementGroups ?? [];
        var asksForAll = (body.Subscriptions is not { Count: > 0 } && groups.Count == 0) || groups.Any(g => g.Equals(home.TenantId.ToString(), StringComparison.OrdinalIgnoreCase));
        return asksForAll
            ? may.Roots
            : [.. (body.Subscriptions ?? []).Where(s => Guid.TryParse(s, out _)).Select(ResourceId.Subscription).SelectMany(may.Within).Distinct()];
    }

    /// <summary>A query that begins with an operator means the table Resources.</summary>
    private static string WithTable(string query)
    {
        var text = query.TrimStart();
        var word = new string([.. text.TakeWhile(c => char.IsAsciiLetter(c) || c == '-')]).ToLowerInvariant();
        return word is "where" or "project" or "extend" or "summarize" or "take" or "limit" or "count" or "order" or "sort" or "top" or "distinct" or "mv-expand" or "project-away" or "join"
            && !text[word.Length..].TrimStart().StartsWith('|')
                ? "Resources | " + text
                : text;
    }

    private static bool IsTable(GraphQuestion body) => "table".Equals(body.Options?.ResultFormat, StringComparison.OrdinalIgnoreCase);

    private static JsonArray Objects(IReadOnlyList<KqlColumn> columns, IReadOnlyList<object?[]> rows) => new([.. rows.Select(JsonNode? (row) =>
    {
        var item = new JsonObject();
        for (var i = 0; i < columns.Count; i++)
        {
            item[columns[i].Name] = Cell(columns[i], row[i]);
        }

        return item;
    })]);

    private static JsonObject Table(IReadOnlyList<KqlColumn> columns, IReadOnlyList<object?[]> rows) => new()
    {
        ["columns"] = new JsonArray([.. columns.Select(JsonNode? (c) => new JsonObject { ["name"] = c.Name, ["type"] = Type(c.Type) })]),
        ["rows"] = new JsonArray([.. rows.Select(JsonNode? (row) => new JsonArray([.. row.Select((cell, i) => Cell(columns[i], cell))]))]),
    };

    private static string Type(KqlType type) => type switch
    {
        KqlType.Bool => "boolean",
        KqlType.Int or KqlType.Long => "integer",
        KqlType.Real or KqlType.Decimal => "number",
        KqlType.Dynamic => "object",
        _ => "string",
    };

    /// <summary>Unlike the query API, dynamic values are JSON here and not text.</summary>
    private static JsonNode? Cell(KqlColumn column, object? value) => column.Type == KqlType.Dynamic && value is string text
        ? Parse(text)
        : JsonNode.Parse(LogsShapes.Cell(value).GetRawText());

    private static JsonNode? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return text;
        }
    }

    private static bool TryReadSkip(GraphOptions? options, out int skip)
    {
        skip = Math.Max(0, options?.Skip ?? 0);
        if (options?.SkipToken is not { Length: > 0 } token)
        {
            return true;
        }

        try
        {
            var text = Encoding.ASCII.GetString(WebEncoders.Base64UrlDecode(token));
            return text.StartsWith("skip:", StringComparison.Ordinal) && int.TryParse(text[5..], NumberStyles.None, CultureInfo.InvariantCulture, out skip);
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static IResult Refuse(Problem problem)
    {
        var details = ArmErrors.Body(problem).Details;
        var kind = problem.Kind == ProblemKind.NotSupported ? ProblemKind.Invalid : problem.Kind;
        return kind == ProblemKind.Invalid
            ? ArmErrors.Result(new Problem(kind, "BadRequest", $"Please provide below info when asking for support: the query is not valid. {problem.Message}", problem.Target)
            {
                Diagnostics = details is null ? [] : problem.Diagnostics,
            })
            : ArmErrors.Result(problem);
    }
}

/// <summary>The body of a Resource Graph request.</summary>
internal sealed record GraphQuestion(IReadOnlyList<string>? Subscriptions, IReadOnlyList<string>? ManagementGroups, string? Query, GraphOptions? Options);

internal sealed record GraphOptions(
    [property: JsonPropertyName("$top")] int? Top, [property: JsonPropertyName("$skip")] int? Skip, [property: JsonPropertyName("$skipToken")] string? SkipToken, string? ResultFormat);
