using System.Text.Json;
using System.Text.Json.Nodes;
using Bartizan.Foundation.Outcomes;
using Bartizan.Foundation.Resources;
using Bartizan.Store.Records;

namespace Bartizan.Posture.Assignments;

/// <summary>Keeps assignments, exemptions and attestations, and gives each new subscription, account or project its default assignment.</summary>
public sealed class AssignmentBook
{
    private const string System = "bartizan";

    private readonly PolicyLibrary library;
    private readonly RecordStore records;
    private readonly TimeProvider time;

    public AssignmentBook(PolicyLibrary library, RecordStore records, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(records);
        this.library = library;
        this.records = records;
        this.time = time;
        Assignments = records.Open(PolicyRecords.Assignments);
        Exemptions = records.Open(PolicyRecords.Exemptions);
        Attestations = records.Open(PolicyRecords.Attestations);
        Definitions = records.Open(PolicyRecords.Definitions);
        Initiatives = records.Open(PolicyRecords.Initiatives);
        Onboarded = records.Open(PolicyRecords.Onboarded);
    }

    public RecordSet<StoredAssignment> Assignments { get; }

    public RecordSet<StoredExemption> Exemptions { get; }

    public RecordSet<StoredAttestation> Attestations { get; }

    public RecordSet<StoredDefinition> Definitions { get; }

    public RecordSet<StoredDefinition> Initiatives { get; }

    private RecordSet<OnboardedScope> Onboarded { get; }

    public async Task<IReadOnlyList<Assignment>> ListAssignmentsAsync(CancellationToken cancellationToken)
    {
        var found = new List<Assignment>();
        await foreach (var record in Assignments.EnumerateAsync(RecordQuery.All, cancellationToken).ConfigureAwait(false))
        {
            using var document = JsonDocument.Parse(record.Value.Json);
            if (Assignment.Read(record.Value.Id, ResourceId.Parse(record.Value.Scope), document.RootElement) is { IsSuccess: true } read)
            {
                found.Add(read.Value);
            }
        }

        return found;
    }

    public async Task<IReadOnlyList<Exemption>> ListExemptionsAsync(CancellationToken cancellationToken)
    {
        var found = new List<Exemption>();
        await foreach (var record in Exemptions.EnumerateAsync(RecordQuery.All, cancellationToken).ConfigureAwait(false))
        {
            using var document = JsonDocument.Parse(record.Value.Json);
            if (Exemption.Read(record.Value.Id, ResourceId.Parse(record.Value.Scope), document.RootElement) is { IsSuccess: true } read)
            {
                found.Add(read.Value);
            }
        }

        return found;
    }

    public async Task<IReadOnlyList<Attestation>> ListAttestationsAsync(CancellationToken cancellationToken)
    {
        var found = new List<Attestation>();
        await foreach (var record in Attestations.EnumerateAsync(RecordQuery.All, cancellationToken).ConfigureAwait(false))
        {
            if (Read(record.Value) is { IsSuccess: true } read)
            {
                found.Add(read.Value);
            }
        }

        return found;
    }

    /// <summary>Puts a definition or initiative in force. What it names must be known, and its parameters must fit.</summary>
    public async Task<Outcome<Record<StoredAssignment>>> AssignAsync(
        ResourceId scope, string name, JsonElement properties, string? location, string? identity, string? ifMatch, string author, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        var id = PolicyIds.Of(scope, "policyAssignments", name);
        if (!Assignment.Read(id, scope, properties).TryGetValue(out var assignment, out var problem))
        {
            return problem;
        }

        if (library.FindDefinition(assignment.DefinitionId) is { } definition)
        {
            if (PolicyLibrary.Undeclared(definition, assignment.Parameters.Keys) is { } undeclared)
            {
                return new Problem(ProblemKind.Invalid, "UndefinedPolicyParameter", $"The definition has no parameter '{undeclared}'.", undeclared);
            }

            var compiled = library.Compile(definition, ParameterPassing.Values(assignment.Parameters));
            if (!compiled.IsSuccess)
            {
                return compiled.Problem;
            }
        }
        else if (library.FindInitiative(assignment.DefinitionId) is { } initiative)
        {
            var surplus = assignment.Parameters.Keys.FirstOrDefault(p => !initiative.ParameterNames.Contains(p, StringComparer.OrdinalIgnoreCase));
            var missing = initiative.ParameterNames.FirstOrDefault(p => !initiative.Defaults.ContainsKey(p) && !assignment.Parameters.ContainsKey(p));
            if ((surplus ?? missing) is { } name1)
            {
                return new Problem(
                    ProblemKind.Invalid, surplus is null ? "MissingPolicyParameter" : "UndefinedPolicyParameter",
                    surplus is null ? $"The initiative needs a value of the parameter '{name1}'." : $"The initiative has no parameter '{name1}'.", name1);
            }
        }
        else
        {
            return new Problem(
                ProblemKind.NotFound, "PolicyDefinitionNotFound", $"The definition '{assignment.DefinitionId}' is not known here; import or create it first.", "policyDefinitionId");
        }

        var stored = new StoredAssignment(id, name, scope.Text, assignment.DefinitionId, properties.GetRawText()) { Location = location, Identity = identity };
        return await Assignments.PutAsync(id, stored, ifMatch, author, cancellationToken).ConfigureAwait(false);
    }

    public async Task<Outcome<Record<StoredExemption>>> ExemptAsync(
        ResourceId scope, string name, JsonElement properties, string? ifMatch, string author, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        var id = PolicyIds.Of(scope, "policyExemptions", name);
        if (!Exemption.Read(id, scope, properties).TryGetValue(out var exemption, out var problem))
        {
            return problem;
        }

        if (await Assignments.FindAsync(exemption.AssignmentId, cancellationToken).ConfigureAwait(false) is null)
        {
            return new Problem(ProblemKind.NotFound, "PolicyAssignmentNotFound", $"There is no assignment '{exemption.AssignmentId}'.", "policyAssignmentId");
        }

        var stored = new StoredExemption(id, name, scope.Text, exemption.AssignmentId, properties.GetRawText(), exemption.ExpiresOn);
        return await Exemptions.PutAsync(id, stored, ifMatch, author, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes down what a person says of a resource. The assignment must be known, and the member must be in its initiative.</summary>
    public async Task<Outcome<Record<StoredAttestation>>> AttestAsync(
        ResourceId resource, string name, JsonElement properties, string? ifMatch, string author, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(resource);
        var id = PolicyIds.Of(resource, "Microsoft.PolicyInsights", "attestations", name);
        if (!Attestation.Read(id, resource, properties).TryGetValue(out var attestation, out var problem))
        {
            return problem;
        }

        if (await Assignments.FindAsync(attestation.AssignmentId, cancellationToken).ConfigureAwait(false) is not { } assigned)
        {
            return new Problem(ProblemKind.NotFound, "PolicyAssignmentNotFound", $"There is no assignment '{attestation.AssignmentId}'.", "policyAssignmentId");
        }

        if (attestation.Reference is { } reference && library.FindInitiative(assigned.Value.PolicyDefinitionId) is { } initiative
            && !initiative.Members.Any(m => m.ReferenceId.Equals(reference, StringComparison.OrdinalIgnoreCase)))
        {
            return new Problem(ProblemKind.Invalid, "InvalidAttestation", $"The initiative has no member '{reference}'.", "policyDefinitionReferenceId");
        }

        var before = await Attestations.FindAsync(id, cancellationToken).ConfigureAwait(false);
        var changed = before is not null && Read(before.Value) is { IsSuccess: true } read && read.Value.State == attestation.State ? before.Value.StateChangedAt : time.GetUtcNow();
        var stored = new StoredAttestation(id, name, resource.Text, attestation.AssignmentId, properties.GetRawText(), changed);
        return await Attestations.PutAsync(id, stored, ifMatch, author, cancellationToken).ConfigureAwait(false);
    }

    private static Outcome<Attestation> Read(StoredAttestation stored)
    {
        using var document = JsonDocument.Parse(stored.Json);
        return Attestation.Read(stored.Id, ResourceId.Parse(stored.Scope), document.RootElement);
    }

    /// <summary>Gives the scopes that are new their default assignment; returns whether any was.</summary>
    internal async Task<bool> OnboardAsync(IReadOnlyCollection<AccountScope> scopes, CancellationToken cancellationToken)
    {
        var known = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        await foreach (var record in Onboarded.EnumerateAsync(RecordQuery.All, cancellationToken).ConfigureAwait(false))
        {
            known.Add(record.Value.Scope + "|" + record.Value.Environment);
        }

        var changes = new List<RecordChange>();
        foreach (var scope in scopes.Where(s => !known.Contains(s.Id.Text + "|" + s.Environment)))
        {
            if (library.FindInitiative(DefaultInitiative.IdFor(scope.Environment)) is not { } initiative)
            {
                continue;
            }

            // A scope may hold resources of two environments, such as machines beside Azure's own: one assignment for each.
            var name = scopes.Count(s => s.Id == scope.Id) > 1 && scope.Environment != CloudEnvironment.Azure
                ? $"{DefaultInitiative.AssignmentName}-{scope.Environment}"
                : DefaultInitiative.AssignmentName;
            var id = PolicyIds.Of(scope.Id, "policyAssignments", name);
            var properties = new JsonObject
            {
                ["displayName"] = $"Baseline ({scope.Environment}: {scope.AccountId})",
                ["policyDefinitionId"] = initiative.Id,
                ["scope"] = scope.Id.Text,
                ["notScopes"] = new JsonArray(),
                ["parameters"] = new JsonObject(),
                ["enforcementMode"] = "Default",
            };
            changes.Add(Assignments.Put(id, new StoredAssignment(id, name, scope.Id.Text, initiative.Id, properties.ToJsonString())));
            changes.Add(Onboarded.Put($"{scope.Id.Text}|{scope.Environment}", new OnboardedScope(scope.Id.Text, scope.Environment.ToString(), time.GetUtcNow())));
        }

        if (changes.Count > 0)
        {
            await records.ApplyAsync(changes, System, cancellationToken).ConfigureAwait(false);
        }

        return changes.Count > 0;
    }
}
