using Bartizan.Detection.Incidents;
using Bartizan.Foundation.Outcomes;
using Bartizan.Store.Records;

namespace Bartizan.Response.Automation;

/// <summary>The automation rules of the workspace. Only rules that can be carried out are kept.</summary>
public sealed class AutomationRuleStore
{
    private static readonly RecordKind<AutomationRule> kind = new(
        "automationRules", AutomationJson.Default.AutomationRule,
        RecordField.Number<AutomationRule>("order", r => r.Order),
        RecordField.Text<AutomationRule>("name", r => r.DisplayName),
        RecordField.Flag<AutomationRule>("enabled", r => r.IsEnabled));

    private readonly RecordSet<AutomationRule> rules;
    private readonly TimeProvider time;
    private IReadOnlyList<AutomationRule>? enabled;
    private long version;

    public AutomationRuleStore(RecordStore records, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(records);
        this.time = time;
        rules = records.Open(kind);
    }

    public Task<Record<AutomationRule>?> FindAsync(string name, CancellationToken cancellationToken) => rules.FindAsync(name, cancellationToken);

    /// <summary>In the order in which they act.</summary>
    public Task<Outcome<RecordPage<AutomationRule>>> ListAsync(int take, string? continuation, CancellationToken cancellationToken) => rules.ListAsync(
        new RecordQuery { OrderBy = new RecordOrder("order"), Take = take, Continuation = continuation, WantCount = true }, cancellationToken);

    /// <summary>Writes a rule; what it knows of its own history is kept.</summary>
    public async Task<Outcome<Record<AutomationRule>>> PutAsync(AutomationRule rule, string? ifMatch, Actor author, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(author);
        if (AutomationRuleCheck.Check(rule) is { } problem)
        {
            return problem;
        }

        var known = (await FindAsync(rule.Name, cancellationToken).ConfigureAwait(false))?.Value;
        if (known is null && await rules.CountAsync([], cancellationToken).ConfigureAwait(false) >= AutomationRule.MaxRules)
        {
            return new Problem(ProblemKind.Invalid, "BadRequest", $"A workspace has at most {AutomationRule.MaxRules} automation rules.", "automationRuleId");
        }

        var now = time.GetUtcNow();
        var outcome = await rules.PutAsync(
            rule.Name,
            rule with
            {
                Created = known?.Created ?? now,
                CreatedBy = known is null ? author : known.CreatedBy,
                LastModified = now,
                LastModifiedBy = author,
                EnabledSince = !rule.IsEnabled ? null : known is { IsEnabled: true } ? known.EnabledSince : now,
            },
            ifMatch, author.Name, cancellationToken).ConfigureAwait(false);
        Forget();
        return outcome;
    }

    /// <summary>Removes a rule; what it did stays. False when there was none.</summary>
    public async Task<Outcome<bool>> DeleteAsync(string name, string? ifMatch, string author, CancellationToken cancellationToken)
    {
        var outcome = await rules.DeleteAsync(name, ifMatch, author, cancellationToken).ConfigureAwait(false);
        Forget();
        return outcome;
    }

    /// <summary>The rules that are switched on.</summary>
    public async Task<IReadOnlyList<AutomationRule>> EnabledAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref enabled) is { } known)
        {
            return known;
        }

        var read = Interlocked.Read(ref version);
        var found = new List<AutomationRule>();
        await foreach (var rule in rules.EnumerateAsync(new RecordQuery { Filters = [new RecordFilter.Equal("enabled", true)] }, cancellationToken).ConfigureAwait(false))
        {
            found.Add(rule.Value);
        }

        if (Interlocked.Read(ref version) == read)
        {
            Volatile.Write(ref enabled, found);
        }

        return found;
    }

    private void Forget()
    {
        Interlocked.Increment(ref version);
        Volatile.Write(ref enabled, null);
    }

    /// <summary>Switches off the rules whose time is over; returns their names.</summary>
    internal async Task<IReadOnlyList<string>> ExpireAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var over = (await EnabledAsync(cancellationToken).ConfigureAwait(false)).Where(r => r.ExpiresAt <= now).Select(r => r.Name).ToList();
        foreach (var name in over)
        {
            await rules.UpdateAsync(
                name, r => r.IsEnabled && r.ExpiresAt <= now ? r with { IsEnabled = false, EnabledSince = null, LastModified = now } : null, "automation", cancellationToken).ConfigureAwait(false);
            Forget();
        }

        return over;
    }
}
