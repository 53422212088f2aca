using System.Text.Json;
using Bartizan.Foundation.Outcomes;
using Bartizan.Foundation.Resources;

namespace Bartizan.Posture.Governance;

/// <summary>Who mends one finding, and until when.</summary>
/// <param name="Name">The assignment's key, a GUID in Azure.</param>
/// <param name="Json">The <c>properties</c> as written.</param>
public sealed record GovernanceAssignment(string Id, string Name, string ResourceId, string AssessmentKey, string? Owner, DateTimeOffset DueDate, string Json)
{
    public static string IdOf(ResourceId resource, string key, string name)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return $"{resource.Text}/providers/Microsoft.Security/assessments/{key}/governanceAssignments/{name}";
    }

    /// <summary>Reads the <c>properties</c> of an assignment.</summary>
    public static Outcome<GovernanceAssignment> Read(ResourceId resource, string key, string name, JsonElement properties)
    {
        if (properties.ValueKind != JsonValueKind.Object || !properties.TryGetProperty("remediationDueDate", out var due)
            || due.ValueKind != JsonValueKind.String || !due.TryGetDateTimeOffset(out var date))
        {
            return new Problem(ProblemKind.Invalid, "InvalidGovernanceAssignment", "remediationDueDate is required, as a time.", "remediationDueDate");
        }

        // A finding in its grace period would have to be left out of the score until it is due; the score does not know that yet.
        if (properties.TryGetProperty("isGracePeriod", out var grace) && grace.ValueKind == JsonValueKind.True)
        {
            return new Problem(ProblemKind.NotSupported, "GracePeriodNotSupported", "Grace periods are not supported: findings count in the score until they are mended or exempt.", "isGracePeriod");
        }

        var owner = properties.TryGetProperty("owner", out var given) && given.ValueKind == JsonValueKind.String ? given.GetString() : null;
        return new GovernanceAssignment(IdOf(resource, key, name), name, resource.Text, key.ToLowerInvariant(), owner, date, properties.GetRawText());
    }
}
