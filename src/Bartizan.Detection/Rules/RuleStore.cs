using Bartizan.Content.Rules;
using Bartizan.Foundation.Outcomes;
using Bartizan.Store.Records;

namespace Bartizan.Detection.Rules;

/// <summary>The live rules of the workspace and how each fares.</summary>
public sealed class RuleStore
{
    private static readonly RecordKind<LiveRule> ruleKind = new(
        "alertRules", RuleJson.Default.LiveRule,
        RecordField.Text<LiveRule>("name", r => r.Definition.Name),
        RecordField.Text<LiveRule>("kind", r => r.Definition.Kind.ToString()),
        RecordField.Flag<LiveRule>("enabled", r => r.Definition.IsEnabled),
        RecordField.Text<LiveRule>("template", r => r.Definition.TemplateId),
        RecordField.Time<LiveRule>("modified", r => r.LastModified));

    private static readonly RecordKind<RuleState> stateKind = new("ruleStates", RuleJson.Default.RuleState) { AuditsValues = false };

    private readonly RecordSet<LiveRule> rules;
    private readonly RecordSet<RuleState> states;
    private readonly TimeProvider time;
    private long version;

    public RuleStore(RecordStore records, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(records);
        this.time = time;
        rules = records.Open(ruleKind);
        states = records.Open(stateKind);
    }

    /// <summary>Grows with every change of a rule.</summary>
    public long Version => Interlocked.Read(ref version);

    public Task<Record<LiveRule>?> FindAsync(Guid id, CancellationToken cancellationToken) => rules.FindAsync(id.ToString("D"), cancellationToken);

    public Task<Outcome<RecordPage<LiveRule>>> ListAsync(RecordQuery query, CancellationToken cancellationToken) => rules.ListAsync(query, cancellationToken);

    public async Task<IReadOnlyList<Record<LiveRule>>> AllAsync(CancellationToken cancellationToken)
    {
        var all = new List<Record<LiveRule>>();
        await foreach (var rule in rules.EnumerateAsync(RecordQuery.All, cancellationToken).ConfigureAwait(false))
        {
            all.Add(rule);
        }

        return all;
    }

    /// <summary>Writes a rule; names are unique without regard to case.</summary>
    public Task<Outcome<Record<LiveRule>>> PutAsync(RuleDefinition definition, string? ifMatch, string author, CancellationToken cancellationToken) =>
        PutAsync(definition, null, ifMatch, author, cancellationToken);

    internal async Task<Outcome<Record<LiveRule>>> PutAsync(
        RuleDefinition definition, string? templateHash, string? ifMatch, string author, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(definition);
        var sameName = await rules.ListAsync(
            new RecordQuery { Filters = [new RecordFilter.Equal("name", definition.Name)], Take = 2 }, cancellationToken).ConfigureAwait(false);
        if (sameName.IsSuccess && sameName.Value.Items.Any(r => r.Value.Definition.Id != definition.Id))
        {
            return new Problem(ProblemKind.Conflict, "Conflict", $"There is another rule called '{definition.Name}'; choose another name.", "displayName");
        }

        var known = await FindAsync(definition.Id, cancellationToken).ConfigureAwait(false);
        var now = time.GetUtcNow();
        var live = new LiveRule
        {
            Definition = definition with { Tests = [] },
            Created = known?.Value.Created ?? now,
            LastModified = now,
            TemplateHash = templateHash,
        };
        var outcome = await rules.PutAsync(definition.Id.ToString("D"), live, ifMatch, author, cancellationToken).ConfigureAwait(false);
        Interlocked.Increment(ref version);
        return outcome;
    }

    /// <summary>Removes a rule and its state; its alerts and incidents stay. False when there was none.</summary>
    public async Task<Outcome<bool>> DeleteAsync(Guid id, string? ifMatch, string author, CancellationToken cancellationToken)
    {
        var outcome = await rules.DeleteAsync(id.ToString("D"), ifMatch, author, cancellationToken).ConfigureAwait(false);
        if (outcome.IsSuccess)
        {
            await states.DeleteAsync(id.ToString("D"), null, author, cancellationToken).ConfigureAwait(false);
            Interlocked.Increment(ref version);
        }

        return outcome;
    }

    /// <summary>Switches a rule off because it cannot run: the name says so, the description says why.</summary>
    internal async Task DisableAsync(Guid id, string reason, string author, CancellationToken cancellationToken)
    {
        await rules.UpdateAsync(
            id.ToString("D"),
            live => !live.Definition.IsEnabled ? null : live with
            {
                LastModified = time.GetUtcNow(),
                DisabledReason = reason,
                Definition = live.Definition with
                {
                    IsEnabled = false,
                    Name = live.Definition.Name.StartsWith(LiveRule.DisabledPrefix, StringComparison.Ordinal) ? live.Definition.Name : LiveRule.DisabledPrefix + live.Definition.Name,
                    Description = $"{live.Definition.Description}\n\nDisabled: {reason}".Trim(),
                },
            },
            author,
            cancellationToken).ConfigureAwait(false);
        Interlocked.Increment(ref version);
    }

    public async Task<RuleState> StateAsync(Guid id, CancellationToken cancellationToken) =>
        (await states.FindAsync(id.ToString("D"), cancellationToken).ConfigureAwait(false))?.Value ?? new RuleState { RuleId = id };

    internal RecordChange Put(RuleState state) => states.Put(state.RuleId.ToString("D"), state);

    internal Task PutAsync(RuleState state, CancellationToken cancellationToken) =>
        states.PutAsync(state.RuleId.ToString("D"), state, null, "detection", cancellationToken);
}
