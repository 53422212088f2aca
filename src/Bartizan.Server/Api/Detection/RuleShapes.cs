using System.Buffers;
using System.Text.Json;
using System.Xml;
using Bartizan.Content.Rules;
using Bartizan.Detection.Rules;
using Bartizan.Store.Records;
using Bartizan.Wire.Arm;

namespace Bartizan.Server.Api.Detection;

/// <summary>Rules in the shape of <c>alertRules</c>: everything a rule says, with the API's words.</summary>
internal static class RuleShapes
{
    public static ArmResource<JsonElement> Shape(Record<LiveRule> record, RuleState state, long alertsLastDay, Home home)
    {
        var rule = record.Value.Definition;
        return new ArmResource<JsonElement>
        {
            Id = InsightsPath.Id(home, $"alertRules/{rule.Id:D}"),
            Name = rule.Id.ToString("D"),
            Type = "Microsoft.SecurityInsights/alertRules",
            Kind = rule.Kind.ToString(),
            Etag = $"\"{record.ETag}\"",
            Properties = Write(json =>
            {
                WriteProperties(json, rule);
                json.WriteBoolean("enabled", rule.IsEnabled);
                json.WriteString("lastModifiedUtc", record.Value.LastModified.UtcDateTime);
                json.WriteStartObject("health");
                json.WriteString("status", !rule.IsEnabled ? "Disabled" : state.LastRun is null ? "Never" : state.LastRunFailed ? "Failure" : "Success");
                json.WriteString("message", record.Value.DisabledReason ?? state.LastMessage);
                if (state.LastRun is { } last)
                {
                    json.WriteString("lastRun", last.UtcDateTime);
                }

                if (rule.IsEnabled && state.LastSlot is { } slot)
                {
                    json.WriteString("nextRun", (slot + rule.QueryFrequency + Bartizan.Detection.Scheduling.RuleTimetable.DelayOf(rule)).UtcDateTime);
                }

                json.WriteNumber("alertsLastDay", alertsLastDay);
                json.WriteEndObject();
            }),
        };
    }

    public static ArmResource<JsonElement> Template(RuleDefinition rule, Home home) => new()
    {
        Id = InsightsPath.Id(home, $"alertRuleTemplates/{rule.Id:D}"),
        Name = rule.Id.ToString("D"),
        Type = "Microsoft.SecurityInsights/AlertRuleTemplates",
        Kind = rule.Kind.ToString(),
        Properties = Write(json =>
        {
            WriteProperties(json, rule);
            json.WriteString("status", "Installed");
            json.WriteString("version", rule.Version);
            json.WriteStartArray("requiredDataConnectors");
            foreach (var connector in rule.RequiredConnectors)
            {
                json.WriteStartObject();
                json.WriteString("connectorId", connector.ConnectorId);
                Texts(json, "dataTypes", connector.DataTypes);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }),
    };

    private static void WriteProperties(Utf8JsonWriter json, RuleDefinition rule)
    {
        json.WriteString("displayName", rule.Name);
        json.WriteString("description", rule.Description);
        json.WriteString("severity", rule.Severity.ToString());
        json.WriteString("query", rule.Query);
        if (rule.Kind == RuleKind.Scheduled)
        {
            json.WriteString("queryFrequency", XmlConvert.ToString(rule.QueryFrequency));
            json.WriteString("queryPeriod", XmlConvert.ToString(rule.QueryPeriod));
            json.WriteString("triggerOperator", rule.TriggerOperator.ToString());
            json.WriteNumber("triggerThreshold", rule.TriggerThreshold);
        }

        json.WriteBoolean("suppressionEnabled", rule.IsSuppressionEnabled);
        json.WriteString("suppressionDuration", XmlConvert.ToString(rule.SuppressionDuration));
        Texts(json, "tactics", rule.Tactics);
        Texts(json, "techniques", rule.Techniques.Select(t => t.Split('.')[0]).Distinct());
        Texts(json, "subTechniques", rule.Techniques.Where(t => t.Contains('.', StringComparison.Ordinal)));
        json.WriteString("alertRuleTemplateName", rule.TemplateId);
        json.WriteString("templateVersion", rule.TemplateId is null ? null : rule.Version);
        json.WriteStartObject("eventGroupingSettings");
        json.WriteString("aggregationKind", rule.EventGrouping.ToString());
        json.WriteEndObject();
        json.WriteStartArray("entityMappings");
        foreach (var mapping in rule.EntityMappings)
        {
            json.WriteStartObject();
            json.WriteString("entityType", mapping.Kind.ToString());
            json.WriteStartArray("fieldMappings");
            foreach (var field in mapping.Fields)
            {
                json.WriteStartObject();
                json.WriteString("identifier", field.Identifier);
                json.WriteString("columnName", field.Column);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Map(json, "customDetails", rule.CustomDetails);
        WriteDetails(json, rule.AlertDetails);
        WriteIncidents(json, rule.Incidents);
    }

    private static void WriteDetails(Utf8JsonWriter json, AlertDetailsOverride details)
    {
        json.WriteStartObject("alertDetailsOverride");
        json.WriteString("alertDisplayNameFormat", details.NameFormat);
        json.WriteString("alertDescriptionFormat", details.DescriptionFormat);
        json.WriteString("alertTacticsColumnName", details.TacticsColumn);
        json.WriteString("alertSeverityColumnName", details.SeverityColumn);
        json.WriteStartArray("alertDynamicProperties");
        foreach (var (property, column) in details.Properties)
        {
            json.WriteStartObject();
            json.WriteString("alertProperty", property);
            json.WriteString("value", column);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteIncidents(Utf8JsonWriter json, IncidentConfiguration incidents)
    {
        json.WriteStartObject("incidentConfiguration");
        json.WriteBoolean("createIncident", incidents.CreateIncident);
        json.WriteStartObject("groupingConfiguration");
        json.WriteBoolean("enabled", incidents.GroupingEnabled);
        json.WriteBoolean("reopenClosedIncident", incidents.ReopenClosed);
        json.WriteString("lookbackDuration", XmlConvert.ToString(incidents.Lookback));
        json.WriteString("matchingMethod", incidents.Method.ToString());
        Texts(json, "groupByEntities", incidents.GroupByEntities.Select(e => e.ToString()));
        Texts(json, "groupByAlertDetails", incidents.GroupByAlertDetails);
        Texts(json, "groupByCustomDetails", incidents.GroupByCustomDetails);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Map(Utf8JsonWriter json, string name, IReadOnlyDictionary<string, string> values)
    {
        json.WriteStartObject(name);
        foreach (var (key, value) in values)
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
    }

    private static void Texts(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    private static JsonElement Write(Action<Utf8JsonWriter> fields)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            fields(json);
            json.WriteEndObject();
        }

        var reader = new Utf8JsonReader(buffer.WrittenSpan);
        return JsonElement.ParseValue(ref reader);
    }
}
