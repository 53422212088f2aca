using Bartizan.Foundation.Outcomes;
using Bartizan.Wire.Arm;
using Bartizan.Wire.Response;

namespace Bartizan.Wire.Client;

/// <summary>Automation rules and playbooks.</summary>
public sealed class ResponseClient
{
    private const string LogicVersion = "2019-05-01";
    private readonly BartizanClient client;

    internal ResponseClient(BartizanClient client) => this.client = client;

    public Task<Outcome<ArmList<ArmResource<AutomationRuleProperties>>>> RulesAsync(CancellationToken cancellationToken) =>
        client.InWorkspaceAsync(w => client.AllAsync<ArmResource<AutomationRuleProperties>>($"{Rules(w)}?api-version={ApiVersions.Insights}&$top=500", cancellationToken), cancellationToken);

    public Task<Outcome<ArmResource<AutomationRuleProperties>>> SaveRuleAsync(string id, AutomationRuleProperties rule, string? etag, CancellationToken cancellationToken) => client.InWorkspaceAsync(
        w => client.PutAsync<ArmResource<AutomationRuleProperties>>(
            $"{Rules(w)}/{PathText.Segment(id)}?api-version={ApiVersions.Insights}", new ArmResource<AutomationRuleProperties> { Etag = etag, Properties = rule }, null, cancellationToken),
        cancellationToken);

    public Task<Outcome<bool>> DeleteRuleAsync(string id, CancellationToken cancellationToken) =>
        client.InWorkspaceAsync(w => client.DeleteAsync($"{Rules(w)}/{PathText.Segment(id)}?api-version={ApiVersions.Insights}", cancellationToken), cancellationToken);

    public Task<Outcome<ArmList<ArmResource<PlaybookProperties>>>> PlaybooksAsync(CancellationToken cancellationToken) => client.InWorkspaceAsync(
        w => client.AllAsync<ArmResource<PlaybookProperties>>($"/subscriptions/{w.SubscriptionId}/resourceGroups/{w.ResourceGroup}/providers/Microsoft.Logic/workflows?api-version={LogicVersion}&$top=500", cancellationToken),
        cancellationToken);

    /// <param name="playbook">The playbook's id.</param>
    public Task<Outcome<ArmList<ArmResource<PlaybookRunProperties>>>> RunsAsync(string playbook, int top, CancellationToken cancellationToken) =>
        client.PageAsync<ArmResource<PlaybookRunProperties>>($"{playbook}/runs?api-version={LogicVersion}&$top={top}", cancellationToken);

    private static string Rules(ServerDescription server) => $"{server.WorkspacePath}/providers/Microsoft.SecurityInsights/automationRules";
}
