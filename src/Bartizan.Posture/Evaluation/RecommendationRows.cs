using System.Buffers;
using System.Text.Json;
using Bartizan.Posture.Assessments;
using Bartizan.Posture.Assignments;

namespace Bartizan.Posture.Evaluation;

/// <summary>Rows of the table <c>SecurityRecommendation</c>: one for each change of a finding's state.</summary>
internal static class RecommendationRows
{
    public static JsonElement Write(ResourceFindings findings, Assessment assessment, Check? check, DateTimeOffset now)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("TimeGenerated", now.UtcDateTime);
            writer.WriteString("AssessedResourceId", findings.Id.Text);
            writer.WriteString("Description", check?.Description ?? "");
            writer.WriteString("Environment", findings.Environment.ToString());
            writer.WriteString("DiscoveredTimeUTC", assessment.FirstEvaluated.UtcDateTime);
            writer.WriteString("FirstEvaluationDate", assessment.FirstEvaluated.UtcDateTime);
            writer.WriteString("StatusChangeDate", assessment.StatusChanged.UtcDateTime);
            writer.WriteBoolean("IsSnapshot", false);
            writer.WriteString("PolicyDefinitionId", check?.DefinitionId ?? "");
            writer.WriteString("ProviderName", "Microsoft.Security");
            writer.WriteString("RecommendationDisplayName", check?.DisplayName ?? "");
            writer.WriteString("RecommendationId", assessment.Id);
            writer.WriteString("RecommendationName", assessment.Key);
            writer.WriteString("RecommendationSeverity", check?.Severity ?? "");
            writer.WriteString("RecommendationState", assessment.Status.ToString());
            writer.WriteString("RemediationDescription", check is null ? "" : string.Join("\n", check.Remediation));
            writer.WriteString("NotApplicableReason", assessment.Status == AssessmentStatus.NotApplicable ? assessment.Cause ?? "" : "");
            writer.WriteString("ResourceRegion", findings.Location);
            if (assessment.Status == AssessmentStatus.Healthy && assessment.StatusChanged > assessment.FirstEvaluated)
            {
                writer.WriteString("ResolvedTimeUTC", assessment.StatusChanged.UtcDateTime);
            }

            writer.WriteEndObject();
        }

        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.Clone();
    }
}
