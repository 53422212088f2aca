using Bartizan.Content.Documents;

namespace Bartizan.Content.Rules;

/// <summary>A Sigma rule as a rule of this product. What cannot be said in a query is refused by name; nothing is left out silently.</summary>
internal sealed class SigmaReader(SourceReading reading)
{
    private static readonly TimeSpan hour = TimeSpan.FromHours(1);

    private static readonly IReadOnlyDictionary<string, AlertSeverity> levels = new Dictionary<string, AlertSeverity>(StringComparer.OrdinalIgnoreCase)
    {
        ["informational"] = AlertSeverity.Informational,
        ["low"] = AlertSeverity.Low,
        ["medium"] = AlertSeverity.Medium,
        ["high"] = AlertSeverity.High,
        ["critical"] = AlertSeverity.High,
    };

    public static bool IsSigma(SourceMap map) => map["detection"] is SourceMap && map["query"] is null && map["properties"] is null;

    public RuleDefinition? Read(SourceMap map)
    {
        var errorsBefore = reading.Diagnostics.Count(d => d.IsError);
        var name = reading.RequiredText(map, "title")?.Trim() ?? "";
        var detection = (SourceMap)map["detection"]!;
        if (map["logsource"] is not SourceMap log)
        {
            reading.Error("BR050", map.Span, "A Sigma rule names its logsource.");
            return null;
        }

        string Word(string key) => (reading.Text(log, key) ?? "").Trim().ToLowerInvariant();
        if (SigmaSource.Find(Word("product"), Word("category"), Word("service")) is not { } source)
        {
            reading.Error("BR051", log.Span, $"No table holds the events of the log source '{string.Join('/', new[] { Word("product"), Word("category"), Word("service") }.Where(w => w.Length > 0))}'.");
            return null;
        }

        var frame = detection["timeframe"] is null ? (TimeSpan?)null : Frame(detection);
        var query = new SigmaQuery(reading, source).Write(detection, frame);
        if (reading.Diagnostics.Count(d => d.IsError) > errorsBefore)
        {
            return null;
        }

        if (query.Length > 10_000)
        {
            reading.Error("BR014", detection.Span, $"The query made of it has {query.Length:N0} characters; a rule's query has at most 10,000.");
            return null;
        }

        var tags = reading.Texts(map, "tags").Where(t => t.StartsWith("attack.", StringComparison.OrdinalIgnoreCase)).Select(t => t["attack.".Length..]).ToList();
        var period = frame > hour ? frame.Value : hour;
        return new RuleDefinition
        {
            Id = Guid.TryParse(reading.Text(map, "id"), out var id) ? id : RuleReader.IdOf(name),
            Name = name,
            Kind = RuleKind.Scheduled,
            Description = (reading.Text(map, "description") ?? "").Trim(),
            Severity = reading.Choice(map, "level", levels) ?? AlertSeverity.Medium,
            Tactics = [.. tags.Select(AttackTactics.Normalize).OfType<string>().Distinct()],
            Techniques = [.. tags.Select(t => t.ToUpperInvariant()).Where(AttackTactics.IsTechnique).Distinct()],
            Tags = ["Sigma"],
            Query = query,
            QueryFrequency = hour,
            QueryPeriod = period,
            TriggerOperator = TriggerOperator.GreaterThan,
            RequiredConnectors = [new RequiredConnector("Any", [source.Table])],

            // An aggregation keeps only what it groups by.
            EntityMappings = query.Contains("| summarize ", StringComparison.Ordinal) ? [] : source.Entities,
        };
    }

    private TimeSpan? Frame(SourceMap detection)
    {
        var text = reading.Text(detection, "timeframe") ?? "";
        if (text.Length > 1 && int.TryParse(text[..^1], out var number) && number > 0)
        {
            TimeSpan? frame = text[^1] switch
            {
                's' => TimeSpan.FromSeconds(number),
                'm' => TimeSpan.FromMinutes(number),
                'h' => TimeSpan.FromHours(number),
                'd' => TimeSpan.FromDays(number),
                _ => null,
            };
            if (frame <= TimeSpan.FromDays(14))
            {
                return frame;
            }
        }

        reading.Error("BR052", detection["timeframe"]!.Span, $"'{text}' is no time frame of up to 14 days, such as 5m, 1h or 2d.");
        return null;
    }
}
