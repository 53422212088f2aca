using Bartizan.Foundation.Outcomes;
using Bartizan.Server.Api.Arm;

namespace Bartizan.Server.Api.Tenancy;

/// <summary><c>Microsoft.Security/locations</c>: where alerts and tasks are kept. Clients take the one there is and put it into later paths.</summary>
internal static class SecurityLocationRoutes
{
    private const string Home = "centralus";

    public static void MapSecurityLocations(this IEndpointRouteBuilder routes)
    {
        routes.ArmList("/providers/Microsoft.Security/locations", "Microsoft.Security/locations/read", (ArmScope scope, ListQuery query) => ArmResults.Page([Shape(scope, Home)], query));
        routes.ArmList("/providers/Microsoft.Security/locations/{location}", "Microsoft.Security/locations/read", Get);
    }

    private static IResult Get(string location, ArmScope scope) => Locations.Names.ContainsKey(location) || location == Bartizan.Server.Home.Location
        ? ArmResults.Value(Shape(scope, location.ToLowerInvariant()))
        : ArmErrors.Result(new Problem(ProblemKind.NotFound, "ResourceNotFound", $"There is no location '{location}'."));

    private static object Shape(ArmScope scope, string location) => new
    {
        id = $"{scope.Id.Text}/providers/Microsoft.Security/locations/{location}",
        name = location,
        type = "Microsoft.Security/locations",
        properties = new { homeRegionName = location },
    };
}
