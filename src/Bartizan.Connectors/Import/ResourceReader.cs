using System.Text.Json;
using Bartizan.Foundation.Outcomes;
using Bartizan.Foundation.Resources;

namespace Bartizan.Connectors.Import;

/// <summary>
/// One resource from JSON, of any cloud: ARM's own shape; ours for other clouds (<c>environment, accountId, region, type, name, record</c>);
/// an asset of Cloud Asset Inventory; a Kubernetes manifest; or any of these inside <c>resource</c>.
/// </summary>
public static class ResourceReader
{
    /// <summary>Stands where nobody said which subscription, account or cluster.</summary>
    public const string UnknownAccount = "00000000-0000-0000-0000-000000000000";

    public static Outcome<Resource> Read(JsonElement line)
    {
        if (line.ValueKind != JsonValueKind.Object)
        {
            return Refusal("A resource is an object.");
        }

        // A recording wraps the resource and says beside it what the resource itself does not.
        if (Find(line, "type") is null && Find(line, "assetType") is null && Find(line, "resource") is { ValueKind: JsonValueKind.Object } inner)
        {
            return Read(inner, Text(line, "parent"));
        }

        return Read(line, null);
    }

    private static Outcome<Resource> Read(JsonElement resource, string? parent)
    {
        if (Text(resource, "assetType") is { } asset && Text(resource, "name") is { } assetName)
        {
            return OfAsset(resource, asset, assetName);
        }

        if (Text(resource, "environment") is { } environment && Find(resource, "record") is { ValueKind: JsonValueKind.Object } record)
        {
            return OfOtherCloud(resource, environment, record);
        }

        if (Text(resource, "kind") is { } kind && Text(resource, "apiVersion") is not null && Find(resource, "metadata") is { ValueKind: JsonValueKind.Object } metadata)
        {
            return OfManifest(resource, kind, metadata);
        }

        return Text(resource, "type") is { Length: > 0 } type ? OfArm(resource, type, parent) : Refusal("The resource has no type.");
    }

    private static Outcome<Resource> OfArm(JsonElement record, string type, string? parent)
    {
        var given = Text(record, "id");
        if (!ResourceId.TryParse(given, out var id))
        {
            // Exports by hand lose a part of the id now and then; type and name say what it was.
            if (Composed(type, Text(record, "name"), parent, given) is not { } composed || !ResourceId.TryParse(composed, out id))
            {
                return given is null ? Refusal("The resource has neither an id nor a type and name to make one of.") : Refusal($"'{given}' is not a resource id.");
            }
        }

        var environment = type.StartsWith("Microsoft.HybridCompute/", StringComparison.OrdinalIgnoreCase) ? CloudEnvironment.OnPremises : CloudEnvironment.Azure;
        return new Resource(id, Text(record, "name") is { } name ? name[(name.LastIndexOf('/') + 1)..] : id.Name, type, Text(record, "location") ?? "", environment, id.SubscriptionId ?? "", record.Clone())
        {
            Tags = Tags(Find(record, "tags")),
        };
    }

    /// <summary>An id for a resource that came without one: parents' names come from its own name or from beside it.</summary>
    private static string? Composed(string type, string? name, string? parent, string? broken)
    {
        var types = type.Split('/');
        if (types.Length < 2 || string.IsNullOrEmpty(name))
        {
            return null;
        }

        var names = name.Split('/').ToList();
        if (names.Count < types.Length - 1 && parent is not null)
        {
            names.InsertRange(0, parent.Split('/'));
        }

        while (names.Count < types.Length - 1)
        {
            names.Insert(0, "unknown");
        }

        names = names[^(types.Length - 1)..];
        var at = broken?.IndexOf("/providers/", StringComparison.OrdinalIgnoreCase) ?? -1;
        var scope = at >= 0 ? broken![..at] : $"/subscriptions/{UnknownAccount}/resourceGroups/imported";
        return $"{scope}/providers/{types[0]}/" + string.Join('/', types[1..].Select((t, i) => $"{t}/{names[i]}"));
    }

    private static Outcome<Resource> OfOtherCloud(JsonElement line, string text, JsonElement record)
    {
        if (!Enum.TryParse<CloudEnvironment>(text, ignoreCase: true, out var environment) || !Enum.IsDefined(environment) || char.IsDigit(text[0]))
        {
            return Refusal($"'{text}' is not an environment: {string.Join(", ", Enum.GetNames<CloudEnvironment>())}.");
        }

        if (Text(line, "type") is not { Length: > 0 } type || Text(line, "name") is not { Length: > 0 } name)
        {
            return Refusal("The resource lacks type or name.");
        }

        var region = Text(line, "region") ?? Text(line, "location") ?? "";
        return Build(environment, Text(line, "accountId") ?? UnknownAccount, type, region, region, name, record);
    }

    private static Outcome<Resource> OfAsset(JsonElement asset, string type, string name)
    {
        var project = Before(name, "/projects/") ?? UnknownAccount;
        var data = Find(asset, "resource") is { ValueKind: JsonValueKind.Object } r ? r : default;
        var region = Text(data, "location") ?? Text(Find(data, "data") ?? default, "location") ?? "";
        return Build(CloudEnvironment.Gcp, project, type, region, "", name[(name.LastIndexOf('/') + 1)..], asset, name.TrimStart('/'));
    }

    private static Outcome<Resource> OfManifest(JsonElement manifest, string kind, JsonElement metadata)
    {
        if ((Text(metadata, "name") ?? Text(metadata, "generateName")) is not { Length: > 0 } name)
        {
            return Refusal("The manifest has no metadata.name.");
        }

        var cluster = Text(metadata, "clusterName") ?? UnknownAccount;
        return Build(CloudEnvironment.Kubernetes, cluster, "kubernetes/" + kind, "", Text(metadata, "namespace") ?? "", name, manifest);
    }

    private static Outcome<Resource> Build(
        CloudEnvironment environment, string account, string type, string location, string place, string name, JsonElement record, string? unique = null)
    {
        // AWS::S3::Bucket has no slash; its first two words are what a namespace is elsewhere.
        var colons = type.Split("::");
        var (space, kind) = colons.Length >= 3 ? (string.Join('.', colons[..^1]), colons[^1])
            : type.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash ? (type[..slash], type[(slash + 1)..].Replace('/', '.'))
            : ("Other", type);
        var within = place.Length == 0 ? "" : $"{(environment == CloudEnvironment.Kubernetes ? "namespaces" : "locations")}/{Segment(place)}/";
        var text = $"/providers/Microsoft.Security/securityConnectors/{Segment(account)}/providers/{Segment(space)}/{within}{Segment(kind)}/{Segment(unique ?? name)}";
        return ResourceId.TryParse(text, out var id)
            ? new Resource(id, name, type, location, environment, account, record.Clone()) { Tags = Tags(Find(record, "Tags") ?? Find(Find(record, "metadata") ?? default, "labels")) }
            : Refusal($"No id can be made of the account '{account}', the type '{type}' and the name '{name}'.");
    }

    private static string Segment(string text) => text.Replace("%", "%25", StringComparison.Ordinal).Replace("/", "%2F", StringComparison.Ordinal);

    private static string? Before(string text, string marker)
    {
        var at = text.IndexOf(marker, StringComparison.Ordinal);
        if (at < 0)
        {
            return null;
        }

        var rest = text[(at + marker.Length)..];
        var end = rest.IndexOf('/', StringComparison.Ordinal);
        return end < 0 ? rest : rest[..end];
    }

    /// <summary>Tags as a map, or as AWS's list of Key and Value.</summary>
    private static Dictionary<string, string> Tags(JsonElement? tags)
    {
        var found = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (tags is { ValueKind: JsonValueKind.Object } map)
        {
            foreach (var tag in map.EnumerateObject())
            {
                found[tag.Name] = tag.Value.ValueKind == JsonValueKind.String ? tag.Value.GetString()! : tag.Value.GetRawText();
            }
        }
        else if (tags is { ValueKind: JsonValueKind.Array } list)
        {
            foreach (var tag in list.EnumerateArray())
            {
                if (Text(tag, "Key") is { } key)
                {
                    found[key] = Text(tag, "Value") ?? "";
                }
            }
        }

        return found;
    }

    private static JsonElement? Find(JsonElement element, string name)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in element.EnumerateObject())
            {
                if (property.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                {
                    return property.Value;
                }
            }
        }

        return null;
    }

    private static string? Text(JsonElement element, string name) =>
        Find(element, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    private static Problem Refusal(string message) => new(ProblemKind.Invalid, "InvalidResource", message);
}
