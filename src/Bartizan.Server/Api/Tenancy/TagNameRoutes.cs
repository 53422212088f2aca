using Bartizan.Foundation.Resources;
using Bartizan.Server.Api.Arm;
using Bartizan.Server.Auth.Roles;
using Bartizan.Store.Resources;

namespace Bartizan.Server.Api.Tenancy;

/// <summary><c>/subscriptions/{subscription}/tagNames</c>: the tags in use, with how often each value occurs among what the caller may see.</summary>
internal static class TagNameRoutes
{
    private const int MaxPages = 200;

    public static void MapTagNames(this IEndpointRouteBuilder routes) => routes.ArmList("/subscriptions/{subscription}/tagNames", Inventory.Read, ListAsync);

    private static async Task<IResult> ListAsync(string subscription, Inventory inventory, Caller caller, ListQuery query, CancellationToken cancellationToken)
    {
        var names = new SortedDictionary<string, SortedDictionary<string, int>>(StringComparer.OrdinalIgnoreCase);
        string? continuation = null;
        for (var page = 0; page < MaxPages; page++)
        {
            var found = await inventory.ListAsync(ResourceId.Subscription(subscription), [], caller, new ResourceQuery { Take = ListQuery.MaxTop, Continuation = continuation }, cancellationToken);
            foreach (var (name, value) in found.Items.SelectMany(r => r.Tags))
            {
                var values = names.TryGetValue(name, out var known) ? known : names[name] = new(StringComparer.Ordinal);
                values[value] = values.GetValueOrDefault(value) + 1;
            }

            if ((continuation = found.Continuation) is null)
            {
                break;
            }
        }

        return ArmResults.Page(names.Select(n => Shape(subscription, n.Key, n.Value)).ToList(), query);
    }

    private static object Shape(string subscription, string name, SortedDictionary<string, int> values) => new
    {
        id = $"/subscriptions/{subscription}/tagNames/{name}",
        tagName = name,
        count = new { type = "Total", value = values.Values.Sum() },
        values = values.Select(v => new { id = $"/subscriptions/{subscription}/tagNames/{name}/tagValues/{v.Key}", tagValue = v.Key, count = new { type = "Total", value = v.Value } }),
    };
}
