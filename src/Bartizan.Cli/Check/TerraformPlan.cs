using System.Text.RegularExpressions;
using Bartizan.Content.Documents;
using Bartizan.Content.Policies;
using Bartizan.Foundation.Resources;
using Bartizan.Policy.Aliases;
using Bartizan.Policy.Values;

namespace Bartizan.Cli.Check;

/// <summary>
/// Reads a plan as <c>terraform show -json</c> writes it. Types that <c>content/terraform</c> shapes are judged, by the checks whose
/// fields the shape has; the rest is left out and said so.
/// </summary>
internal sealed partial class TerraformPlan
{
    /// <summary>The attributes by which another resource names this one.</summary>
    private static readonly string[] Names = ["id", "name", "bucket"];

    private readonly SourceDocument document;
    private readonly TerraformShapes shapes;
    private readonly Dictionary<string, PolicyValue> unknown = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> references = new(StringComparer.Ordinal);
    private readonly List<Planned> planned = [];
    private readonly List<LeftOut> leftOut = [];
    private readonly HashSet<string> secrets = new(StringComparer.Ordinal);

    private TerraformPlan(SourceDocument document, TerraformShapes shapes)
    {
        this.document = document;
        this.shapes = shapes;
    }

    public static bool Is(SourceMap root) => root["planned_values"] is SourceMap && root["format_version"] is not null;

    public static DeclaredFile Read(SourceDocument document, SourceMap root, string content)
    {
        var plan = new TerraformPlan(document, TerraformShapes.Read(content));
        foreach (var change in (root["resource_changes"] as SourceList)?.Items.OfType<SourceMap>() ?? [])
        {
            if (Text(change["address"]) is { } address && (change["change"] as SourceMap)?["after_unknown"] is { } open)
            {
                plan.unknown[address] = Value(open);
            }
        }

        plan.Configuration((root["configuration"] as SourceMap)?["root_module"] as SourceMap, "");
        plan.Module((root["planned_values"] as SourceMap)?["root_module"] as SourceMap);
        return new DeclaredFile(document.File, "Terraform plan", plan.Resources(), plan.leftOut) { Secrets = plan.secrets };
    }

    private static string? Text(SourceNode? node) => (node as SourceScalar)?.Text;

    private static PolicyValue Value(SourceNode? node) => node is null ? PolicyValue.Undefined : PolicyJson.TryParse(SourceJson.ToNode(node)?.ToJsonString() ?? "null")!;

    /// <summary>What each attribute refers to, since a value that comes from another resource is not in the plan.</summary>
    private void Configuration(SourceMap? module, string prefix)
    {
        foreach (var resource in (module?["resources"] as SourceList)?.Items.OfType<SourceMap>() ?? [])
        {
            foreach (var attribute in (resource["expressions"] as SourceMap)?.Entries ?? [])
            {
                if ((attribute.Value as SourceMap)?["references"] is SourceList found)
                {
                    references[$"{prefix}{Text(resource["address"])}|{attribute.Key}"] = [.. found.Items.Select(i => prefix + Text(i))];
                }
            }
        }

        foreach (var call in (module?["module_calls"] as SourceMap)?.Entries ?? [])
        {
            Configuration((call.Value as SourceMap)?["module"] as SourceMap, $"{prefix}module.{call.Key}.");
        }
    }

    private void Module(SourceMap? module)
    {
        foreach (var resource in (module?["resources"] as SourceList)?.Items.OfType<SourceMap>() ?? [])
        {
            Resource(resource);
        }

        foreach (var child in (module?["child_modules"] as SourceList)?.Items.OfType<SourceMap>() ?? [])
        {
            Module(child);
        }
    }

    private void Resource(SourceMap resource)
    {
        if (Text(resource["mode"]) == "data" || Text(resource["address"]) is not { } address || Text(resource["type"]) is not { } type)
        {
            return;
        }

        var (line, column) = document.PlaceOf(resource.Span);
        var values = Value(resource["values"]);
        CollectSecrets(values, Value(resource["sensitive_values"]));
        if (shapes.Find(type) is not { } shape)
        {
            leftOut.Add(new LeftOut(document.File, line, address, $"{type} has no shape in content/terraform"));
            return;
        }

        planned.Add(new Planned(address, line, column, shape, values, new TerraformValues(values, unknown.GetValueOrDefault(address, PolicyValue.Undefined))));
    }

    private List<DeclaredResource> Resources()
    {
        var whole = planned.Where(p => p.Shape.By is null).ToList();
        foreach (var resource in whole)
        {
            foreach (var field in resource.Shape.Fields.Entries)
            {
                resource.Properties.Set(field.Key.Split('.'), resource.Reader.Read(field.Value));
            }
        }

        foreach (var part in planned.Where(p => p.Shape.By is not null))
        {
            if (OwnerOf(part, whole) is not { } owner)
            {
                leftOut.Add(new LeftOut(document.File, part.Line, part.Address, $"the {part.Shape.Type} that it belongs to is not in this plan"));
            }
            else if (part.Shape.Append is { } list)
            {
                if (part.Reader.Object(part.Shape.Fields) is { MemberNames.Count: > 0 } item)
                {
                    owner.Properties.Append(list, item);
                }
            }
            else
            {
                foreach (var field in part.Shape.Fields.Entries)
                {
                    owner.Properties.Set(field.Key.Split('.'), part.Reader.Read(field.Value));
                }
            }
        }

        return [.. whole.Select(Declared)];
    }

    private Planned? OwnerOf(Planned part, List<Planned> whole)
    {
        var of = whole.Where(w => w.Shape.Type == part.Shape.Type);
        if (part.Values.Member(part.Shape.By!).AsText is { } named)
        {
            return of.FirstOrDefault(w => Names.Any(n => named.Equals(w.Values.Member(n).AsText, StringComparison.Ordinal)));
        }

        var own = references.GetValueOrDefault($"{Indices().Replace(part.Address, "")}|{part.Shape.By}") ?? [];
        var index = Indices().Match(part.Address[part.Address.LastIndexOf('.')..]).Value;
        var candidates = of.Where(w => own.Exists(r => Indices().Replace(r, "") is var target && (target == Bare(w) || target.StartsWith(Bare(w) + ".", StringComparison.Ordinal)))).ToList();
        return candidates.Count == 1 ? candidates[0] : candidates.Find(c => c.Address.EndsWith(index, StringComparison.Ordinal) && index.Length > 0);
    }

    private static string Bare(Planned planned) => Indices().Replace(planned.Address, "");

    private DeclaredResource Declared(Planned planned)
    {
        var type = planned.Shape.Type;
        var name = planned.Values.Member("name").AsText ?? planned.Values.Member("bucket").AsText ?? planned.Address;
        var properties = planned.Properties.ToValue();
        var shape = PolicyValue.Of(
        [
            ("name", PolicyValue.Of(name)),
            ("type", PolicyValue.Of(type)),
            ("location", planned.Values.Member("location")),
            ("tags", planned.Values.Member("tags")),
            ("properties", planned.Shape.Environment == CloudEnvironment.Aws ? ForeignShape.Properties(CloudEnvironment.Aws, type, properties) : properties),
        ]);
        return new DeclaredResource(document.File, planned.Line, planned.Column, planned.Address, planned.Shape.Environment, PolicyResource.Of(shape)) { Known = shapes.PathsOf(type) };
    }

    private void CollectSecrets(PolicyValue values, PolicyValue sensitive)
    {
        if (sensitive.IsTrue && values.AsText is { Length: > 0 } text)
        {
            secrets.Add(text);
        }

        foreach (var name in values.MemberNames ?? [])
        {
            CollectSecrets(values.Member(name), sensitive.IsTrue ? sensitive : sensitive.Member(name));
        }

        for (var i = 0; i < (values.Elements?.Count ?? 0); i++)
        {
            CollectSecrets(values.Elements![i], sensitive.IsTrue ? sensitive : sensitive.Elements is { } items && i < items.Count ? items[i] : PolicyValue.Undefined);
        }
    }

    [GeneratedRegex("""\[[^\]]*\]""")]
    private static partial Regex Indices();

    private sealed record Planned(string Address, int Line, int Column, TerraformShape Shape, PolicyValue Values, TerraformValues Reader)
    {
        public TerraformValues.Branch Properties { get; } = new();
    }
}
