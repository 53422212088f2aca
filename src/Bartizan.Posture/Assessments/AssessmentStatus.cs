namespace Bartizan.Posture.Assessments;

/// <summary>
/// What one check says of one resource. The first three are Azure's; <see cref="Unknown"/> is for a check that lacked rights or data:
/// it never counts as healthy, and shows as missing coverage.
/// </summary>
public enum AssessmentStatus
{
    Healthy,
    Unhealthy,
    NotApplicable,
    Unknown,
}
