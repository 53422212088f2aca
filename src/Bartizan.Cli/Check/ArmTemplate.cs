using Bartizan.Content.Documents;
using Bartizan.Foundation.Resources;
using Bartizan.Policy.Aliases;
using Bartizan.Policy.Values;

namespace Bartizan.Cli.Check;

/// <summary>Reads a deployment template of Azure, also what Bicep compiles to: nested resources, loops, conditions and modules.</summary>
internal sealed class ArmTemplate(SourceDocument document, FileBudget budget)
{
    private static readonly string[] Envelope = ["location", "kind", "sku", "identity", "zones", "tags", "plan", "extendedLocation", "managedBy"];

    private readonly List<DeclaredResource> resources = [];
    private readonly List<LeftOut> leftOut = [];
    private readonly List<PolicyResource> companions = [];
    private readonly HashSet<string> secrets = new(StringComparer.Ordinal);

    public static bool Is(SourceMap root) =>
        (root["$schema"] as SourceScalar)?.Text.Contains("deploymentTemplate", StringComparison.OrdinalIgnoreCase) == true && root["resources"] is not null;

    public static DeclaredFile Read(SourceDocument document, SourceMap root, IReadOnlyDictionary<string, PolicyValue> parameters)
    {
        var reading = new ArmTemplate(document, new FileBudget());
        reading.Template(root, parameters, "");
        return new DeclaredFile(document.File, "ARM template", reading.resources, reading.leftOut) { Secrets = reading.secrets, Companions = reading.companions };
    }

    private void Template(SourceMap template, IReadOnlyDictionary<string, PolicyValue> parameters, string prefix)
    {
        if (!budget.Enter())
        {
            budget.Leave();
            return;
        }

        var scope = new ArmScope(template, parameters, budget);
        secrets.UnionWith(scope.Secrets);
        foreach (var (symbol, resource) in Declared(template["resources"]))
        {
            Resource(scope, resource, symbol, prefix, null, null);
        }

        budget.Leave();
    }

    /// <summary>A list, or since language version 2.0 an object by symbolic name.</summary>
    private static IEnumerable<(string? Symbol, SourceMap Resource)> Declared(SourceNode? node) => node switch
    {
        SourceList list => list.Items.OfType<SourceMap>().Select(r => ((string?)null, r)),
        SourceMap map => map.Entries.Where(e => e.Value is SourceMap).Select(e => ((string?)e.Key, (SourceMap)e.Value)),
        _ => [],
    };

    private void Resource(ArmScope scope, SourceMap node, string? symbol, string prefix, string? parentType, string? parentName)
    {
        if (scope.IsFalse(node["condition"]) || node["existing"] is SourceScalar { Text: "true" })
        {
            return;
        }

        if (node["copy"] is SourceMap copy)
        {
            var loop = scope.Name(copy["name"]);
            if (scope.Count(copy) is not { } count)
            {
                // At least one is assumed: what it would be like is known, but for its number.
                One(scope, node, symbol, prefix, parentType, parentName);
                return;
            }

            foreach (var _ in scope.Each(loop, count, () => true))
            {
                One(scope, node, symbol, prefix, parentType, parentName);
            }

            return;
        }

        One(scope, node, symbol, prefix, parentType, parentName);
    }

    private void One(ArmScope scope, SourceMap node, string? symbol, string prefix, string? parentType, string? parentName)
    {
        var (line, column) = document.PlaceOf(node.Span);
        var written = scope.Name(node["type"]);
        var type = parentType is null || written.StartsWith(parentType + "/", StringComparison.OrdinalIgnoreCase) || written.Contains('.', StringComparison.Ordinal) ? written : parentType + "/" + written;
        var name = scope.Name(node["name"]);
        name = parentName is null || written.Contains('.', StringComparison.Ordinal) ? name : parentName + "/" + name;
        var address = prefix + (symbol ?? type + "/" + name);
        if (type.Equals("Microsoft.Resources/deployments", StringComparison.OrdinalIgnoreCase) && node["properties"] is SourceMap deployment)
        {
            Nested(scope, deployment, address, line);
            return;
        }

        var members = new List<(string, PolicyValue)> { ("id", PolicyValue.Of(IdOf(type, name))), ("name", PolicyValue.Of(name)), ("type", PolicyValue.Of(type)) };
        members.AddRange(node.Entries.Where(e => Envelope.Contains(e.Key, StringComparer.OrdinalIgnoreCase)).Select(e => (e.Key, scope.Value(e.Value))));
        members.Add(("properties", node["properties"] is { } properties ? scope.Value(properties) : PolicyValue.Of(new List<(string, PolicyValue)>())));
        resources.Add(new DeclaredResource(document.File, line, column, address, CloudEnvironment.Azure, PolicyResource.Of(PolicyValue.Of(members), scope.Name(node["apiVersion"]) is { Length: > 0 } v ? v : null)));
        Companion(type, name, resources[^1].Resource.Root.Member("properties"));
        foreach (var (childSymbol, child) in Declared(node["resources"]))
        {
            Resource(scope, child, childSymbol, prefix, type, name);
        }
    }

    /// <summary>A site's <c>siteConfig</c> is what its child <c>config/web</c> will be, and that is where checks look.</summary>
    private void Companion(string type, string name, PolicyValue properties)
    {
        if (type.ToLowerInvariant() is "microsoft.web/sites" or "microsoft.web/sites/slots" && properties.Member("siteConfig") is { MemberNames: not null } config)
        {
            // What the service sets where a template is silent, and a check would miss.
            config = config.Member("remoteDebuggingEnabled").HasContent ? config : PolicyValue.Of([.. config.MemberNames.Select(n => (n, config.Member(n))), ("remoteDebuggingEnabled", PolicyValue.False)]);
            companions.Add(PolicyResource.Of(PolicyValue.Of(
                [("id", PolicyValue.Of(IdOf(type, name) + "/config/web")), ("name", PolicyValue.Of(name + "/web")), ("type", PolicyValue.Of(type + "/config")), ("properties", config)])));
        }
    }

    private void Nested(ArmScope scope, SourceMap deployment, string address, int line)
    {
        if (deployment["template"] is not SourceMap template)
        {
            leftOut.Add(new LeftOut(document.File, line, address, "its template lies elsewhere (templateLink)"));
            return;
        }

        var given = new Dictionary<string, PolicyValue>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in (deployment["parameters"] as SourceMap)?.Entries ?? [])
        {
            if ((entry.Value as SourceMap)?["value"] is { } value)
            {
                given[entry.Key] = scope.Value(value);
            }
        }

        if (((deployment["expressionEvaluationOptions"] as SourceMap)?["scope"] as SourceScalar)?.Text.Equals("inner", StringComparison.OrdinalIgnoreCase) == true)
        {
            Template(template, given, address + ": ");
            return;
        }

        foreach (var (symbol, resource) in Declared(template["resources"]))
        {
            Resource(scope, resource, symbol, address + ": ", null, null);
        }
    }

    /// <summary>A name that is not known may hold slashes; in the id they would be segments.</summary>
    private static string IdOf(string type, string name)
    {
        var types = type.Split('/');
        var names = name.Split('/');
        return names.Length == types.Length - 1
            ? $"{ArmScope.Group}/providers/{types[0]}/{string.Join('/', names.Select((n, i) => $"{types[i + 1]}/{n}"))}"
            : $"{ArmScope.Group}/providers/{type}/{name.Replace('/', '~')}";
    }
}
