using System.Text.Json;
using System.Text.Json.Nodes;
using Bartizan.Foundation.Resources;
using Bartizan.Posture.Assignments;
using Bartizan.Server.Auth.Roles;
using Bartizan.Store.Resources;

namespace Bartizan.Server.Api.Tenancy;

/// <summary>What exists, as Resource Manager shows it: the inventory, and the few things that are the server's own.</summary>
internal sealed class Inventory(ResourceStore resources, PolicyLibrary policies, Home home)
{
    /// <summary>The action that shows a resource of any type in lists and queries.</summary>
    public const string Read = "Microsoft.Resources/subscriptions/resources/read";

    private const string GroupType = "Microsoft.Resources/subscriptions/resourceGroups";

    private readonly Resource[] own = Own(home);

    public async Task<ResourcePage> ListAsync(ResourceId scope, IReadOnlyList<string> types, Caller caller, ResourceQuery query, CancellationToken cancellationToken)
    {
        var scopes = caller.Scopes(types.Count == 1 ? $"{types[0]}/read" : Read);
        var page = await resources.ListAsync(query with { Scope = scope, Types = types, VisibleScopes = scopes.Within(scope) }, cancellationToken).ConfigureAwait(false);

        // Ours come on the first page; an inventory that was read from Azure does not have them.
        var extra = query.Continuation is null
            ? own.Where(r => r.Id.IsWithin(scope) && scopes.Includes(r.Id) && r.Type != GroupType && (types.Count == 0 || types.Contains(r.Type, StringComparer.OrdinalIgnoreCase))).ToList()
            : [];
        return extra.Count == 0 ? page : page with { Items = [.. extra, .. page.Items], Count = page.Count + extra.Count };
    }

    public async Task<Resource?> FindAsync(ResourceId id, CancellationToken cancellationToken) =>
        Array.Find(own, r => r.Id == id) ?? await resources.FindAsync(id, cancellationToken).ConfigureAwait(false);

    /// <summary>The groups of a subscription in which the caller sees anything: those on record, and those that resources name.</summary>
    public async Task<IReadOnlyList<JsonObject>> GroupsAsync(ResourceId subscription, Caller caller, CancellationToken cancellationToken)
    {
        var reach = caller.Scopes(Read);
        var groups = new SortedDictionary<string, JsonObject>(StringComparer.OrdinalIgnoreCase);
        foreach (var group in own.Where(r => r.Type == GroupType && r.Id.IsWithin(subscription) && reach.Reaches(r.Id)))
        {
            groups[group.Name] = Shape(group, withProperties: true);
        }

        foreach (var (name, location) in await resources.GroupsAsync(subscription, cancellationToken).ConfigureAwait(false))
        {
            var id = subscription.Append($"resourceGroups/{name}");
            if (reach.Reaches(id))
            {
                groups.TryAdd(name, Group(id, location));
            }
        }

        string? continuation = null;
        do
        {
            var page = await resources.ListAsync(
                new ResourceQuery { Scope = subscription, View = ResourceView.ResourceContainers, Types = [GroupType, "Microsoft.Resources/resourceGroups"], Take = 1000, Continuation = continuation },
                cancellationToken).ConfigureAwait(false);
            foreach (var group in page.Items.Where(g => reach.Reaches(g.Id)))
            {
                groups[group.Name] = Shape(group, withProperties: true);
            }

            continuation = page.Continuation;
        }
        while (continuation is not null);
        return [.. groups.Values];
    }

    /// <summary>Namespaces of which there are resources, and those that this server itself has.</summary>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> ProvidersAsync(CancellationToken cancellationToken)
    {
        var counts = await resources.CountByTypeAsync(new ResourceQuery { View = null }, cancellationToken).ConfigureAwait(false);
        // Ours first: inventories spell namespaces in lower case now and then, and a group takes the spelling of its first.
        return OwnTypes.Concat(policies.Pack.Aliases.ResourceTypes).Concat(counts.Keys).Select(t => (Provider: t[..Math.Max(0, t.IndexOf('/', StringComparison.Ordinal))], Type: t[(t.IndexOf('/', StringComparison.Ordinal) + 1)..]))
            .Where(x => x.Provider.Length > 0 && !x.Provider.EndsWith(".googleapis.com", StringComparison.Ordinal))
            .GroupBy(x => x.Provider, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(g => g.Key, IReadOnlyList<string> (g) => [.. g.Select(x => x.Type).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase)], StringComparer.OrdinalIgnoreCase);
    }

    public async Task<bool> KnowsProviderAsync(string provider, CancellationToken cancellationToken) =>
        !provider.Equals("Microsoft.Security", StringComparison.OrdinalIgnoreCase) && !provider.Equals("Microsoft.Bartizan", StringComparison.OrdinalIgnoreCase)
        && (await ProvidersAsync(cancellationToken).ConfigureAwait(false)).ContainsKey(provider);

    /// <summary>Whether there can be resources of a type: the inventory has some, policies speak of it, or it is this server's own.</summary>
    public async Task<bool> KnowsTypeAsync(string type, CancellationToken cancellationToken)
    {
        var slash = type.IndexOf('/', StringComparison.Ordinal);
        return !type.StartsWith("Microsoft.Security/", StringComparison.OrdinalIgnoreCase)
            && (await ProvidersAsync(cancellationToken).ConfigureAwait(false)).GetValueOrDefault(type[..slash])?.Contains(type[(slash + 1)..], StringComparer.OrdinalIgnoreCase) == true;
    }

    /// <summary>A resource as ARM writes it: its record, with id, name, type and location for certain.</summary>
    public static JsonObject Shape(Resource resource, bool withProperties)
    {
        var type = resource.Type.Equals(GroupType, StringComparison.OrdinalIgnoreCase) ? InventoryWrites.GroupType : resource.Type;
        var shape = new JsonObject { ["id"] = resource.Id.Text, ["name"] = resource.Name, ["type"] = type };
        if (resource.Environment is CloudEnvironment.Aws or CloudEnvironment.Gcp || resource.Record.ValueKind != JsonValueKind.Object)
        {
            shape["location"] = resource.Location;
            shape["tags"] = Tags(resource);
            if (withProperties)
            {
                shape["properties"] = new JsonObject
                {
                    ["environment"] = resource.Environment.ToString(),
                    ["accountId"] = resource.AccountId,
                    ["record"] = JsonNode.Parse(resource.Record.GetRawText()),
                };
            }

            return shape;
        }

        foreach (var property in resource.Record.EnumerateObject())
        {
            if (!shape.ContainsKey(property.Name) && (withProperties || property.Name != "properties"))
            {
                shape[property.Name] = JsonNode.Parse(property.Value.GetRawText());
            }
        }

        return shape;
    }

    private static readonly string[] OwnTypes =
    [
        "Microsoft.Resources/subscriptions", "Microsoft.Resources/resourceGroups", "Microsoft.Authorization/policyDefinitions", "Microsoft.Authorization/policySetDefinitions",
        "Microsoft.Authorization/policyAssignments", "Microsoft.Authorization/roleAssignments", "Microsoft.Authorization/roleDefinitions", "Microsoft.Management/managementGroups",
        "Microsoft.OperationalInsights/workspaces", "Microsoft.Authorization/locks", "Microsoft.PolicyInsights/policyStates", "Microsoft.ResourceGraph/resources", "Microsoft.Security/assessments",
        "Microsoft.Security/secureScores", "Microsoft.SecurityInsights/alertRules", "Microsoft.SecurityInsights/incidents", "Microsoft.Insights/dataCollectionRules",
    ];

    private static JsonObject? Tags(Resource resource) =>
        resource.Tags.Count == 0 ? null : new JsonObject(resource.Tags.Select(t => KeyValuePair.Create(t.Key, (JsonNode?)t.Value)));

    private static JsonObject Group(ResourceId id, string location) => new()
    {
        ["id"] = id.Text,
        ["name"] = id.Name,
        ["type"] = "Microsoft.Resources/resourceGroups",
        ["location"] = location,
        ["properties"] = new JsonObject { ["provisioningState"] = "Succeeded" },
    };

    private static Resource[] Own(Home home)
    {
        var workspace = new JsonObject
        {
            ["location"] = Home.Location,
            ["properties"] = new JsonObject
            {
                ["customerId"] = home.WorkspaceId.ToString(),
                ["provisioningState"] = "Succeeded",
                ["sku"] = new JsonObject { ["name"] = "PerGB2018" },
                ["retentionInDays"] = 90,
                ["publicNetworkAccessForIngestion"] = "Enabled",
                ["publicNetworkAccessForQuery"] = "Enabled",
            },
        };
        return
        [
            Make(home.GroupScope, GroupType, new JsonObject { ["location"] = Home.Location, ["properties"] = new JsonObject { ["provisioningState"] = "Succeeded" } }),
            Make(home.WorkspaceScope, "Microsoft.OperationalInsights/workspaces", workspace),
        ];

        Resource Make(ResourceId id, string type, JsonObject record) => new(
            id, id.Name, type, Home.Location, CloudEnvironment.Azure, home.SubscriptionId.ToString(), JsonSerializer.SerializeToElement<JsonNode>(record));
    }
}
