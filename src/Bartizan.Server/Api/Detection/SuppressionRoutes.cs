using Bartizan.Detection.Suppression;
using Bartizan.Foundation.Outcomes;
using Bartizan.Server.Api.Arm;
using Bartizan.Server.Auth.Roles;
using Bartizan.Store.Records;
using Bartizan.Wire.Arm;
using Bartizan.Wire.Detection;

namespace Bartizan.Server.Api.Detection;

/// <summary><c>Microsoft.Security/alertsSuppressionRules</c>, and what a rule would have dismissed.</summary>
internal static class SuppressionRoutes
{
    private const string Action = "Microsoft.Security/alertsSuppressionRules";
    private const string Rules = "/providers/" + Action;
    private const int MaxNameLength = 260;
    private const int PreviewDays = 30;
    private const int Previewed = 50;

    public static void MapSuppressionRules(this IEndpointRouteBuilder routes)
    {
        routes.ArmList(Rules, Action + "/read", ListAsync).AtWorkspace();
        routes.ArmGet(Rules + "/{rule}", Action + "/read", GetAsync).AtWorkspace();
        routes.ArmPut(Rules + "/{rule}", Action + "/write", PutAsync).AtWorkspace();
        routes.ArmDelete(Rules + "/{rule}", Action + "/delete", DeleteAsync).AtWorkspace();
        routes.ArmPost("/providers/Microsoft.Bartizan/alertsSuppressionRules/preview", Action + "/read", PreviewAsync).AtWorkspace();
    }

    private static async Task<IResult> ListAsync(ListQuery query, HttpContext context, ArmScope scope, SuppressionStore store, Home home, CancellationToken cancellationToken)
    {
        if (!home.WorkspaceScope.IsWithin(scope.Id))
        {
            return ArmResults.Page(Array.Empty<ArmResource<SuppressionRuleProperties>>(), query);
        }

        var type = context.Request.Query["AlertType"].ToString();
        var page = await store.ListAsync(
            new RecordQuery
            {
                Filters = type.Length > 0 ? [new RecordFilter.Equal("alertType", type)] : [],
                OrderBy = new RecordOrder("name"),
                Take = query.Top,
                Continuation = query.Continuation,
                WantCount = query.WantsCount,
            }, cancellationToken);
        return page.TryGetValue(out var found, out var problem)
            ? ArmResults.Page([.. found.Items.Select(r => Shape(r, store.Now, home))], found.Continuation, query, found.Count)
            : ArmErrors.Result(problem);
    }

    private static async Task<IResult> GetAsync(string rule, SuppressionStore store, Home home, CancellationToken cancellationToken) =>
        await store.FindAsync(rule, cancellationToken) is { } found
            ? ArmResults.Resource(Shape(found, store.Now, home))
            : ArmErrors.Result(new Problem(ProblemKind.NotFound, "NotFound", $"There is no suppression rule '{rule}'.", "alertsSuppressionRuleName"));

    private static async Task<IResult> PutAsync(
        string rule, ArmResource<SuppressionRuleProperties> body, IfMatch match, Caller caller, SuppressionStore store, Home home, CancellationToken cancellationToken)
    {
        if (rule.Length > MaxNameLength || rule.Any(char.IsControl))
        {
            return ArmErrors.Result(new Problem(ProblemKind.Invalid, "BadRequest", $"The name of a suppression rule has up to {MaxNameLength} printable characters.", "alertsSuppressionRuleName"));
        }

        if (!Read(rule, body.Properties).TryGetValue(out var read, out var problem))
        {
            return ArmErrors.Result(problem);
        }

        var outcome = await store.PutAsync(read, match.With(body.Etag), caller.Name, cancellationToken);
        return outcome.TryGetValue(out var saved, out problem) ? ArmResults.Resource(Shape(saved, store.Now, home)) : ArmErrors.Result(problem);
    }

    /// <summary>204 whether there was one or not, as Azure; its clients take nothing else.</summary>
    private static async Task<IResult> DeleteAsync(string rule, IfMatch match, Caller caller, SuppressionStore store, CancellationToken cancellationToken)
    {
        var outcome = await store.DeleteAsync(rule, match.With(null), caller.Name, cancellationToken);
        return outcome.IsSuccess ? Results.NoContent() : ArmErrors.Result(outcome.Problem);
    }

    private static async Task<IResult> PreviewAsync(ArmResource<SuppressionRuleProperties> body, SuppressionStore store, Home home, CancellationToken cancellationToken)
    {
        if (!Read("preview", body.Properties).TryGetValue(out var read, out var problem)
            || !(await store.PreviewAsync(read, store.Now.AddDays(-PreviewDays), Previewed, cancellationToken)).TryGetValue(out var preview, out problem))
        {
            return ArmErrors.Result(problem);
        }

        return ArmResults.Value(new SuppressionPreviewResult
        {
            Count = preview.Count,
            AlertsLookedAt = preview.Looked,
            IsComplete = preview.IsComplete,
            Alerts = [.. preview.Alerts.Select(a => new SuppressedAlert(
                $"{home.GroupScope}/providers/Microsoft.Security/locations/{Home.Location}/alerts/{a.Id:D}", a.Name, a.Severity.ToString(), a.TimeGenerated))],
        });
    }

    private static Outcome<SuppressionRule> Read(string name, SuppressionRuleProperties given)
    {
        if (!Enum.TryParse<SuppressionState>(given.State, ignoreCase: true, out var state) || !Enum.IsDefined(state))
        {
            return new Problem(ProblemKind.Invalid, "BadRequest", "A suppression rule needs the state Enabled or Disabled.", "state");
        }

        return new SuppressionRule
        {
            Name = name,
            AlertType = given.AlertType ?? "",
            Reason = given.Reason ?? "",
            Comment = given.Comment,
            State = state,
            Expiration = given.ExpirationDateUtc,
            AllOf = [.. (given.SuppressionAlertsScope?.AllOf ?? []).Select(e => new ScopeElement(e.Field ?? "", e.In ?? [], e.Contains))],
        };
    }

    private static ArmResource<SuppressionRuleProperties> Shape(Record<SuppressionRule> record, DateTimeOffset now, Home home)
    {
        var rule = record.Value;
        return new ArmResource<SuppressionRuleProperties>
        {
            Id = $"/subscriptions/{home.SubscriptionId}{Rules}/{rule.Name}",
            Name = rule.Name,
            Type = Action,
            Etag = record.ETag,
            Properties = new SuppressionRuleProperties
            {
                AlertType = rule.AlertType,
                Reason = rule.Reason,
                Comment = rule.Comment,
                State = rule.StateAt(now).ToString(),
                ExpirationDateUtc = rule.Expiration,
                LastModifiedUtc = rule.LastModified,
                SuppressionAlertsScope = rule.AllOf.Count == 0 ? null : new SuppressionScope
                {
                    AllOf = [.. rule.AllOf.Select(e => new SuppressionScopeElement { Field = e.Field, In = e.In.Count > 0 ? e.In : null, Contains = e.Contains })],
                },
            },
        };
    }
}
