using System.Text.Json;
using Bartizan.Content.Standards;
using Bartizan.Foundation.Resources;
using Bartizan.Posture;
using Bartizan.Posture.Assignments;
using Bartizan.Posture.Recommendations;
using Bartizan.Posture.SecureScore;
using Bartizan.Wire.Arm;
using Bartizan.Wire.Posture;

namespace Bartizan.Server.Api.Posture;

/// <summary>From what the room says to what goes over the wire.</summary>
internal static class PostureShapes
{
    public static ArmResource<AssessmentProperties> Assessment(Finding finding, bool withMetadata, bool withEvidence)
    {
        var (resource, assessment, check) = (finding.Resource, finding.Assessment, finding.Check);
        return new ArmResource<AssessmentProperties>
        {
            Id = assessment.Id,
            Name = assessment.Key,
            Type = "Microsoft.Security/assessments",
            Properties = new AssessmentProperties
            {
                DisplayName = check?.DisplayName,
                ResourceDetails = new AssessmentResource(resource.Environment == CloudEnvironment.OnPremises ? "OnPremise" : resource.Environment.ToString(), resource.Id.Text),
                Status = new AssessmentStatusDetails(
                    assessment.Status.ToString(), assessment.Cause, assessment.Description, assessment.FirstEvaluated, assessment.StatusChanged),
                AdditionalData = new Dictionary<string, string>(),
                Metadata = withMetadata && check is not null ? Metadata(check) : null,
                Evidence = withEvidence && assessment.Evidence is { } evidence ? Parse(evidence) : null,
            },
        };
    }

    public static AssessmentMetadataProperties Metadata(Check check) => new()
    {
        DisplayName = check.DisplayName,
        PolicyDefinitionId = check.DefinitionId,
        Description = check.Description,
        RemediationDescription = string.Join("\n", check.Remediation.Select((step, i) => check.Remediation.Count == 1 ? step : $"{i + 1}. {step}")),
        Categories = check.Categories,
        Severity = check.Severity,
        UserImpact = check.UserImpact,
        ImplementationEffort = check.ImplementationEffort,
        Threats = check.Threats,
        Preview = check.IsPreview,
        AssessmentType = check.Type,
        Tactics = check.Tactics,
        Techniques = check.Techniques,
    };

    public static ArmResource<AssessmentMetadataProperties> MetadataResource(Check check, string scope) => new()
    {
        Id = $"{scope}/providers/Microsoft.Security/assessmentMetadata/{check.Key}",
        Name = check.Key,
        Type = "Microsoft.Security/assessmentMetadata",
        Properties = Metadata(check),
    };

    /// <param name="governance">Who is to mend it; null where nobody was given.</param>
    public static ArmResource<RecommendationProperties> Recommendation(
        Recommendation recommendation, DateTimeOffset? evaluatedAt, RecommendationOwners.Entry? governance, bool withMetadata)
    {
        var check = recommendation.Check;
        return new ArmResource<RecommendationProperties>
        {
            Id = $"/providers/Microsoft.Bartizan/recommendations/{check.Key}",
            Name = check.Key,
            Type = "Microsoft.Bartizan/recommendations",
            Properties = new RecommendationProperties
            {
                DisplayName = check.DisplayName,
                Severity = check.Severity,
                State = recommendation.State.ToString(),
                Unhealthy = recommendation.Count.Unhealthy,
                Healthy = recommendation.Count.Healthy,
                NotApplicable = recommendation.Count.NotApplicable,
                Unknown = recommendation.Count.Unknown,
                ScoreGain = Math.Round(recommendation.ScoreGain, 2),
                ControlId = recommendation.Control?.Id,
                ControlName = recommendation.Control?.DisplayName,
                ResourceTypes = check.ResourceTypes,
                Environments = [.. recommendation.Environments.Select(e => e.ToString())],
                Owner = governance?.Owner,
                DueDate = governance?.Due,
                EvaluatedAt = evaluatedAt,
                CanFix = check.Fix is not null,
                Metadata = withMetadata ? Metadata(check) : null,
            },
        };
    }

    public static ScoreDetails Score(double max, double current) =>
        new(max, Math.Round(current, 2), max == 0 ? 0 : Math.Round(current / max, 4));

    public static ArmResource<SecureScoreProperties> SecureScore(ScopeScore score) => new()
    {
        Id = $"{score.Scope}/providers/Microsoft.Security/secureScores/ascScore",
        Name = "ascScore",
        Type = "Microsoft.Security/secureScores",
        Properties = new SecureScoreProperties("ASC score", Score(score.Max, score.Current), score.Weight) { Coverage = Math.Round(score.Coverage, 4) },
    };

    public static ArmResource<SecureScoreControlProperties> Control(ScopeScore score, ControlScore control, ScoreControl? definition) => new()
    {
        Id = $"{score.Scope}/providers/Microsoft.Security/secureScores/ascScore/secureScoreControls/{control.Control.Id}",
        Name = control.Control.Id,
        Type = "Microsoft.Security/secureScores/secureScoreControls",
        Properties = new SecureScoreControlProperties
        {
            DisplayName = control.Control.DisplayName,
            Score = Score(control.Max, control.Current),
            HealthyResourceCount = control.Healthy,
            UnhealthyResourceCount = control.Unhealthy,
            NotApplicableResourceCount = control.NotApplicable,
            Weight = control.Weight,
            Definition = definition is null ? null : ControlDefinition(control.Control, definition),
        },
    };

    public static ArmResource<SecureScoreControlDefinition> ControlDefinition(Control control, ScoreControl definition) => new()
    {
        Id = $"/providers/Microsoft.Security/secureScoreControlDefinitions/{control.Id}",
        Name = control.Id,
        Type = "Microsoft.Security/secureScoreControlDefinitions",
        Properties = new SecureScoreControlDefinition(
            control.DisplayName, definition.Description, control.MaxPoints, new ControlSource("BuiltIn"),
            [.. control.AssessmentKeys.Order(StringComparer.Ordinal).Select(k => new ResourceLink($"/providers/Microsoft.Security/assessmentMetadata/{k}"))]),
    };

    public static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
