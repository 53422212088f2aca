using System.Text.Json;
using Bartizan.Foundation.Outcomes;

namespace Bartizan.Content.Policies;

/// <summary>Reads an initiative as Azure writes it. Keys are found in any case.</summary>
internal static class InitiativeReader
{
    /// <summary>Azure: an initiative has at most 1,000 definitions.</summary>
    private const int MaxMembers = 1_000;

    public static Outcome<InitiativeDefinition> Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return Refusal("An initiative is an object.", null);
        }

        var properties = Find(root, "properties") is { ValueKind: JsonValueKind.Object } inner ? inner : root;
        if (Find(properties, "policyDefinitions") is not { ValueKind: JsonValueKind.Array } list)
        {
            return Refusal("The initiative lacks policyDefinitions.", "policyDefinitions");
        }

        if (list.GetArrayLength() > MaxMembers)
        {
            return Refusal($"The initiative has {list.GetArrayLength()} definitions; at most {MaxMembers} are allowed.", "policyDefinitions");
        }

        var members = new List<InitiativeMember>();
        var references = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var item in list.EnumerateArray())
        {
            if (Text(item, "policyDefinitionId") is not { Length: > 0 } id)
            {
                return Refusal($"Definition {members.Count + 1} of the initiative lacks policyDefinitionId.", "policyDefinitionId");
            }

            var reference = Text(item, "policyDefinitionReferenceId") ?? id[(id.LastIndexOf('/') + 1)..];
            if (!references.Add(reference))
            {
                return Refusal($"The reference id '{reference}' is given twice.", "policyDefinitionReferenceId");
            }

            members.Add(new InitiativeMember(id, reference, Values(Find(item, "parameters"), "value"), Texts(Find(item, "groupNames"))));
        }

        var name = Text(root, "name") ?? Last(Text(root, "id"));
        if (name is null)
        {
            return Refusal("The initiative has neither name nor id.", "name");
        }

        var metadata = Find(properties, "metadata") ?? default;
        var parameters = Find(properties, "parameters");
        return new InitiativeDefinition(
            Text(root, "id") ?? "/providers/Microsoft.Authorization/policySetDefinitions/" + name,
            name,
            Text(properties, "displayName") ?? name,
            members,
            Groups(Find(properties, "policyDefinitionGroups")),
            root.GetRawText())
        {
            Description = Text(properties, "description"),
            PolicyType = Text(properties, "policyType"),
            Category = Text(metadata, "category"),
            Version = Text(properties, "version") ?? Text(metadata, "version"),
            Defaults = Values(parameters, "defaultValue"),
            ParameterNames = parameters is { ValueKind: JsonValueKind.Object } p ? [.. p.EnumerateObject().Select(x => x.Name)] : [],
        };
    }

    private static List<InitiativeGroup> Groups(JsonElement? groups) => groups is not { ValueKind: JsonValueKind.Array } list
        ? []
        : [.. list.EnumerateArray().Where(g => Text(g, "name") is not null)
            .Select(g => new InitiativeGroup(Text(g, "name")!, Text(g, "displayName"), Text(g, "category"), Text(g, "description")))];

    private static Dictionary<string, string> Values(JsonElement? parameters, string member)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (parameters is { ValueKind: JsonValueKind.Object } map)
        {
            foreach (var parameter in map.EnumerateObject())
            {
                if (Find(parameter.Value, member) is { } value)
                {
                    values[parameter.Name] = value.GetRawText();
                }
            }
        }

        return values;
    }

    private static List<string> Texts(JsonElement? list) => list is { ValueKind: JsonValueKind.Array } array
        ? [.. array.EnumerateArray().Where(i => i.ValueKind == JsonValueKind.String).Select(i => i.GetString()!)]
        : [];

    internal static JsonElement? Find(JsonElement element, string name)
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

    internal static string? Text(JsonElement element, string name) =>
        Find(element, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    internal static string? Last(string? id) => id is null ? null : id[(id.LastIndexOf('/') + 1)..];

    private static Problem Refusal(string message, string? target) => new(ProblemKind.Invalid, "InvalidPolicySetDefinition", message, target);
}
