using System.Buffers;
using System.Text;
using System.Text.Json;
using Bartizan.Policy.Evaluation;
using Bartizan.Policy.Values;

namespace Bartizan.Posture.Evaluation;

/// <summary>What decided a verdict, as JSON that is kept with the assessment; escaped as the store does, so that it reads back the same.</summary>
internal static class EvidenceText
{
    /// <summary>Evidence is for people; what was read may be a whole resource.</summary>
    private const int MaxValue = 400;

    private const int MaxClauses = 20;

    public static string Write(string effect, string reference, string assignmentId, Verdict verdict)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("assignmentId", assignmentId);
            writer.WriteString("referenceId", reference);
            writer.WriteString("effect", effect);
            writer.WriteBoolean("matched", verdict.Matched);
            if (verdict.ExistenceMet is { } met)
            {
                writer.WriteBoolean("relatedFound", met);
            }

            writer.WriteStartArray("clauses");
            foreach (var clause in verdict.Decisive().Take(MaxClauses))
            {
                writer.WriteStartObject();
                writer.WriteString("path", clause.Path);
                writer.WriteString("clause", clause.Text);
                writer.WriteBoolean("holds", clause.Holds ?? false);
                writer.WriteString("read", Short(clause.Actual));
                writer.WriteString("compared", Short(clause.Expected));
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteStartArray("related");
            foreach (var id in verdict.RelatedIds.Take(MaxClauses))
            {
                writer.WriteStringValue(id);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static string? Short(PolicyValue? value)
    {
        if (value is null || value.IsUndefined)
        {
            return null;
        }

        var text = value.AsText ?? PolicyJson.Write(value);
        return text.Length <= MaxValue ? text : text[..MaxValue] + "…";
    }
}
