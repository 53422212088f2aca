using System.Text.Json;
using Bartizan.Foundation.Outcomes;
using Bartizan.Wire.Arm;
using Bartizan.Wire.Detection;

namespace Bartizan.Wire.Client;

/// <summary>Incidents, alerts and rules of the home workspace.</summary>
public sealed class DetectionClient
{
    private readonly BartizanClient client;

    internal DetectionClient(BartizanClient client) => this.client = client;

    public Task<Outcome<ArmList<ArmResource<IncidentProperties>>>> IncidentsAsync(string? search, string? filter, string? order, int top, CancellationToken cancellationToken) =>
        IncidentsAsync(search, null, filter, order, top, cancellationToken);

    /// <param name="searchIn">Where the search looks, separated by commas, where the usual places are not enough: <c>description,comments,entities</c>.</param>
    /// <param name="filter">OData, such as <c>properties/status ne 'Closed'</c>.</param>
    /// <param name="order">Such as <c>properties/createdTimeUtc desc</c>.</param>
    public Task<Outcome<ArmList<ArmResource<IncidentProperties>>>> IncidentsAsync(string? search, string? searchIn, string? filter, string? order, int top, CancellationToken cancellationToken) =>
        client.InWorkspaceAsync(
            w => client.PageAsync<ArmResource<IncidentProperties>>(
                PathText.Query(Path(w, "incidents"), ("api-version", ApiVersions.Insights), ("$search", search), ("searchIn", searchIn), ("$filter", filter), ("$orderby", order), ("$top", $"{top}"), ("$count", "true")),
                cancellationToken),
            cancellationToken);

    public Task<Outcome<IncidentCounts>> CountsAsync(string? search, string? filter, CancellationToken cancellationToken) =>
        client.GetAsync<IncidentCounts>(PathText.Query("/providers/Microsoft.Bartizan/incidentCounts", ("api-version", ApiVersions.Bartizan), ("$search", search), ("$filter", filter)), cancellationToken);

    /// <param name="incident">The GUID, or the number.</param>
    public Task<Outcome<ArmResource<IncidentProperties>>> IncidentAsync(string incident, CancellationToken cancellationToken) =>
        InWorkspaceAsync<ArmResource<IncidentProperties>>($"incidents/{PathText.Segment(incident)}", ApiVersions.Insights, cancellationToken);

    /// <summary>Writes an incident; with its etag, a change made by somebody else in between is refused rather than lost.</summary>
    public Task<Outcome<ArmResource<IncidentProperties>>> SaveAsync(string incident, IncidentProperties properties, string? etag, CancellationToken cancellationToken) =>
        client.InWorkspaceAsync(
            w => client.PutAsync<ArmResource<IncidentProperties>>(
                $"{Path(w, "incidents")}/{PathText.Segment(incident)}?api-version={ApiVersions.Insights}", new ArmResource<IncidentProperties> { Etag = etag, Properties = properties }, null, cancellationToken),
            cancellationToken);

    public Task<Outcome<bool>> DeleteAsync(string incident, CancellationToken cancellationToken) =>
        client.InWorkspaceAsync(w => client.DeleteAsync($"{Path(w, "incidents")}/{PathText.Segment(incident)}?api-version={ApiVersions.Insights}", cancellationToken), cancellationToken);

    public Task<Outcome<ArmList<ArmResource<SecurityAlertProperties>>>> AlertsAsync(string incident, CancellationToken cancellationToken) =>
        client.InWorkspaceAsync(
            w => client.PostAsync<ArmList<ArmResource<SecurityAlertProperties>>>(
                $"{Path(w, "incidents")}/{PathText.Segment(incident)}/alerts?api-version={ApiVersions.Insights}", null, cancellationToken),
            cancellationToken);

    public Task<Outcome<IncidentEntities>> EntitiesAsync(string incident, CancellationToken cancellationToken) =>
        client.InWorkspaceAsync(
            w => client.PostAsync<IncidentEntities>($"{Path(w, "incidents")}/{PathText.Segment(incident)}/entities?api-version={ApiVersions.Insights}", null, cancellationToken),
            cancellationToken);

    public Task<Outcome<ArmList<ArmResource<CommentProperties>>>> CommentsAsync(string incident, CancellationToken cancellationToken) =>
        InWorkspaceAsync<ArmList<ArmResource<CommentProperties>>>($"incidents/{PathText.Segment(incident)}/comments", ApiVersions.Insights, cancellationToken);

    public Task<Outcome<ArmResource<CommentProperties>>> CommentAsync(string incident, Guid id, string message, CancellationToken cancellationToken) =>
        client.InWorkspaceAsync(
            w => client.PutAsync<ArmResource<CommentProperties>>(
                $"{Path(w, "incidents")}/{PathText.Segment(incident)}/comments/{id:D}?api-version={ApiVersions.Insights}", new ArmResource<CommentProperties> { Properties = new CommentProperties(message) }, null, cancellationToken),
            cancellationToken);

    /// <summary>What people and rules did to an incident, newest first.</summary>
    public Task<Outcome<ArmList<ActivityEntry>>> ActivityAsync(string incident, CancellationToken cancellationToken) =>
        client.GetAsync<ArmList<ActivityEntry>>($"/providers/Microsoft.Bartizan/incidents/{PathText.Segment(incident)}/activity?api-version={ApiVersions.Bartizan}", cancellationToken);

    /// <summary>The rows that an alert froze when it was raised.</summary>
    public Task<Outcome<AlertEvidenceProperties>> EvidenceAsync(string alert, CancellationToken cancellationToken) =>
        client.GetAsync<AlertEvidenceProperties>($"/providers/Microsoft.Bartizan/alerts/{PathText.Segment(alert)}/evidence?api-version={ApiVersions.Bartizan}", cancellationToken);

    public Task<Outcome<ArmList<ArmResource<AlertRuleProperties>>>> RulesAsync(CancellationToken cancellationToken) =>
        InWorkspaceAsync<ArmList<ArmResource<AlertRuleProperties>>>("alertRules", ApiVersions.Insights, cancellationToken);

    /// <summary>Every rule, all pages of them.</summary>
    public Task<Outcome<ArmList<ArmResource<AlertRuleProperties>>>> AllRulesAsync(CancellationToken cancellationToken) =>
        client.InWorkspaceAsync(w => client.AllAsync<ArmResource<AlertRuleProperties>>($"{Path(w, "alertRules")}?api-version={ApiVersions.Insights}&$top=1000", cancellationToken), cancellationToken);

    /// <summary>A rule with everything it says, so that a write loses nothing.</summary>
    public Task<Outcome<ArmResource<JsonElement>>> RuleAsync(Guid rule, CancellationToken cancellationToken) =>
        InWorkspaceAsync<ArmResource<JsonElement>>($"alertRules/{rule:D}", ApiVersions.Insights, cancellationToken);

    public Task<Outcome<ArmResource<JsonElement>>> SaveRuleAsync(Guid id, ArmResource<JsonElement> rule, CancellationToken cancellationToken) =>
        client.InWorkspaceAsync(w => client.PutAsync<ArmResource<JsonElement>>($"{Path(w, "alertRules")}/{id:D}?api-version={ApiVersions.Insights}", rule, null, cancellationToken), cancellationToken);

    /// <summary>Runs a rule over a past span.</summary>
    public Task<Outcome<RuleRunAnswer>> RunRuleAsync(Guid rule, RuleRunRequest request, CancellationToken cancellationToken) =>
        client.PostAsync<RuleRunAnswer>($"/providers/Microsoft.Bartizan/alertRules/{rule:D}/run?api-version={ApiVersions.Bartizan}", request, cancellationToken);

    /// <summary>Runs a rule that is not saved over a past span.</summary>
    public Task<Outcome<RuleRunAnswer>> SimulateRuleAsync(RuleSimulationRequest request, CancellationToken cancellationToken) =>
        client.PostAsync<RuleRunAnswer>($"/providers/Microsoft.Bartizan/alertRules/simulate?api-version={ApiVersions.Bartizan}", request, cancellationToken);

    /// <summary>How the techniques of ATT&amp;CK are covered.</summary>
    public Task<Outcome<AttackCoverageAnswer>> CoverageAsync(CancellationToken cancellationToken) =>
        client.GetAsync<AttackCoverageAnswer>($"/providers/Microsoft.Bartizan/attackCoverage?api-version={ApiVersions.Bartizan}", cancellationToken);

    /// <summary>Alerts of the workspace, the newest first.</summary>
    /// <param name="filter">OData over properties/severity, status, alertDisplayName, startTimeUtc and the like.</param>
    public Task<Outcome<ArmList<ArmResource<SecurityCenterAlert>>>> AllAlertsAsync(string? filter, int top, CancellationToken cancellationToken) =>
        client.InWorkspaceAsync(
            w => client.PageAsync<ArmResource<SecurityCenterAlert>>(
                PathText.Query($"/subscriptions/{w.SubscriptionId}/providers/Microsoft.Security/alerts", ("api-version", ApiVersions.SecurityAlerts), ("$filter", filter), ("$top", $"{top}"), ("$count", "true")),
                cancellationToken),
            cancellationToken);

    /// <summary>One alert as its incident shows it, with the query behind it.</summary>
    public Task<Outcome<ArmResource<SecurityAlertProperties>>> AlertAsync(string alert, CancellationToken cancellationToken) =>
        client.GetAsync<ArmResource<SecurityAlertProperties>>($"/providers/Microsoft.Bartizan/alerts/{PathText.Segment(alert)}?api-version={ApiVersions.Bartizan}", cancellationToken);

    /// <summary>The entities that an alert names.</summary>
    public Task<Outcome<ArmList<EntityDocument>>> AlertEntitiesAsync(string alert, CancellationToken cancellationToken) =>
        client.GetAsync<ArmList<EntityDocument>>($"/providers/Microsoft.Bartizan/alerts/{PathText.Segment(alert)}/entities?api-version={ApiVersions.Bartizan}", cancellationToken);

    /// <param name="alert">The alert's ARM id.</param>
    /// <param name="verb">dismiss, resolve, inProgress or activate.</param>
    public Task<Outcome<JsonElement>> SetAlertStatusAsync(string alert, string verb, CancellationToken cancellationToken) =>
        client.PostAsync<JsonElement>($"{alert}/{verb}?api-version={ApiVersions.SecurityAlerts}", null, cancellationToken);

    /// <summary>Threat intelligence that fits, one page; the link to the next is the token of the query that follows.</summary>
    public Task<Outcome<ArmList<ArmResource<IndicatorProperties>>>> IndicatorsAsync(IndicatorQuery query, CancellationToken cancellationToken) =>
        client.InWorkspaceAsync(
            w => client.PostAsync<ArmList<ArmResource<IndicatorProperties>>>($"{Path(w, "threatIntelligence/main/queryIndicators")}?api-version={ApiVersions.Insights}", query, cancellationToken), cancellationToken);

    /// <param name="id">Null for a new one.</param>
    public Task<Outcome<ArmResource<IndicatorProperties>>> SaveIndicatorAsync(string? id, IndicatorProperties indicator, CancellationToken cancellationToken) => client.InWorkspaceAsync(
        w => id is null
            ? client.PostAsync<ArmResource<IndicatorProperties>>(
                $"{Path(w, "threatIntelligence/main/createIndicator")}?api-version={ApiVersions.Insights}", new ArmResource<IndicatorProperties> { Properties = indicator }, cancellationToken)
            : client.PutAsync<ArmResource<IndicatorProperties>>(
                $"{Path(w, "threatIntelligence/main/indicators")}/{PathText.Segment(id)}?api-version={ApiVersions.Insights}", new ArmResource<IndicatorProperties> { Properties = indicator }, null, cancellationToken),
        cancellationToken);

    public Task<Outcome<bool>> DeleteIndicatorAsync(string id, CancellationToken cancellationToken) =>
        client.InWorkspaceAsync(w => client.DeleteAsync($"{Path(w, "threatIntelligence/main/indicators")}/{PathText.Segment(id)}?api-version={ApiVersions.Insights}", cancellationToken), cancellationToken);

    /// <summary>Takes a file of indicators in.</summary>
    public Task<Outcome<IndicatorImportReceipt>> ImportIndicatorsAsync(IndicatorImportRequest request, CancellationToken cancellationToken) =>
        client.PostAsync<IndicatorImportReceipt>($"/providers/Microsoft.Bartizan/indicators/import?api-version={ApiVersions.Bartizan}", request, cancellationToken);

    public Task<Outcome<ArmList<ArmResource<WatchlistProperties>>>> WatchlistsAsync(CancellationToken cancellationToken) =>
        client.InWorkspaceAsync(w => client.AllAsync<ArmResource<WatchlistProperties>>($"{Path(w, "watchlists")}?api-version={ApiVersions.Insights}&$top=500", cancellationToken), cancellationToken);

    public Task<Outcome<ArmResource<WatchlistProperties>>> WatchlistAsync(string alias, CancellationToken cancellationToken) =>
        InWorkspaceAsync<ArmResource<WatchlistProperties>>($"watchlists/{PathText.Segment(alias)}", ApiVersions.Insights, cancellationToken);

    public Task<Outcome<ArmResource<WatchlistProperties>>> SaveWatchlistAsync(string alias, WatchlistProperties list, CancellationToken cancellationToken) => client.InWorkspaceAsync(
        w => client.PutAsync<ArmResource<WatchlistProperties>>($"{Path(w, "watchlists")}/{PathText.Segment(alias)}?api-version={ApiVersions.Insights}", new ArmResource<WatchlistProperties> { Properties = list }, null, cancellationToken),
        cancellationToken);

    public Task<Outcome<bool>> DeleteWatchlistAsync(string alias, CancellationToken cancellationToken) =>
        client.InWorkspaceAsync(w => client.DeleteAsync($"{Path(w, "watchlists")}/{PathText.Segment(alias)}?api-version={ApiVersions.Insights}", cancellationToken), cancellationToken);

    public Task<Outcome<ArmList<ArmResource<WatchlistItemProperties>>>> WatchlistItemsAsync(string alias, int top, CancellationToken cancellationToken) => client.InWorkspaceAsync(
        w => client.PageAsync<ArmResource<WatchlistItemProperties>>(
            PathText.Query($"{Path(w, "watchlists")}/{PathText.Segment(alias)}/watchlistItems", ("api-version", ApiVersions.Insights), ("$top", $"{top}"), ("$count", "true")), cancellationToken),
        cancellationToken);

    public Task<Outcome<ArmResource<WatchlistItemProperties>>> SaveWatchlistItemAsync(string alias, Guid item, IReadOnlyDictionary<string, JsonElement> values, CancellationToken cancellationToken) => client.InWorkspaceAsync(
        w => client.PutAsync<ArmResource<WatchlistItemProperties>>(
            $"{Path(w, "watchlists")}/{PathText.Segment(alias)}/watchlistItems/{item:D}?api-version={ApiVersions.Insights}",
            new ArmResource<WatchlistItemProperties> { Properties = new WatchlistItemProperties { ItemsKeyValue = values } }, null, cancellationToken),
        cancellationToken);

    public Task<Outcome<bool>> DeleteWatchlistItemAsync(string alias, string item, CancellationToken cancellationToken) => client.InWorkspaceAsync(
        w => client.DeleteAsync($"{Path(w, "watchlists")}/{PathText.Segment(alias)}/watchlistItems/{PathText.Segment(item)}?api-version={ApiVersions.Insights}", cancellationToken), cancellationToken);

    private static string Path(ServerDescription server, string rest) => $"{server.WorkspacePath}/providers/Microsoft.SecurityInsights/{rest}";

    private Task<Outcome<T>> InWorkspaceAsync<T>(string rest, string version, CancellationToken cancellationToken) =>
        client.InWorkspaceAsync(w => client.GetAsync<T>($"{Path(w, rest)}?api-version={version}", cancellationToken), cancellationToken);
}
