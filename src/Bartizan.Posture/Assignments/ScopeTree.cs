using Bartizan.Foundation.Resources;

namespace Bartizan.Posture.Assignments;

/// <summary>Which scopes hold a resource: its own id upwards, then the management groups of its subscription, then the tenant.</summary>
public sealed class ScopeTree
{
    private readonly Dictionary<string, IReadOnlyList<ResourceId>> groups;

    private ScopeTree(Dictionary<string, IReadOnlyList<ResourceId>> groups) => this.groups = groups;

    public static ScopeTree Empty { get; } = new([]);

    /// <summary>From the subscriptions of the inventory, whose record names the chain of management groups as Azure Resource Graph does.</summary>
    public static ScopeTree Of(IEnumerable<Resource> subscriptions)
    {
        ArgumentNullException.ThrowIfNull(subscriptions);
        var groups = new Dictionary<string, IReadOnlyList<ResourceId>>(StringComparer.OrdinalIgnoreCase);
        foreach (var subscription in subscriptions)
        {
            if (subscription.Id.SubscriptionId is { } id && JsonValues.Find(subscription.Record, "properties") is { } properties)
            {
                var chain = JsonValues.Items(properties, "managementGroupAncestorsChain").Select(g => JsonValues.Text(g, "name"))
                    .Where(n => !string.IsNullOrEmpty(n) && !n.Contains('/', StringComparison.Ordinal))
                    .Select(n => ResourceId.Parse("/providers/Microsoft.Management/managementGroups/" + n)).ToList();
                groups[id] = chain;
            }
        }

        return new ScopeTree(groups);
    }

    /// <summary>From the resource itself to the tenant.</summary>
    public IEnumerable<ResourceId> Ancestors(ResourceId resource)
    {
        for (var at = resource; at is not null && at != ResourceId.Tenant; at = at.Parent)
        {
            yield return at;
        }

        if (resource?.SubscriptionId is { } subscription && groups.TryGetValue(subscription, out var chain))
        {
            foreach (var group in chain)
            {
                yield return group;
            }
        }

        yield return ResourceId.Tenant;
    }

    /// <summary>The management groups above a subscription, the nearest first.</summary>
    public IReadOnlyList<ResourceId> GroupsOf(string subscriptionId) => groups.GetValueOrDefault(subscriptionId, []);
}
