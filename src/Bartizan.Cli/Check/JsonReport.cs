using System.Text.Json;

namespace Bartizan.Cli.Check;

/// <summary>Everything a run has to say, for programs.</summary>
internal static class JsonReport
{
    public static string Write(CheckResult result) => ReportWriter.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("findings");
        foreach (var finding in result.Findings)
        {
            Write(writer, finding);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("notJudged");
        foreach (var part in result.LeftOut)
        {
            writer.WriteStartObject();
            writer.WriteString("file", part.File);
            writer.WriteNumber("line", part.Line);
            writer.WriteString("resource", part.Address);
            writer.WriteString("reason", part.Reason);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("unreadable");
        result.Unreadable.ToList().ForEach(writer.WriteStringValue);
        writer.WriteEndArray();
        writer.WriteStartObject("summary");
        writer.WriteNumber("files", result.Files.Count);
        writer.WriteNumber("resources", result.Files.Sum(f => f.Resources.Count));
        foreach (var state in Enum.GetValues<FindingState>())
        {
            writer.WriteNumber(state.ToString().ToLowerInvariant(), result.Findings.Count(f => f.State == state));
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter writer, Finding finding)
    {
        writer.WriteStartObject();
        writer.WriteString("state", finding.State.ToString());
        writer.WriteString("check", finding.Rule.Id);
        writer.WriteString("title", finding.Rule.Title);
        writer.WriteString("severity", finding.Rule.Severity);
        writer.WriteString("effect", finding.Effect);
        writer.WriteString("file", finding.Resource.File);
        writer.WriteNumber("line", finding.Resource.Line);
        writer.WriteNumber("column", finding.Resource.Column);
        writer.WriteString("resource", finding.Resource.Address);
        writer.WriteString("type", finding.Resource.Resource.Type);
        writer.WriteString("reason", finding.Reason);
        writer.WriteEndObject();
    }
}
