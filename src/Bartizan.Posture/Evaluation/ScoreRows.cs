using System.Buffers;
using System.Text.Json;
using Bartizan.Foundation.Resources;
using Bartizan.Posture.SecureScore;

namespace Bartizan.Posture.Evaluation;

/// <summary>
/// Scores as resources of the store, where queries find them as <c>SecurityResources</c> in the shape that Azure Resource Graph has.
/// </summary>
internal static class ScoreRows
{
    private const string Prefix = "Microsoft.Security/secureScores";

    /// <summary>Whether a type is one of ours: results, not resources that are to be judged.</summary>
    public static bool IsOfPosture(string type) =>
        AssessmentRows.Type.Equals(type, StringComparison.OrdinalIgnoreCase) || type.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    public static IEnumerable<Resource> Write(ScopeScore score, CloudEnvironment environment, string accountId)
    {
        var id = score.Scope.Append("providers/Microsoft.Security/secureScores/ascScore");
        yield return Row(id, "ascScore", Prefix, environment, accountId, writer =>
        {
            writer.WriteString("displayName", "ASC score");
            writer.WriteString("environment", environment.ToString());
            writer.WriteNumber("weight", score.Weight);
            WriteScore(writer, score.Max, score.Current);
        });
        foreach (var control in score.Controls)
        {
            yield return Row(id.Append("secureScoreControls/" + control.Control.Id), control.Control.Id, Prefix + "/secureScoreControls", environment, accountId, writer =>
            {
                writer.WriteString("displayName", control.Control.DisplayName);
                writer.WriteNumber("weight", control.Weight);
                writer.WriteNumber("healthyResourceCount", control.Healthy);
                writer.WriteNumber("unhealthyResourceCount", control.Unhealthy);
                writer.WriteNumber("notApplicableResourceCount", control.NotApplicable);
                WriteScore(writer, control.Max, control.Current);
                WriteDefinition(writer, control.Control);
            });
        }
    }

    private static void WriteScore(Utf8JsonWriter writer, double max, double current)
    {
        writer.WriteStartObject("score");
        writer.WriteNumber("max", max);
        writer.WriteNumber("current", Math.Round(current, 2));
        writer.WriteNumber("percentage", max == 0 ? 0 : Math.Round(current / max, 4));
        writer.WriteEndObject();
    }

    /// <summary>Public queries join controls to recommendations through this list.</summary>
    private static void WriteDefinition(Utf8JsonWriter writer, Control control)
    {
        writer.WriteStartObject("definition");
        writer.WriteString("id", $"/providers/Microsoft.Security/secureScoreControlDefinitions/{control.Id}");
        writer.WriteString("name", control.Id);
        writer.WriteStartObject("properties");
        writer.WriteString("displayName", control.DisplayName);
        writer.WriteNumber("maxScore", control.MaxPoints);
        writer.WriteStartObject("source");
        writer.WriteString("sourceType", "BuiltIn");
        writer.WriteEndObject();
        writer.WriteStartArray("assessmentDefinitions");
        foreach (var key in control.AssessmentKeys.Order(StringComparer.Ordinal))
        {
            writer.WriteStartObject();
            writer.WriteString("id", $"/providers/Microsoft.Security/assessmentMetadata/{key}");
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static Resource Row(ResourceId id, string name, string type, CloudEnvironment environment, string accountId, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("id", id.Text);
            writer.WriteString("name", name);
            writer.WriteString("type", type.ToLowerInvariant());
            writer.WriteStartObject("properties");
            write(writer);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return new Resource(id, name, type, "", environment, accountId, document.RootElement.Clone());
    }
}
