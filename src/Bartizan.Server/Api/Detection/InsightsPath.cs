using Bartizan.Foundation.Outcomes;
using Bartizan.Server.Api.Arm;
using Bartizan.Server.Auth.Roles;
using Bartizan.Detection.Incidents;

namespace Bartizan.Server.Api.Detection;

/// <summary>Ids of <c>Microsoft.SecurityInsights</c> resources, and the routes that hold only at the home workspace.</summary>
internal static class InsightsPath
{
    public const string Provider = "/providers/Microsoft.SecurityInsights";

    public static string Id(Home home, string rest) => $"{home.WorkspaceScope}{Provider}/{rest}";

    /// <summary>Routes below refuse a workspace that is not this server's.</summary>
    public static IEndpointRouteBuilder MapInsights(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").AtWorkspace();
        group.AddEndpointFilter(async (context, next) =>
        {
            var home = context.HttpContext.RequestServices.GetRequiredService<Home>();
            var scope = ArmScope.Of(context.HttpContext).Id;
            return scope == home.WorkspaceScope
                ? await next(context)
                : ArmErrors.Result(new Problem(ProblemKind.NotFound, "ResourceNotFound", $"The workspace '{scope}' was not found; this server has '{home.WorkspaceScope}'."));
        });
        return group;
    }

    public static Actor ActorOf(Caller caller) => new(
        caller.IsPerson ? ActorKind.User : ActorKind.Application, caller.Name, caller.Name.Contains('@', StringComparison.Ordinal) ? caller.Name : null,
        Guid.TryParse(caller.ObjectId, out var id) ? id : null);
}
