using Bartizan.Policy.Values;

namespace Bartizan.Content.Policies;

/// <summary>
/// A pod, and every kind that makes pods, keeps the pod in another place. Here it is always at <c>podSpec</c> and <c>podMetadata</c>,
/// and <c>podContainers</c> are all of its containers: initial, regular and ephemeral.
/// </summary>
internal static class KubernetesPods
{
    private static readonly string[] Lists = ["initContainers", "containers", "ephemeralContainers"];

    public static PolicyValue Expose(string type, PolicyValue manifest)
    {
        var kind = manifest.Member("kind").AsText ?? type[(type.LastIndexOf('/') + 1)..];
        var pod = kind.ToLowerInvariant() switch
        {
            "pod" => manifest,
            "podtemplate" => manifest.Member("template"),
            "cronjob" => manifest.Member("spec").Member("jobTemplate").Member("spec").Member("template"),
            _ => manifest.Member("spec").Member("template"),
        };
        var spec = pod.Member("spec");
        if (spec.MemberNames is null || manifest.MemberNames is null)
        {
            return manifest;
        }

        var shaped = ForeignShape.With(manifest, "podSpec", spec);
        if (pod.Member("metadata") is { MemberNames: not null } metadata)
        {
            shaped = ForeignShape.With(shaped, "podMetadata", metadata);
        }

        return ForeignShape.With(shaped, "podContainers", PolicyValue.Of([.. Lists.SelectMany(l => spec.Member(l).Elements ?? [])]));
    }
}
