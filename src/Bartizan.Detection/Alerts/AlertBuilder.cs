using System.Globalization;
using System.Text;
using Bartizan.Content.Rules;
using Bartizan.Detection.Entities;
using Bartizan.Foundation.Entities;
using Bartizan.Kql.Types;

namespace Bartizan.Detection.Alerts;

/// <summary>Alerts for the rows of one run, with what could not be mapped.</summary>
/// <param name="Alerts">Each with the rows it stands for.</param>
/// <param name="Issues">Mappings that name no column and the like; they never stop an alert.</param>
public sealed record AlertBatch(IReadOnlyList<(Alert Alert, RuleRows Rows)> Alerts, IReadOnlyList<string> Issues, int EntitiesDropped);

/// <summary>Rows to alerts: threshold, grouping of events, names, details and entities. Pure: the same rows give the same alerts.</summary>
public static class AlertBuilder
{
    private const int MaxNameBytes = 256;
    private const int MaxDescriptionBytes = 5 * 1024;
    private const int MaxDetailValues = 50;
    private const int MaxDetailBytes = 2 * 1024;

    /// <summary>Alerts one run may raise; the last stands for all rows beyond.</summary>
    public static int MaxAlerts(RuleKind kind) => kind == RuleKind.NRT ? 30 : 150;

    public static bool IsTriggered(RuleDefinition rule, long rows)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return rule.Kind == RuleKind.NRT
            ? rows > 0
            : rule.TriggerOperator switch
            {
                TriggerOperator.GreaterThan => rows > rule.TriggerThreshold,
                TriggerOperator.LessThan => rows < rule.TriggerThreshold,
                TriggerOperator.Equal => rows == rule.TriggerThreshold,
                _ => rows != rule.TriggerThreshold,
            };
    }

    /// <param name="totalRows">Rows the query found, which may be more than were kept.</param>
    public static AlertBatch Build(RuleDefinition rule, RuleRows rows, long totalRows, RuleWindow window, DateTimeOffset raisedAt)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(window);
        if (!IsTriggered(rule, totalRows))
        {
            return new AlertBatch([], [], 0);
        }

        var mapper = new EntityMapper(rule, rows);
        var issues = new List<string>(mapper.Issues);
        issues.AddRange(MissingColumns(rule, rows));
        var alerts = new List<(Alert, RuleRows)>();
        var ids = new AlertIds(rule, window);
        var dropped = 0;
        foreach (var (part, count) in Parts(rule, rows, totalRows))
        {
            var entities = mapper.Map(part.Rows, out var over);
            dropped += over;
            alerts.Add((One(rule, part, count, window, raisedAt, ids.Next(part), entities), part));
        }

        return new AlertBatch(alerts, issues, dropped);
    }

    /// <summary>All rows together, or one part per row up to the cap, of which the last takes all that remain.</summary>
    private static IEnumerable<(RuleRows Part, long Count)> Parts(RuleDefinition rule, RuleRows rows, long totalRows)
    {
        if (rule.EventGrouping == EventGrouping.SingleAlert || rows.Rows.Count == 0)
        {
            yield return (rows, totalRows);
            yield break;
        }

        var cap = MaxAlerts(rule.Kind);
        var single = rows.Rows.Count <= cap ? rows.Rows.Count : cap - 1;
        for (var i = 0; i < single; i++)
        {
            yield return (rows with { Rows = [rows.Rows[i]] }, 1);
        }

        if (single < rows.Rows.Count)
        {
            yield return (rows with { Rows = [.. rows.Rows.Skip(single)] }, totalRows - single);
        }
    }

    private static Alert One(
        RuleDefinition rule, RuleRows part, long count, RuleWindow window, DateTimeOffset raisedAt, Guid id, IReadOnlyList<Entity> entities)
    {
        var first = part.Rows.Count > 0 ? part.Rows[0] : null;
        var (start, end) = Times(part, window);
        var details = rule.AlertDetails;
        return new Alert
        {
            Id = id,
            RuleId = rule.Id,
            RuleName = rule.Name,
            Name = Clip(Format(details.NameFormat, part, first) ?? rule.Name, MaxNameBytes),
            Description = Clip(Format(details.DescriptionFormat, part, first) ?? rule.Description, MaxDescriptionBytes),
            Severity = Column(details.SeverityColumn, part, first) is { } severity && RuleWords.Severities.TryGetValue(severity, out var other) ? other : rule.Severity,
            Tactics = Column(details.TacticsColumn, part, first) is { } tactics && TacticsOf(tactics) is { Count: > 0 } found ? found : rule.Tactics,
            Techniques = rule.Techniques,
            StartTime = start,
            EndTime = end,
            TimeGenerated = raisedAt,
            Entities = entities,
            CustomDetails = CustomDetails(rule, part),
            Properties = details.Properties
                .Select(p => (p.Key, Value: Column(p.Value, part, first)))
                .Where(p => !string.IsNullOrEmpty(p.Value))
                .ToDictionary(p => p.Key, p => p.Value!),
            Kind = rule.Kind,
            Grouping = rule.EventGrouping,
            Query = new AlertQuery(window.Fix(rule.Query), rule.Query, window.Start, window.End, count, rule.QueryPeriod, rule.TriggerOperator, rule.TriggerThreshold),
        };
    }

    /// <summary>First and last event: <c>StartTime</c>/<c>EndTime</c> or <c>TimeGenerated</c> of the rows, else the window.</summary>
    private static (DateTimeOffset Start, DateTimeOffset End) Times(RuleRows part, RuleWindow window)
    {
        string[] starts = ["TimeGenerated", "StartTime", "StartTimeUtc", "FirstSeen", "EndTime", "EndTimeUtc", "LastSeen", "timestamp", "Timestamp"];
        var columns = starts.Select(part.IndexOf).Where(i => i >= 0 && part.Columns[i].Type == KqlType.DateTime).Distinct().ToArray();
        DateTime? min = null;
        DateTime? max = null;
        foreach (var row in part.Rows)
        {
            foreach (var column in columns)
            {
                if (row[column] is DateTime time && time.Year > 1601)
                {
                    min = min is null || time < min ? time : min;
                    max = max is null || time > max ? time : max;
                }
            }
        }

        return (Utc(min) ?? window.Start, Utc(max) ?? window.End);

        static DateTimeOffset? Utc(DateTime? time) => time is { } t ? new DateTimeOffset(DateTime.SpecifyKind(t, DateTimeKind.Utc)) : null;
    }

    private static IReadOnlyDictionary<string, IReadOnlyList<string>> CustomDetails(RuleDefinition rule, RuleRows part)
    {
        var details = new Dictionary<string, IReadOnlyList<string>>();
        var left = MaxDetailBytes;
        foreach (var (key, column) in rule.CustomDetails)
        {
            if (part.IndexOf(column) is not (>= 0 and var index))
            {
                continue;
            }

            var values = new List<string>();
            foreach (var text in part.Rows.Select(r => part.TextAt(r, index)).Where(t => t.Length > 0).Distinct().Take(MaxDetailValues))
            {
                left -= Encoding.UTF8.GetByteCount(text);
                if (left < 0)
                {
                    break;
                }

                values.Add(text);
            }

            details[key] = values;
        }

        return details;
    }

    private static IEnumerable<string> MissingColumns(RuleDefinition rule, RuleRows rows) =>
        rule.CustomDetails.Where(d => rows.IndexOf(d.Value) < 0)
            .Select(d => $"The custom detail '{d.Key}' names the column '{d.Value}', which the query does not return.");

    private static List<string> TacticsOf(string text) =>
        [.. text.Split([',', '[', ']', '"', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(AttackTactics.Normalize).OfType<string>().Distinct()];

    private static string? Column(string? name, RuleRows part, object?[]? row) =>
        name is not null && row is not null && part.IndexOf(name) is >= 0 and var index ? part.TextAt(row, index) : null;

    /// <summary><c>{{Column}}</c> becomes the first row's value; a name the rows do not have stays as it is.</summary>
    private static string? Format(string? format, RuleRows part, object?[]? row)
    {
        if (string.IsNullOrWhiteSpace(format))
        {
            return null;
        }

        var text = new StringBuilder();
        var at = 0;
        while (format.IndexOf("{{", at, StringComparison.Ordinal) is >= 0 and var open
            && format.IndexOf("}}", open, StringComparison.Ordinal) is >= 0 and var close)
        {
            text.Append(CultureInfo.InvariantCulture, $"{format.AsSpan(at, open - at)}{Column(format[(open + 2)..close].Trim(), part, row) ?? format[open..(close + 2)]}");
            at = close + 2;
        }

        return text.Append(format, at, format.Length - at).ToString();
    }

    private static string Clip(string text, int bytes)
    {
        if (Encoding.UTF8.GetByteCount(text) <= bytes)
        {
            return text;
        }

        var length = Math.Min(text.Length, bytes - 3);
        while (Encoding.UTF8.GetByteCount(text.AsSpan(0, length)) > bytes - 3 || char.IsHighSurrogate(text[length - 1]))
        {
            length--;
        }

        return text[..length] + "…";
    }
}
