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

    internal static IReadOnlyDictionary<string, Func<PolicyState, object?>> Fields { get; } = new Dictionary<string, Func<PolicyState, object?>>(StringComparer.OrdinalIgnoreCase)
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
        ["resourceLocation"] = s => s.ResourceLocation,
        ["subscriptionId"] = s => s.SubscriptionId,
        ["timestamp"] = s => s.Timestamp,
    };

    public static void MapPolicyStates(this IEndpointRouteBuilder routes)
    {
        routes.ArmQuery(Root + "queryResults", Read, QueryAsync).Partly("states are those of now: $from and $to are not heeded; $apply knows filter, groupby, $count and countdistinct");

        // The links to next pages are followed by GET.
        routes.ArmList(Root + "queryResults", Read, QueryAsync);
        routes.ArmQuery(Root + "summarize", "Microsoft.PolicyInsights/policyStates/summarize/read", SummarizeAsync);
    }

    private static async Task<IResult> QueryAsync(HttpRequest request, ArmScope scope, Caller caller, ListQuery query, PostureSweep sweep, CancellationToken cancellationToken)
    {
        if (!FilterText.Read(query.Filter, Fields).TryGetValue(out var holds, out var problem) || !query.TryReadOffset(out var offset, out problem)
            || !PolicyStateShaping.Read(request.Query, query.OrderBy).TryGetValue(out var shaping, out problem))
        {
            return ArmErrors.Result(problem);
        }

        var states = StatesAsync(scope.Below, caller.Scopes(Read), sweep, cancellationToken);
        if (shaping.IsWanted)
        {
            return shaping.Answer(await states.Where(holds).ToListAsync(cancellationToken), query, offset);
        }

        var items = new List<PolicyState>();
        var at = 0;
        await foreach (var state in states)
        {
            if (!holds(state) || at++ < offset)
            {
                continue;
            }

            if (items.Count == query.Top)
            {
                // Here $top is all that is wanted, not the size of a page.
                if (request.Query.ContainsKey("$top"))
                {
                    break;
                }

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
        await foreach (var state in StatesAsync(scope.Below, caller.Scopes(Read), sweep, cancellationToken))
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
        var (below, isAsked) = Narrow(scope, sweep);
        await foreach (var (resource, judgements) in sweep.StatesAsync(below, cancellationToken))
        {
            if (!visible.Includes(resource.Id))
            {
                continue;
            }

            foreach (var judgement in judgements)
            {
                // A definition that is not about a resource, or is off, has no state for it in Azure.
                if (judgement.ComplianceState != "NotApplicable" && isAsked(judgement))
                {
                    yield return new PolicyState(
                        at, resource.Id.Text, judgement.AssignmentId, judgement.DefinitionId, judgement.ComplianceState != "NonCompliant", resource.Id.SubscriptionId ?? "", resource.Type,
                        resource.Location, resource.Id.ResourceGroup ?? "", judgement.AssignmentId[(judgement.AssignmentId.LastIndexOf('/') + 1)..],
                        judgement.DefinitionId[(judgement.DefinitionId.LastIndexOf('/') + 1)..], judgement.Effect.ToLowerInvariant(), judgement.Reference, judgement.ComplianceState);
                }
            }
        }
    }

    /// <summary>Asked at an assignment or a definition, the states are those of it, in the scope that holds it.</summary>
    private static (ResourceId Below, Func<Judgement, bool> IsAsked) Narrow(ResourceId scope, PostureSweep sweep)
    {
        const StringComparison ignoreCase = StringComparison.OrdinalIgnoreCase;
        var below = scope.Parent ?? scope;
        switch (scope.Type.ToLowerInvariant())
        {
            case "microsoft.authorization/policyassignments":
                return (below, j => j.AssignmentId.Equals(scope.Text, ignoreCase));
            case "microsoft.authorization/policydefinitions":
                // Built-in ones are asked for below a subscription as if they lay there.
                return (below, j => j.DefinitionId.EndsWith("/" + scope.Name, ignoreCase));
            case "microsoft.authorization/policysetdefinitions":
                var assigned = sweep.Plan.Assignments.Where(a => a.DefinitionId.EndsWith("/policySetDefinitions/" + scope.Name, ignoreCase)).Select(a => a.Id).ToHashSet(StringComparer.OrdinalIgnoreCase);
                return (below, j => assigned.Contains(j.AssignmentId));
            default:
                return (scope, _ => true);
        }
    }
}
