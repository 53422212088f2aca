using System.Text.Json;
using System.Text.Json.Serialization;
using Bartizan.Foundation.Outcomes;
using Bartizan.Foundation.Resources;
using Bartizan.Store.Records;

namespace Bartizan.Posture.Governance;

/// <summary>Owners and due dates of findings. All of them are remembered, since lists, reports and the score ask for them by finding.</summary>
public sealed class GovernanceBook : IDisposable
{
    private const int Batch = 500;

    private static readonly RecordKind<GovernanceAssignment> Kind = new(
        "governanceAssignments", GovernanceJson.Default.GovernanceAssignment, RecordField.Text<GovernanceAssignment>("key", a => a.AssessmentKey));

    private readonly RecordStore store;
    private readonly RecordSet<GovernanceAssignment> records;
    private readonly SemaphoreSlim turn = new(1, 1);
    private volatile GovernanceIndex index = GovernanceIndex.Empty;
    private bool isLoaded;

    public GovernanceBook(RecordStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        this.store = store;
        records = store.Open(Kind);
    }

    /// <summary>The assignments as they stand; empty until they were loaded, which the first sweep does.</summary>
    public GovernanceIndex Now => index;

    public void Dispose() => turn.Dispose();

    public async Task<Outcome<Record<GovernanceAssignment>>> PutAsync(
        ResourceId resource, string key, string name, JsonElement properties, string author, CancellationToken cancellationToken)
    {
        if (!GovernanceAssignment.Read(resource, key, name, properties).TryGetValue(out var assignment, out var problem))
        {
            return problem;
        }

        var outcome = await records.PutAsync(assignment.Id, assignment, null, author, cancellationToken).ConfigureAwait(false);
        await ReloadAsync(cancellationToken).ConfigureAwait(false);
        return outcome;
    }

    public Task<Record<GovernanceAssignment>?> FindAsync(ResourceId resource, string key, string name, CancellationToken cancellationToken) =>
        records.FindAsync(GovernanceAssignment.IdOf(resource, key, name), cancellationToken);

    public async Task<Outcome<bool>> DeleteAsync(ResourceId resource, string key, string name, string author, CancellationToken cancellationToken)
    {
        var outcome = await records.DeleteAsync(GovernanceAssignment.IdOf(resource, key, name), null, author, cancellationToken).ConfigureAwait(false);
        await ReloadAsync(cancellationToken).ConfigureAwait(false);
        return outcome;
    }

    /// <summary>Assignments of one check at or below a scope, the most urgent first; of every check where none is named.</summary>
    public async Task<IReadOnlyList<GovernanceAssignment>> ListAsync(ResourceId scope, string? key, CancellationToken cancellationToken)
    {
        await LoadAsync(cancellationToken).ConfigureAwait(false);
        return [.. index.All.Where(a => (key is null || a.AssessmentKey.Equals(key, StringComparison.OrdinalIgnoreCase)) && ResourceId.Parse(a.ResourceId).IsWithin(scope)).OrderBy(a => a.DueDate)];
    }

    internal async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (!isLoaded)
        {
            await ReloadAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Writes what rules say; those that say otherwise about the same finding go.</summary>
    internal async Task PutAsync(IReadOnlyList<GovernanceAssignment> assignments, IReadOnlyList<GovernanceAssignment> replaced, string author, CancellationToken cancellationToken)
    {
        var changes = replaced.Select(r => records.Delete(r.Id)).Concat(assignments.Select(a => records.Put(a.Id, a)));
        foreach (var part in changes.Chunk(Batch))
        {
            var outcome = await store.ApplyAsync(part, author, cancellationToken).ConfigureAwait(false);
            if (!outcome.IsSuccess)
            {
                throw new InvalidOperationException(outcome.Problem.Message);
            }
        }

        await ReloadAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task ReloadAsync(CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var all = new List<GovernanceAssignment>();
            await foreach (var record in records.EnumerateAsync(RecordQuery.All, cancellationToken).ConfigureAwait(false))
            {
                all.Add(record.Value);
            }

            index = new GovernanceIndex(all, index.Version + 1);
            isLoaded = true;
        }
        finally
        {
            turn.Release();
        }
    }
}

[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true, PropertyNamingPolicy = JsonKnownNamingPolicy.Unspecified)]
[JsonSerializable(typeof(GovernanceAssignment))]
[JsonSerializable(typeof(GovernanceAssignment.Written))]
internal sealed partial class GovernanceJson : JsonSerializerContext;
