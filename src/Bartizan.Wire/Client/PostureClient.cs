using Bartizan.Foundation.Outcomes;
using Bartizan.Wire.Arm;
using Bartizan.Wire.Posture;

namespace Bartizan.Wire.Client;

/// <summary>Recommendations, score and inventory.</summary>
public sealed class PostureClient
{
    private const string Own = "/providers/Microsoft.Bartizan";
    private readonly BartizanClient client;

    internal PostureClient(BartizanClient client) => this.client = client;

    public Task<Outcome<ScoreOverview>> OverviewAsync(CancellationToken cancellationToken) =>
        client.GetAsync<ScoreOverview>($"{Own}/scoreOverview?api-version={ApiVersions.Bartizan}", cancellationToken);

    /// <param name="filter">OData over the properties of a recommendation, such as <c>severity eq 'High' and state eq 'Unhealthy'</c>.</param>
    /// <param name="order">One of displayName, severity, unhealthy, scoreGain, with <c> desc</c> after it to turn it round.</param>
    public Task<Outcome<ArmList<ArmResource<RecommendationProperties>>>> RecommendationsAsync(
        string? search, string? filter, string? order, int top, CancellationToken cancellationToken) =>
        client.PageAsync<ArmResource<RecommendationProperties>>(
            PathText.Query($"{Own}/recommendations", ("api-version", ApiVersions.Bartizan), ("$search", search), ("$filter", filter), ("$orderby", order), ("$top", $"{top}"), ("$count", "true")),
            cancellationToken);

    /// <summary>One recommendation with its metadata.</summary>
    public Task<Outcome<ArmResource<RecommendationProperties>>> RecommendationAsync(string key, CancellationToken cancellationToken) =>
        client.GetAsync<ArmResource<RecommendationProperties>>($"{Own}/recommendations/{PathText.Segment(key)}?api-version={ApiVersions.Bartizan}", cancellationToken);

    /// <summary>The findings of one check, over all resources that the caller may see.</summary>
    public Task<Outcome<ArmList<ArmResource<AssessmentProperties>>>> FindingsAsync(string key, string? status, int top, CancellationToken cancellationToken) =>
        client.PageAsync<ArmResource<AssessmentProperties>>(
            PathText.Query($"{Own}/recommendations/{PathText.Segment(key)}/assessments", ("api-version", ApiVersions.Bartizan), ("$filter", status is null ? null : $"status eq '{status}'"), ("$top", $"{top}"), ("$count", "true")),
            cancellationToken);

    /// <summary>All findings on one resource.</summary>
    public Task<Outcome<ArmList<ArmResource<AssessmentProperties>>>> FindingsOfAsync(string resourceId, CancellationToken cancellationToken) =>
        client.PageAsync<ArmResource<AssessmentProperties>>($"{resourceId}/providers/Microsoft.Security/assessments?api-version={ApiVersions.Assessments}&$expand=metadata", cancellationToken);

    public Task<Outcome<InventorySummary>> InventorySummaryAsync(CancellationToken cancellationToken) =>
        client.GetAsync<InventorySummary>($"{Own}/inventory/summary?api-version={ApiVersions.Bartizan}", cancellationToken);

    /// <param name="filter">OData over type, environment, accountId, location.</param>
    /// <param name="order">name, type, unhealthy.</param>
    public Task<Outcome<ArmList<InventoryEntry>>> InventoryAsync(string? search, string? filter, string? order, int top, CancellationToken cancellationToken) =>
        client.PageAsync<InventoryEntry>(
            PathText.Query($"{Own}/inventory", ("api-version", ApiVersions.Bartizan), ("$search", search), ("$filter", filter), ("$orderby", order), ("$top", $"{top}"), ("$count", "true")),
            cancellationToken);

    /// <summary>One resource with its record.</summary>
    public Task<Outcome<InventoryEntry>> ResourceAsync(string resourceId, CancellationToken cancellationToken) =>
        client.GetAsync<InventoryEntry>(PathText.Query($"{Own}/inventory/resource", ("api-version", ApiVersions.Bartizan), ("id", resourceId)), cancellationToken);

    /// <summary>The ledger of one scope, the newest first.</summary>
    /// <param name="before">Only changes before this moment; null for the newest.</param>
    public Task<Outcome<ArmList<ScoreChangeEntry>>> ScoreChangesAsync(string scope, DateTimeOffset? before, int top, CancellationToken cancellationToken) =>
        client.PageAsync<ScoreChangeEntry>(
            PathText.Query($"{scope}{Own}/scoreChanges", ("api-version", ApiVersions.Bartizan), ("before", before?.ToString("O")), ("$top", $"{top}")), cancellationToken);

    /// <summary>The score as it would be; nothing is changed by asking.</summary>
    public Task<Outcome<WhatIfAnswer>> WhatIfAsync(WhatIfQuestion question, CancellationToken cancellationToken) =>
        client.PostAsync<WhatIfAnswer>($"{Own}/whatIf?api-version={ApiVersions.Bartizan}", question, cancellationToken);

    /// <summary>What would mend a finding; nothing is kept or changed by asking.</summary>
    public Task<Outcome<FixPlanProperties>> ProposeFixAsync(string resourceId, string recommendation, CancellationToken cancellationToken) =>
        client.PostAsync<FixPlanProperties>($"{resourceId}{Own}/proposeFix?api-version={ApiVersions.Bartizan}", new FixRequest(recommendation), cancellationToken);

    /// <summary>Plans at and below a scope, the one that changed last first.</summary>
    /// <param name="scope">Empty for everything that the caller may see.</param>
    /// <param name="filter">OData over status, recommendation, resourceId, resourceName, resourceType, displayName.</param>
    public Task<Outcome<ArmList<ArmResource<FixPlanProperties>>>> FixPlansAsync(string scope, string? filter, int top, CancellationToken cancellationToken) =>
        client.PageAsync<ArmResource<FixPlanProperties>>(
            PathText.Query($"{scope}{Own}/fixPlans", ("api-version", ApiVersions.Bartizan), ("$filter", filter), ("$top", $"{top}"), ("$count", "true")), cancellationToken);

    /// <param name="plan">The plan's id.</param>
    public Task<Outcome<ArmResource<FixPlanProperties>>> FixPlanAsync(string plan, CancellationToken cancellationToken) =>
        client.GetAsync<ArmResource<FixPlanProperties>>($"{plan}?api-version={ApiVersions.Bartizan}", cancellationToken);

    /// <summary>Freezes the fix of a finding as a plan.</summary>
    public Task<Outcome<ArmResource<FixPlanProperties>>> PutFixPlanAsync(string resourceId, string name, string recommendation, CancellationToken cancellationToken) =>
        client.PutAsync<ArmResource<FixPlanProperties>>(
            $"{resourceId}{Own}/fixPlans/{PathText.Segment(name)}?api-version={ApiVersions.Bartizan}", new ArmResource<FixRequest> { Properties = new FixRequest(recommendation) }, null, cancellationToken);

    /// <param name="plan">The plan's id.</param>
    /// <param name="act">approve, reject, execute or undo.</param>
    public Task<Outcome<ArmResource<FixPlanProperties>>> ActOnFixPlanAsync(string plan, string act, string? note, CancellationToken cancellationToken) =>
        client.PostAsync<ArmResource<FixPlanProperties>>($"{plan}/{act}?api-version={ApiVersions.Bartizan}", new FixDecision(note), cancellationToken);
}
