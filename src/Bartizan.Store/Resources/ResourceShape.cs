using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Bartizan.Foundation.Outcomes;
using Bartizan.Foundation.Resources;

namespace Bartizan.Store.Resources;

/// <summary>Reads one described resource, in the shapes in which clouds and their tools write them.</summary>
internal static class ResourceShape
{
    private static readonly string[] Wrappers = ["resource", "Resource"];

    /// <summary>
    /// An ARM resource, alone or under <c>resource</c>; our own line for other clouds
    /// (<c>environment, accountId, region, type, name, record</c>); an asset of Google's inventory, whose exports spell keys either way; an answer of AWS Cloud Control.
    /// </summary>
    /// <param name="connectors">The resource group whose security connectors hold the resources of other clouds.</param>
    public static Outcome<Resource> Read(JsonElement line, ResourceId connectors)
    {
        if (line.ValueKind != JsonValueKind.Object)
        {
            return Refuse("is not a JSON object");
        }

        if (Text(line, "environment") is { } environment && line.TryGetProperty("record", out var record))
        {
            return Foreign(line, environment, record, connectors);
        }

        if ((Text(line, "assetType") ?? Text(line, "asset_type")) is { } asset && Text(line, "name") is { } name)
        {
            return Google(line, asset, name, connectors);
        }

        if (Text(line, "id") is null)
        {
            foreach (var wrapper in Wrappers)
            {
                if (line.TryGetProperty(wrapper, out var inner) && inner.ValueKind == JsonValueKind.Object)
                {
                    // What wraps a resource may name the parent that the resource itself leaves out.
                    return inner.TryGetProperty("environment", out _) || inner.TryGetProperty("assetType", out _) || inner.TryGetProperty("asset_type", out _) || Text(inner, "type") is null
                        ? Read(inner, connectors)
                        : Azure(inner, Text(line, "parent"));
                }
            }
        }

        if (Text(line, "kind") is { } kind && Text(line, "apiVersion") is not null && line.TryGetProperty("metadata", out var metadata) && metadata.ValueKind == JsonValueKind.Object)
        {
            return Manifest(line, kind, metadata, connectors);
        }

        return Azure(line, null);
    }

    private static Outcome<Resource> Azure(JsonElement line, string? parent)
    {
        var text = Text(line, "id");
        if (text is not null && !text.StartsWith('/') && text.StartsWith("subscriptions/", StringComparison.OrdinalIgnoreCase))
        {
            // Some providers answer without the first slash.
            text = "/" + text;
        }

        if (!ResourceId.TryParse(text, out var id) || id == ResourceId.Tenant)
        {
            // Exports by hand lose the id, or a part of it; type and name say what it was.
            _ = ResourceId.TryParse(Composed(line, parent, text), out id);
        }

        if (text is null && id is null)
        {
            return Refuse("has no 'id'; an ARM resource has id, name and type, a resource of another cloud environment, accountId, type, name and record");
        }

        if (id is null || id == ResourceId.Tenant)
        {
            return Refuse($"has the id '{Shorten(text!)}', which is not a resource id such as /subscriptions/…/providers/Microsoft.Storage/storageAccounts/name");
        }

        var type = Text(line, "type")?.Trim() ?? id.Type;
        var environment = type.StartsWith("Microsoft.HybridCompute/", StringComparison.OrdinalIgnoreCase) ? CloudEnvironment.OnPremises : CloudEnvironment.Azure;
        return new Resource(id, Text(line, "name") ?? id.Name, type, Text(line, "location") ?? "", environment, id.SubscriptionId ?? "", line) { Tags = TagsOf(line) };
    }

    /// <summary>An id from type and name, below what is left of the one given; parents' names come from the name or from beside it.</summary>
    private static string? Composed(JsonElement line, string? parent, string? broken)
    {
        if (Text(line, "type")?.Trim().Split('/') is not { Length: >= 2 } types || Text(line, "name") is not { } name)
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
        var left = (broken ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);
        var isInGroup = left.Length >= 4 && left[0].Equals("subscriptions", StringComparison.OrdinalIgnoreCase) && left[2].Equals("resourceGroups", StringComparison.OrdinalIgnoreCase);
        var scope = isInGroup ? "/" + string.Join('/', left[..4]) : $"/subscriptions/{Guid.Empty}/resourceGroups/imported";
        return $"{scope}/providers/{types[0]}/{string.Join('/', types[1..].Select((t, i) => $"{t}/{names[i]}"))}";
    }

    /// <summary>A Kubernetes manifest. Its kind is its type; the cluster is the account, where a manifest says which.</summary>
    private static Outcome<Resource> Manifest(JsonElement line, string kind, JsonElement metadata, ResourceId connectors)
    {
        if ((Text(metadata, "name") ?? Text(metadata, "generateName")) is not { } name)
        {
            return Refuse("is a manifest without metadata.name");
        }

        var cluster = Text(metadata, "clusterName") ?? "unknown";
        var type = "kubernetes/" + kind;
        var id = ForeignId(connectors, CloudEnvironment.Kubernetes, cluster, Text(metadata, "namespace") ?? "", type, name);
        var labels = metadata.TryGetProperty("labels", out var l) && l.ValueKind == JsonValueKind.Object
            ? l.EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.String).ToDictionary(p => p.Name, p => p.Value.GetString()!, StringComparer.Ordinal)
            : [];
        return new Resource(id, name, type, "", CloudEnvironment.Kubernetes, cluster, line) { Tags = labels };
    }

    private static Outcome<Resource> Foreign(JsonElement line, string environment, JsonElement record, ResourceId connectors)
    {
        if (!Enum.TryParse<CloudEnvironment>(environment, ignoreCase: true, out var cloud))
        {
            return Refuse($"names the environment '{Shorten(environment)}'; known are {string.Join(", ", Enum.GetNames<CloudEnvironment>())}");
        }

        if (Text(line, "type") is not { } type || Text(line, "name") is not { } name || Text(line, "accountId") is not { } account)
        {
            return Refuse("of another cloud needs type, name and accountId");
        }

        if (record.ValueKind != JsonValueKind.Object)
        {
            return Refuse("has a 'record' that is not a JSON object");
        }

        var location = Text(line, "region") ?? Text(line, "location") ?? "";
        var id = Text(line, "id") is { } given && ResourceId.TryParse(given, out var own) ? own : ForeignId(connectors, cloud, account, location, type, name);
        return new Resource(id, name, type, location, cloud, account, record) { Tags = TagsOf(record) };
    }

    private static Outcome<Resource> Google(JsonElement line, string type, string path, ResourceId connectors)
    {
        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var project = Array.FindIndex(segments, s => s == "projects") is >= 0 and var at && at + 1 < segments.Length ? segments[at + 1]
            : line.TryGetProperty("ancestors", out var ancestors) && ancestors.ValueKind == JsonValueKind.Array && ancestors.GetArrayLength() > 0 ? ancestors[0].ToString()
            : "unknown";
        var place = line.TryGetProperty("resource", out var resource) && resource.ValueKind == JsonValueKind.Object
            ? Text(resource, "location") ?? (resource.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Object ? Text(data, "location") ?? Text(data, "region") : null) ?? ""
            : "";
        var name = segments.Length > 0 ? segments[^1] : path;
        return new Resource(ForeignId(connectors, CloudEnvironment.Gcp, project, path, type, name), name, type, place, CloudEnvironment.Gcp, project, line);
    }

    /// <summary>Defender's form: the connector's id, then one segment that says what it is. The hash keeps apart what reads alike.</summary>
    private static ResourceId ForeignId(ResourceId connectors, CloudEnvironment cloud, string account, string location, string type, string name)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{cloud}\n{account}\n{location}\n{type}\n{name}")))[..10];
        return connectors.Append($"providers/Microsoft.Security/securityConnectors/{Clean($"{cloud}-{account}".ToLowerInvariant())}/securityentitydata/{Clean($"{type}-{name}".ToLowerInvariant())}-{hash}");
    }

    private static string Clean(string text)
    {
        var clean = new StringBuilder();
        foreach (var letter in text.AsSpan(0, Math.Min(text.Length, 200)))
        {
            var kept = char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' ? letter : '-';
            if (kept != '-' || (clean.Length > 0 && clean[^1] != '-'))
            {
                clean.Append(kept);
            }
        }

        return clean.ToString().Trim('-', '.');
    }

    /// <summary>ARM's object of strings, or AWS's list of keys and values.</summary>
    private static Dictionary<string, string> TagsOf(JsonElement record)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        if (record.TryGetProperty("tags", out var azure) && azure.ValueKind == JsonValueKind.Object)
        {
            foreach (var tag in azure.EnumerateObject().Where(t => t.Value.ValueKind == JsonValueKind.String))
            {
                tags[tag.Name] = tag.Value.GetString()!;
            }
        }
        else if (record.TryGetProperty("Tags", out var aws) && aws.ValueKind == JsonValueKind.Array)
        {
            foreach (var tag in aws.EnumerateArray())
            {
                if (tag.ValueKind == JsonValueKind.Object && Text(tag, "Key") is { } key)
                {
                    tags[key] = Text(tag, "Value") ?? "";
                }
            }
        }

        return tags;
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    private static string Shorten(string text) => text.Length <= 80 ? text : text[..80] + "…";

    private static Problem Refuse(string reason) => new(ProblemKind.Invalid, "InvalidResource", reason);
}
