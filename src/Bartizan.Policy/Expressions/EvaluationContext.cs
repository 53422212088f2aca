using System.Text.Json;
using Bartizan.Policy.Values;

namespace Bartizan.Policy.Expressions;

/// <summary>
/// What a definition can ask about beside the resource: its group and subscription, the assignment that is being evaluated, the
/// request that caused it, and the time. Parts that nobody gave read as undefined.
/// </summary>
public sealed class EvaluationContext
{
    public static EvaluationContext Empty { get; } = new();

    public PolicyValue ResourceGroup { get; init; } = PolicyValue.Undefined;

    public PolicyValue Subscription { get; init; } = PolicyValue.Undefined;

    public PolicyValue RequestContext { get; init; } = PolicyValue.Undefined;

    public PolicyValue Policy { get; init; } = PolicyValue.Undefined;

    public PolicyValue Claims { get; init; } = PolicyValue.Undefined;

    public PolicyValue UtcNow { get; init; } = PolicyValue.Undefined;

    /// <summary>From an object with the members resourceGroup, subscription, requestContext, policy, claims and utcNow.</summary>
    public static EvaluationContext FromElement(JsonElement context) => From(PolicyJson.FromElement(context));

    public static EvaluationContext From(PolicyValue context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new EvaluationContext
        {
            ResourceGroup = context.Member("resourceGroup"),
            Subscription = context.Member("subscription"),
            RequestContext = context.Member("requestContext"),
            Policy = context.Member("policy"),
            Claims = context.Member("claims"),
            UtcNow = context.Member("utcNow"),
        };
    }
}
