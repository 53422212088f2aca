using System.Text.Json;
using Bartizan.Content.Policies;
using Bartizan.Foundation.Resources;
using Bartizan.Policy.Aliases;
using Bartizan.Policy.Values;

namespace Bartizan.Posture.Evaluation;

/// <summary>
/// How policies see a resource: Azure's envelope, whatever the cloud. A record that is one already stays as it is; the description of
/// another cloud becomes its <c>properties</c> as <see cref="ForeignShape"/> says, so that <c>AWS::S3::Bucket/VersioningConfiguration.Status</c> is an alias like any other.
/// </summary>
public static class ResourceShape
{
    public static PolicyResource Of(Resource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        if (IsEnvelope(resource))
        {
            return PolicyResource.Parse(resource.Record);
        }

        var type = resource.Type;
        return PolicyResource.Of(PolicyValue.Of(
        [
            ("id", PolicyValue.Of(resource.Id.Text)),
            ("name", PolicyValue.Of(resource.Name)),
            ("type", PolicyValue.Of(type)),
            ("location", PolicyValue.Of(resource.Location)),
            ("tags", PolicyValue.Of([.. resource.Tags.Select(t => (t.Key, PolicyValue.Of(t.Value)))])),
            ("properties", ForeignShape.Properties(resource.Environment, type, PolicyJson.FromElement(resource.Record))),
        ]));
    }

    private static bool IsEnvelope(Resource resource) =>
        resource.Environment is not (CloudEnvironment.Aws or CloudEnvironment.Gcp)
        && resource.Record.ValueKind == JsonValueKind.Object
        && resource.Record.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String
        && resource.Record.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String;
}
