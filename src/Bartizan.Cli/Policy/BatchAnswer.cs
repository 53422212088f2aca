using System.Text.Json;
using Bartizan.Policy.Evaluation;
using Bartizan.Policy.Values;

namespace Bartizan.Cli.Policy;

/// <summary>One line of a batch's output.</summary>
internal abstract record BatchAnswer(PolicyValue Id)
{
    public static BatchAnswer Refused(PolicyValue id, string stage, string message) => new BatchRefusal(id, stage, message);

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("id");
        PolicyJson.Write(writer, Id);
        WriteMembers(writer);
        writer.WriteEndObject();
    }

    protected abstract void WriteMembers(Utf8JsonWriter writer);
}

/// <summary>A line that could not be answered, and at which stage it failed: parse, compile or evaluate.</summary>
internal sealed record BatchRefusal(PolicyValue Id, string Stage, string Message) : BatchAnswer(Id)
{
    protected override void WriteMembers(Utf8JsonWriter writer)
    {
        writer.WriteBoolean("matched", false);
        writer.WriteNull("effect");
        writer.WriteNull("existenceMet");
        writer.WriteNull("details");
        writer.WriteStartObject("error");
        writer.WriteString("stage", Stage);
        writer.WriteString("message", Message);
        writer.WriteEndObject();
    }
}

/// <summary>What a definition says of a resource.</summary>
internal sealed record BatchVerdict(PolicyValue Id, Verdict Verdict) : BatchAnswer(Id)
{
    protected override void WriteMembers(Utf8JsonWriter writer)
    {
        writer.WriteBoolean("matched", Verdict.Matched);
        writer.WriteString("effect", Verdict.Effect);
        if (Verdict.ExistenceMet is { } isMet)
        {
            writer.WriteBoolean("existenceMet", isMet);
        }
        else
        {
            writer.WriteNull("existenceMet");
        }

        writer.WritePropertyName("details");
        PolicyJson.Write(writer, Verdict.Details ?? PolicyValue.Null);
        writer.WriteNull("error");
    }
}

/// <summary>What a template function gave.</summary>
internal sealed record BatchValue(PolicyValue Id, PolicyValue Value) : BatchAnswer(Id)
{
    protected override void WriteMembers(Utf8JsonWriter writer)
    {
        if (Value.IsUndefined)
        {
            writer.WriteBoolean("undefined", true);
            return;
        }

        writer.WritePropertyName("value");
        PolicyJson.Write(writer, Value);
    }
}
