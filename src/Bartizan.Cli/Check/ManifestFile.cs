using Bartizan.Content.Documents;
using Bartizan.Content.Policies;
using Bartizan.Foundation.Resources;
using Bartizan.Policy.Aliases;
using Bartizan.Policy.Values;

namespace Bartizan.Cli.Check;

/// <summary>Reads Kubernetes manifests: any number of documents, and lists in them.</summary>
internal static class ManifestFile
{
    public static bool Is(SourceMap root) => root["kind"] is SourceScalar && root["apiVersion"] is SourceScalar;

    public static DeclaredFile Read(IReadOnlyList<SourceDocument> documents)
    {
        var resources = new List<DeclaredResource>();
        var leftOut = new List<LeftOut>();
        var secrets = new HashSet<string>(StringComparer.Ordinal);
        foreach (var document in documents)
        {
            foreach (var manifest in Manifests(document.Root))
            {
                var (line, column) = document.PlaceOf(manifest.Span);
                if (!Is(manifest))
                {
                    leftOut.Add(new LeftOut(document.File, line, "", "it is no manifest: kind and apiVersion are missing"));
                    continue;
                }

                resources.Add(Resource(document.File, line, column, manifest, secrets));
            }
        }

        return new DeclaredFile(documents[0].File, "Kubernetes manifest", resources, leftOut) { Secrets = secrets };
    }

    private static IEnumerable<SourceMap> Manifests(SourceNode? root)
    {
        if (root is not SourceMap map)
        {
            return [];
        }

        var isList = (map["kind"] as SourceScalar)?.Text.EndsWith("List", StringComparison.Ordinal) == true;
        return isList && map["items"] is SourceList items ? items.Items.OfType<SourceMap>() : [map];
    }

    private static DeclaredResource Resource(string file, int line, int column, SourceMap manifest, HashSet<string> secrets)
    {
        var value = PolicyJson.TryParse(SourceJson.ToNode(manifest)!.ToJsonString())!;
        var kind = value.Member("kind").ToScalarText() ?? "";
        var metadata = value.Member("metadata");
        var name = metadata.Member("name").ToScalarText() ?? metadata.Member("generateName").ToScalarText() ?? "";
        if (kind == "Secret")
        {
            foreach (var part in new[] { value.Member("data"), value.Member("stringData") })
            {
                secrets.UnionWith((part.MemberNames ?? []).Select(n => part.Member(n).AsText ?? "").Where(t => t.Length > 0));
            }
        }

        var type = "kubernetes/" + kind;
        var shape = PolicyValue.Of(
        [
            ("name", PolicyValue.Of(name)),
            ("type", PolicyValue.Of(type)),
            ("tags", metadata.Member("labels")),
            ("properties", ForeignShape.Properties(CloudEnvironment.Kubernetes, type, value)),
        ]);
        var place = metadata.Member("namespace").AsText is { Length: > 0 } inside ? inside + "/" : "";
        return new DeclaredResource(file, line, column, $"{kind}/{place}{name}", CloudEnvironment.Kubernetes, PolicyResource.Of(shape));
    }
}
