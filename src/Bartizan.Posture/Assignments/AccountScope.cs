using Bartizan.Foundation.Resources;

namespace Bartizan.Posture.Assignments;

/// <summary>The subscription, account, project or cluster that a resource belongs to: what has a secure score of its own.</summary>
public sealed record AccountScope(ResourceId Id, CloudEnvironment Environment, string AccountId)
{
    public static AccountScope Of(Resource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);

        // Machines of our own are resources of the subscription they are registered in, as in Azure.
        return resource.Environment is CloudEnvironment.Azure or CloudEnvironment.OnPremises && resource.Id.SubscriptionId is { } subscription
            ? new AccountScope(ResourceId.Subscription(subscription), CloudEnvironment.Azure, subscription)
            : new AccountScope(ScopeOf(resource), resource.Environment, resource.AccountId);
    }

    /// <summary>The connector that brought the resource, or the part of the id that ends with the account; else the topmost that is not the tenant.</summary>
    private static ResourceId ScopeOf(Resource resource)
    {
        var top = resource.Id;
        for (var at = resource.Id; at is not null && at != ResourceId.Tenant; at = at.Parent)
        {
            if (at.Type.Equals("Microsoft.Security/securityConnectors", StringComparison.OrdinalIgnoreCase)
                || at.Name.Equals(resource.AccountId, StringComparison.OrdinalIgnoreCase))
            {
                return at;
            }

            top = at;
        }

        return top;
    }
}
