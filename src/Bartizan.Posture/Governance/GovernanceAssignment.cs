using System.Text.Json;
using Bartizan.Foundation.Outcomes;
using Bartizan.Foundation.Resources;
using Bartizan.Posture.Assignments;

namespace Bartizan.Posture.Governance;

/// <summary>Who mends one finding, and until when.</summary>
/// <param name="Name">The assignment's key, a GUID in Azure.</param>
/// <param name="Json">The <c>properties</c> as written.</param>
public sealed record GovernanceAssignment(string Id, string Name, string ResourceId, string AssessmentKey, string? Owner, DateTimeOffset DueDate, string Json)
{
    /// <summary>The finding does not lower the score until it is due.</summary>
    public bool HasGrace { get; init; }

    /// <summary>The rule that made it; null for one made by hand.</summary>
    public string? RuleId { get; init; }

    public bool IsInGrace(DateTimeOffset now) => HasGrace && now < DueDate;

    public static string IdOf(ResourceId resource, string key, string name)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return $"{resource.Text}/providers/Microsoft.Security/assessments/{key}/governanceAssignments/{name}";
    }

    /// <summary>Reads the <c>properties</c> of an assignment.</summary>
    public static Outcome<GovernanceAssignment> Read(ResourceId resource, string key, string name, JsonElement properties)
    {
        if (JsonValues.Find(properties, "remediationDueDate") is not { ValueKind: JsonValueKind.String } due || !due.TryGetDateTimeOffset(out var date))
        {
            return new Problem(ProblemKind.Invalid, "InvalidGovernanceAssignment", "remediationDueDate is required, as a time.", "remediationDueDate");
        }

        ArgumentNullException.ThrowIfNull(key);
        return new GovernanceAssignment(IdOf(resource, key, name), name, resource.Text, key.ToLowerInvariant(), JsonValues.Text(properties, "owner"), date, properties.GetRawText())
        {
            HasGrace = JsonValues.Find(properties, "isGracePeriod") is { ValueKind: JsonValueKind.True },
        };
    }

    /// <summary>What a rule says of a finding.</summary>
    internal static GovernanceAssignment Of(GovernanceRule rule, Assessments.Assessment assessment, string? owner)
    {
        var name = AssessmentKeys.Of(assessment.Id);
        var due = rule.DueDate(assessment);
        var json = JsonSerializer.Serialize(new Written(owner, due, rule.HasGrace), GovernanceJson.Default.Written);
        return new GovernanceAssignment(IdOf(assessment.Resource, assessment.Key, name), name, assessment.Resource.Text, assessment.Key.ToLowerInvariant(), owner, due, json)
        {
            HasGrace = rule.HasGrace,
            RuleId = rule.Id,
        };
    }

    internal sealed record Written(string? Owner, DateTimeOffset RemediationDueDate, bool IsGracePeriod);
}
