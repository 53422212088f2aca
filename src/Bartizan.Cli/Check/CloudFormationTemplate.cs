using Bartizan.Content.Documents;
using Bartizan.Content.Policies;
using Bartizan.Foundation.Resources;
using Bartizan.Policy.Aliases;
using Bartizan.Policy.Values;

namespace Bartizan.Cli.Check;

/// <summary>Reads a CloudFormation template, JSON or YAML.</summary>
internal static class CloudFormationTemplate
{
    public static bool Is(SourceMap root) =>
        root["AWSTemplateFormatVersion"] is not null
        || (root["Resources"] is SourceMap { Entries.Count: > 0 } resources && resources.Entries.All(e => (e.Value as SourceMap)?["Type"] is SourceScalar));

    public static DeclaredFile Read(SourceDocument document, SourceMap root, IReadOnlyDictionary<string, PolicyValue> parameters)
    {
        var scope = new CloudFormationScope(root, parameters);
        var resources = new List<DeclaredResource>();
        var leftOut = new List<LeftOut>();
        foreach (var entry in (root["Resources"] as SourceMap)?.Entries ?? [])
        {
            var (line, column) = document.PlaceOf(entry.KeySpan);
            if (entry.Value is not SourceMap map || (map["Type"] as SourceScalar)?.Text is not { } type)
            {
                leftOut.Add(new LeftOut(document.File, line, entry.Key, "it has no Type"));
                continue;
            }

            if (map["Condition"] is SourceScalar condition && scope.Holds(condition.Text) == false)
            {
                continue;
            }

            if (type.StartsWith("AWS::Serverless::", StringComparison.Ordinal))
            {
                leftOut.Add(new LeftOut(document.File, line, entry.Key, $"what the transform makes of {type} is not known"));
                continue;
            }

            var properties = map["Properties"] is SourceMap given ? scope.Value(given) : PolicyValue.Of(new List<(string, PolicyValue)>());
            resources.Add(new DeclaredResource(document.File, line, column, entry.Key, CloudEnvironment.Aws, Shape(entry.Key, type, properties)));
        }

        return new DeclaredFile(document.File, "CloudFormation template", resources, leftOut) { Secrets = scope.Secrets };
    }

    internal static PolicyResource Shape(string name, string type, PolicyValue properties) => PolicyResource.Of(PolicyValue.Of(
    [
        ("name", PolicyValue.Of(name)),
        ("type", PolicyValue.Of(type)),
        ("tags", PolicyValue.Of([.. (properties.Member("Tags").Elements ?? []).Where(t => t.Member("Key").AsText is not null).Select(t => (t.Member("Key").AsText!, t.Member("Value")))])),
        ("properties", ForeignShape.Properties(CloudEnvironment.Aws, type, properties)),
    ]));
}
