using System.Text.Json;
using Bartizan.Foundation.Outcomes;
using Bartizan.Posture.Assignments;

namespace Bartizan.Posture.Governance;

/// <summary>Which checks a rule is about: by key or by severity.</summary>
public sealed record GovernanceCondition(GovernanceProperty Property, IReadOnlyList<string> Values)
{
    public bool Holds(string key, Check? check) =>
        Values.Contains(Property == GovernanceProperty.AssessmentKey ? key : check?.Severity ?? "", StringComparer.OrdinalIgnoreCase);

    internal static Outcome<GovernanceCondition> Read(JsonElement element)
    {
        var name = JsonValues.Text(element, "property") ?? "";
        GovernanceProperty? property = name.ToLowerInvariant() switch
        {
            "$.assessmentkey" => GovernanceProperty.AssessmentKey,
            "$.severity" => GovernanceProperty.Severity,
            _ => null,
        };
        if (property is null)
        {
            return Refusal($"Conditions are about $.AssessmentKey or $.Severity, not '{name}'.");
        }

        var (text, op) = (JsonValues.Text(element, "value"), JsonValues.Text(element, "operator"));
        if (text is null)
        {
            return Refusal($"The condition on {name} lacks a value.");
        }

        if ("Equals".Equals(op, StringComparison.OrdinalIgnoreCase))
        {
            return new GovernanceCondition(property.Value, [text]);
        }

        return "In".Equals(op, StringComparison.OrdinalIgnoreCase)
            ? ReadList(text) is { } values ? new GovernanceCondition(property.Value, values) : Refusal($"The value of an In on {name} is a JSON array of texts.")
            : Refusal($"The operator of a condition is Equals or In, not '{op}'.");
    }

    private static IReadOnlyList<string>? ReadList(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Array && document.RootElement.EnumerateArray().All(e => e.ValueKind == JsonValueKind.String)
                ? [.. document.RootElement.EnumerateArray().Select(e => e.GetString()!)]
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Problem Refusal(string message) => new(ProblemKind.Invalid, "InvalidGovernanceRule", message, "conditionSets");
}

/// <summary>What a condition looks at.</summary>
public enum GovernanceProperty
{
    AssessmentKey,
    Severity,
}
