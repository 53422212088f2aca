using Bartizan.Posture.Assessments;

namespace Bartizan.Posture.Evaluation;

/// <summary>What one assigned definition says of one resource: a policy state, as Azure calls it.</summary>
/// <param name="AssignmentId">Through which assignment.</param>
/// <param name="Reference">Which member of the initiative.</param>
public sealed record Judgement(
    string AssignmentId, string Reference, string DefinitionId, string Key, string Effect, AssessmentStatus Status, string? Cause, string? Description, string? Evidence)
{
    /// <summary>Compliant, NonCompliant, Exempt, Unknown or NotApplicable, in the words of policy states.</summary>
    public string ComplianceState => (Status, Cause) switch
    {
        (AssessmentStatus.Healthy, _) => "Compliant",
        (AssessmentStatus.Unhealthy, _) => "NonCompliant",
        (AssessmentStatus.NotApplicable, AssessmentCause.Exempt) => "Exempt",
        (AssessmentStatus.NotApplicable, _) => "NotApplicable",
        (_, AssessmentCause.EvaluationFailed) => "Error",
        _ => "Unknown",
    };
}
