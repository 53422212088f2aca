using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using Bartizan.Wire.Arm;

namespace Bartizan.Portal.Detection;

/// <summary>A rule while it is edited. What the form has no field for is kept as the API gave it.</summary>
internal sealed class RuleDraft
{
    private readonly JsonObject rest;

    public RuleDraft()
        : this("Scheduled", [])
    {
    }

    private RuleDraft(string kind, JsonObject properties)
    {
        Kind = kind;
        rest = properties;
        Name = Text(rest, "displayName");
        Description = Text(rest, "description");
        Severity = Text(rest, "severity", "Medium");
        IsEnabled = Flag(rest, "enabled", true);
        Query = Text(rest, "query");
        Frequency = Text(rest, "queryFrequency", "PT5M");
        Period = Text(rest, "queryPeriod", "PT1H");
        Operator = Text(rest, "triggerOperator", "GreaterThan");
        Threshold = rest["triggerThreshold"]?.GetValue<int>() ?? 0;
        IsSuppressed = Flag(rest, "suppressionEnabled", false);
        SuppressedFor = Text(rest, "suppressionDuration", "PT5H");
        Tactics = [.. Texts(rest, "tactics")];
        var subs = Texts(rest, "subTechniques").ToList();
        Techniques = string.Join(", ", Texts(rest, "techniques").Where(t => !subs.Any(s => s.StartsWith(t + ".", StringComparison.Ordinal))).Concat(subs));
        Grouping = Text(rest["eventGroupingSettings"] as JsonObject, "aggregationKind", "SingleAlert");
        foreach (var mapping in (rest["entityMappings"] as JsonArray ?? []).OfType<JsonObject>())
        {
            var entity = new EntityRow { Kind = Text(mapping, "entityType", "Account") };
            entity.Fields.Clear();
            entity.Fields.AddRange((mapping["fieldMappings"] as JsonArray ?? []).OfType<JsonObject>().Select(f => new FieldRow { Identifier = Text(f, "identifier"), Column = Text(f, "columnName") }));
            Entities.Add(entity);
        }

        Details.AddRange((rest["customDetails"] as JsonObject ?? []).Select(d => new FieldRow { Identifier = d.Key, Column = d.Value?.ToString() ?? "" }));
        var formats = rest["alertDetailsOverride"] as JsonObject;
        NameFormat = Text(formats, "alertDisplayNameFormat");
        DescriptionFormat = Text(formats, "alertDescriptionFormat");
        var incidents = rest["incidentConfiguration"] as JsonObject;
        MakesIncidents = Flag(incidents, "createIncident", true);
        var groups = incidents?["groupingConfiguration"] as JsonObject;
        IsGrouped = Flag(groups, "enabled", false);
        Reopens = Flag(groups, "reopenClosedIncident", false);
        GroupedFor = Text(groups, "lookbackDuration", "PT5H");
        GroupedBy = Text(groups, "matchingMethod", "AllEntities");
        GroupEntities = [.. Texts(groups, "groupByEntities")];
    }

    public string Kind { get; set; }

    public string Name { get; set; }

    public string Description { get; set; }

    public string Severity { get; set; }

    public bool IsEnabled { get; set; }

    public string Query { get; set; }

    /// <summary>ISO 8601, as the other spans here.</summary>
    public string Frequency { get; set; }

    public string Period { get; set; }

    public string Operator { get; set; }

    public int Threshold { get; set; }

    public bool IsSuppressed { get; set; }

    public string SuppressedFor { get; set; }

    public HashSet<string> Tactics { get; }

    public string Techniques { get; set; }

    /// <summary>SingleAlert or AlertPerResult.</summary>
    public string Grouping { get; set; }

    public List<EntityRow> Entities { get; } = [];

    public List<FieldRow> Details { get; } = [];

    public string NameFormat { get; set; }

    public string DescriptionFormat { get; set; }

    public bool MakesIncidents { get; set; }

    public bool IsGrouped { get; set; }

    public bool Reopens { get; set; }

    public string GroupedFor { get; set; }

    public string GroupedBy { get; set; }

    public HashSet<string> GroupEntities { get; }

    public static RuleDraft Of(ArmResource<JsonElement> rule, bool isCopy)
    {
        var properties = JsonNode.Parse(rule.Properties.GetRawText())!.AsObject();
        properties.Remove("health");
        properties.Remove("lastModifiedUtc");
        if (isCopy)
        {
            properties.Remove("alertRuleTemplateName");
            properties.Remove("templateVersion");
            properties["displayName"] = $"{Text(properties, "displayName")} (copy)";
            properties["enabled"] = false;
        }

        return new RuleDraft(rule.Kind ?? "Scheduled", properties);
    }

    public JsonElement Properties()
    {
        var p = rest.DeepClone().AsObject();
        p["displayName"] = Name.Trim();
        p["description"] = Description.Trim();
        p["severity"] = Severity;
        p["enabled"] = IsEnabled;
        p["query"] = Query;
        var names = Kind == "Scheduled" ? (string[])["queryFrequency", "queryPeriod", "triggerOperator", "triggerThreshold"] : [];
        foreach (var name in names)
        {
            p[name] = name switch { "queryFrequency" => Frequency, "queryPeriod" => Period, "triggerOperator" => Operator, _ => Threshold };
        }

        p["suppressionEnabled"] = IsSuppressed;
        p["suppressionDuration"] = SuppressedFor;
        p["tactics"] = Array(Tactics);
        var techniques = Techniques.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        p["techniques"] = Array(techniques.Select(t => t.Split('.')[0]).Distinct());
        p["subTechniques"] = Array(techniques.Where(t => t.Contains('.', StringComparison.Ordinal)));
        p["eventGroupingSettings"] = new JsonObject { ["aggregationKind"] = Grouping };
        p["entityMappings"] = new JsonArray(
            [.. Entities.Where(e => e.Fields.Any(f => f.IsWhole)).Select(e => new JsonObject
            {
                ["entityType"] = e.Kind,
                ["fieldMappings"] = new JsonArray([.. e.Fields.Where(f => f.IsWhole).Select(f => new JsonObject { ["identifier"] = f.Identifier, ["columnName"] = f.Column.Trim() })]),
            })]);
        var details = new JsonObject();
        foreach (var row in Details.Where(d => d.IsWhole))
        {
            details[row.Identifier.Trim()] = row.Column.Trim();
        }

        p["customDetails"] = details;
        var formats = (p["alertDetailsOverride"] as JsonObject)?.DeepClone().AsObject() ?? [];
        formats["alertDisplayNameFormat"] = NameFormat.Trim().Length == 0 ? null : NameFormat.Trim();
        formats["alertDescriptionFormat"] = DescriptionFormat.Trim().Length == 0 ? null : DescriptionFormat.Trim();
        p["alertDetailsOverride"] = formats;
        var incidents = (p["incidentConfiguration"] as JsonObject)?.DeepClone().AsObject() ?? [];
        incidents["createIncident"] = MakesIncidents;
        var groups = (incidents["groupingConfiguration"] as JsonObject)?.DeepClone().AsObject() ?? [];
        groups["enabled"] = IsGrouped;
        groups["reopenClosedIncident"] = Reopens;
        groups["lookbackDuration"] = GroupedFor;
        groups["matchingMethod"] = GroupedBy;
        groups["groupByEntities"] = Array(GroupEntities);
        incidents["groupingConfiguration"] = groups;
        p["incidentConfiguration"] = incidents;
        return JsonSerializer.SerializeToElement(p);
    }

    public static TimeSpan Span(string duration) => XmlConvert.ToTimeSpan(duration);

    private static JsonArray Array(IEnumerable<string> values) => new([.. values.Select(v => JsonValue.Create(v))]);

    private static string Text(JsonObject? map, string name, string none = "") => map?[name] is JsonValue value && value.TryGetValue(out string? text) ? text : none;

    private static bool Flag(JsonObject? map, string name, bool none) => map?[name] is JsonValue value && value.TryGetValue(out bool flag) ? flag : none;

    private static IEnumerable<string> Texts(JsonObject? map, string name) => (map?[name] as JsonArray ?? []).Select(v => v?.ToString() ?? "").Where(v => v.Length > 0);

    /// <summary>One entity of the form: up to three identifiers.</summary>
    internal sealed class EntityRow
    {
        public string Kind { get; set; } = "Account";

        public List<FieldRow> Fields { get; } = [new()];
    }

    /// <summary>A name, and the column that its value comes from.</summary>
    internal sealed class FieldRow
    {
        public string Identifier { get; set; } = "";

        public string Column { get; set; } = "";

        public bool IsWhole => Identifier.Trim().Length > 0 && Column.Trim().Length > 0;
    }
}
