using System.Text.Json;
using Bartizan.Foundation.Outcomes;
using Bartizan.Wire.Arm;
using Bartizan.Wire.Posture;

namespace Bartizan.Wire.Client;

/// <summary>Which policies hold where: definitions, initiatives, assignments and exemptions.</summary>
public sealed class PolicyClient
{
    private const string Authorization = "/providers/Microsoft.Authorization";
    private readonly BartizanClient client;

    internal PolicyClient(BartizanClient client) => this.client = client;

    /// <summary>The management groups that the caller may see.</summary>
    public Task<Outcome<ArmList<ArmResource<ManagementGroupProperties>>>> GroupsAsync(CancellationToken cancellationToken) =>
        client.AllAsync<ArmResource<ManagementGroupProperties>>($"/providers/Microsoft.Management/managementGroups?api-version={ApiVersions.ManagementGroups}", cancellationToken);

    /// <summary>What holds at a scope: its own assignments, those above it and those below.</summary>
    public Task<Outcome<ArmList<ArmResource<PolicyAssignmentProperties>>>> AssignmentsAsync(string scope, CancellationToken cancellationToken) =>
        client.AllAsync<ArmResource<PolicyAssignmentProperties>>(At(scope, "policyAssignments"), cancellationToken);

    public Task<Outcome<ArmResource<PolicyAssignmentProperties>>> AssignAsync(
        string scope, string name, PolicyAssignmentProperties properties, CancellationToken cancellationToken) =>
        client.PutAsync<ArmResource<PolicyAssignmentProperties>>(At(scope, "policyAssignments/" + PathText.Segment(name)), new { properties }, null, cancellationToken);

    public Task<Outcome<ArmList<ArmResource<PolicyExemptionProperties>>>> ExemptionsAsync(string scope, CancellationToken cancellationToken) =>
        client.AllAsync<ArmResource<PolicyExemptionProperties>>(At(scope, "policyExemptions"), cancellationToken);

    public Task<Outcome<ArmResource<PolicyExemptionProperties>>> ExemptAsync(
        string scope, string name, PolicyExemptionProperties properties, CancellationToken cancellationToken) =>
        client.PutAsync<ArmResource<PolicyExemptionProperties>>(At(scope, "policyExemptions/" + PathText.Segment(name)), new { properties }, null, cancellationToken);

    /// <summary>Takes away an assignment, exemption, definition or initiative, by its id.</summary>
    public Task<Outcome<bool>> RemoveAsync(string id, CancellationToken cancellationToken) =>
        client.DeleteAsync($"{id}?api-version={ApiVersions.Policy}", cancellationToken);

    public Task<Outcome<ArmList<ArmResource<JsonElement>>>> DefinitionsAsync(string scope, CancellationToken cancellationToken) =>
        client.AllAsync<ArmResource<JsonElement>>(At(scope, "policyDefinitions"), cancellationToken);

    public Task<Outcome<ArmList<ArmResource<JsonElement>>>> InitiativesAsync(string scope, CancellationToken cancellationToken) =>
        client.AllAsync<ArmResource<JsonElement>>(At(scope, "policySetDefinitions"), cancellationToken);

    /// <summary>One definition or initiative, by its id.</summary>
    public Task<Outcome<ArmResource<JsonElement>>> DefinitionAsync(string id, CancellationToken cancellationToken) =>
        client.GetAsync<ArmResource<JsonElement>>($"{id}?api-version={ApiVersions.Policy}", cancellationToken);

    /// <summary>The state of every resource that a definition judges.</summary>
    public Task<Outcome<PolicyStatePage>> StatesAsync(string definition, int top, CancellationToken cancellationToken) =>
        client.PostAsync<PolicyStatePage>(
            PathText.Query("/providers/Microsoft.PolicyInsights/policyStates/latest/queryResults", ("api-version", ApiVersions.PolicyInsights), ("$filter", $"policyDefinitionId eq '{definition.Replace("'", "''", StringComparison.Ordinal)}'"), ("$top", $"{top}")),
            null, cancellationToken);

    private static string At(string scope, string type) => $"{(scope == "/" ? "" : scope)}{Authorization}/{type}?api-version={ApiVersions.Policy}";
}
