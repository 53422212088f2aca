using Bartizan.Content.Documents;
using Bartizan.Foundation.Resources;

namespace Bartizan.Cli.Check;

/// <summary>How one type of Terraform's becomes a resource of the cloud, or a part of one; read from <c>content/terraform</c>.</summary>
/// <param name="By">For a part: the attribute that names the resource it belongs to.</param>
/// <param name="Append">For a part: the list of the resource to which it adds one item; null where it sets fields.</param>
/// <param name="Fields">Paths of the cloud's shape, and where their values come from.</param>
internal sealed record TerraformShape(string Name, string Type, CloudEnvironment Environment, string? By, string? Append, SourceMap Fields)
{
    /// <summary>The paths that this shape can say.</summary>
    public IEnumerable<string> Paths => Append is null ? Fields.Entries.Select(e => e.Key) : [Append];
}

/// <summary>All shapes, by Terraform's type.</summary>
internal sealed class TerraformShapes
{
    private readonly Dictionary<string, TerraformShape> shapes = new(StringComparer.Ordinal);

    private TerraformShapes()
    {
    }

    /// <summary>Reads the files below <c>content/terraform</c>.</summary>
    public static TerraformShapes Read(string content)
    {
        var read = new TerraformShapes();
        var folder = Path.Combine(content, "terraform");
        string[] files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.yaml") : [];
        foreach (var file in files.Order(StringComparer.Ordinal))
        {
            foreach (var entry in (SourceDocument.Read(file, File.ReadAllText(file)).Root as SourceMap)?.Entries ?? [])
            {
                if (entry.Value is SourceMap map && Text(map["type"]) is { } type && map["fields"] is SourceMap fields)
                {
                    var environment = type.StartsWith("AWS::", StringComparison.Ordinal) ? CloudEnvironment.Aws : CloudEnvironment.Azure;
                    read.shapes[entry.Key] = new TerraformShape(entry.Key, type, environment, Text(map["by"]), Text(map["append"]), fields);
                }
            }
        }

        return read;
    }

    public TerraformShape? Find(string terraformType) => shapes.GetValueOrDefault(terraformType);

    /// <summary>Every path that some shape can say of a type.</summary>
    public IReadOnlyCollection<string> PathsOf(string type) =>
        [.. shapes.Values.Where(s => s.Type.Equals(type, StringComparison.OrdinalIgnoreCase)).SelectMany(s => s.Paths).Concat(["name", "tags", "location"]).Distinct(StringComparer.OrdinalIgnoreCase)];

    private static string? Text(SourceNode? node) => (node as SourceScalar)?.Text;
}
