using System.Collections.Frozen;
using Bartizan.Foundation.Outcomes;
using Bartizan.Foundation.Resources;
using Bartizan.Store.Records;

namespace Bartizan.Server.Auth.Roles;

/// <summary>Who has which role where. Every request asks this, so the whole list is held in memory and replaced with each change.</summary>
internal sealed class RoleAssignments : IDisposable
{
    private readonly RecordSet<RoleAssignment> records;
    private readonly Home home;
    private readonly SemaphoreSlim turn = new(1, 1);
    private volatile Snapshot snapshot = Snapshot.Empty;

    public RoleAssignments(RecordStore store, Home home)
    {
        records = store.Open(RoleAssignment.Kind);
        this.home = home;
    }

    public IReadOnlyList<Record<RoleAssignment>> All => snapshot.All;

    public IReadOnlyList<Grant> Of(string principalId) => snapshot.ByPrincipal.GetValueOrDefault(principalId, []);

    public void Dispose() => turn.Dispose();

    public bool IsHeldAtTenant(RoleDefinition role) => snapshot.All.Any(a => a.Value.RoleId == role.Id && ScopeOf(a.Value.Scope) == ResourceId.Tenant);

    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        var all = new List<Record<RoleAssignment>>();
        await foreach (var record in records.EnumerateAsync(RecordQuery.All, cancellationToken).ConfigureAwait(false))
        {
            all.Add(record);
        }

        snapshot = new Snapshot(
            all,
            all.GroupBy(a => a.Value.PrincipalId, StringComparer.OrdinalIgnoreCase).ToFrozenDictionary(
                g => g.Key,
                IReadOnlyList<Grant> (g) => [.. g.Select(a => (Role: BuiltInRoles.Find(a.Value.RoleId.ToString()), Scope: ScopeOf(a.Value.Scope)))
                    .Where(x => x.Role is not null && x.Scope is not null).Select(x => new Grant(x.Role!, x.Scope!))],
                StringComparer.OrdinalIgnoreCase));
    }

    public async Task<Outcome<Record<RoleAssignment>>> PutAsync(RoleAssignment assignment, string author, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var same = snapshot.All.FirstOrDefault(a => a.Value.PrincipalId == assignment.PrincipalId && a.Value.RoleId == assignment.RoleId
                && ScopeOf(a.Value.Scope) == ScopeOf(assignment.Scope) && a.Value.Name != assignment.Name);
            if (same is not null)
            {
                return new Problem(ProblemKind.Conflict, "RoleAssignmentExists", "The role assignment already exists.", same.Id);
            }

            var outcome = await records.PutAsync(assignment.Id, assignment, null, author, cancellationToken).ConfigureAwait(false);
            await LoadAsync(cancellationToken).ConfigureAwait(false);
            return outcome;
        }
        finally
        {
            turn.Release();
        }
    }

    public async Task<Outcome<bool>> DeleteAsync(string id, string author, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var found = snapshot.All.FirstOrDefault(a => a.Id.Equals(id, StringComparison.OrdinalIgnoreCase));
            if (found is null)
            {
                return false;
            }

            var isLastOwner = found.Value.RoleId == BuiltInRoles.Owner.Id && ScopeOf(found.Value.Scope) == ResourceId.Tenant
                && !snapshot.All.Any(a => a.Id != found.Id && a.Value.RoleId == BuiltInRoles.Owner.Id && ScopeOf(a.Value.Scope) == ResourceId.Tenant && a.Value.PrincipalType == "User");
            if (isLastOwner && found.Value.PrincipalType == "User")
            {
                return new Problem(ProblemKind.Conflict, "LastOwner", "This is the last person who owns the whole tenant; give another person that role first.", id);
            }

            var outcome = await records.DeleteAsync(id, null, author, cancellationToken).ConfigureAwait(false);
            await LoadAsync(cancellationToken).ConfigureAwait(false);
            return outcome;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>The root management group holds everything, so that a role there is a role in the tenant.</summary>
    private ResourceId? ScopeOf(string scope) =>
        !ResourceId.TryParse(scope, out var id) ? null
        : id == home.RootGroup ? ResourceId.Tenant
        : id;

    private sealed record Snapshot(IReadOnlyList<Record<RoleAssignment>> All, FrozenDictionary<string, IReadOnlyList<Grant>> ByPrincipal)
    {
        public static Snapshot Empty { get; } = new([], FrozenDictionary<string, IReadOnlyList<Grant>>.Empty);
    }
}

/// <summary>A role at a scope.</summary>
internal sealed record Grant(RoleDefinition Role, ResourceId Scope);
