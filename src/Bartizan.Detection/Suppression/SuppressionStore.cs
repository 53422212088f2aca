using Bartizan.Detection.Alerts;
using Bartizan.Foundation.Outcomes;
using Bartizan.Store;
using Bartizan.Store.Records;

namespace Bartizan.Detection.Suppression;

/// <summary>The suppression rules, and what each would have dismissed.</summary>
public sealed class SuppressionStore(RecordStore records, AlertStore alerts, DataFolder folder, TimeProvider time)
{
    /// <summary>Rules there may be; each is asked about each new alert.</summary>
    public const int MaxRules = 1_000;

    private const int MaxValues = 500;
    private const int MaxElements = 50;
    private const int PreviewPage = 500;
    private const int MaxPreviewed = 10_000;

    private static readonly RecordKind<SuppressionRule> kind = new(
        "suppressionRules", SuppressionJson.Default.SuppressionRule,
        RecordField.Text<SuppressionRule>("name", r => r.Name),
        RecordField.Text<SuppressionRule>("alertType", r => r.AlertType));

    private readonly RecordSet<SuppressionRule> rules = records.Open(kind);

    public DateTimeOffset Now => time.GetUtcNow();

    public Task<Record<SuppressionRule>?> FindAsync(string name, CancellationToken cancellationToken) => rules.FindAsync(KeyOf(name), cancellationToken);

    public Task<Outcome<RecordPage<SuppressionRule>>> ListAsync(RecordQuery query, CancellationToken cancellationToken) => rules.ListAsync(query, cancellationToken);

    public async Task<Outcome<Record<SuppressionRule>>> PutAsync(SuppressionRule rule, string? ifMatch, string author, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rule);
        var now = time.GetUtcNow();
        if (Check(rule, now) is { } problem)
        {
            return problem;
        }

        if (await FindAsync(rule.Name, cancellationToken).ConfigureAwait(false) is null && await rules.CountAsync([], cancellationToken).ConfigureAwait(false) >= MaxRules)
        {
            return Refuse("name", $"There may be {MaxRules:N0} suppression rules.");
        }

        var outcome = await records.ApplyAsync([rules.Put(KeyOf(rule.Name), rule with { LastModified = now }, ifMatch)], author, cancellationToken).ConfigureAwait(false);
        return outcome.IsSuccess ? (await FindAsync(rule.Name, cancellationToken).ConfigureAwait(false))! : outcome.Problem;
    }

    /// <summary>Removes a rule; what it dismissed stays dismissed. False when there was none.</summary>
    public async Task<Outcome<bool>> DeleteAsync(string name, string? ifMatch, string author, CancellationToken cancellationToken)
    {
        if (await FindAsync(name, cancellationToken).ConfigureAwait(false) is null)
        {
            return false;
        }

        var outcome = await records.ApplyAsync([rules.Delete(KeyOf(name), ifMatch)], author, cancellationToken).ConfigureAwait(false);
        return outcome.IsSuccess ? true : outcome.Problem;
    }

    /// <summary>Names of the rules that hold now, with what they cover.</summary>
    public async Task<IReadOnlyList<SuppressionRule>> ActiveAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var page = await rules.ListAsync(new RecordQuery { OrderBy = new RecordOrder("name"), Take = MaxRules }, cancellationToken).ConfigureAwait(false);
        return [.. page.Value.Items.Select(r => r.Value).Where(r => r.StateAt(now) == SuppressionState.Enabled)];
    }

    /// <summary>The alert as it is raised: dismissed when a rule covers it.</summary>
    public Alert Apply(IReadOnlyList<SuppressionRule> active, Alert alert)
    {
        ArgumentNullException.ThrowIfNull(active);
        return active.FirstOrDefault(r => SuppressionMatch.Covers(r, alert, folder.Options.WorkspaceId)) is { } rule
            ? alert with { Status = AlertStatus.Dismissed, SuppressedBy = rule.Name }
            : alert;
    }

    /// <summary>What the rule would have dismissed since a moment, the newest first: the count, and the first few.</summary>
    public async Task<Outcome<SuppressionPreview>> PreviewAsync(SuppressionRule rule, DateTimeOffset since, int take, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rule);
        if (Check(rule with { Expiration = null }, time.GetUtcNow()) is { } problem)
        {
            return problem;
        }

        var (matched, looked, count) = (new List<Alert>(), 0, 0);
        string? continuation = null;
        do
        {
            var page = await alerts.ListAsync(
                new RecordQuery { Filters = [new RecordFilter.Range("time", RecordValue.Of(since), null)], OrderBy = new RecordOrder("time", Descending: true), Take = PreviewPage, Continuation = continuation },
                cancellationToken).ConfigureAwait(false);
            if (!page.TryGetValue(out var found, out problem))
            {
                return problem;
            }

            foreach (var alert in found.Items.Select(i => i.Value).Where(a => SuppressionMatch.Covers(rule, a, folder.Options.WorkspaceId)))
            {
                count++;
                if (matched.Count < take)
                {
                    matched.Add(alert);
                }
            }

            looked += found.Items.Count;
            continuation = found.Continuation;
        }
        while (continuation is not null && looked < MaxPreviewed);

        return new SuppressionPreview(count, looked, continuation is null, matched);
    }

    private static string KeyOf(string name) => name.ToLowerInvariant();

    private static Problem? Check(SuppressionRule rule, DateTimeOffset now)
    {
        if (string.IsNullOrWhiteSpace(rule.AlertType) || string.IsNullOrWhiteSpace(rule.Reason))
        {
            return Refuse(string.IsNullOrWhiteSpace(rule.AlertType) ? "alertType" : "reason", "A suppression rule needs alertType (or * for any) and reason.");
        }

        if (rule.State == SuppressionState.Expired)
        {
            return Refuse("state", "A rule is written Enabled or Disabled; it becomes Expired with its expirationDateUtc.");
        }

        if (rule.State == SuppressionState.Enabled && rule.Expiration is { } end && end <= now)
        {
            return Refuse("expirationDateUtc", "An enabled rule cannot end in the past.");
        }

        if (rule.AlertType == SuppressionRule.AnyType && rule.AllOf.Count == 0)
        {
            return Refuse("suppressionAlertsScope", "A rule for any alert needs a scope; without one it would dismiss everything.");
        }

        if (rule.AllOf.Count > MaxElements)
        {
            return Refuse("suppressionAlertsScope.allOf", $"A scope has at most {MaxElements} elements.");
        }

        foreach (var element in rule.AllOf)
        {
            if (!SuppressionMatch.TryReadField(element.Field, out _, out _))
            {
                return Refuse("suppressionAlertsScope.allOf", $"'{element.Field}' is no field of an entity; one reads entities.ip.address.");
            }

            if (element.In.Count > 0 == element.Contains is { Length: > 0 } || element.In.Count > MaxValues)
            {
                return Refuse("suppressionAlertsScope.allOf", $"'{element.Field}' needs either in, a list of 1 to {MaxValues} values, or contains, a text.");
            }
        }

        return null;
    }

    private static Problem Refuse(string target, string message) => new(ProblemKind.Invalid, "BadRequest", message, target);
}

/// <summary>What a rule would have dismissed.</summary>
/// <param name="Looked">How many alerts were looked at.</param>
/// <param name="IsComplete">False when there were more alerts than are looked at.</param>
public sealed record SuppressionPreview(int Count, int Looked, bool IsComplete, IReadOnlyList<Alert> Alerts);
