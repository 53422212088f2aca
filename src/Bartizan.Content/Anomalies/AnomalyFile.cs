using System.Globalization;
using Bartizan.Content.Documents;
using Bartizan.Content.Rules;
using Bartizan.Foundation.Outcomes;

namespace Bartizan.Content.Anomalies;

/// <summary>The anomaly that one file under <c>content/anomalies</c> describes, and what is wrong with it.</summary>
public sealed record AnomalyFile(string File, AnomalyDefinition? Anomaly, IReadOnlyList<FileDiagnostic> Diagnostics)
{
    public static AnomalyFile Read(string file, string text)
    {
        var reading = new SourceReading(SourceDocument.Read(file, text));
        if (reading.Root() is not { } map)
        {
            return new AnomalyFile(file, null, reading.Diagnostics);
        }

        var id = Guid.Empty;
        if (reading.RequiredText(map, "id") is { } idText && !Guid.TryParse(idText, out id))
        {
            reading.Error("BA001", map["id"]!.Span, $"'id' must be a GUID, found '{idText}'.");
        }

        foreach (var tactic in reading.Scalars(map, "tactics").Where(t => AttackTactics.Normalize(t.Text) is null))
        {
            reading.Error("BA002", tactic.Span, $"'{tactic.Text}' is no tactic.");
        }

        var anomaly = new AnomalyDefinition
        {
            Id = id,
            Name = reading.RequiredText(map, "name") ?? "",
            Description = reading.Text(map, "description")?.Trim() ?? "",
            Version = reading.Text(map, "version") ?? "1.0.0",
            Tactics = [.. reading.Texts(map, "tactics").Select(AttackTactics.Normalize).OfType<string>()],
            Techniques = reading.Texts(map, "techniques"),
            DataSources = reading.Texts(map, "dataSources"),
            Frequency = reading.Duration(map, "frequency") ?? TimeSpan.FromDays(1),
            Period = reading.Duration(map, "period") ?? TimeSpan.FromDays(14),
            Parameters = [.. reading.Maps(map, "parameters").Select(p => Parameter(reading, p)).OfType<AnomalyParameter>()],
            Query = reading.RequiredText(map, "query")?.Trim() ?? "",
            EntityMappings = new RuleMappingReader(reading).Mappings(map),
            Tests = new RuleTestReader(reading).Read(map),
        };
        if (anomaly.Period < anomaly.Frequency || anomaly.Frequency < TimeSpan.FromMinutes(5))
        {
            reading.Error("BA003", map.Span, "The period is at least as long as the frequency, and that at least 5 minutes.");
        }

        return new AnomalyFile(file, reading.HasErrors ? null : anomaly, reading.Diagnostics);
    }

    /// <summary>Every anomaly file below a folder, in the order of their paths.</summary>
    public static IEnumerable<AnomalyFile> ReadFolder(string folder) =>
        !Directory.Exists(folder) ? [] : Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(f => Path.GetExtension(f).ToLowerInvariant() is ".yaml" or ".yml")
            .Order(StringComparer.Ordinal)
            .Select(f => Read(Path.GetRelativePath(folder, f), System.IO.File.ReadAllText(f)));

    private static AnomalyParameter? Parameter(SourceReading reading, SourceMap map)
    {
        var name = reading.RequiredText(map, "name") ?? "";
        if (name.Length == 0 || !name.All(char.IsAsciiLetterOrDigit))
        {
            reading.Error("BA004", map.Span, "A parameter's name has letters and digits.");
            return null;
        }

        if (Number("value") is not { } value || Number("least") is not { } least || Number("most") is not { } most || value < least || value > most)
        {
            reading.Error("BA004", map.Span, $"The parameter '{name}' needs a value between its least and its most.");
            return null;
        }

        return new AnomalyParameter(name, reading.Text(map, "description") ?? "", value, least, most);

        double? Number(string key) => double.TryParse(reading.Text(map, key), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
    }
}
