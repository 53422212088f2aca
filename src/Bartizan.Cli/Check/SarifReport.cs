using System.Text.Json;

namespace Bartizan.Cli.Check;

/// <summary>Findings in SARIF 2.1.0, for code hosts and editors: failures as results, what is not known as results to look at.</summary>
internal static class SarifReport
{
    private const string Schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

    public static string Write(CheckResult result) => ReportWriter.Write(writer =>
    {
        var shown = result.Findings.Where(f => f.State != FindingState.Passed).ToList();
        var rules = shown.Select(f => f.Rule).Distinct().OrderBy(r => r.Id, StringComparer.Ordinal).ToList();
        var index = rules.Select((r, i) => (r, i)).ToDictionary(p => p.r, p => p.i);
        writer.WriteStartObject();
        writer.WriteString("$schema", Schema);
        writer.WriteString("version", "2.1.0");
        writer.WriteStartArray("runs");
        writer.WriteStartObject();
        writer.WriteStartObject("tool");
        writer.WriteStartObject("driver");
        writer.WriteString("name", "Bartizan");
        writer.WriteString("semanticVersion", typeof(SarifReport).Assembly.GetName().Version is { } v ? $"{v.Major}.{v.Minor}.{v.Build}" : "0.0.0");
        writer.WriteStartArray("rules");
        rules.ForEach(r => Rule(writer, r));
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteStartArray("invocations");
        writer.WriteStartObject();
        writer.WriteBoolean("executionSuccessful", result.Unreadable.Count == 0);
        writer.WriteStartArray("toolExecutionNotifications");
        result.Unreadable.ToList().ForEach(u => Notification(writer, "error", u, null));
        result.LeftOut.ToList().ForEach(l => Notification(writer, "note", $"{l.Address} is not judged: {l.Reason}.", l));
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteString("columnKind", "utf16CodeUnits");
        writer.WriteStartArray("results");
        shown.ForEach(f => Result(writer, f, index[f.Rule]));
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private static void Rule(Utf8JsonWriter writer, InitiativeRule rule)
    {
        writer.WriteStartObject();
        writer.WriteString("id", rule.Id);
        Text(writer, "shortDescription", rule.Title);
        Text(writer, "fullDescription", rule.Description.Length > 0 ? rule.Description : rule.Title);
        Text(writer, "help", rule.Remediation.Count > 0 ? string.Join(" ", rule.Remediation) : rule.Title);
        writer.WriteStartObject("defaultConfiguration");
        writer.WriteString("level", Level(rule.Severity));
        writer.WriteEndObject();
        writer.WriteStartObject("properties");
        writer.WriteStartArray("tags");
        foreach (var tag in rule.Tags.Append("security").Distinct(StringComparer.Ordinal))
        {
            writer.WriteStringValue(tag);
        }

        writer.WriteEndArray();
        writer.WriteString("security-severity", rule.Severity switch { "High" => "8.0", "Low" => "3.0", _ => "5.5" });
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void Result(Utf8JsonWriter writer, Finding finding, int index)
    {
        var isOpen = finding.State == FindingState.Unknown;
        writer.WriteStartObject();
        writer.WriteString("ruleId", finding.Rule.Id);
        writer.WriteNumber("ruleIndex", index);
        writer.WriteString("kind", isOpen ? "review" : "fail");
        writer.WriteString("level", isOpen ? "none" : finding.IsDenied ? "error" : Level(finding.Rule.Severity));
        Text(writer, "message", $"{finding.Rule.Title}: {finding.Resource.Address}{(finding.Reason.Length > 0 ? ": " + finding.Reason : "")}.");
        writer.WriteStartArray("locations");
        writer.WriteStartObject();
        Place(writer, finding.Resource.File, finding.Resource.Line, finding.Resource.Column);
        writer.WriteStartArray("logicalLocations");
        writer.WriteStartObject();
        writer.WriteString("fullyQualifiedName", finding.Resource.Address);
        writer.WriteString("kind", "resource");
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteStartObject("partialFingerprints");
        writer.WriteString("resourceAndRule/v1", $"{finding.Resource.Address}|{finding.Rule.Id}");
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void Notification(Utf8JsonWriter writer, string level, string message, LeftOut? part)
    {
        writer.WriteStartObject();
        writer.WriteString("level", level);
        Text(writer, "message", message);
        if (part is not null)
        {
            writer.WriteStartArray("locations");
            writer.WriteStartObject();
            Place(writer, part.File, part.Line, 1);
            writer.WriteEndObject();
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void Place(Utf8JsonWriter writer, string file, int line, int column)
    {
        writer.WriteStartObject("physicalLocation");
        writer.WriteStartObject("artifactLocation");
        writer.WriteString("uri", Uri(file));
        writer.WriteEndObject();
        writer.WriteStartObject("region");
        writer.WriteNumber("startLine", line);
        writer.WriteNumber("startColumn", column);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>A relative reference, or a file URI for an absolute path.</summary>
    private static string Uri(string file) => Path.IsPathRooted(file)
        ? new Uri(file).AbsoluteUri
        : string.Join('/', file.Replace('\\', '/').Split('/').Where(s => s != ".").Select(System.Uri.EscapeDataString));

    private static string Level(string severity) => severity switch { "High" => "error", "Low" => "note", _ => "warning" };

    private static void Text(Utf8JsonWriter writer, string name, string text)
    {
        writer.WriteStartObject(name);
        writer.WriteString("text", text);
        writer.WriteEndObject();
    }
}
