namespace Bartizan.Wire.Posture;

/// <summary><c>Microsoft.Security/regulatoryComplianceStandards</c>.</summary>
/// <param name="State">Passed, Failed, Skipped or Unsupported.</param>
public sealed record ComplianceStandardProperties(string State, int PassedControls, int FailedControls, int SkippedControls, int UnsupportedControls)
{
    public string? DisplayName { get; init; }
}

/// <summary><c>…/regulatoryComplianceControls</c>.</summary>
public sealed record ComplianceControlProperties(string? Description, string State, int PassedAssessments, int FailedAssessments, int SkippedAssessments);

/// <summary><c>…/regulatoryComplianceAssessments</c>.</summary>
public sealed record ComplianceAssessmentProperties(
    string? Description, string AssessmentType, string? AssessmentDetailsLink, string State, int PassedResources, int FailedResources, int SkippedResources, int UnsupportedResources);
