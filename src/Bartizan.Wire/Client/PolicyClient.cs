using System.Text.Json;
using Bartizan.Foundation.Outcomes;
using Bartizan.Wire.Arm;
using Bartizan.Wire.Posture;

namespace Bartizan.Wire.Client;

/// <summary>Assignments of policies, exemptions from them, and who mends what until when.</summary>
public sealed class PolicyClient
{
    private const string ExemptionsVersion = "2022-07-01-preview";
    private const string GovernanceVersion = "2022-01-01-preview";
    private readonly BartizanClient client;

    internal PolicyClient(BartizanClient client) => this.client = client;

    /// <summary>What holds at a scope: assigned there, above and below.</summary>
    /// <param name="scope">Empty for the whole tenant.</param>
    public Task<Outcome<ArmList<ArmResource<JsonElement>>>> AssignmentsAsync(string scope, CancellationToken cancellationToken) =>
        client.AllAsync<ArmResource<JsonElement>>($"{scope}/providers/Microsoft.Authorization/policyAssignments?api-version={ApiVersions.Policy}&$top=500", cancellationToken);

    /// <summary>A definition or an initiative by its id.</summary>
    public Task<Outcome<ArmResource<JsonElement>>> DefinitionAsync(string id, CancellationToken cancellationToken) =>
        client.GetAsync<ArmResource<JsonElement>>($"{id}?api-version={ApiVersions.Policy}", cancellationToken);

    public Task<Outcome<ArmResource<JsonElement>>> SaveAssignmentAsync(string id, JsonElement properties, CancellationToken cancellationToken) =>
        client.PutAsync<ArmResource<JsonElement>>($"{id}?api-version={ApiVersions.Policy}", new ArmResource<JsonElement> { Properties = properties }, null, cancellationToken);

    /// <summary>Takes a resource or a scope out of what an assignment counts.</summary>
    public Task<Outcome<ArmResource<JsonElement>>> ExemptAsync(string scope, string name, ExemptionRequest exemption, CancellationToken cancellationToken) =>
        client.PutAsync<ArmResource<JsonElement>>(
            $"{scope}/providers/Microsoft.Authorization/policyExemptions/{PathText.Segment(name)}?api-version={ExemptionsVersion}", new ArmResource<ExemptionRequest> { Properties = exemption }, null, cancellationToken);

    /// <summary>Gives a finding an owner and a day.</summary>
    /// <param name="assessment">The finding's id.</param>
    public Task<Outcome<ArmResource<JsonElement>>> AssignOwnerAsync(string assessment, string name, GovernanceRequest request, CancellationToken cancellationToken) =>
        client.PutAsync<ArmResource<JsonElement>>(
            $"{assessment}/governanceAssignments/{PathText.Segment(name)}?api-version={GovernanceVersion}", new ArmResource<GovernanceRequest> { Properties = request }, null, cancellationToken);

    public Task<Outcome<GovernanceSummary>> GovernanceSummaryAsync(CancellationToken cancellationToken) =>
        client.GetAsync<GovernanceSummary>($"/providers/Microsoft.Bartizan/governanceSummary?api-version={ApiVersions.Bartizan}", cancellationToken);

    /// <param name="filter">OData over state, owner, severity, dueDate, displayName and the like.</param>
    public Task<Outcome<ArmList<GovernanceEntry>>> GovernanceReportAsync(string? search, string? filter, int top, CancellationToken cancellationToken) =>
        client.PageAsync<GovernanceEntry>(
            PathText.Query("/providers/Microsoft.Bartizan/governanceReport", ("api-version", ApiVersions.Bartizan), ("$search", search), ("$filter", filter), ("$top", $"{top}"), ("$count", "true")), cancellationToken);

    public Task<Outcome<ArmList<ArmResource<JsonElement>>>> GovernanceRulesAsync(CancellationToken cancellationToken) =>
        client.AllAsync<ArmResource<JsonElement>>($"/providers/Microsoft.Security/governanceRules?api-version={GovernanceVersion}&$top=500", cancellationToken);

    public Task<Outcome<ArmResource<JsonElement>>> SaveGovernanceRuleAsync(string id, JsonElement properties, CancellationToken cancellationToken) =>
        client.PutAsync<ArmResource<JsonElement>>($"{id}?api-version={GovernanceVersion}", new ArmResource<JsonElement> { Properties = properties }, null, cancellationToken);

    /// <summary>Gives the findings that a rule is about their owners now.</summary>
    public Task<Outcome<JsonElement>> ExecuteGovernanceRuleAsync(string id, CancellationToken cancellationToken) =>
        client.PostAsync<JsonElement>($"{id}/execute?api-version={GovernanceVersion}", null, cancellationToken);

    public Task<Outcome<bool>> DeleteGovernanceRuleAsync(string id, CancellationToken cancellationToken) => client.DeleteAsync($"{id}?api-version={GovernanceVersion}", cancellationToken);
}
