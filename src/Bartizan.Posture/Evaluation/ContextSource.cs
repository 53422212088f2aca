using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Bartizan.Foundation.Resources;
using Bartizan.Policy.Expressions;
using Bartizan.Policy.Values;

namespace Bartizan.Posture.Evaluation;

/// <summary>What <c>resourceGroup()</c> and <c>subscription()</c> say for a resource, from the containers of the inventory.</summary>
internal sealed class ContextSource
{
    private readonly ConcurrentDictionary<ResourceId, PolicyValue> containers = new();

    public void Put(Resource container) => containers[container.Id] = Read(container);

    public void Remove(ResourceId id) => containers.TryRemove(id, out _);

    public EvaluationContext For(Resource resource, DateTimeOffset now)
    {
        var subscription = resource.Id.SubscriptionId is { } id ? ResourceId.Subscription(id) : null;
        var group = subscription is not null && resource.Id.ResourceGroup is { } name ? subscription.Append("resourceGroups/" + name) : null;
        return new EvaluationContext
        {
            Subscription = subscription is null ? PolicyValue.Undefined : containers.GetOrAdd(subscription, Unseen),
            ResourceGroup = group is null ? PolicyValue.Undefined : containers.GetOrAdd(group, Unseen),
            UtcNow = PolicyValue.Of(now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture)),
        };
    }

    private static PolicyValue Read(Resource container)
    {
        var value = PolicyJson.FromElement(container.Record);
        var properties = value.Member("properties");
        return container.Id.ResourceGroup is not null
            ? value
            : Object(
                ("id", Quote(container.Id.Text)),
                ("subscriptionId", Quote(container.Id.SubscriptionId ?? "")),
                ("displayName", Quote(properties.Member("displayName").AsText ?? container.Name)),
                ("tenantId", Quote(properties.Member("tenantId").AsText ?? "")),
                ("tags", PolicyJson.Write(value.Member("tags"))));
    }

    /// <summary>A container that nobody brought: its id and name are known from those inside.</summary>
    private static PolicyValue Unseen(ResourceId id) => id.ResourceGroup is null
        ? Object(("id", Quote(id.Text)), ("subscriptionId", Quote(id.Name)))
        : Object(("id", Quote(id.Text)), ("name", Quote(id.Name)), ("managedBy", "null"), ("tags", "{}"));

    private static PolicyValue Object(params ReadOnlySpan<(string Name, string Json)> members)
    {
        var text = new StringBuilder("{");
        foreach (var (name, json) in members)
        {
            text.Append(text.Length > 1 ? "," : "").Append(Quote(name)).Append(':').Append(json);
        }

        return PolicyJson.TryParse(text.Append('}').ToString())!;
    }

    private static string Quote(string text) => PolicyJson.Write(PolicyValue.Of(text));
}
