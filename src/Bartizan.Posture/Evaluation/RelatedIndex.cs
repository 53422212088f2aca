using Bartizan.Foundation.Resources;
using Bartizan.Policy.Aliases;
using Bartizan.Policy.Effects;

namespace Bartizan.Posture.Evaluation;

/// <summary>The resources that existence checks look for, by type and by every scope that holds them.</summary>
internal sealed class RelatedIndex
{
    private static readonly List<Entry> Nothing = [];

    private readonly Dictionary<(string Type, ResourceId Anchor), List<Entry>> byAnchor = new(new KeyComparer());
    private readonly Dictionary<ResourceId, Entry> known = [];

    public int Count => known.Count;

    public void Put(Resource resource)
    {
        Remove(resource.Id);
        var entry = new Entry(resource.Id, resource.Type, ResourceShape.Of(resource));
        known.Add(entry.Id, entry);
        foreach (var anchor in Anchors(entry.Id))
        {
            var key = (entry.Type, anchor);
            if (!byAnchor.TryGetValue(key, out var list))
            {
                byAnchor.Add(key, list = []);
            }

            list.Add(entry);
        }
    }

    public bool Remove(ResourceId id)
    {
        if (!known.Remove(id, out var entry))
        {
            return false;
        }

        foreach (var anchor in Anchors(id))
        {
            if (byAnchor.TryGetValue((entry.Type, anchor), out var list))
            {
                list.Remove(entry);
            }
        }

        return true;
    }

    /// <summary>What a check finds from where <paramref name="resource"/> stands; null where such resources cannot be known.</summary>
    public IEnumerable<PolicyResource>? Find(ResourceId resource, RelatedQuery query)
    {
        var subscription = resource.SubscriptionId is { } id ? ResourceId.Subscription(id) : Top(resource);
        if (IsKeptElsewhere(query.Type) && !byAnchor.ContainsKey((query.Type, subscription)))
        {
            return null;
        }

        // The narrowest list that can hold all answers; the query itself decides among them.
        var isChild = query.Of.Type is { } type && query.Type.StartsWith(type + "/", StringComparison.OrdinalIgnoreCase);
        var anchor = isChild || IsExtension(query.Type, subscription) ? resource
            : query is { InSubscription: false, ResourceGroup: null } && resource.ResourceGroup is { } group ? subscription.Append("resourceGroups/" + group)
            : subscription;
        return byAnchor.GetValueOrDefault((query.Type, anchor), Nothing).Select(e => e.Resource).Where(query.Accepts);
    }

    private bool IsExtension(string type, ResourceId subscription) =>
        byAnchor.TryGetValue((type, subscription), out var list) && list.Count > 0 && list[0].IsExtension;

    /// <summary>Results of Azure's own services, which an inventory of resources does not have unless somebody brought them.</summary>
    private static bool IsKeptElsewhere(string type) =>
        type.StartsWith("Microsoft.Security/", StringComparison.OrdinalIgnoreCase)
        || type.StartsWith("Microsoft.GuestConfiguration/", StringComparison.OrdinalIgnoreCase)
        || type.StartsWith("Microsoft.PolicyInsights/", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<ResourceId> Anchors(ResourceId id)
    {
        for (var at = id.Parent; at is not null && at != ResourceId.Tenant; at = at.Parent)
        {
            yield return at;
        }
    }

    private static ResourceId Top(ResourceId id)
    {
        var at = id;
        while (at.Parent is { } parent && parent != ResourceId.Tenant)
        {
            at = parent;
        }

        return at;
    }

    private sealed record Entry(ResourceId Id, string Type, PolicyResource Resource)
    {
        public bool IsExtension { get; } =
            Id.Text.LastIndexOf("/providers/", StringComparison.OrdinalIgnoreCase) > Id.Text.IndexOf("/providers/", StringComparison.OrdinalIgnoreCase);
    }

    private sealed class KeyComparer : IEqualityComparer<(string Type, ResourceId Anchor)>
    {
        public bool Equals((string Type, ResourceId Anchor) x, (string Type, ResourceId Anchor) y) =>
            x.Anchor == y.Anchor && x.Type.Equals(y.Type, StringComparison.OrdinalIgnoreCase);

        public int GetHashCode((string Type, ResourceId Anchor) key) =>
            HashCode.Combine(key.Type.GetHashCode(StringComparison.OrdinalIgnoreCase), key.Anchor);
    }
}
