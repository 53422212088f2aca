using Bartizan.Foundation.Resources;
using Bartizan.Posture;
using Bartizan.Posture.Assessments;
using Bartizan.Posture.Governance;
using Bartizan.Server.Auth.Roles;

namespace Bartizan.Server.Api.Posture;

/// <summary>Who is to mend the findings of each recommendation, and when the first is due; only of what the caller may see.</summary>
internal static class RecommendationOwners
{
    /// <param name="Owner">The one owner, or how many there are.</param>
    internal sealed record Entry(string? Owner, DateTimeOffset? Due);

    public static Dictionary<string, Entry> Of(GovernanceBook book, PostureQueries posture, Caller caller)
    {
        var visible = caller.Scopes("Microsoft.Security/assessments/governanceAssignments/read");
        return book.Now.All
            .Where(a => ResourceId.TryParse(a.ResourceId, out var resource) && visible.Includes(resource)
                && posture.Finding(resource, a.AssessmentKey)?.Assessment.Status == AssessmentStatus.Unhealthy)
            .GroupBy(a => a.AssessmentKey, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(g => g.Key, g => new Entry(Name([.. g.Select(a => a.Owner).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase)]), g.Min(a => a.DueDate)), StringComparer.OrdinalIgnoreCase);
    }

    private static string? Name(List<string> owners) => owners.Count switch
    {
        0 => null,
        1 => owners[0],
        _ => $"{owners.Count} owners",
    };
}
