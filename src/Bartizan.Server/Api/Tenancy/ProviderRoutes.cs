using Bartizan.Foundation.Outcomes;
using Bartizan.Server.Api.Arm;
using Bartizan.Server.Auth.Roles;
using Bartizan.Wire.Arm;

namespace Bartizan.Server.Api.Tenancy;

/// <summary>Resource providers, which clients look at to learn which api-versions there are, and their operations.</summary>
internal static class ProviderRoutes
{
    private static readonly string[] Versions =
    [
        "2024-05-01", "2023-04-01", "2022-12-01", "2022-09-01", "2022-06-01", "2022-01-01", "2021-06-01", "2021-04-01", "2020-01-01", "2019-11-01", "2019-01-01-preview",
    ];

    // Which providers there are says nothing about anybody's resources beyond their kinds.
    public static void MapProviders(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/subscriptions/{subscription}/providers", ListAsync).ForAnyCaller();
        routes.MapGet("/providers", ListAsync).ForAnyCaller();
        routes.MapGet("/providers/{provider}", GetAsync).ForAnyCaller();
        routes.MapPost("/providers/{provider}/register", GetAsync).ForAnyCaller().DisableAntiforgery();
        routes.MapGet("/providers/{provider}/operations", OperationsAsync).ForAnyCaller();
    }

    private static async Task<IResult> ListAsync(ArmScope scope, Inventory inventory, ListQuery query, CancellationToken cancellationToken) =>
        ArmResults.Page((await inventory.ProvidersAsync(cancellationToken)).Select(p => Shape(scope, p.Key, p.Value)).ToList(), query);

    private static async Task<IResult> GetAsync(string provider, ArmScope scope, Inventory inventory, CancellationToken cancellationToken)
    {
        var known = await inventory.ProvidersAsync(cancellationToken);
        return known.Keys.FirstOrDefault(k => k.Equals(provider, StringComparison.OrdinalIgnoreCase)) is { } name
            ? ArmResults.Value(Shape(scope, name, known[name]))
            : ArmErrors.Result(new Problem(ProblemKind.NotFound, "InvalidResourceNamespace", $"The resource namespace '{provider}' is invalid."));
    }

    private static IResult OperationsAsync(string provider) => ArmResults.Value(new ArmList<object>
    {
        Value = [.. BuiltInRoles.All.SelectMany(r => r.Actions.Concat(r.DataActions)).Where(a => a.StartsWith(provider + "/", StringComparison.OrdinalIgnoreCase) && !a.Contains('*', StringComparison.Ordinal))
            .Distinct(StringComparer.OrdinalIgnoreCase).Select(a => (object)new { name = a, isDataAction = false, display = new { provider, resource = "", operation = a, description = a } })],
    });

    private static object Shape(ArmScope scope, string name, IReadOnlyList<string> types) => new
    {
        id = (scope.Id.Text == "/" ? "" : scope.Id.Text) + "/providers/" + name,
        @namespace = name,
        registrationState = "Registered",
        registrationPolicy = "RegistrationRequired",
        resourceTypes = types.Select(t => new { resourceType = t, locations = Array.Empty<string>(), apiVersions = Versions, capabilities = "None" }),
    };
}
