using Bartizan.Foundation.Resources;

namespace Bartizan.Posture.Assessments;

/// <summary>One resource with everything that is said of it. Never changes; a new judgement makes a new one.</summary>
/// <param name="Scope">The subscription, account or project whose score it counts in.</param>
public sealed record ResourceFindings(
    ResourceId Id, string Name, string Type, string Location, CloudEnvironment Environment, string AccountId, ResourceId Scope, IReadOnlyList<Assessment> Assessments)
{
    public int Count(AssessmentStatus status) => Assessments.Count(a => a.Status == status);
}
