using Bartizan.Detection.Rows;
using Bartizan.Foundation.Outcomes;
using Bartizan.Store.Records;

namespace Bartizan.Detection.ThreatIntelligence;

/// <summary>The indicators of the workspace; each change is also a row of both tables of threat intelligence.</summary>
public sealed class IndicatorStore
{
    private const int BatchSize = 500;

    private static readonly RecordKind<Indicator> kind = new(
        "indicators", IndicatorJson.Default.Indicator,
        RecordField.Text<Indicator>("name", i => i.DisplayName),
        RecordField.Text<Indicator>("description", i => i.Description),
        RecordField.Text<Indicator>("source", i => i.Source),
        RecordField.Text<Indicator>("externalId", i => i.ExternalId),
        RecordField.Text<Indicator>("pattern", i => i.Pattern),
        RecordField.Texts<Indicator>("patternType", i => i.Observables.Select(o => o.Key.Split(':')[0])),
        RecordField.Texts<Indicator>("threatType", i => i.ThreatTypes),
        RecordField.Texts<Indicator>("label", i => i.Labels),
        RecordField.Number<Indicator>("confidence", i => i.Confidence),
        RecordField.Flag<Indicator>("revoked", i => i.IsRevoked),
        RecordField.Time<Indicator>("validUntil", i => i.ValidUntil),
        RecordField.Time<Indicator>("updated", i => i.LastUpdated));

    private readonly RecordStore records;
    private readonly RecordSet<Indicator> indicators;
    private readonly RowOutbox outbox;
    private readonly TimeProvider time;

    public IndicatorStore(RecordStore records, RowOutbox outbox, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(records);
        this.records = records;
        this.outbox = outbox;
        this.time = time;
        indicators = records.Open(kind);
    }

    public Task<Record<Indicator>?> FindAsync(Guid id, CancellationToken cancellationToken) => indicators.FindAsync(id.ToString("D"), cancellationToken);

    public Task<Outcome<RecordPage<Indicator>>> ListAsync(RecordQuery query, CancellationToken cancellationToken) => indicators.ListAsync(query, cancellationToken);

    /// <summary>Writes one indicator; its pattern says what events are compared with.</summary>
    public async Task<Outcome<Record<Indicator>>> PutAsync(Indicator indicator, string? ifMatch, string author, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(indicator);
        if (indicator.Confidence is < 0 or > 100)
        {
            return new Problem(ProblemKind.Invalid, "BadRequest", "Confidence lies between 0 and 100.", "confidence");
        }

        if (indicator.ValidUntil is { } until && until <= indicator.ValidFrom)
        {
            return new Problem(ProblemKind.Invalid, "BadRequest", "An indicator cannot end before it begins.", "validUntil");
        }

        IReadOnlyList<Observable> observables = [];
        if (indicator.PatternType.Equals("stix", StringComparison.OrdinalIgnoreCase) && !StixPattern.Read(indicator.Pattern).TryGetValue(out observables!, out var problem))
        {
            return problem;
        }

        var now = time.GetUtcNow();
        var written = indicator with { Observables = observables, LastUpdated = now };
        var outcome = await records.ApplyAsync([indicators.Put(written.Id.ToString("D"), written, ifMatch), .. Rows([written], false, now)], author, cancellationToken).ConfigureAwait(false);
        if (!outcome.IsSuccess)
        {
            return outcome.Problem;
        }

        await outbox.FlushAsync(cancellationToken).ConfigureAwait(false);
        return (await FindAsync(written.Id, cancellationToken).ConfigureAwait(false))!;
    }

    /// <summary>Writes what an import brought. An indicator that is known in this or a newer version stays as it is.</summary>
    public async Task<Outcome<int>> ImportAsync(IReadOnlyList<Indicator> imported, string author, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(imported);
        var count = 0;
        foreach (var some in imported.GroupBy(i => i.Id).Select(g => g.MaxBy(i => i.Modified)!).Chunk(BatchSize))
        {
            var known = (await indicators.ListAsync(
                new RecordQuery { Filters = [new RecordFilter.Ids([.. some.Select(i => i.Id.ToString("D"))])], Take = some.Length }, cancellationToken).ConfigureAwait(false))
                .Value.Items.ToDictionary(i => i.Value.Id, i => i.Value);
            var now = time.GetUtcNow();
            Indicator[] fresh = [.. some.Where(i => !known.TryGetValue(i.Id, out var have) || have.Modified < i.Modified).Select(i => i with { LastUpdated = now })];
            if (fresh.Length == 0)
            {
                continue;
            }

            var outcome = await records.ApplyAsync(
                [.. fresh.Select(i => indicators.Put(i.Id.ToString("D"), i)), .. Rows(fresh, false, now)], author, cancellationToken).ConfigureAwait(false);
            if (!outcome.IsSuccess)
            {
                return outcome.Problem;
            }

            count += fresh.Length;
            await outbox.FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        return count;
    }

    /// <summary>Removes an indicator, and says so in the tables; false when there was none.</summary>
    public async Task<Outcome<bool>> DeleteAsync(Guid id, string? ifMatch, string author, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } found)
        {
            return false;
        }

        var outcome = await records.ApplyAsync(
            [indicators.Delete(id.ToString("D"), ifMatch), .. Rows([found.Value], true, time.GetUtcNow())], author, cancellationToken).ConfigureAwait(false);
        if (!outcome.IsSuccess)
        {
            return outcome.Problem;
        }

        await outbox.FlushAsync(cancellationToken).ConfigureAwait(false);
        return true;
    }

    private RecordChange[] Rows(IReadOnlyList<Indicator> changed, bool isDeleted, DateTimeOffset now) =>
    [
        outbox.Hold("ThreatIntelIndicators", [.. changed.SelectMany(i => IndicatorRow.Current(i, isDeleted, now))]),
        outbox.Hold("ThreatIntelligenceIndicator", [.. changed.SelectMany(i => IndicatorRow.Older(i, isDeleted, now))]),
    ];
}
