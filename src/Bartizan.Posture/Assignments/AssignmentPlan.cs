using Bartizan.Foundation.Resources;
using Bartizan.Policy.Effects;
using Bartizan.Policy.Evaluation;
using Bartizan.Policy.Values;

namespace Bartizan.Posture.Assignments;

/// <summary>One definition in force through one assignment.</summary>
/// <param name="Compiled">Null when it could not be compiled; <paramref name="Fault"/> says why.</param>
/// <param name="Applies">Ours: where the check applies at all.</param>
public sealed record PlannedCheck(
    Assignment Assignment, string Reference, Check Check, CompiledPolicy? Compiled, CompiledPolicy? Applies, string? Fault)
{
    /// <summary>How a resource stands under effect manual until somebody attests.</summary>
    public AttestedState DefaultState { get; init; }

    public bool IsOff => Compiled?.Kind == EffectKind.Disabled;
}

/// <summary>All assignments with their definitions compiled and grouped by the type they are about, and the exemptions and attestations beside them.</summary>
public sealed class AssignmentPlan
{
    private static readonly PlannedCheck[] Nothing = [];

    private readonly Dictionary<ResourceId, List<Grouped>> byScope = [];
    private readonly ILookup<string, Exemption> exemptions;
    private readonly ILookup<ResourceId, Attestation> attestations;
    private readonly ScopeTree scopes;

    private AssignmentPlan(
        IReadOnlyList<(Assignment, IReadOnlyList<PlannedCheck>)> assignments, IEnumerable<Exemption> exemptions, IEnumerable<Attestation> attestations, ScopeTree scopes)
    {
        this.scopes = scopes;
        Exemptions = [.. exemptions];
        Attestations = [.. attestations];
        this.attestations = Attestations.ToLookup(a => a.Resource);
        this.exemptions = Exemptions.ToLookup(e => e.AssignmentId, StringComparer.OrdinalIgnoreCase);
        Assignments = [.. assignments.Select(a => a.Item1)];
        Checks = [.. assignments.SelectMany(a => a.Item2)];
        foreach (var (assignment, checks) in assignments)
        {
            if (!byScope.TryGetValue(assignment.Scope, out var list))
            {
                byScope.Add(assignment.Scope, list = []);
            }

            list.Add(new Grouped(assignment, checks));
        }

        RelatedTypes = Checks.Select(c => c.Compiled?.RelatedType).OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    public static AssignmentPlan Empty { get; } = new([], [], [], ScopeTree.Empty);

    public IReadOnlyList<Assignment> Assignments { get; }

    /// <summary>Which management groups hold which subscriptions.</summary>
    public ScopeTree Scopes => scopes;

    public IReadOnlyList<PlannedCheck> Checks { get; }

    public IReadOnlyList<Exemption> Exemptions { get; }

    public IReadOnlyList<Attestation> Attestations { get; }

    /// <summary>Types that some existence check looks for.</summary>
    public IReadOnlySet<string> RelatedTypes { get; }

    /// <summary>The checks that speak of a resource.</summary>
    public IEnumerable<PlannedCheck> For(ResourceId resource, string type, string location)
    {
        ArgumentNullException.ThrowIfNull(resource);
        foreach (var scope in scopes.Ancestors(resource))
        {
            if (!byScope.TryGetValue(scope, out var assignments))
            {
                continue;
            }

            foreach (var grouped in assignments)
            {
                if (grouped.Assignment.IsExcluded(resource) || !grouped.Assignment.Selects(type, location))
                {
                    continue;
                }

                foreach (var check in grouped.ByType.GetValueOrDefault(type, Nothing))
                {
                    yield return check;
                }

                foreach (var check in grouped.AnyType)
                {
                    yield return check;
                }
            }
        }
    }

    /// <summary>The exemption that covers a resource, if one does.</summary>
    public Exemption? ExemptionFor(ResourceId resource, PlannedCheck check, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(check);
        return exemptions[check.Assignment.Id].FirstOrDefault(e => e.Covers(resource, check.Assignment, check.Reference, now)
            || (e.Scope.Type.Equals("Microsoft.Management/managementGroups", StringComparison.OrdinalIgnoreCase)
                && scopes.Ancestors(resource).Contains(e.Scope) && e.Covers(e.Scope, check.Assignment, check.Reference, now)));
    }

    /// <summary>What a person says of a resource, if that still holds: one for this very check before one for the whole initiative, then the last to expire.</summary>
    public Attestation? AttestationFor(ResourceId resource, PlannedCheck check, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(check);
        return attestations[resource].Where(a => a.Covers(check.Assignment, check.Reference, now))
            .OrderByDescending(a => a.Reference is not null).ThenByDescending(a => a.ExpiresOn ?? DateTimeOffset.MaxValue).FirstOrDefault();
    }

    internal static AssignmentPlan Build(
        PolicyLibrary library, IEnumerable<Assignment> assignments, IEnumerable<Exemption> exemptions, IEnumerable<Attestation> attestations, ScopeTree scopes) =>
        new([.. assignments.Select(a => (a, (IReadOnlyList<PlannedCheck>)[.. Members(library, a)]))], exemptions, attestations, scopes);

    private static IEnumerable<PlannedCheck> Members(PolicyLibrary library, Assignment assignment)
    {
        if (library.FindInitiative(assignment.DefinitionId) is { } initiative)
        {
            var passing = new ParameterPassing(initiative, assignment, library.Pack.Aliases);
            foreach (var member in initiative.Members)
            {
                yield return Plan(library, assignment, member.DefinitionId, member.ReferenceId, passing.For(member));
            }
        }
        else
        {
            var values = ParameterPassing.Values(assignment.Parameters);
            yield return Plan(library, assignment, assignment.DefinitionId, assignment.DefinitionId[(assignment.DefinitionId.LastIndexOf('/') + 1)..], values);
        }
    }

    private static PlannedCheck Plan(
        PolicyLibrary library, Assignment assignment, string definitionId, string reference, Dictionary<string, PolicyValue> parameters)
    {
        if (library.FindDefinition(definitionId) is not { } definition)
        {
            var name = definitionId[(definitionId.LastIndexOf('/') + 1)..];
            var unknown = new Check(AssessmentKeys.Of(definitionId), name, name, "", definitionId, "CustomPolicy");
            return new PlannedCheck(assignment, reference, unknown, null, null, $"The definition '{definitionId}' is not known here; import it.");
        }

        if (assignment.Overrides.FirstOrDefault(o => o.IsFor(reference)) is { } forced)
        {
            parameters[PolicyDefinitionEffect.ParameterOf(definition.Json) ?? "effect"] = PolicyValue.Of(forced.Effect);
        }

        var outcome = library.Compile(definition, parameters);
        return outcome.IsSuccess
            ? new PlannedCheck(assignment, reference, definition.Check, outcome.Value, library.AppliesOf(definition), null)
            {
                DefaultState = outcome.Value.Kind == EffectKind.Manual ? PolicyDefinitionEffect.DefaultStateOf(definition.Json, outcome.Value.Definition, parameters) : AttestedState.Unknown,
            }
            : new PlannedCheck(assignment, reference, definition.Check, null, null, outcome.Problem.Message);
    }

    private sealed class Grouped
    {
        public Grouped(Assignment assignment, IReadOnlyList<PlannedCheck> checks)
        {
            Assignment = assignment;
            AnyType = [.. checks.Where(c => c.Compiled is { Types: null })];
            ByType = checks.Where(c => c.Compiled?.Types is not null).SelectMany(c => c.Compiled!.Types!.Select(t => (t, c)))
                .GroupBy(x => x.t, x => x.c, StringComparer.OrdinalIgnoreCase).ToDictionary(g => g.Key, g => g.ToArray(), StringComparer.OrdinalIgnoreCase);
        }

        public Assignment Assignment { get; }

        public PlannedCheck[] AnyType { get; }

        public Dictionary<string, PlannedCheck[]> ByType { get; }
    }
}
