using System.Text.Json;
using Bartizan.Foundation.Resources;
using Bartizan.Server.Auth.Roles;
using Bartizan.Store.Resources;

namespace Bartizan.Server.Api.Tenancy;

/// <summary>A subscription, or an account of another cloud that appears as one.</summary>
internal sealed record Subscription(string Id, string Name);

/// <summary>The subscriptions that exist: our own, those the inventory names, and those that its resources lie in.</summary>
internal sealed class Subscriptions(ResourceStore resources, Home home)
{
    public const string Read = "Microsoft.Resources/subscriptions/read";

    private const string Type = "Microsoft.Resources/subscriptions";

    /// <summary>Those in which the caller sees anything at all, as Azure lists them.</summary>
    public async Task<IReadOnlyList<Subscription>> ListAsync(Caller caller, CancellationToken cancellationToken)
    {
        var reach = CallerScopes.Of(caller.Grants.Select(g => g.Scope));
        return [.. (await AllAsync(cancellationToken).ConfigureAwait(false)).Where(s => reach.Reaches(ResourceId.Subscription(s.Id)))];
    }

    public async Task<IReadOnlyList<Subscription>> AllAsync(CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, Subscription>(StringComparer.OrdinalIgnoreCase) { [home.SubscriptionId.ToString()] = new(home.SubscriptionId.ToString(), "Bartizan") };
        foreach (var id in await resources.SubscriptionIdsAsync(cancellationToken).ConfigureAwait(false))
        {
            found.TryAdd(id, new Subscription(id, id));
        }

        string? continuation = null;
        do
        {
            var page = await resources.ListAsync(
                new ResourceQuery { View = ResourceView.ResourceContainers, Types = [Type], Take = 1000, Continuation = continuation }, cancellationToken).ConfigureAwait(false);
            foreach (var item in page.Items.Where(i => i.Id.SubscriptionId is not null))
            {
                found[item.Id.SubscriptionId!] = new Subscription(item.Id.SubscriptionId!, DisplayName(item));
            }

            continuation = page.Continuation;
        }
        while (continuation is not null);
        return [.. found.Values.OrderBy(s => s.Name, StringComparer.OrdinalIgnoreCase).ThenBy(s => s.Id, StringComparer.OrdinalIgnoreCase)];
    }

    private static string DisplayName(Resource resource) => Text(resource.Record, "displayName")
        ?? (resource.Record.ValueKind == JsonValueKind.Object && resource.Record.TryGetProperty("properties", out var properties) ? Text(properties, "displayName") : null)
        ?? resource.Name;

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;
}
