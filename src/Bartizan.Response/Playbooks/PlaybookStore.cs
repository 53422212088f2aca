using Bartizan.Foundation.Outcomes;
using Bartizan.Store.Records;

namespace Bartizan.Response.Playbooks;

/// <summary>The playbooks of the workspace and their runs. Only definitions that can be run are kept.</summary>
public sealed class PlaybookStore
{
    private const int MaxDefinition = 2_000_000;

    private static readonly RecordKind<Playbook> playbookKind = new("playbooks", PlaybookJson.Default.Playbook, RecordField.Text<Playbook>("name", p => p.Name));

    private static readonly RecordKind<PlaybookRun> runKind = new(
        "playbookRuns", PlaybookJson.Default.PlaybookRun,
        RecordField.Text<PlaybookRun>("playbook", r => r.Playbook),
        RecordField.Text<PlaybookRun>("incident", r => r.IncidentId?.ToString("D")),
        RecordField.Text<PlaybookRun>("status", r => r.Status.ToString()),
        RecordField.Time<PlaybookRun>("started", r => r.Started))
    {
        AuditsValues = false,
    };

    private readonly RecordSet<Playbook> playbooks;
    private readonly RecordSet<PlaybookRun> runs;
    private readonly TimeProvider time;

    public PlaybookStore(RecordStore records, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(records);
        this.time = time;
        playbooks = records.Open(playbookKind);
        runs = records.Open(runKind);
    }

    public Task<Record<Playbook>?> FindAsync(string name, CancellationToken cancellationToken) => playbooks.FindAsync(name, cancellationToken);

    public Task<Outcome<RecordPage<Playbook>>> ListAsync(int take, string? continuation, CancellationToken cancellationToken) => playbooks.ListAsync(
        new RecordQuery { OrderBy = new RecordOrder("name"), Take = take, Continuation = continuation, WantCount = true }, cancellationToken);

    public async Task<Outcome<Record<Playbook>>> PutAsync(string name, string definition, bool isEnabled, string? ifMatch, string author, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(definition);
        if (definition.Length > MaxDefinition)
        {
            return new Problem(ProblemKind.TooLarge, "RequestEntityTooLarge", $"A definition has at most {MaxDefinition:N0} characters.", "properties.definition");
        }

        if (PlaybookReader.Read(definition).Problem is { } problem)
        {
            return problem;
        }

        var now = time.GetUtcNow();
        var known = await FindAsync(name, cancellationToken).ConfigureAwait(false);
        return await playbooks.PutAsync(name, new Playbook(name, definition, isEnabled, known?.Value.Created ?? now, now), ifMatch, author, cancellationToken).ConfigureAwait(false);
    }

    public Task<Outcome<bool>> DeleteAsync(string name, string? ifMatch, string author, CancellationToken cancellationToken) => playbooks.DeleteAsync(name, ifMatch, author, cancellationToken);

    /// <summary>The runs of a playbook, newest first.</summary>
    public Task<Outcome<RecordPage<PlaybookRun>>> RunsAsync(string playbook, int take, string? continuation, CancellationToken cancellationToken) => runs.ListAsync(
        new RecordQuery { Filters = [new RecordFilter.Equal("playbook", playbook)], OrderBy = new RecordOrder("started", Descending: true), Take = take, Continuation = continuation, WantCount = true }, cancellationToken);

    public Task<Record<PlaybookRun>?> FindRunAsync(Guid id, CancellationToken cancellationToken) => runs.FindAsync(id.ToString("D"), cancellationToken);

    internal Task KeepAsync(PlaybookRun run, CancellationToken cancellationToken) => runs.PutAsync(run.Id.ToString("D"), run, null, "playbooks", cancellationToken);

    /// <summary>Runs that the process left when it ended: what they did stays done, so they are not begun again.</summary>
    internal async Task CloseInterruptedAsync(CancellationToken cancellationToken)
    {
        var open = await runs.ListAsync(new RecordQuery { Filters = [new RecordFilter.Equal("status", nameof(StepStatus.Running))], Take = 1000 }, cancellationToken).ConfigureAwait(false);
        foreach (var run in open.Value.Items)
        {
            await KeepAsync(run.Value with { Status = StepStatus.Failed, Error = "The server ended while this ran.", Ended = time.GetUtcNow() }, cancellationToken).ConfigureAwait(false);
        }
    }
}
