using System.Text.Json;
using System.Text.Json.Serialization;
using Bartizan.Foundation.Outcomes;
using Bartizan.Foundation.Resources;
using Bartizan.Store.Records;

namespace Bartizan.Posture.Governance;

/// <summary>Owners and due dates of findings.</summary>
public sealed class GovernanceBook
{
    private static readonly RecordKind<GovernanceAssignment> Kind = new(
        "governanceAssignments", GovernanceJson.Default.GovernanceAssignment, RecordField.Text<GovernanceAssignment>("key", a => a.AssessmentKey));

    private readonly RecordSet<GovernanceAssignment> records;

    public GovernanceBook(RecordStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        records = store.Open(Kind);
    }

    public async Task<Outcome<Record<GovernanceAssignment>>> PutAsync(
        ResourceId resource, string key, string name, JsonElement properties, string author, CancellationToken cancellationToken) =>
        GovernanceAssignment.Read(resource, key, name, properties).TryGetValue(out var assignment, out var problem)
            ? await records.PutAsync(assignment.Id, assignment, null, author, cancellationToken).ConfigureAwait(false)
            : problem;

    public Task<Record<GovernanceAssignment>?> FindAsync(ResourceId resource, string key, string name, CancellationToken cancellationToken) =>
        records.FindAsync(GovernanceAssignment.IdOf(resource, key, name), cancellationToken);

    public Task<Outcome<bool>> DeleteAsync(ResourceId resource, string key, string name, string author, CancellationToken cancellationToken) =>
        records.DeleteAsync(GovernanceAssignment.IdOf(resource, key, name), null, author, cancellationToken);

    /// <summary>Assignments of one check at or below a scope, the most urgent first; of every check where none is named.</summary>
    public async Task<IReadOnlyList<GovernanceAssignment>> ListAsync(ResourceId scope, string? key, CancellationToken cancellationToken)
    {
        var query = key is null ? RecordQuery.All : new RecordQuery { Filters = [new RecordFilter.Equal("key", key.ToLowerInvariant())] };
        var found = new List<GovernanceAssignment>();
        await foreach (var record in records.EnumerateAsync(query, cancellationToken).ConfigureAwait(false))
        {
            if (ResourceId.Parse(record.Value.ResourceId).IsWithin(scope))
            {
                found.Add(record.Value);
            }
        }

        return [.. found.OrderBy(f => f.DueDate)];
    }
}

[JsonSerializable(typeof(GovernanceAssignment))]
internal sealed partial class GovernanceJson : JsonSerializerContext;
