using System.Text.Json;
using Bartizan.Foundation.Outcomes;
using Bartizan.Foundation.Resources;

namespace Bartizan.Posture.Assignments;

/// <summary>An agreed exception: resources below a scope that an assignment does not count, for a time.</summary>
/// <param name="Category">Waiver (the risk is accepted) or Mitigated (met by other means).</param>
/// <param name="References">Members of the initiative it is for; empty for all.</param>
public sealed record Exemption(string Id, ResourceId Scope, string AssignmentId, string Category, IReadOnlyList<string> References, DateTimeOffset? ExpiresOn)
{
    public string? DisplayName { get; init; }

    public string? Description { get; init; }

    public bool Covers(ResourceId resource, Assignment assignment, string reference, DateTimeOffset now) =>
        (ExpiresOn is null || ExpiresOn > now)
        && AssignmentId.Equals(assignment.Id, StringComparison.OrdinalIgnoreCase)
        && (References.Count == 0 || References.Contains(reference, StringComparer.OrdinalIgnoreCase))
        && resource.IsWithin(Scope);

    /// <summary>Reads the <c>properties</c> of an exemption.</summary>
    public static Outcome<Exemption> Read(string id, ResourceId scope, JsonElement properties)
    {
        if (JsonValues.Text(properties, "policyAssignmentId") is not { Length: > 0 } assignment)
        {
            return Refusal("The exemption lacks policyAssignmentId.", "policyAssignmentId");
        }

        var category = JsonValues.Text(properties, "exemptionCategory") ?? "";
        if (!category.Equals("Waiver", StringComparison.OrdinalIgnoreCase) && !category.Equals("Mitigated", StringComparison.OrdinalIgnoreCase))
        {
            return Refusal($"exemptionCategory is Waiver or Mitigated, not '{category}'.", "exemptionCategory");
        }

        DateTimeOffset? expires = null;
        if (JsonValues.Find(properties, "expiresOn") is { ValueKind: not JsonValueKind.Null } given)
        {
            if (given.ValueKind != JsonValueKind.String || !given.TryGetDateTimeOffset(out var time))
            {
                return Refusal("expiresOn is not a time.", "expiresOn");
            }

            expires = time;
        }

        return new Exemption(id, scope, assignment, category, JsonValues.Texts(properties, "policyDefinitionReferenceIds"), expires)
        {
            DisplayName = JsonValues.Text(properties, "displayName"),
            Description = JsonValues.Text(properties, "description"),
        };
    }

    private static Problem Refusal(string message, string target) => new(ProblemKind.Invalid, "InvalidPolicyExemption", message, target);
}
