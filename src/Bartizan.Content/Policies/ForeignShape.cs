using Bartizan.Foundation.Resources;
using Bartizan.Policy.Values;

namespace Bartizan.Content.Policies;

/// <summary>
/// What checks see below <c>properties</c> of a resource that is not ARM-shaped: its own description, with the many ways of saying
/// the same brought to one, so that a check need not know them.
/// </summary>
public static class ForeignShape
{
    /// <param name="type">The resource type, such as AWS::IAM::Role, storage.googleapis.com/Bucket or kubernetes/Pod.</param>
    /// <param name="description">The resource as its cloud describes it.</param>
    public static PolicyValue Properties(CloudEnvironment environment, string type, PolicyValue description)
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(description);
        return environment switch
        {
            CloudEnvironment.Aws => AwsPolicyDocument.Normalize(description),
            CloudEnvironment.Gcp => Asset(description),
            CloudEnvironment.Kubernetes => KubernetesPods.Expose(type, description),
            _ => description,
        };
    }

    /// <summary>Cloud Asset Inventory wraps a resource's own JSON in <c>resource.data</c>, and has its IAM policy beside it; exports write either case.</summary>
    private static PolicyValue Asset(PolicyValue asset)
    {
        var data = asset.Member("resource").Member("data");
        var policy = asset.Member("iamPolicy") is { IsUndefined: false } camel ? camel : asset.Member("iam_policy");
        if (data.MemberNames is null)
        {
            return policy.MemberNames is null ? asset : With(asset, "iamPolicy", policy);
        }

        return policy.MemberNames is null ? data : With(data, "iamPolicy", policy);
    }

    /// <summary>The object with one member set.</summary>
    internal static PolicyValue With(PolicyValue whole, string name, PolicyValue value) =>
        PolicyValue.Of([.. Members(whole).Where(m => m.Name != name), (name, value)]);

    internal static IEnumerable<(string Name, PolicyValue Value)> Members(PolicyValue whole) =>
        (whole.MemberNames ?? []).Select(n => (n, whole.Member(n)));
}
