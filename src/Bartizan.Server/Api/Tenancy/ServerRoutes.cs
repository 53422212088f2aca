using System.Reflection;
using Bartizan.Server.Api.Arm;
using Bartizan.Server.Auth.Roles;
using Bartizan.Wire.Arm;

namespace Bartizan.Server.Api.Tenancy;

/// <summary>Where this server keeps its things, and who asks.</summary>
internal static class ServerRoutes
{
    public static string Version { get; } = typeof(ServerRoutes).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    // Anybody who is signed in may know where they are.
    public static void MapServer(this IEndpointRouteBuilder routes) => routes.ArmGet("/providers/Microsoft.Bartizan/server", "", Describe);

    private static IResult Describe(Home home, Caller caller) => ArmResults.Value(new ServerDescription(
        home.TenantId.ToString(), home.SubscriptionId.ToString(), Home.ResourceGroup, Home.Workspace, home.WorkspaceId.ToString(), Version,
        new SignedInUser(
            caller.ObjectId, caller.Name, caller.Name.Contains('@', StringComparison.Ordinal) ? caller.Name : null, caller.IsPerson ? "User" : "ServicePrincipal",
            [.. caller.Grants.Select(g => g.Role.Name).Distinct(StringComparer.Ordinal)])));
}
