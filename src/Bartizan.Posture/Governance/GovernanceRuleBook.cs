using System.Text.Json;
using System.Text.Json.Serialization;
using Bartizan.Foundation.Outcomes;
using Bartizan.Foundation.Resources;
using Bartizan.Store.Records;

namespace Bartizan.Posture.Governance;

/// <summary>A rule as written.</summary>
/// <param name="Json">Its <c>properties</c>.</param>
public sealed record StoredGovernanceRule(string Id, string Name, string Scope, string Json, DateTimeOffset Since);

/// <summary>Keeps the rules that give findings their owners.</summary>
public sealed class GovernanceRuleBook
{
    internal const string KindName = "governanceRules";

    private static readonly RecordKind<StoredGovernanceRule> Kind = new(KindName, GovernanceRuleJson.Default.StoredGovernanceRule);

    private readonly RecordSet<StoredGovernanceRule> records;
    private readonly TimeProvider time;

    public GovernanceRuleBook(RecordStore store, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(store);
        records = store.Open(Kind);
        this.time = time;
    }

    public async Task<Outcome<Record<StoredGovernanceRule>>> PutAsync(
        ResourceId scope, string name, JsonElement properties, string author, CancellationToken cancellationToken)
    {
        var id = IdOf(scope, name);
        var since = time.GetUtcNow();
        if (!GovernanceRule.Read(id, scope, properties, since).TryGetValue(out var rule, out var problem))
        {
            return problem;
        }

        foreach (var other in await ListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (other.Scope == scope && other.Priority == rule.Priority && !other.Id.Equals(id, StringComparison.OrdinalIgnoreCase))
            {
                return new Problem(
                    ProblemKind.Conflict, "DuplicateRulePriority", $"The rule '{other.DisplayName}' of this scope has the priority {rule.Priority} already.", "rulePriority");
            }
        }

        return await records.PutAsync(id, new StoredGovernanceRule(id, name, scope.Text, properties.GetRawText(), since), null, author, cancellationToken).ConfigureAwait(false);
    }

    public Task<Record<StoredGovernanceRule>?> FindAsync(ResourceId scope, string name, CancellationToken cancellationToken) =>
        records.FindAsync(IdOf(scope, name), cancellationToken);

    public Task<Outcome<bool>> DeleteAsync(ResourceId scope, string name, string author, CancellationToken cancellationToken) =>
        records.DeleteAsync(IdOf(scope, name), null, author, cancellationToken);

    public IAsyncEnumerable<Record<StoredGovernanceRule>> EnumerateAsync(CancellationToken cancellationToken) => records.EnumerateAsync(RecordQuery.All, cancellationToken);

    /// <summary>Every rule, in the order in which they decide: those of wider scopes first, then by priority.</summary>
    public async Task<IReadOnlyList<GovernanceRule>> ListAsync(CancellationToken cancellationToken)
    {
        var rules = new List<GovernanceRule>();
        await foreach (var record in EnumerateAsync(cancellationToken).ConfigureAwait(false))
        {
            using var document = JsonDocument.Parse(record.Value.Json);
            if (GovernanceRule.Read(record.Value.Id, ResourceId.Parse(record.Value.Scope), document.RootElement, record.Value.Since).TryGetValue(out var rule, out _))
            {
                rules.Add(rule);
            }
        }

        return [.. rules.OrderBy(r => Width(r.Scope)).ThenBy(r => r.Priority)];
    }

    private static int Width(ResourceId scope) => scope == ResourceId.Tenant ? 0
        : scope.Type.Equals("Microsoft.Management/managementGroups", StringComparison.OrdinalIgnoreCase) ? 1
        : 2;

    private static string IdOf(ResourceId scope, string name) => scope.Append("providers/Microsoft.Security/governanceRules/" + name).Text;
}

[JsonSerializable(typeof(StoredGovernanceRule))]
internal sealed partial class GovernanceRuleJson : JsonSerializerContext;
