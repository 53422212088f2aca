using System.Text.Json.Serialization;
using Bartizan.Store.Records;

namespace Bartizan.Posture.Assignments;

/// <summary>A definition or initiative that was imported or written here.</summary>
/// <param name="Id">ARM id; built-in ones lie at the tenant.</param>
/// <param name="PolicyType">BuiltIn, Custom or Static.</param>
/// <param name="Json">The whole text, as given.</param>
public sealed record StoredDefinition(string Id, string Name, string DisplayName, string PolicyType, string Json);

/// <summary>A definition or initiative put in force at a scope, as written.</summary>
/// <param name="Json">The <c>properties</c> object.</param>
public sealed record StoredAssignment(string Id, string Name, string Scope, string PolicyDefinitionId, string Json)
{
    public string? Location { get; init; }

    /// <summary>The managed identity, as JSON.</summary>
    public string? Identity { get; init; }
}

/// <summary>An agreed exception, as written.</summary>
public sealed record StoredExemption(string Id, string Name, string Scope, string PolicyAssignmentId, string Json, DateTimeOffset? ExpiresOn);

/// <summary>What a person says of a resource, as written.</summary>
/// <param name="StateChangedAt">When the state it gives was last another.</param>
public sealed record StoredAttestation(string Id, string Name, string Scope, string PolicyAssignmentId, string Json, DateTimeOffset StateChangedAt);

/// <summary>A subscription, account or project that has had its default assignment; it is not given again when somebody removes it.</summary>
public sealed record OnboardedScope(string Scope, string Environment, DateTimeOffset At);

[JsonSerializable(typeof(StoredDefinition))]
[JsonSerializable(typeof(StoredAssignment))]
[JsonSerializable(typeof(StoredExemption))]
[JsonSerializable(typeof(StoredAttestation))]
[JsonSerializable(typeof(OnboardedScope))]
internal sealed partial class PolicyRecordJson : JsonSerializerContext;

/// <summary>The kinds of records that say which policies hold.</summary>
public static class PolicyRecords
{
    public static RecordKind<StoredDefinition> Definitions { get; } = new("policyDefinitions", PolicyRecordJson.Default.StoredDefinition);

    public static RecordKind<StoredDefinition> Initiatives { get; } = new("policySetDefinitions", PolicyRecordJson.Default.StoredDefinition);

    public static RecordKind<StoredAssignment> Assignments { get; } = new("policyAssignments", PolicyRecordJson.Default.StoredAssignment);

    public static RecordKind<StoredExemption> Exemptions { get; } = new("policyExemptions", PolicyRecordJson.Default.StoredExemption);

    public static RecordKind<StoredAttestation> Attestations { get; } = new("policyAttestations", PolicyRecordJson.Default.StoredAttestation);

    public static RecordKind<OnboardedScope> Onboarded { get; } = new("postureScopes", PolicyRecordJson.Default.OnboardedScope);

    internal static bool Holds(string kind) => kind is "policyDefinitions" or "policySetDefinitions" or "policyAssignments" or "policyExemptions" or "policyAttestations";
}
