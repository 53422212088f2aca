using Bartizan.Foundation.Resources;

namespace Bartizan.Server.Api.Arm;

/// <summary>
/// How routes of the API are declared. Each says which action it is, in Azure's spelling; <see cref="ArmGate"/> asks the caller's roles before the handler
/// runs. A route that says nothing is refused.
/// </summary>
/// <example><code>
/// routes.ArmList("/providers/Microsoft.Security/assessments", "Microsoft.Security/assessments/read", ListAsync);
/// routes.ArmGet("/providers/Microsoft.Security/assessments/{name}", "Microsoft.Security/assessments/read", GetAsync);
///
/// static async Task&lt;IResult&gt; ListAsync(ArmScope scope, Caller caller, ListQuery query, SomeRoom room, CancellationToken cancellationToken)
/// {
///     var visible = caller.Scopes("Microsoft.Security/assessments/read").Within(scope.Id);   // filter by these, at the source
///     …
///     return ArmResults.Page(items, continuation, query, count);
/// }
/// </code></example>
internal static class ArmRoutes
{
    /// <summary>A list, or a count, search or query: it answers callers who may see only a part, and the handler must filter by the caller's scopes.</summary>
    public static RouteHandlerBuilder ArmList(this IEndpointRouteBuilder routes, string pattern, string action, Delegate handler) =>
        routes.MapGet(pattern, handler).WithMetadata(new ArmAction(action, IsFiltered: true));

    /// <summary>The same by POST, for lists that Azure asks for so, and for queries.</summary>
    public static RouteHandlerBuilder ArmQuery(this IEndpointRouteBuilder routes, string pattern, string action, Delegate handler) =>
        routes.MapPost(pattern, handler).WithMetadata(new ArmAction(action, IsFiltered: true)).DisableAntiforgery();

    /// <summary>One thing: the caller must hold the action at its scope.</summary>
    public static RouteHandlerBuilder ArmGet(this IEndpointRouteBuilder routes, string pattern, string action, Delegate handler) =>
        routes.MapGet(pattern, handler).WithMetadata(new ArmAction(action, IsFiltered: false));

    public static RouteHandlerBuilder ArmPut(this IEndpointRouteBuilder routes, string pattern, string action, Delegate handler) =>
        routes.MapPut(pattern, handler).WithMetadata(new ArmAction(action, IsFiltered: false)).DisableAntiforgery();

    public static RouteHandlerBuilder ArmPatch(this IEndpointRouteBuilder routes, string pattern, string action, Delegate handler) =>
        routes.MapPatch(pattern, handler).WithMetadata(new ArmAction(action, IsFiltered: false)).DisableAntiforgery();

    public static RouteHandlerBuilder ArmDelete(this IEndpointRouteBuilder routes, string pattern, string action, Delegate handler) =>
        routes.MapDelete(pattern, handler).WithMetadata(new ArmAction(action, IsFiltered: false));

    /// <summary>An act on one thing, by POST.</summary>
    public static RouteHandlerBuilder ArmPost(this IEndpointRouteBuilder routes, string pattern, string action, Delegate handler) =>
        routes.MapPost(pattern, handler).WithMetadata(new ArmAction(action, IsFiltered: false)).DisableAntiforgery();

    /// <summary>Leaves it to the handler to ask the caller's roles, or to anybody who is signed in; say why beside the call.</summary>
    public static TBuilder ForAnyCaller<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new ArmAction("", IsFiltered: true));

    /// <summary>Judges the caller at the workspace, whatever scope stands in the path: for what belongs to the workspace.</summary>
    public static TBuilder AtWorkspace<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new ArmTarget(home => home.WorkspaceScope));

    /// <summary>The same at the resource group that holds the workspace.</summary>
    public static TBuilder AtHomeGroup<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new ArmTarget(home => home.GroupScope));

    /// <summary>The same at the tenant: for what belongs to the whole installation.</summary>
    public static TBuilder AtTenant<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new ArmTarget(_ => ResourceId.Tenant));
}

/// <summary>What a route does.</summary>
/// <param name="Action">In Azure's spelling; empty for routes that any signed-in caller may use.</param>
/// <param name="IsFiltered">The handler shows only what the caller may see, so a part is enough.</param>
internal sealed record ArmAction(string Action, bool IsFiltered);

/// <summary>Where the caller of a route is judged, when that is not the scope in the path.</summary>
internal sealed record ArmTarget(Func<Home, ResourceId> Of);
