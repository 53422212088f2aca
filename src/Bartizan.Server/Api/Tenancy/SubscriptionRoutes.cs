using Bartizan.Foundation.Outcomes;
using Bartizan.Server.Api.Arm;
using Bartizan.Server.Auth.Roles;
using Bartizan.Wire.Arm;

namespace Bartizan.Server.Api.Tenancy;

/// <summary><c>/tenants</c>, <c>/subscriptions</c> and their locations.</summary>
internal static class SubscriptionRoutes
{
    private static readonly string[] Domains = ["bartizan"];

    public static void MapSubscriptions(this IEndpointRouteBuilder routes)
    {
        // These show what the caller sees anything of, whatever the role.
        routes.MapGet("/tenants", Tenants).ForAnyCaller();
        routes.MapGet("/subscriptions", ListAsync).ForAnyCaller();
        routes.MapGet("/subscriptions/{subscription}", GetAsync).ForAnyCaller();
        routes.MapGet("/subscriptions/{subscription}/locations", LocationsAsync).ForAnyCaller();
    }

    private static IResult Tenants(Home home, ListQuery query) => ArmResults.Page<object>(
        [
            new
            {
                id = $"/tenants/{home.TenantId}",
                tenantId = home.TenantId.ToString(),
                displayName = "Bartizan",
                domains = Domains,
                defaultDomain = Domains[0],
                tenantCategory = "Home",
                tenantType = "AAD",
            },
        ],
        query);

    private static async Task<IResult> ListAsync(Subscriptions subscriptions, Home home, Caller caller, ListQuery query, CancellationToken cancellationToken) =>
        ArmResults.Page((await subscriptions.ListAsync(caller, cancellationToken)).Select(s => Shape(s, home)).ToList(), query);

    private static async Task<IResult> GetAsync(string subscription, Subscriptions subscriptions, Home home, Caller caller, CancellationToken cancellationToken) =>
        await FindAsync(subscription, subscriptions, caller, cancellationToken) is { } found ? ArmResults.Value(Shape(found, home)) : NotFound(subscription);

    private static async Task<IResult> LocationsAsync(string subscription, Subscriptions subscriptions, Caller caller, CancellationToken cancellationToken) =>
        await FindAsync(subscription, subscriptions, caller, cancellationToken) is { } found
            ? ArmResults.Value(new ArmList<object> { Value = [.. Locations.Names.Select(l => Location(found, l.Key, l.Value))] })
            : NotFound(subscription);

    private static object Location(Subscription subscription, string name, string displayName) => new
    {
        id = $"/subscriptions/{subscription.Id}/locations/{name}",
        name,
        type = "Region",
        displayName,
        regionalDisplayName = displayName,
        metadata = new { regionType = "Physical" },
    };

    internal static async Task<Subscription?> FindAsync(string id, Subscriptions subscriptions, Caller caller, CancellationToken cancellationToken) =>
        (await subscriptions.ListAsync(caller, cancellationToken)).FirstOrDefault(s => s.Id.Equals(id, StringComparison.OrdinalIgnoreCase));

    private static IResult NotFound(string subscription) => ArmErrors.Result(
        new Problem(ProblemKind.NotFound, "SubscriptionNotFound", $"The subscription '{subscription}' could not be found."));

    private static object Shape(Subscription subscription, Home home) => new
    {
        id = $"/subscriptions/{subscription.Id}",
        authorizationSource = "RoleBased",
        managedByTenants = Array.Empty<object>(),
        subscriptionId = subscription.Id,
        tenantId = home.TenantId.ToString(),
        displayName = subscription.Name,
        state = "Enabled",
        subscriptionPolicies = new { locationPlacementId = "Public_2014-09-01", quotaId = "PayAsYouGo_2014-09-01", spendingLimit = "Off" },
    };
}
