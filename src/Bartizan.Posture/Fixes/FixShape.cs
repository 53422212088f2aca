using System.Text.Json;
using Bartizan.Foundation.Resources;
using Bartizan.Policy.Values;

namespace Bartizan.Posture.Fixes;

/// <summary>
/// A resource as fixes write it: an envelope whose <c>properties</c> are what the cloud's own interface takes. For Azure that is the record; of AWS it is
/// what Cloud Control returns, of Google the <c>resource.data</c> of the asset, of Kubernetes the manifest.
/// </summary>
internal sealed record FixShape(PolicyValue Envelope, Func<PolicyValue, PolicyValue> ToRecord)
{
    private const string Properties = "properties";

    public static FixShape Of(Resource resource)
    {
        var record = PolicyJson.FromElement(resource.Record);
        if (resource.Environment == CloudEnvironment.Gcp && record.Member("resource").Member("data").MemberNames is not null)
        {
            var asset = record.Member("resource");
            return new FixShape(PolicyValue.Of(Properties, asset.Member("data")), e => With(record, "resource", With(asset, "data", e.Member(Properties))));
        }

        return resource.Environment is CloudEnvironment.Aws or CloudEnvironment.Gcp || record.Member("id").AsText is null || record.Member("type").AsText is null
            ? new FixShape(PolicyValue.Of(Properties, record), e => e.Member(Properties))
            : new FixShape(record, e => e);
    }

    /// <summary>The resource with another envelope.</summary>
    public Resource Rebuild(Resource resource, PolicyValue envelope)
    {
        using var document = JsonDocument.Parse(PolicyJson.Write(ToRecord(envelope)));
        var tags = envelope.Member("tags") is { MemberNames: { } names } bag
            ? names.ToDictionary(n => n, n => bag.Member(n).AsText ?? "", StringComparer.OrdinalIgnoreCase)
            : resource.Tags;
        return resource with { Record = document.RootElement.Clone(), Tags = tags };
    }

    internal static PolicyValue With(PolicyValue whole, string name, PolicyValue value) =>
        PolicyValue.Of([.. (whole.MemberNames ?? []).Select(n => (n, n == name ? value : whole.Member(n))), .. whole.MemberNames?.Contains(name) == true ? [] : new[] { (name, value) }]);
}
