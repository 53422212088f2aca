using Bartizan.Foundation.Outcomes;
using Bartizan.Server.Api.Arm;
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
        routes.MapGet("/providers/Microsoft.Authorization/providerOperations", ListOperations).ForAnyCaller();
        routes.MapGet("/providers/Microsoft.Authorization/providerOperations/{provider}", GetOperations).ForAnyCaller();
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

    private static IResult OperationsAsync(string provider, EndpointDataSource endpoints) => ArmResults.Value(new ArmList<object>
    {
        Value = [.. Actions(endpoints).Where(a => Namespace(a).Equals(provider, StringComparison.OrdinalIgnoreCase)).Select(a => (object)new { name = a, isDataAction = false, display = new { provider, resource = "", operation = a, description = a } })],
    });

    private static IResult ListOperations(EndpointDataSource endpoints, ListQuery query) =>
        ArmResults.Page<object>([.. Actions(endpoints).GroupBy(Namespace, StringComparer.OrdinalIgnoreCase).OrderBy(g => g.Key, StringComparer.OrdinalIgnoreCase).Select(g => OperationsOf(g.Key, g))], query);

    private static IResult GetOperations(string provider, EndpointDataSource endpoints)
    {
        var actions = Actions(endpoints).Where(a => Namespace(a).Equals(provider, StringComparison.OrdinalIgnoreCase)).ToList();
        return actions.Count > 0
            ? ArmResults.Value(OperationsOf(Namespace(actions[0]), actions))
            : ArmErrors.Result(new Problem(ProblemKind.NotFound, "ProviderOperationsNotFound", $"There are no operations of '{provider}' here."));
    }

    /// <summary>The actions that this server's own routes ask for: what a role here can allow.</summary>
    private static IEnumerable<string> Actions(EndpointDataSource endpoints) => endpoints.Endpoints
        .Select(e => e.Metadata.GetMetadata<ArmAction>()?.Action).OfType<string>().Where(a => a.Contains('/', StringComparison.Ordinal))
        .Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase);

    private static string Namespace(string action) => action[..action.IndexOf('/', StringComparison.Ordinal)];

    private static object OperationsOf(string provider, IEnumerable<string> actions) => new
    {
        id = "/providers/Microsoft.Authorization/providerOperations/" + provider,
        name = provider,
        type = "Microsoft.Authorization/providerOperations",
        displayName = provider,
        operations = Array.Empty<object>(),
        resourceTypes = actions.GroupBy(a => a.Split('/')[1..^1] is { Length: > 0 } type ? string.Join('/', type) : "", StringComparer.OrdinalIgnoreCase).Select(t => new
        {
            name = t.Key,
            displayName = t.Key,
            operations = t.Select(a => new { name = a, displayName = a, description = a, origin = "user", isDataAction = false }),
        }),
    };

    private static object Shape(ArmScope scope, string name, IReadOnlyList<string> types) => new
    {
        id = (scope.Id.Text == "/" ? "" : scope.Id.Text) + "/providers/" + name,
        @namespace = name,
        registrationState = "Registered",
        registrationPolicy = "RegistrationRequired",
        resourceTypes = types.Select(t => new { resourceType = t, locations = Array.Empty<string>(), apiVersions = Versions, capabilities = "None" }),
    };
}
