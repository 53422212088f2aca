using Bartizan.Foundation.Resources;

namespace Bartizan.Posture.Assessments;

/// <summary>The standing finding of one check on one resource.</summary>
/// <param name="Key">GUID of the check: the name of its assessment metadata.</param>
/// <param name="Cause">Why it is not applicable or unknown, see <see cref="AssessmentCause"/>; null otherwise.</param>
/// <param name="Evidence">The clauses that decided and the values they read, as JSON; null where nothing was read.</param>
/// <param name="FirstEvaluated">When this check first judged this resource.</param>
/// <param name="StatusChanged">When the status last became what it is.</param>
public sealed record Assessment(
    ResourceId Resource,
    string Key,
    AssessmentStatus Status,
    string? Cause,
    string? Description,
    string? Evidence,
    DateTimeOffset FirstEvaluated,
    DateTimeOffset StatusChanged)
{
    /// <summary>The ARM id: an extension of the resource.</summary>
    public string Id => $"{Resource.Text}/providers/Microsoft.Security/assessments/{Key}";
}
