using System.Text.Json.Serialization;
using Bartizan.Foundation.Resources;
using Bartizan.Store.Records;

namespace Bartizan.Posture.SecureScore;

/// <summary>Keeps every change of every score with the findings that made it; nothing in it is ever rewritten.</summary>
public sealed class ScoreLedger
{
    /// <summary>A first sweep changes everything; people read the first lines.</summary>
    public const int MaxItems = 50;

    private const string Author = "bartizan";

    private static readonly RecordKind<ScoreChange> Kind = new(
        "scoreChanges", LedgerJson.Default.ScoreChange, RecordField.Text<ScoreChange>("scope", c => c.Scope), RecordField.Time<ScoreChange>("at", c => c.At))
    {
        AuditsValues = false,
    };

    private readonly RecordSet<ScoreChange> records;
    private readonly ScoreBook scores;
    private readonly TimeProvider time;
    private readonly Dictionary<ResourceId, ScorePoint> last = [];

    public ScoreLedger(RecordStore store, ScoreBook scores, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(store);
        records = store.Open(Kind);
        this.scores = scores;
        this.time = time;
    }

    /// <summary>Changes of a scope, the newest first; those before a moment where one is given.</summary>
    public async Task<IReadOnlyList<ScoreChange>> ListAsync(ResourceId scope, DateTimeOffset? before, int take, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        var filters = new List<RecordFilter> { new RecordFilter.Equal("scope", Key(scope)) };
        if (before is { } end)
        {
            filters.Add(new RecordFilter.Range("at", null, end));
        }

        var page = await records.ListAsync(
            new RecordQuery { Filters = filters, OrderBy = new RecordOrder("at", Descending: true), Take = take }, cancellationToken).ConfigureAwait(false);
        return page.IsSuccess ? [.. page.Value.Items.Select(r => r.Value)] : [];
    }

    /// <summary>
    /// Writes down how the scores have changed since they were last looked at, and returns those that did. Called after each judgement, one at a time.
    /// </summary>
    internal async Task<IReadOnlyList<ScopeScore>> NoteAsync(IEnumerable<(ResourceId Scope, ScoreItem Item)> items, CancellationToken cancellationToken)
    {
        var changed = new List<ScopeScore>();
        foreach (var group in items.GroupBy(i => i.Scope, i => i.Item))
        {
            var scope = group.Key;
            var score = scores.Of(scope);
            var now = score is null ? new ScorePoint(0, 0, 0) : new ScorePoint(score.Max, Math.Round(score.Current, 4), score.Percentage);
            var before = await LastAsync(scope, cancellationToken).ConfigureAwait(false);
            if (before == now)
            {
                continue;
            }

            var at = time.GetUtcNow();
            var all = group.ToList();
            var change = new ScoreChange(
                Guid.CreateVersion7(at).ToString("N"), Key(scope), at, before, now,
                [.. score?.Controls.Where(c => c.Max > 0).Select(c => new ControlPoint(c.Control.Id, c.Control.DisplayName, c.Max, Math.Round(c.Current, 4), c.Healthy, c.Unhealthy)) ?? []],
                [.. all.Take(MaxItems)], all.Count);
            await records.PutAsync(change.Id, change, null, Author, cancellationToken).ConfigureAwait(false);
            last[scope] = now;
            if (score is not null)
            {
                changed.Add(score);
            }
        }

        return changed;
    }

    private async Task<ScorePoint> LastAsync(ResourceId scope, CancellationToken cancellationToken)
    {
        if (!last.TryGetValue(scope, out var known))
        {
            var newest = await ListAsync(scope, null, 1, cancellationToken).ConfigureAwait(false);
            last[scope] = known = newest.Count > 0 ? newest[0].After : new ScorePoint(0, 0, 0);
        }

        return known;
    }

    private static string Key(ResourceId scope) => scope.Text.ToLowerInvariant();
}

[JsonSerializable(typeof(ScoreChange))]
internal sealed partial class LedgerJson : JsonSerializerContext;
