using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Bartizan.Server.Api.Arm;

namespace Bartizan.Server.Api.Tenancy;

/// <summary><c>/openapi/v1.json</c>: the routes as they are declared, with the action that each asks of the caller's roles.</summary>
internal static partial class OpenApiRoutes
{
    public const string Address = "/openapi/v1.json";

    // Whoever is signed in may know what can be asked; what is answered depends on roles.
    public static void MapOpenApi(this IEndpointRouteBuilder routes) =>
        routes.MapGet(Address, (EndpointDataSource endpoints) => ArmResults.Value(Describe(endpoints))).ForAnyCaller();

    internal static JsonObject Describe(EndpointDataSource endpoints)
    {
        var paths = new SortedDictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var endpoint in endpoints.Endpoints.OfType<RouteEndpoint>())
        {
            if (endpoint.Metadata.GetMetadata<ArmAction>() is not { } action || endpoint.Metadata.GetMetadata<IHttpMethodMetadata>() is not { } methods)
            {
                continue;
            }

            var template = Template(endpoint);
            var path = paths.TryGetValue(template, out var known) ? known : paths[template] = [];
            foreach (var method in methods.HttpMethods.Where(m => m != "HEAD"))
            {
                path[method.ToLowerInvariant()] = Operation(endpoint, template, method, action);
            }
        }

        return new JsonObject
        {
            ["openapi"] = "3.0.3",
            ["info"] = new JsonObject { ["title"] = "Bartizan", ["version"] = ServerRoutes.Version },
            ["paths"] = new JsonObject(paths.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Value))),
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = new JsonObject { ["token"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" } },
                ["schemas"] = new JsonObject { ["Error"] = ErrorSchema() },
            },
            ["security"] = new JsonArray(new JsonObject { ["token"] = new JsonArray() }),
        };
    }

    /// <summary>Routes of providers hold at every scope, which stands in front of them.</summary>
    private static string Template(RouteEndpoint endpoint)
    {
        var pattern = ConstraintPattern().Replace("/" + (endpoint.RoutePattern.RawText ?? "").TrimStart('/'), "{$1}");
        return pattern.StartsWith("/providers/", StringComparison.OrdinalIgnoreCase) && !pattern.StartsWith("/providers/Microsoft.Bartizan", StringComparison.OrdinalIgnoreCase) ? "/{scope}" + pattern : pattern;
    }

    private static JsonObject Operation(RouteEndpoint endpoint, string template, string method, ArmAction action)
    {
        var parameters = new JsonArray();
        foreach (var name in NamePattern().Matches(template).Select(m => m.Groups[1].Value).Distinct(StringComparer.Ordinal))
        {
            parameters.Add(Parameter(name, "path", name == "scope" ? "The id of a subscription, a group, a resource or a management group; nothing for the tenant." : null));
        }

        if (template.StartsWith("/{scope}", StringComparison.Ordinal) || template.StartsWith("/subscriptions", StringComparison.Ordinal) || template is "/tenants" or "/providers")
        {
            parameters.Add(Parameter("api-version", "query", "A date, such as 2022-12-01; every one is answered by the same model."));
        }

        var operation = new JsonObject
        {
            ["operationId"] = $"{method.ToLowerInvariant()} {template}",
            ["parameters"] = parameters,
            ["responses"] = new JsonObject
            {
                ["default"] = new JsonObject
                {
                    ["description"] = "What was asked for; or, from 400 on, a refusal.",
                    ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = new JsonObject { ["oneOf"] = new JsonArray(new JsonObject { ["type"] = "object" }, new JsonObject { ["$ref"] = "#/components/schemas/Error" }) } } },
                },
            },
        };
        if (action.Action.Length > 0)
        {
            operation["x-action"] = action.Action;
        }

        if (endpoint.Metadata.GetMetadata<ArmPartial>() is { } partial)
        {
            operation["description"] = $"Partly as in Azure: {partial.Missing}";
        }

        if (method is "PUT" or "PATCH" or "POST")
        {
            operation["requestBody"] = new JsonObject { ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "object" } } } };
        }

        return operation;
    }

    private static JsonObject Parameter(string name, string place, string? about) => new()
    {
        ["name"] = name,
        ["in"] = place,
        ["required"] = true,
        ["description"] = about,
        ["schema"] = new JsonObject { ["type"] = "string" },
    };

    private static JsonObject ErrorSchema() => new()
    {
        ["type"] = "object",
        ["required"] = new JsonArray("error"),
        ["properties"] = new JsonObject
        {
            ["error"] = new JsonObject
            {
                ["type"] = "object",
                ["properties"] = new JsonObject { ["code"] = new JsonObject { ["type"] = "string" }, ["message"] = new JsonObject { ["type"] = "string" }, ["target"] = new JsonObject { ["type"] = "string" } },
            },
        },
    };

    [GeneratedRegex(@"\{\*{0,2}(\w+)(?::[^}]*)?\??\}")]
    private static partial Regex ConstraintPattern();

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex NamePattern();
}
