using Bartizan.Content.Documents;
using Bartizan.Foundation.Outcomes;
using Bartizan.Policy.Values;

namespace Bartizan.Cli.Check;

/// <summary>Tells what kind of file a text is and reads what it declares.</summary>
internal static class FileReading
{
    /// <param name="parameters">Values of the parameters that a template declares.</param>
    /// <param name="content">The content folder; says how resources of Terraform are shaped.</param>
    public static Outcome<DeclaredFile> Read(string file, string text, IReadOnlyDictionary<string, PolicyValue> parameters, string content)
    {
        var documents = SourceDocument.ReadAll(file, text);
        if (documents.FirstOrDefault(d => d.Error is not null) is { Error: { } error } broken)
        {
            return new Problem(ProblemKind.Invalid, error.Code, broken.Locate(error).ToString(), file);
        }

        var roots = documents.Where(d => d.Root is SourceMap).ToList();
        return roots switch
        {
            [] => Refusal(file),
            [{ Root: SourceMap root } only] when ArmTemplate.Is(root) => ArmTemplate.Read(only, root, parameters),
            [{ Root: SourceMap root } only] when TerraformPlan.Is(root) => TerraformPlan.Read(only, root, content),
            [{ Root: SourceMap root } only] when CloudFormationTemplate.Is(root) => CloudFormationTemplate.Read(only, root, parameters),
            _ when roots.Exists(d => ManifestFile.Is((SourceMap)d.Root!)) => ManifestFile.Read(roots),
            _ => Refusal(file),
        };
    }

    private static Problem Refusal(string file) => new(
        ProblemKind.Invalid,
        "UnknownFormat",
        $"{file} is neither an ARM template, nor a CloudFormation template, nor a Terraform plan (terraform show -json), nor a Kubernetes manifest.",
        file);
}
