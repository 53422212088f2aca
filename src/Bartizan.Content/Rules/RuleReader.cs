using System.Security.Cryptography;
using System.Text;
using Bartizan.Content.Documents;

namespace Bartizan.Content.Rules;

/// <summary>One rule from its mapping, in the words of the YAML files or of the API.</summary>
internal sealed class RuleReader(SourceReading reading)
{
    private static readonly TimeSpan shortest = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan longest = TimeSpan.FromDays(14);

    public RuleDefinition? Read(SourceMap outer)
    {
        var errorsBefore = reading.Diagnostics.Count(d => d.IsError);

        // The API and ARM exports wrap the rule: kind and id outside, the rest under "properties".
        var map = outer["properties"] as SourceMap ?? outer;
        var kind = Kind(outer, map);
        if (kind is null)
        {
            return null;
        }

        var name = reading.RequiredText(map, "name", "displayName")?.Trim() ?? "";
        var rule = new RuleDefinition
        {
            Id = Id(outer, name),
            Name = name,
            Kind = kind.Value,
            Description = Unquote(reading.Text(map, "description") ?? ""),
            IsEnabled = reading.Boolean(map, "enabled") ?? true,
            Severity = reading.Choice(map, "severity", RuleWords.Severities) ?? AlertSeverity.Medium,
            Tactics = Tactics(map),
            Techniques = Techniques(map),
            Version = reading.Text(map, "version") ?? reading.Text(map, "templateVersion") ?? "1.0.0",
            TemplateId = reading.Text(map, "alertRuleTemplateName"),
            Tags = Tags(map),
            RequiredConnectors = [.. reading.Maps(map, "requiredDataConnectors")
                .Select(c => new RequiredConnector(reading.Text(c, "connectorId") ?? "", reading.Texts(c, "dataTypes")))],
            Incidents = new RuleIncidentReader(reading).Read(map),
            ProductFilter = kind == RuleKind.MicrosoftSecurityIncidentCreation ? ProductFilter(map) : null,
            Tests = new RuleTestReader(reading).Read(map),
        };
        if (kind is RuleKind.Scheduled or RuleKind.NRT)
        {
            rule = WithQuery(rule, map);
        }

        return reading.Diagnostics.Count(d => d.IsError) > errorsBefore ? null : rule;
    }

    private RuleDefinition WithQuery(RuleDefinition rule, SourceMap map)
    {
        var mapping = new RuleMappingReader(reading);
        rule = rule with
        {
            Query = Query(map),
            EntityMappings = mapping.Mappings(map),
            EntityColumns = [.. reading.Maps(map, "sentinelEntitiesMappings").Select(m => reading.Text(m, "columnName") ?? "").Where(c => c.Length > 0)],
            CustomDetails = mapping.CustomDetails(map),
            AlertDetails = mapping.AlertDetails(map),
            EventGrouping = reading.Map(map, "eventGroupingSettings") is { } grouping
                ? reading.Choice(grouping, "aggregationKind", RuleWords.EventGroupings) ?? EventGrouping.SingleAlert
                : EventGrouping.SingleAlert,
            IsSuppressionEnabled = reading.Boolean(map, "suppressionEnabled") ?? false,
            SuppressionDuration = reading.Duration(map, "suppressionDuration") ?? TimeSpan.FromHours(5),
        };
        if (rule.IsSuppressionEnabled && rule.SuppressionDuration > TimeSpan.FromHours(24))
        {
            reading.Error("BR010", map["suppressionDuration"]?.Span ?? map.Span, "A rule is suppressed for at most 24 hours.");
        }

        if (rule.Kind == RuleKind.NRT)
        {
            return rule with { QueryFrequency = TimeSpan.FromMinutes(1), QueryPeriod = TimeSpan.FromMinutes(1) };
        }

        rule = rule with
        {
            QueryFrequency = Window(map, "queryFrequency"),
            QueryPeriod = Window(map, "queryPeriod"),
            TriggerOperator = Required(map, "triggerOperator", RuleWords.Operators),
            TriggerThreshold = reading.Integer(map, "triggerThreshold") ?? 0,
        };
        if (rule.QueryFrequency > rule.QueryPeriod && rule.QueryPeriod > TimeSpan.Zero)
        {
            reading.Error("BR011", map["queryFrequency"]!.Span,
                $"The rule runs every {Durations.Write(rule.QueryFrequency)} but looks back only {Durations.Write(rule.QueryPeriod)}: events would never be seen.",
                "Make queryPeriod at least as long as queryFrequency.");
        }

        if (rule.TriggerThreshold < 0)
        {
            reading.Error("BR012", map["triggerThreshold"]!.Span, "'triggerThreshold' cannot be negative.");
        }

        return rule;
    }

    private RuleKind? Kind(SourceMap outer, SourceMap map)
    {
        var holder = outer["kind"] is not null ? outer : map;
        return holder["kind"] is null ? RuleKind.Scheduled : reading.Choice(holder, "kind", RuleWords.Kinds);
    }

    private Guid Id(SourceMap outer, string name)
    {
        var text = reading.Text(outer, "id") ?? (outer["properties"] is SourceMap ? reading.Text(outer, "name") : null);
        foreach (var part in (text ?? "").Split('/', '\'', ',', '(', ')', '[', ']', ' ').Reverse())
        {
            if (Guid.TryParse(part, out var id))
            {
                return id;
            }
        }

        if (text is not null && outer["id"] is { } node)
        {
            reading.Warn("BR013", node.Span, $"'{text}' is no GUID; the rule's id is derived from it.");
        }

        return IdOf(text ?? name);
    }

    /// <summary>The id of a rule whose file gives none: the same name, the same id.</summary>
    internal static Guid IdOf(string name)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes("rule|" + name));
        hash[6] = (byte)((hash[6] & 0x0f) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3f) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true);
    }

    private string Query(SourceMap map)
    {
        var query = reading.RequiredText(map, "query") ?? "";
        var span = map["query"]?.Span ?? map.Span;
        if (query.Length > 10_000)
        {
            reading.Error("BR014", span, $"The query has {query.Length:N0} characters; a rule's query has at most 10,000.");
        }

        var squeezed = string.Join(' ', query.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (squeezed.Contains("search *", StringComparison.OrdinalIgnoreCase) || squeezed.Contains("union *", StringComparison.OrdinalIgnoreCase))
        {
            reading.Error("BR015", span, "A rule may not read every table ('search *', 'union *').", "Name the tables.");
        }

        return query.Trim();
    }

    private TimeSpan Window(SourceMap map, string key)
    {
        if (reading.Duration(map, key) is not { } value)
        {
            if (map[key] is null)
            {
                reading.RequiredText(map, key);
            }

            return TimeSpan.Zero;
        }

        if (value < shortest || value > longest)
        {
            reading.Error("BR016", map[key]!.Span, $"'{key}' is {Durations.Write(value)}; it must lie between 5m and 14d.");
        }

        return value;
    }

    private TriggerOperator Required(SourceMap map, string key, IReadOnlyDictionary<string, TriggerOperator> words)
    {
        if (map[key] is null)
        {
            reading.RequiredText(map, key);
        }

        return reading.Choice(map, key, words) ?? TriggerOperator.GreaterThan;
    }

    private List<string> Tactics(SourceMap map)
    {
        var tactics = new List<string>();
        foreach (var item in reading.Scalars(map, "tactics"))
        {
            if (AttackTactics.Normalize(item.Text) is not { } tactic)
            {
                reading.Warn("BR017", item.Span, $"'{item.Text}' is no ATT&CK tactic; it is left out.", $"Tactics are {string.Join(", ", AttackTactics.All)}.");
            }
            else if (!tactics.Contains(tactic))
            {
                tactics.Add(tactic);
            }
        }

        return tactics;
    }

    private List<string> Techniques(SourceMap map)
    {
        var techniques = new List<string>();
        foreach (var item in reading.Scalars(map, "relevantTechniques")
            .Concat(reading.Scalars(map, "techniques")).Concat(reading.Scalars(map, "subTechniques")))
        {
            var technique = item.Text.Trim().ToUpperInvariant();
            if (!AttackTactics.IsTechnique(technique))
            {
                reading.Warn("BR018", item.Span, $"'{item.Text}' is no technique id; it is left out.", "Ids look like T1059 or T1059.001.");
            }
            else if (!techniques.Contains(technique))
            {
                techniques.Add(technique);
            }
        }

        return techniques;
    }

    private List<string> Tags(SourceMap map) =>
        [.. reading.List(map, "tags").Select(t => t is SourceScalar s ? s.Text : t is SourceMap { Entries: [var only, ..] } ? $"{only.Key}: {(only.Value as SourceScalar)?.Text}" : "")
            .Where(t => t.Length > 0)];

    private ProductAlertFilter ProductFilter(SourceMap map) => new(
        reading.RequiredText(map, "productFilter") ?? "",
        [.. reading.Scalars(map, "severitiesFilter").Select(s => RuleWords.Severities.TryGetValue(s.Text, out var severity) ? severity : AlertSeverity.Medium)],
        reading.Texts(map, "displayNamesFilter"),
        reading.Texts(map, "displayNamesExcludeFilter"));

    /// <summary>Descriptions in block scalars are often wrapped in quotes once more.</summary>
    private static string Unquote(string text)
    {
        text = text.Trim();
        return text.Length >= 2 && text[0] == text[^1] && text[0] is '\'' or '"' ? text[1..^1].Trim() : text;
    }
}
