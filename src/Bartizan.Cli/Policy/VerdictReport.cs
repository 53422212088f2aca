using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Bartizan.Policy.Effects;
using Bartizan.Policy.Evaluation;
using Bartizan.Policy.Expressions;
using Bartizan.Policy.Values;

namespace Bartizan.Cli.Policy;

/// <summary>A verdict for people, as indented lines, and for scripts, as JSON.</summary>
internal static class VerdictReport
{
    private const int LongestValue = 120;

    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 2_000 };

    public static string ToText(Verdict verdict)
    {
        var text = new StringBuilder();
        Line(text, "Verdict", verdict.State.ToString());
        Line(text, "Effect", verdict.Effect);
        Line(text, "Matched", verdict.Matched ? "yes" : "no");
        if (verdict.ExistenceMet is { } isMet)
        {
            Line(text, "Related", isMet ? "one that will do exists" : "none that will do");
        }

        if (verdict.Error is { } error)
        {
            Line(text, "Error", error);
        }

        foreach (var change in verdict.Changes)
        {
            Line(text, "Change", $"{change.Operation} {change.Field}{(change.Value.IsUndefined ? "" : " = " + Short(change.Value))}{(change.Applies ? "" : " (its condition does not hold)")}");
        }

        if (verdict.Evidence.Count > 0)
        {
            text.AppendLine().AppendLine("Evidence");
            foreach (var clause in verdict.Evidence)
            {
                Write(text, clause, 1);
            }
        }

        return text.ToString();
    }

    public static string ToJson(Verdict verdict)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Indented))
        {
            writer.WriteStartObject();
            writer.WriteString("verdict", verdict.State.ToString());
            writer.WriteBoolean("matched", verdict.Matched);
            writer.WriteString("effect", verdict.Effect);
            writer.WritePropertyName("existenceMet");
            PolicyJson.Write(writer, verdict.ExistenceMet is { } isMet ? PolicyValue.Of(isMet) : PolicyValue.Null);
            writer.WritePropertyName("details");
            PolicyJson.Write(writer, verdict.Details ?? PolicyValue.Null);
            WriteChanges(writer, verdict.Changes);
            writer.WriteStartArray("related");
            foreach (var id in verdict.RelatedIds)
            {
                writer.WriteStringValue(id);
            }

            writer.WriteEndArray();
            writer.WriteString("error", verdict.Error);
            WriteClauses(writer, "evidence", verdict.Evidence);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + Environment.NewLine;
    }

    private static void Line(StringBuilder text, string label, string value) => text.Append(label.PadRight(9)).AppendLine(value);

    private static void Write(StringBuilder text, ClauseEvidence clause, int depth)
    {
        text.Append(' ', depth * 2).Append(clause.Holds switch { true => "[true]  ", false => "[false] ", null => "[-]     " }).Append(clause.Text);
        if (clause.Expected is { } expected)
        {
            text.Append(' ').Append(Short(expected));
        }

        if (clause.Actual is { } actual)
        {
            text.Append("   read ").Append(actual.IsUndefined ? "nothing" : Short(actual));
        }

        text.AppendLine();
        foreach (var inner in clause.Clauses)
        {
            Write(text, inner, depth + 1);
        }
    }

    private static string Short(PolicyValue value)
    {
        var text = value.IsUndefined ? "nothing" : value.ToString();
        return text.Length <= LongestValue ? text : text[..LongestValue] + "…";
    }

    private static void WriteChanges(Utf8JsonWriter writer, IReadOnlyList<FieldChange> changes)
    {
        writer.WriteStartArray("changes");
        foreach (var change in changes)
        {
            writer.WriteStartObject();
            writer.WriteString("operation", change.Operation);
            writer.WriteString("field", change.Field);
            writer.WritePropertyName("value");
            PolicyJson.Write(writer, change.Value);
            writer.WriteBoolean("applies", change.Applies);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteClauses(Utf8JsonWriter writer, string name, IReadOnlyList<ClauseEvidence> clauses)
    {
        writer.WriteStartArray(name);
        foreach (var clause in clauses)
        {
            writer.WriteStartObject();
            writer.WriteString("path", clause.Path);
            writer.WriteString("clause", clause.Text);
            writer.WritePropertyName("holds");
            PolicyJson.Write(writer, clause.Holds is { } holds ? PolicyValue.Of(holds) : PolicyValue.Null);
            if (clause.Actual is { } actual)
            {
                writer.WritePropertyName("actual");
                PolicyJson.Write(writer, actual);
                writer.WritePropertyName("expected");
                PolicyJson.Write(writer, clause.Expected ?? PolicyValue.Null);
            }

            if (clause.Clauses.Count > 0)
            {
                WriteClauses(writer, "clauses", clause.Clauses);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
