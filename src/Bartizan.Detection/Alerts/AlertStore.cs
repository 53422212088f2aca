using System.Text.Json.Serialization;
using Bartizan.Foundation.Entities;
using Bartizan.Foundation.Feeds;
using Bartizan.Foundation.Outcomes;
using Bartizan.Store.Records;

namespace Bartizan.Detection.Alerts;

/// <summary>Alerts as they were raised, with their evidence; of both only an alert's status changes.</summary>
public sealed class AlertStore
{
    private static readonly RecordKind<Alert> alertKind = new(
        "alerts", AlertJson.Default.Alert,
        RecordField.Text<Alert>("rule", a => a.RuleId.ToString("D")),
        RecordField.Text<Alert>("name", a => a.Name),
        RecordField.Text<Alert>("severity", a => a.Severity.ToString()),
        RecordField.Text<Alert>("status", a => a.Status.ToString()),
        RecordField.Number<Alert>("sequence", a => a.Sequence),
        RecordField.Time<Alert>("time", a => a.TimeGenerated),
        RecordField.Time<Alert>("start", a => a.StartTime),
        RecordField.Time<Alert>("end", a => a.EndTime),
        RecordField.Texts<Alert>("technique", a => a.Techniques),
        RecordField.Texts<Alert>("entity", a => a.Entities.SelectMany(e => e.Keys.Select(k => k.Text)).Distinct(StringComparer.Ordinal)),
        RecordField.Texts<Alert>("entityId", a => a.Entities.SelectMany(e => e.Keys.Select(k => k.ToId().ToString("D"))).Distinct()))
    {
        AuditsValues = false,
    };

    private static readonly RecordKind<AlertEvidence> evidenceKind = new("alertEvidence", AlertJson.Default.AlertEvidence) { AuditsValues = false };

    private readonly RecordSet<Alert> alerts;
    private readonly RecordSet<AlertEvidence> evidence;

    public AlertStore(RecordStore records)
    {
        ArgumentNullException.ThrowIfNull(records);
        alerts = records.Open(alertKind);
        evidence = records.Open(evidenceKind);
    }

    /// <summary>Says that alerts were raised, by the sequence of the last. Notices may be lost: <see cref="AfterAsync"/> has all.</summary>
    public Feed<long> Raised { get; } = new();

    /// <summary>The alerts raised after one, in their order.</summary>
    public async Task<IReadOnlyList<Alert>> AfterAsync(long sequence, int take, CancellationToken cancellationToken)
    {
        var page = await alerts.ListAsync(
            new RecordQuery { Filters = [new RecordFilter.Range("sequence", sequence + 1, null)], OrderBy = new RecordOrder("sequence"), Take = take }, cancellationToken).ConfigureAwait(false);
        return [.. page.Value.Items.Select(i => i.Value)];
    }

    /// <summary>The sequence of the alert raised last; 0 before the first.</summary>
    public async Task<long> LastSequenceAsync(CancellationToken cancellationToken) =>
        (await alerts.ListAsync(new RecordQuery { OrderBy = new RecordOrder("sequence", Descending: true), Take = 1 }, cancellationToken).ConfigureAwait(false)).Value.Items is [var last] ? last.Value.Sequence : 0;

    public async Task<Alert?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        (await alerts.FindAsync(id.ToString("D"), cancellationToken).ConfigureAwait(false))?.Value;

    /// <summary>The alerts among these ids that exist, oldest first.</summary>
    public async Task<IReadOnlyList<Alert>> FindAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ids);
        if (ids.Count == 0)
        {
            return [];
        }

        var page = await alerts.ListAsync(
            new RecordQuery { Filters = [new RecordFilter.Ids([.. ids.Select(i => i.ToString("D"))])], Take = ids.Count }, cancellationToken).ConfigureAwait(false);
        return [.. page.Value.Items.Select(i => i.Value).OrderBy(a => a.StartTime).ThenBy(a => a.Id)];
    }

    public Task<Outcome<RecordPage<Alert>>> ListAsync(RecordQuery query, CancellationToken cancellationToken) => alerts.ListAsync(query, cancellationToken);

    /// <summary>How many alerts a rule raised since a moment.</summary>
    public Task<long> CountAsync(Guid ruleId, DateTimeOffset since, CancellationToken cancellationToken) => alerts.CountAsync(
        [new RecordFilter.Equal("rule", ruleId.ToString("D")), new RecordFilter.Range("time", RecordValue.Of(since), null)], cancellationToken);

    public Task<long> CountAsync(IReadOnlyList<RecordFilter> filters, CancellationToken cancellationToken) => alerts.CountAsync(filters, cancellationToken);

    /// <summary>Alerts that name the entity by any of its identifiers, the newest first.</summary>
    public async Task<IReadOnlyList<Alert>> NamingAsync(Entity entity, DateTimeOffset? from, DateTimeOffset? to, int take, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entity);
        if (entity.Keys.Count == 0)
        {
            return [];
        }

        // A strong identifier is enough; the weak ones would draw in others of the same name.
        var keys = entity.Keys.Where(k => k.IsStrong == entity.IsStrong).Select(k => RecordValue.Of(k.Text)).ToList();
        var filters = new List<RecordFilter> { new RecordFilter.In("entity", keys) };
        if (from is not null)
        {
            filters.Add(new RecordFilter.Range("end", RecordValue.Of(from), null));
        }

        if (to is not null)
        {
            filters.Add(new RecordFilter.Range("start", null, RecordValue.Of(to)));
        }

        var page = await alerts.ListAsync(new RecordQuery { Filters = filters, OrderBy = new RecordOrder("end", Descending: true), Take = take }, cancellationToken).ConfigureAwait(false);
        return [.. page.Value.Items.Select(i => i.Value)];
    }

    /// <summary>The rows the alert was raised for, as they were then.</summary>
    public async Task<AlertEvidence?> EvidenceAsync(Guid alertId, CancellationToken cancellationToken) =>
        (await evidence.FindAsync(alertId.ToString("D"), cancellationToken).ConfigureAwait(false))?.Value;

    internal RecordChange Put(Alert alert) => alerts.Put(alert.Id.ToString("D"), alert);

    internal RecordChange Put(AlertEvidence item) => evidence.Put(item.AlertId.ToString("D"), item);
}

[JsonSourceGenerationOptions(UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Alert))]
[JsonSerializable(typeof(AlertEvidence))]
internal sealed partial class AlertJson : JsonSerializerContext;
