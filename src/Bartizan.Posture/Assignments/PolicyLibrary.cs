using System.Text.Json;
using Bartizan.Content.Packs;
using Bartizan.Content.Policies;
using Bartizan.Foundation.Outcomes;
using Bartizan.Foundation.Resources;
using Bartizan.Policy.Definitions;
using Bartizan.Policy.Evaluation;
using Bartizan.Policy.Values;
using Bartizan.Store.Records;

namespace Bartizan.Posture.Assignments;

/// <summary>
/// Every definition and initiative that can be assigned: those of our content, and those imported or written here, which are records.
/// Compiled definitions are shared by all assignments that give the same parameters.
/// </summary>
public sealed class PolicyLibrary
{
    private readonly RecordSet<StoredDefinition> definitionRecords;
    private readonly RecordSet<StoredDefinition> initiativeRecords;
    private readonly Dictionary<string, CheckDefinition> own;
    private readonly Dictionary<string, CompiledPolicy> applies = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Outcome<CompiledPolicy>> compiled = new(StringComparer.Ordinal);
    private readonly Lock gate = new();
    private Snapshot snapshot;

    public PolicyLibrary(PosturePack pack, RecordStore records)
    {
        ArgumentNullException.ThrowIfNull(pack);
        ArgumentNullException.ThrowIfNull(records);
        Pack = pack;
        definitionRecords = records.Open(PolicyRecords.Definitions);
        initiativeRecords = records.Open(PolicyRecords.Initiatives);
        own = pack.Checks.ToDictionary(c => c.DefinitionId, StringComparer.OrdinalIgnoreCase);
        foreach (var check in pack.Checks.Where(c => c.Applies is not null))
        {
            if (PolicyDefinition.Parse(check.Applies!).Then(d => PolicyCompiler.Compile(d, null, pack.Aliases)) is { IsSuccess: true } rule)
            {
                applies[check.Name] = rule.Value;
            }
        }

        Checks = [.. pack.Checks.Select(Check.Of)];
        snapshot = Build([], []);
    }

    public PosturePack Pack { get; }

    /// <summary>Our own checks.</summary>
    public IReadOnlyList<Check> Checks { get; }

    public IReadOnlyCollection<LibraryDefinition> Definitions => snapshot.Definitions.Values;

    public IReadOnlyCollection<InitiativeDefinition> Initiatives => snapshot.Initiatives.Values;

    public LibraryDefinition? FindDefinition(string id) => snapshot.Definitions.GetValueOrDefault(WithoutVersion(id));

    public InitiativeDefinition? FindInitiative(string id) => snapshot.Initiatives.GetValueOrDefault(WithoutVersion(id));

    /// <summary>Reads the records anew; needed after any of them changed.</summary>
    public async Task ReloadAsync(CancellationToken cancellationToken)
    {
        var definitions = new List<StoredDefinition>();
        await foreach (var record in definitionRecords.EnumerateAsync(RecordQuery.All, cancellationToken).ConfigureAwait(false))
        {
            definitions.Add(record.Value);
        }

        var initiatives = new List<StoredDefinition>();
        await foreach (var record in initiativeRecords.EnumerateAsync(RecordQuery.All, cancellationToken).ConfigureAwait(false))
        {
            initiatives.Add(record.Value);
        }

        lock (gate)
        {
            compiled.Clear();
            snapshot = Build(definitions, initiatives);
        }
    }

    /// <summary>A definition with its parameters, from what was compiled before where it is the same.</summary>
    internal Outcome<CompiledPolicy> Compile(LibraryDefinition definition, IReadOnlyDictionary<string, PolicyValue> parameters)
    {
        var key = definition.Id.ToLowerInvariant() + "\n" + string.Join('\n', parameters.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => p.Key + "=" + p.Value));
        lock (gate)
        {
            if (compiled.TryGetValue(key, out var known))
            {
                return known;
            }

            var outcome = PolicyDefinition.Parse(definition.Json).Then(d =>
            {
                // Parameters that a definition does not declare are refused by Azure; an initiative's surplus is no reason to judge nothing.
                var declared = parameters.Where(p => d.FindParameter(p.Key) is not null).ToDictionary(StringComparer.OrdinalIgnoreCase);
                var missing = ParameterValues.Missing(d.Parameters, declared).ToList();
                return missing.Count > 0
                    ? new Problem(ProblemKind.Invalid, "MissingPolicyParameter", $"The definition needs a value of {string.Join(", ", missing)}.", missing[0])
                    : PolicyCompiler.Compile(d, declared, Pack.Aliases);
            });
            compiled.Add(key, outcome);
            return outcome;
        }
    }

    /// <summary>The first of the names that is no parameter of the definition.</summary>
    internal static string? Undeclared(LibraryDefinition definition, IEnumerable<string> names) =>
        PolicyDefinition.Parse(definition.Json).TryGetValue(out var parsed, out _) ? names.FirstOrDefault(n => parsed.FindParameter(n) is null) : null;

    internal CompiledPolicy? AppliesOf(LibraryDefinition definition) => applies.GetValueOrDefault(definition.Name);

    private Snapshot Build(List<StoredDefinition> definitions, List<StoredDefinition> initiatives)
    {
        var byId = new Dictionary<string, LibraryDefinition>(StringComparer.OrdinalIgnoreCase);
        foreach (var (id, check) in own)
        {
            byId[id] = new LibraryDefinition(id, check.Name, check.DisplayName, "BuiltIn", check.Rule, Check.Of(check));
        }

        foreach (var stored in definitions)
        {
            if (PolicyDefinition.Parse(stored.Json).TryGetValue(out var definition, out _))
            {
                byId[stored.Id] = new LibraryDefinition(
                    stored.Id, stored.Name, stored.DisplayName, stored.PolicyType, stored.Json, Check.Of(stored.Id, stored.Name, definition));
            }
        }

        var sets = new Dictionary<string, InitiativeDefinition>(StringComparer.OrdinalIgnoreCase);
        foreach (var environment in Enum.GetValues<CloudEnvironment>().Where(e => own.Values.Any(c => c.Environment == e)))
        {
            var initiative = DefaultInitiative.Compose(environment, Pack.Checks, Pack.Controls);
            sets[initiative.Id] = initiative;
        }

        foreach (var stored in initiatives)
        {
            using var document = JsonDocument.Parse(stored.Json);
            if (InitiativeDefinition.Parse(document.RootElement.Clone()).TryGetValue(out var initiative, out _))
            {
                sets[stored.Id] = initiative with { Id = stored.Id };
            }
        }

        return new Snapshot(byId, sets);
    }

    /// <summary>Ids may name a version: <c>…/versions/1.2.0</c>. One version of each definition is kept.</summary>
    private static string WithoutVersion(string id)
    {
        var at = id.LastIndexOf("/versions/", StringComparison.OrdinalIgnoreCase);
        return at < 0 ? id : id[..at];
    }

    private sealed record Snapshot(Dictionary<string, LibraryDefinition> Definitions, Dictionary<string, InitiativeDefinition> Initiatives);
}

/// <summary>A definition that can be assigned.</summary>
public sealed record LibraryDefinition(string Id, string Name, string DisplayName, string PolicyType, string Json, Check Check);
