using Bartizan.Connectors.Azure;
using Bartizan.Foundation.Outcomes;
using Bartizan.Server.Api.Arm;
using Bartizan.Server.Auth.Roles;
using Bartizan.Store.Records;
using Bartizan.Wire.Arm;
using Bartizan.Wire.Posture;
using Microsoft.AspNetCore.Mvc;

namespace Bartizan.Server.Api.Response;

/// <summary>Ours: <c>Microsoft.Bartizan/azureConnections</c>, by which fixes are carried out. Their secrets go in and never come out.</summary>
internal static class AzureConnectionRoutes
{
    private const int MaxNameLength = 90;
    private const string Action = "Microsoft.Bartizan/azureConnections";
    private const string Path = "/providers/" + Action;

    public static void MapAzureConnections(this IEndpointRouteBuilder routes)
    {
        routes.ArmGet(Path, Action + "/read", ListAsync).AtTenant();
        routes.ArmGet(Path + "/{name}", Action + "/read", GetAsync).AtTenant();
        routes.ArmPut(Path + "/{name}", Action + "/write", PutAsync).AtTenant();
        routes.ArmDelete(Path + "/{name}", Action + "/delete", async (string name, Caller caller, AzureConnections connections, CancellationToken cancellationToken) =>
            ArmResults.Deleted(await connections.DeleteAsync(name, caller.Name, cancellationToken))).AtTenant();
    }

    private static async Task<IResult> ListAsync(ListQuery query, AzureConnections connections, CancellationToken cancellationToken)
    {
        var all = new List<ArmResource<AzureConnectionProperties>>();
        await foreach (var record in connections.EnumerateAsync(cancellationToken))
        {
            all.Add(Shape(record));
        }

        return ArmResults.Page(all, query);
    }

    private static async Task<IResult> GetAsync(string name, AzureConnections connections, CancellationToken cancellationToken) =>
        await connections.FindAsync(name, cancellationToken) is { } found
            ? ArmResults.Resource(Shape(found))
            : ArmErrors.Result(new Problem(ProblemKind.NotFound, "ResourceNotFound", $"There is no connection '{name}'."));

    private static async Task<IResult> PutAsync(
        string name, [FromBody] ArmResource<AzureConnectionProperties> body, Caller caller, AzureConnections connections, CancellationToken cancellationToken)
    {
        if (name.Length > MaxNameLength || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '-'))
        {
            return ArmErrors.Result(new Problem(ProblemKind.Invalid, "InvalidName", $"A connection's name has up to {MaxNameLength} letters, digits and '-'.", "name"));
        }

        var p = body.Properties;
        var isNew = await connections.FindAsync(name, cancellationToken) is null;
        var outcome = await connections.PutAsync(
            new AzureConnection(name, p.Endpoint, p.Authority, p.TenantId, p.ClientId, "", p.Subscriptions), p.ClientSecret, caller.Name, cancellationToken);
        return outcome.TryGetValue(out var saved, out var problem)
            ? ArmResults.Resource(Shape(saved), isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK)
            : ArmErrors.Result(problem);
    }

    private static ArmResource<AzureConnectionProperties> Shape(Record<AzureConnection> record) => new()
    {
        Id = $"{Path}/{record.Value.Name}",
        Name = record.Value.Name,
        Type = Action,
        Etag = record.ETag,
        Properties = new AzureConnectionProperties
        {
            Endpoint = record.Value.Endpoint,
            Authority = record.Value.Authority,
            TenantId = record.Value.TenantId,
            ClientId = record.Value.ClientId,
            Subscriptions = record.Value.Subscriptions,
        },
    };
}
