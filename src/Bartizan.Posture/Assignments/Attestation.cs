using System.Text.Json;
using Bartizan.Foundation.Outcomes;
using Bartizan.Foundation.Resources;

namespace Bartizan.Posture.Assignments;

/// <summary>What a person says of one resource where a definition's effect is manual: it holds for that resource alone, until it expires.</summary>
/// <param name="Resource">The resource, resource group or subscription that is judged; nothing below it is.</param>
/// <param name="Reference">The member of the initiative it is for; null for all.</param>
/// <param name="State">Compliant, NonCompliant or Unknown.</param>
public sealed record Attestation(string Id, ResourceId Resource, string AssignmentId, string? Reference, AttestedState State, DateTimeOffset? ExpiresOn)
{
    /// <summary>Why, in the words of who attested.</summary>
    public string? Comments { get; init; }

    public bool Covers(Assignment assignment, string reference, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(assignment);
        return (ExpiresOn is null || ExpiresOn > now)
            && AssignmentId.Equals(assignment.Id, StringComparison.OrdinalIgnoreCase)
            && (Reference is null || Reference.Equals(reference, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Reads the <c>properties</c> of an attestation.</summary>
    public static Outcome<Attestation> Read(string id, ResourceId resource, JsonElement properties)
    {
        if (JsonValues.Text(properties, "policyAssignmentId") is not { Length: > 0 } assignment)
        {
            return Refusal("The attestation lacks policyAssignmentId.", "policyAssignmentId");
        }

        var state = AttestedState.Unknown;
        if (JsonValues.Find(properties, "complianceState") is { ValueKind: not JsonValueKind.Null } said
            && !(said.ValueKind == JsonValueKind.String && Enum.TryParse(said.GetString(), ignoreCase: true, out state) && Enum.IsDefined(state) && !int.TryParse(said.GetString(), out _)))
        {
            return Refusal($"complianceState is Compliant, NonCompliant or Unknown, not '{said}'.", "complianceState");
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

        var reference = JsonValues.Text(properties, "policyDefinitionReferenceId") is { Length: > 0 } text ? text : null;
        return new Attestation(id, resource, assignment, reference, state, expires) { Comments = JsonValues.Text(properties, "comments") };
    }

    private static Problem Refusal(string message, string target) => new(ProblemKind.Invalid, "InvalidAttestation", message, target);
}

/// <summary>What may be attested of a resource.</summary>
public enum AttestedState
{
    Unknown,
    Compliant,
    NonCompliant,
}
