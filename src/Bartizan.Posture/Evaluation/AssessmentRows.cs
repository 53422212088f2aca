using System.Buffers;
using System.Text.Json;
using Bartizan.Foundation.Resources;
using Bartizan.Posture.Assessments;
using Bartizan.Posture.Assignments;

namespace Bartizan.Posture.Evaluation;

/// <summary>
/// Assessments as resources of the store: that is where they are kept, with history, and where queries find them as
/// <c>SecurityResources</c>. The member names are those that Azure Resource Graph has for them. What all assessments of a check say alike is kept once.
/// </summary>
internal static class AssessmentRows
{
    public const string Type = "Microsoft.Security/assessments";

    public const string Source = "posture";

    public static Resource Write(ResourceFindings findings, Assessment assessment)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("id", assessment.Id);
            writer.WriteString("name", assessment.Key);
            writer.WriteString("type", "microsoft.security/assessments");
            writer.WriteStartObject("properties");
            writer.WriteStartObject("resourceDetails");
            writer.WriteString("Source", SourceOf(findings.Environment));
            writer.WriteString(findings.Environment is CloudEnvironment.Aws or CloudEnvironment.Gcp ? "AzureResourceId" : "Id", findings.Id.Text);
            writer.WriteString("ResourceType", findings.Type);
            writer.WriteString("ResourceName", findings.Name);
            writer.WriteEndObject();
            WriteStatus(writer, assessment);
            if (assessment.Evidence is { } evidence)
            {
                writer.WritePropertyName("evidence");
                writer.WriteRawValue(evidence);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return new Resource(
            ResourceId.Parse(assessment.Id), assessment.Key, Type, findings.Location, findings.Environment, findings.AccountId, document.RootElement.Clone());
    }

    /// <summary>What the assessments of one check have in common, by its key.</summary>
    public static Dictionary<string, string> Shared(IEnumerable<Check> checks)
    {
        var shared = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var check in checks)
        {
            var buffer = new ArrayBufferWriter<byte>();
            using (var writer = new Utf8JsonWriter(buffer))
            {
                writer.WriteStartObject();
                writer.WriteString("displayName", check.DisplayName);
                WriteMetadata(writer, check);
                writer.WriteStartObject("additionalData");
                writer.WriteEndObject();
                writer.WriteStartObject("links");
                writer.WriteEndObject();
                writer.WriteEndObject();
            }

            shared[check.Key] = System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
        }

        return shared;
    }

    /// <summary>The assessment that a row holds; null when it is not one of ours.</summary>
    public static Assessment? Read(Resource row)
    {
        var marker = row.Id.Text.LastIndexOf("/providers/Microsoft.Security/assessments/", StringComparison.OrdinalIgnoreCase);
        if (marker <= 0 || !ResourceId.TryParse(row.Id.Text[..marker], out var resource)
            || JsonValues.Find(row.Record, "properties") is not { } properties || JsonValues.Find(properties, "status") is not { } status
            || !Enum.TryParse<AssessmentStatus>(JsonValues.Text(status, "code"), out var code))
        {
            return null;
        }

        return new Assessment(
            resource, row.Name, code, JsonValues.Text(status, "cause"), JsonValues.Text(status, "description"),
            JsonValues.Find(properties, "evidence")?.GetRawText(), Time(status, "firstEvaluationDate"), Time(status, "statusChangeDate"));
    }

    public static string SourceOf(CloudEnvironment environment) => environment == CloudEnvironment.OnPremises ? "OnPremise" : environment.ToString();

    private static void WriteStatus(Utf8JsonWriter writer, Assessment assessment)
    {
        writer.WriteStartObject("status");
        writer.WriteString("code", assessment.Status.ToString());
        if (assessment.Cause is not null)
        {
            writer.WriteString("cause", assessment.Cause);
        }

        if (assessment.Description is not null)
        {
            writer.WriteString("description", assessment.Description);
        }

        writer.WriteString("firstEvaluationDate", assessment.FirstEvaluated.UtcDateTime);
        writer.WriteString("statusChangeDate", assessment.StatusChanged.UtcDateTime);
        writer.WriteEndObject();
    }

    private static void WriteMetadata(Utf8JsonWriter writer, Check check)
    {
        writer.WriteStartObject("metadata");
        writer.WriteString("displayName", check.DisplayName);
        writer.WriteString("assessmentType", check.Type);
        writer.WriteString("policyDefinitionId", check.DefinitionId);
        writer.WriteString("description", check.Description);
        writer.WriteString("remediationDescription", string.Join("\n", check.Remediation.Select((s, i) => $"{i + 1}. {s}")));
        writer.WriteString("severity", check.Severity);
        writer.WriteString("userImpact", check.UserImpact);
        writer.WriteString("implementationEffort", check.ImplementationEffort);
        WriteList(writer, "categories", check.Categories);
        WriteList(writer, "threats", check.Threats);
        WriteList(writer, "tactics", check.Tactics);
        WriteList(writer, "techniques", check.Techniques);
        writer.WriteBoolean("preview", check.IsPreview);
        writer.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter writer, string name, IReadOnlyList<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }

    private static DateTimeOffset Time(JsonElement element, string name) =>
        JsonValues.Find(element, name) is { ValueKind: JsonValueKind.String } value && value.TryGetDateTimeOffset(out var time) ? time : default;
}
