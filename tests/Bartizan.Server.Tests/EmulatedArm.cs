using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Bartizan.Server.Tests;

/// <summary>A resource manager on loopback with a sign-in, versions, resources that merge what they are sent, and operations that take a while.</summary>
public sealed class EmulatedArm : IAsyncDisposable
{
    private readonly WebApplication app;

    private EmulatedArm()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        app = builder.Build();
        app.MapPost("/{tenant}/oauth2/v2.0/token", async (HttpRequest request) =>
        {
            var form = await request.ReadFormAsync();
            return form["client_secret"] == Secret
                ? Results.Json(new { access_token = "the-token", expires_in = 3600 })
                : Results.Json(new { error = "invalid_client", error_description = "That is not the secret." }, statusCode: 401);
        });
        app.MapGet("/subscriptions/{subscription}/providers/{provider}", (string provider) => Results.Json(new
        {
            @namespace = provider,
            resourceTypes = new[] { new { resourceType = "storageAccounts", apiVersions = new[] { "2030-01-01-preview", "2023-01-01", "2019-06-01" } } },
        }));
        app.MapGet("/operations/{id}", (string id) =>
        {
            Polls++;
            return Results.Json(new { id, status = Polls % 2 == 0 ? "Succeeded" : "InProgress" });
        });
        app.MapFallback(AnyAsync);
    }

    public const string Secret = "the-secret";

    public string Address => app.Urls.First();

    public ConcurrentDictionary<string, JsonObject> Resources { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Every change that was asked for.</summary>
    public ConcurrentQueue<(string Method, string Path, string Version, string Body)> Writes { get; } = new();

    public int Polls { get; private set; }

    public static async Task<EmulatedArm> StartAsync()
    {
        var arm = new EmulatedArm();
        await arm.app.StartAsync();
        return arm;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task AnyAsync(HttpContext context)
    {
        if (context.Request.Headers.Authorization != "Bearer the-token")
        {
            context.Response.StatusCode = 401;
            return;
        }

        var path = context.Request.Path.Value!;
        var version = context.Request.Query["api-version"].ToString();
        if (context.Request.Method == "GET")
        {
            await WriteAsync(context, Resources.TryGetValue(path, out var found) ? 200 : 404, found ?? Error("ResourceNotFound"));
            return;
        }

        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        Writes.Enqueue((context.Request.Method, path, version, body));
        var resource = Resources.GetOrAdd(path, _ => new JsonObject());
        Merge(resource, JsonNode.Parse(body)!.AsObject());
        if (context.Request.Method == "PUT")
        {
            resource["properties"]!["provisioningState"] = "Succeeded";
        }

        context.Response.Headers["Azure-AsyncOperation"] = $"{Address}/operations/1?api-version={version}";
        context.Response.Headers.RetryAfter = "0";
        await WriteAsync(context, 202, new JsonObject());
    }

    private static JsonObject Error(string code) => new() { ["error"] = new JsonObject { ["code"] = code, ["message"] = "It is not there." } };

    private static Task WriteAsync(HttpContext context, int status, JsonObject body)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(body.ToJsonString(JsonSerializerOptions.Web));
    }

    private static void Merge(JsonObject into, JsonObject change)
    {
        foreach (var (name, value) in change)
        {
            if (value is null)
            {
                into.Remove(name);
            }
            else if (into[name] is JsonObject known && value is JsonObject inner)
            {
                Merge(known, inner);
            }
            else
            {
                into[name] = value.DeepClone();
            }
        }
    }
}
