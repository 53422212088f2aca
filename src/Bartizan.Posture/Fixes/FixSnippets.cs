using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bartizan.Foundation.Resources;
using Bartizan.Policy.Values;

namespace Bartizan.Posture.Fixes;

/// <summary>A fix as people would write it for their own tools. Values are quoted for the shell or language that they stand in.</summary>
internal static class FixSnippets
{
    /// <param name="after">The envelope as it would be; undefined for a deployment.</param>
    public static IReadOnlyList<FixSnippet> Of(Resource resource, FixOperation operation, PolicyValue after) => (resource.Environment, operation.Kind) switch
    {
        (_, FixOperation.Deployment) => [Deployment(operation)],
        (CloudEnvironment.Aws, _) => [Aws(resource, operation)],
        (CloudEnvironment.Gcp, _) => [Google(resource, operation)],
        (CloudEnvironment.Kubernetes, _) => [Kubernetes(resource, operation)],
        (CloudEnvironment.Azure, _) => [AzureCli(operation), Bicep(resource, after), Terraform(resource, operation)],
        _ => [],
    };

    private static FixSnippet AzureCli(FixOperation operation) => new(
        "Azure CLI", "bash", $"az resource patch --ids {Shell(operation.Target)} --is-full-object \\\n  --properties {Shell(operation.Body)}");

    private static FixSnippet Deployment(FixOperation operation)
    {
        var version = "?api-version=2021-04-01";
        return new("Azure CLI", "bash", $"az rest --method put --url {Shell(operation.Target + version)} \\\n  --body {Shell(operation.Body)}");
    }

    private static FixSnippet Bicep(Resource resource, PolicyValue after)
    {
        var text = new StringBuilder();
        text.Append("// All that the inventory knows of the resource; look at 'az deployment group what-if' first. API_VERSION is one of its type.\n");
        text.Append(System.Globalization.CultureInfo.InvariantCulture, $"resource fixed '{resource.Type}@API_VERSION' = {{\n  name: {BicepText(Within(resource))}\n");
        foreach (var name in new[] { "location", "kind", "sku", "identity", "tags", "properties" })
        {
            if (after.Member(name) is { HasContent: true } value)
            {
                text.Append(System.Globalization.CultureInfo.InvariantCulture, $"  {name}: ");
                WriteBicep(text, value, 1);
                text.Append('\n');
            }
        }

        return new FixSnippet("Bicep", "bicep", text.Append("}\n").ToString());
    }

    private static FixSnippet Terraform(Resource resource, FixOperation operation)
    {
        var text = new StringBuilder("# provider azure/azapi; API_VERSION is one of the resource type.\n");
        text.Append(System.Globalization.CultureInfo.InvariantCulture, $"resource \"azapi_update_resource\" \"fix\" {{\n  type        = \"{resource.Type}@API_VERSION\"\n  resource_id = {Hcl(operation.Target)}\n  body = ");
        WriteHcl(text, PolicyJson.TryParse(operation.Body)!, 1);
        return new FixSnippet("Terraform", "hcl", text.Append("\n}\n").ToString());
    }

    /// <summary>Cloud Control takes JSON Patch over the same shape that the inventory has.</summary>
    private static FixSnippet Aws(Resource resource, FixOperation operation)
    {
        var body = PolicyJson.TryParse(operation.Body)!.Member("properties");
        var patch = new JsonArray([.. (body.MemberNames ?? []).Select(n => (JsonNode)(body.Member(n).IsNull
            ? new JsonObject { ["op"] = "remove", ["path"] = "/" + Pointer(n) }
            : new JsonObject { ["op"] = "add", ["path"] = "/" + Pointer(n), ["value"] = JsonNode.Parse(PolicyJson.Write(body.Member(n))) }))]);
        return new FixSnippet(
            "AWS CLI", "bash",
            $"aws cloudcontrol update-resource --region {Shell(resource.Location)} --type-name {Shell(resource.Type)} \\\n  --identifier {Shell(resource.Name)} \\\n  --patch-document {Shell(patch.ToJsonString(Plain))}");
    }

    private static FixSnippet Google(Resource resource, FixOperation operation)
    {
        var data = PolicyJson.FromElement(resource.Record).Member("resource").Member("data");
        var body = PolicyJson.TryParse(operation.Body)!.Member("properties");
        var address = data.Member("selfLink").AsText ?? data.Member("name").AsText ?? resource.Name;
        return new FixSnippet(
            "gcloud", "bash",
            $"curl -X PATCH {Shell($"{address}?updateMask={string.Join(',', body.MemberNames ?? [])}")} \\\n  -H \"Authorization: Bearer $(gcloud auth print-access-token)\" -H 'Content-Type: application/json' \\\n  -d {Shell(PolicyJson.Write(body))}");
    }

    private static FixSnippet Kubernetes(Resource resource, FixOperation operation)
    {
        var manifest = FixShape.Of(resource).Envelope.Member("properties");
        var space = manifest.Member("metadata").Member("namespace").AsText;
        var kind = (manifest.Member("kind").AsText ?? resource.Type[(resource.Type.LastIndexOf('/') + 1)..]).ToLowerInvariant();
        return new FixSnippet(
            "kubectl", "bash",
            $"kubectl patch {kind} {Shell(manifest.Member("metadata").Member("name").AsText ?? resource.Name)}{(space is null ? "" : $" --namespace {Shell(space)}")} --type merge \\\n  --patch {Shell(PolicyJson.Write(PolicyJson.TryParse(operation.Body)!.Member("properties")))}");
    }

    private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static string Pointer(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    /// <summary>One word of a POSIX shell, whatever is in it.</summary>
    private static string Shell(string text) => "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'";

    private static string Within(Resource resource)
    {
        var provider = resource.Id.Text.LastIndexOf("/providers/", StringComparison.OrdinalIgnoreCase);
        var words = provider < 0 ? [] : resource.Id.Text[(provider + 11)..].Split('/');
        return words.Length > 3 ? string.Join('/', words.Where((_, i) => i > 0 && i % 2 == 0)) : resource.Name;
    }

    private static string BicepText(string text) => "'" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)
        .Replace("${", "\\${", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal) + "'";

    private static string Hcl(string text) => JsonSerializer.Serialize(text, Plain).Replace("${", "$${", StringComparison.Ordinal).Replace("%{", "%%{", StringComparison.Ordinal);

    private static void WriteBicep(StringBuilder text, PolicyValue value, int depth) => Write(
        text, value, depth, BicepText, name => IsWord(name) ? name : BicepText(name), ": ", "");

    private static void WriteHcl(StringBuilder text, PolicyValue value, int depth) => Write(text, value, depth, Hcl, name => IsWord(name) ? name : Hcl(name), " = ", ",");

    private static bool IsWord(string name) => name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    private static void Write(
        StringBuilder text, PolicyValue value, int depth, Func<string, string> quote, Func<string, string> name, string assign, string between)
    {
        var indent = new string(' ', (depth + 1) * 2);
        if (value.MemberNames is { Count: > 0 } names)
        {
            text.Append("{\n");
            foreach (var member in names)
            {
                text.Append(indent).Append(name(member)).Append(assign);
                Write(text, value.Member(member), depth + 1, quote, name, assign, between);
                text.Append('\n');
            }

            text.Append(' ', depth * 2).Append('}');
        }
        else if (value.Elements is { Count: > 0 } items)
        {
            text.Append("[\n");
            foreach (var item in items)
            {
                text.Append(indent);
                Write(text, item, depth + 1, quote, name, assign, between);
                text.Append(between).Append('\n');
            }

            text.Append(' ', depth * 2).Append(']');
        }
        else
        {
            text.Append(value.AsText is { } s ? quote(s) : PolicyJson.Write(value));
        }
    }
}
