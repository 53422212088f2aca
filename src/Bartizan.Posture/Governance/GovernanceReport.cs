using Bartizan.Foundation.Resources;
using Bartizan.Posture.Assessments;

namespace Bartizan.Posture.Governance;

/// <summary>How a finding stands with whoever is to mend it.</summary>
public enum GovernanceState
{
    Overdue,
    OnTime,
    Unassigned,
    Completed,
}

/// <summary>One finding with its owner, if it has one.</summary>
public sealed record GovernedFinding(ResourceFindings Resource, Assessment Assessment, GovernanceAssignment? Assignment, GovernanceState State);

/// <summary>Findings by owner and date: unhealthy ones, and those that were assigned and are mended.</summary>
public sealed class GovernanceReport(AssessmentBoard board, GovernanceBook book, TimeProvider time)
{
    /// <summary>The most urgent first; those without an owner at the end.</summary>
    public async Task<IReadOnlyList<GovernedFinding>> ListAsync(ResourceId scope, Func<ResourceId, bool>? isVisible, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        await book.LoadAsync(cancellationToken).ConfigureAwait(false);
        var (index, now) = (book.Now, time.GetUtcNow());
        var found = new List<GovernedFinding>();
        foreach (var findings in board.All(isVisible).Where(f => f.Id.IsWithin(scope)))
        {
            foreach (var assessment in findings.Assessments)
            {
                var assignment = index.Of(findings.Id, assessment.Key);
                if (StateOf(assessment, assignment, now) is { } state)
                {
                    found.Add(new GovernedFinding(findings, assessment, assignment, state));
                }
            }
        }

        return [.. found.OrderBy(f => f.State).ThenBy(f => f.Assignment?.DueDate).ThenBy(f => f.Assessment.Id, StringComparer.OrdinalIgnoreCase)];
    }

    private static GovernanceState? StateOf(Assessment assessment, GovernanceAssignment? assignment, DateTimeOffset now) => (assessment.Status, assignment) switch
    {
        (AssessmentStatus.Unhealthy, null) => GovernanceState.Unassigned,
        (AssessmentStatus.Unhealthy, _) => assignment.DueDate < now ? GovernanceState.Overdue : GovernanceState.OnTime,
        (_, null) => null,
        _ => GovernanceState.Completed,
    };
}
