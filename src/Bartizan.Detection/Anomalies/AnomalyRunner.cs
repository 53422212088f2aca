using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Bartizan.Content.Anomalies;
using Bartizan.Content.Rules;
using Bartizan.Detection.Entities;
using Bartizan.Detection.Rows;
using Bartizan.Detection.Scheduling;
using Bartizan.Foundation.Outcomes;
using Bartizan.Kql.Types;
using Bartizan.Store.Queries;

namespace Bartizan.Detection.Anomalies;

/// <summary>What one look found: rows of <c>Anomalies</c>, the highest scores first.</summary>
public sealed record AnomalyRun(IReadOnlyList<string> Rows, Problem? Problem);

/// <summary>Looks for one kind of deviation over one stretch. The same events and parameters give the same rows with the same ids.</summary>
public sealed class AnomalyRunner(AskQuery ask)
{
    /// <summary>Rows of one look that are kept.</summary>
    public const int MaxRows = 3_000;

    private static readonly QueryLimits limits = new() { Timeout = TimeSpan.FromMinutes(10), MaxRows = 50_000, MaxBytes = 128L * 1024 * 1024 };

    // Columns of Anomalies that a query may fill as they are called; what is left is a detail.
    private static readonly HashSet<string> plain = new(StringComparer.Ordinal)
    {
        "Description", "DestinationDevice", "DestinationIpAddress", "DestinationLocation", "DeviceInsights", "SourceDevice", "SourceIpAddress", "SourceLocation", "UserInsights", "ActivityInsights",
        "UserName", "UserPrincipalName",
    };

    /// <param name="slot">The end of the stretch, which the query takes for now.</param>
    public async Task<AnomalyRun> RunAsync(AnomalyDefinition definition, AnomalySetting setting, DateTimeOffset slot, Guid workspaceId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(setting);
        var text = QueryOf(definition, setting);
        var outcome = await ask(new QueryRequest(text) { Now = slot, TimeRange = new TimeRange(slot - definition.Period, slot), Limits = limits }, cancellationToken).ConfigureAwait(false);
        if (!outcome.TryGetValue(out var result, out var problem))
        {
            return new AnomalyRun([], problem);
        }

        var rows = new RuleRows(result.Columns, result.Rows);
        var score = rows.IndexOf("Score");
        if (score < 0)
        {
            return new AnomalyRun([], new Problem(ProblemKind.Invalid, "BadRequest", $"The query of '{definition.Name}' returns no Score.", "query"));
        }

        var mapper = new EntityMapper(new RuleDefinition { Id = definition.Id, Name = definition.Name, Query = definition.Query, EntityMappings = definition.EntityMappings }, rows);
        var found = result.Rows
            .Select(row => (Score: ScoreOf(row[score]), Key: KeyOf(rows, row), Row: row))
            .OrderByDescending(r => r.Score).ThenBy(r => r.Key, StringComparer.Ordinal)
            .Take(MaxRows)
            .Select(r => Write(definition, setting, slot, workspaceId, rows, r.Row, r.Score, r.Key, EntityJson.Write(mapper.Map([r.Row], out _))))
            .ToList();
        return new AnomalyRun(found, null);
    }

    /// <summary>The query with its parameters declared in front.</summary>
    internal static string QueryOf(AnomalyDefinition definition, AnomalySetting setting)
    {
        if (definition.Parameters.Count == 0)
        {
            return definition.Query;
        }

        var declared = definition.Parameters.Select(p => $"{p.Name}: real = {(setting.Parameters.TryGetValue(p.Name, out var value) ? value : p.Value).ToString("0.0###############", CultureInfo.InvariantCulture)}");
        return $"declare query_parameters({string.Join(", ", declared)});\n{definition.Query}";
    }

    private static double ScoreOf(object? value) => value switch
    {
        double number when double.IsFinite(number) => Math.Round(Math.Clamp(number, 0, 10), 3),
        long or int or decimal => Math.Round(Math.Clamp(Convert.ToDouble(value, CultureInfo.InvariantCulture), 0, 10), 3),
        _ => 0,
    };

    private static string KeyOf(RuleRows rows, object?[] row) => string.Join('\u001f', rows.Columns.Select((_, i) => RuleRows.TextOf(row[i])));

    private static string Write(
        AnomalyDefinition definition, AnomalySetting setting, DateTimeOffset slot, Guid workspaceId, RuleRows rows, object?[] row, double score, string key, string entities) => RowText.Write(json =>
    {
        var id = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{setting.Id:D}|{slot.UtcTicks}|{key}")).AsSpan(0, 16), bigEndian: true);
        json.Time("TimeGenerated", slot);
        json.WriteString("Id", id.ToString("D"));
        json.WriteString("AnomalyTemplateId", definition.Id.ToString("D"));
        json.WriteString("AnomalyTemplateName", definition.Name);
        json.WriteString("AnomalyTemplateVersion", definition.Version);
        json.WriteString("RuleId", setting.Id.ToString("D"));
        json.WriteString("RuleName", setting.Name);
        json.WriteString("RuleConfigVersion", setting.Version.ToString(CultureInfo.InvariantCulture));
        json.WriteString("RuleStatus", setting.Status.ToString());
        json.WriteString("WorkspaceId", workspaceId.ToString("D"));
        json.WriteString("VendorName", "Bartizan");
        json.WriteNumber("Score", score);
        json.Time("StartTime", TimeAt("StartTime") ?? slot - definition.Frequency);
        json.Time("EndTime", TimeAt("EndTime") ?? slot);
        json.WriteString("Tactics", string.Join(", ", definition.Tactics));
        json.WriteString("Techniques", string.Join(", ", definition.Techniques));
        json.WritePropertyName("Entities");
        json.WriteRawValue(entities);
        if (rows.IndexOf("Description") < 0)
        {
            json.WriteString("Description", definition.Description);
        }

        if (rows.IndexOf("Reasons") is >= 0 and var reasons)
        {
            json.WritePropertyName("AnomalyReasons");
            WriteCell(json, rows.Columns[reasons].Type, row[reasons]);
        }

        for (var i = 0; i < row.Length; i++)
        {
            if (plain.Contains(rows.Columns[i].Name))
            {
                json.WritePropertyName(rows.Columns[i].Name);
                WriteCell(json, rows.Columns[i].Type, row[i]);
            }
        }

        json.WriteStartObject("AnomalyDetails");
        for (var i = 0; i < row.Length; i++)
        {
            if (!plain.Contains(rows.Columns[i].Name) && rows.Columns[i].Name is not ("Score" or "Reasons" or "StartTime" or "EndTime"))
            {
                json.WritePropertyName(rows.Columns[i].Name);
                WriteCell(json, rows.Columns[i].Type, row[i]);
            }
        }

        json.WriteEndObject();

        DateTimeOffset? TimeAt(string column) => rows.IndexOf(column) is >= 0 and var at && row[at] is DateTime time ? new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc)) : null;
    });

    private static void WriteCell(Utf8JsonWriter json, KqlType type, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case string text when type == KqlType.Dynamic:
                json.WriteRawValue(text);
                break;
            case bool truth:
                json.WriteBooleanValue(truth);
                break;
            case int or long:
                json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case double number when double.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            default:
                json.WriteStringValue(RuleRows.TextOf(value));
                break;
        }
    }
}
