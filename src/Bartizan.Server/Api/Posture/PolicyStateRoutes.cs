using Bartizan.Foundation.Resources;
using Bartizan.Posture.Evaluation;
using Bartizan.Server.Api.Arm;
using Bartizan.Server.Auth.Roles;
using Bartizan.Wire.Posture;

namespace Bartizan.Server.Api.Posture;

/// <summary><c>Microsoft.PolicyInsights/policyStates/latest</c>: what each assigned definition says of each resource.</summary>
internal static class PolicyStateRoutes
{
    private const string Read = "Microsoft.PolicyInsights/policyStates/queryResults/read";
    private const string Root = "/providers/Microsoft.PolicyInsights/policyStates/{view}/";

    private static readonly Dictionary<string, Func<PolicyState, object?>> Fields = new(StringComparer.OrdinalIgnoreCase)
    {
        ["resourceId"] = s => s.ResourceId,
        ["resourceType"] = s => s.ResourceType,
        ["complianceState"] = s => s.ComplianceState,
        ["isCompliant"] = s => s.IsCompliant ? "true" : "false",
        ["policyAssignmentId"] = s => s.PolicyAssignmentId,
        ["policyAssignmentName"] = s => s.PolicyAssignmentName,
        ["policyDefinitionId"] = s => s.PolicyDefinitionId,
        ["policyDefinitionName"] = s => s.PolicyDefinitionName,
        ["policyDefinitionReferenceId"] = s => s.PolicyDefinitionReferenceId,
        ["policyDefinitionAction"] = s => s.PolicyDefinitionAction,
        ["resourceGroup"] = s => s.ResourceGroup,
    };

    public static void MapPolicyStates(this IEndpointRouteBuilder routes)
    {
        routes.ArmQuery(Root + "queryResults", Read, QueryAsync);
        routes.ArmQuery(Root + "summarize", "Microsoft.PolicyInsights/policyStates/summarize/read", SummarizeAsync);
    }

    private static async Task<IResult> QueryAsync(ArmScope scope, Caller caller, ListQuery query, PostureSweep sweep, CancellationToken cancellationToken)
    {
        if (!FilterText.Read(query.Filter, Fields).TryGetValue(out var holds, out var problem) || !query.TryReadOffset(out var offset, out problem))
        {
            return ArmErrors.Result(problem);
        }

        var items = new List<PolicyState>();
        var at = 0;
        await foreach (var state in StatesAsync(scope.Id, caller.Scopes(Read), sweep, cancellationToken))
        {
            if (!holds(state) || at++ < offset)
            {
                continue;
            }

            if (items.Count == query.Top)
            {
                return ArmResults.Value(new PolicyStatePage(items) { NextLink = query.NextLink(ListQuery.Offset(offset + items.Count)) });
            }

            items.Add(state);
        }

        return ArmResults.Value(new PolicyStatePage(items));
    }

    private static async Task<IResult> SummarizeAsync(ArmScope scope, Caller caller, ListQuery query, PostureSweep sweep, CancellationToken cancellationToken)
    {
        if (!FilterText.Read(query.Filter, Fields).TryGetValue(out var holds, out var problem))
        {
            return ArmErrors.Result(problem);
        }

        var states = new List<PolicyState>();
        await foreach (var state in StatesAsync(scope.Id, caller.Scopes(Read), sweep, cancellationToken))
        {
            if (!state.IsCompliant && state.ComplianceState == "NonCompliant" && holds(state))
            {
                states.Add(state);
            }
        }

        return ArmResults.Value(new PolicyStateSummaries([new PolicyStateSummary(
            Results(states),
            [.. states.GroupBy(s => s.PolicyAssignmentId, StringComparer.OrdinalIgnoreCase).Select(a => new AssignmentSummary(
                a.Key, Results(a),
                [.. a.GroupBy(s => (s.PolicyDefinitionId, s.PolicyDefinitionReferenceId)).Select(d => new DefinitionSummary(
                    d.Key.PolicyDefinitionId, d.Key.PolicyDefinitionReferenceId, d.First().PolicyDefinitionAction, Results(d)))]))])]));
    }

    private static StateCounts Results(IEnumerable<PolicyState> states)
    {
        var all = states.ToList();
        return new StateCounts(
            all.Select(s => s.ResourceId).Distinct(StringComparer.OrdinalIgnoreCase).Count(),
            all.Select(s => (s.PolicyDefinitionId, s.PolicyDefinitionReferenceId, s.PolicyAssignmentId)).Distinct().Count());
    }

    private static async IAsyncEnumerable<PolicyState> StatesAsync(
        ResourceId scope, CallerScopes visible, PostureSweep sweep, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var at = sweep.SweptAt ?? default;
        await foreach (var (resource, judgements) in sweep.StatesAsync(scope, cancellationToken))
        {
            if (!visible.Includes(resource.Id))
            {
                continue;
            }

            foreach (var judgement in judgements)
            {
                // A definition that is not about a resource, or is off, has no state for it in Azure.
                if (judgement.ComplianceState != "NotApplicable")
                {
                    yield return new PolicyState(
                        at, resource.Id.Text, judgement.AssignmentId, judgement.DefinitionId, judgement.ComplianceState != "NonCompliant", resource.Id.SubscriptionId ?? "", resource.Type,
                        resource.Location, resource.Id.ResourceGroup ?? "", judgement.AssignmentId[(judgement.AssignmentId.LastIndexOf('/') + 1)..],
                        judgement.DefinitionId[(judgement.DefinitionId.LastIndexOf('/') + 1)..], judgement.Effect.ToLowerInvariant(), judgement.Reference, judgement.ComplianceState);
                }
            }
        }
    }
}
