using System.Text.Json;
using Bartizan.Content.Rules;
using Bartizan.Detection.Alerts;
using Bartizan.Detection.Rules;
using Bartizan.Detection.Scheduling;
using Bartizan.Foundation.Outcomes;
using Bartizan.Server.Api.Arm;
using Bartizan.Server.Auth.Roles;
using Bartizan.Store.Queries;
using Bartizan.Store.Records;
using Bartizan.Wire.Detection;

namespace Bartizan.Server.Api.Detection;

/// <summary><c>Microsoft.SecurityInsights/alertRules</c> with their templates, and runs on demand.</summary>
internal static class AlertRuleRoutes
{
    private const string Rules = InsightsPath.Provider + "/alertRules";
    private const string Read = "Microsoft.SecurityInsights/alertRules/read";
    private const string Write = "Microsoft.SecurityInsights/alertRules/write";

    public static void MapAlertRules(this IEndpointRouteBuilder routes)
    {
        var insights = routes.MapInsights();
        routes.MapRuleImport();
        insights.ArmList(Rules, Read, ListAsync);
        insights.ArmGet(Rules + "/{rule:guid}", Read, GetAsync);
        insights.ArmPut(Rules + "/{rule:guid}", Write, PutAsync);
        insights.ArmDelete(Rules + "/{rule:guid}", "Microsoft.SecurityInsights/alertRules/delete", DeleteAsync);
        insights.ArmList(InsightsPath.Provider + "/alertRuleTemplates", "Microsoft.SecurityInsights/alertRuleTemplates/read", Templates);
        insights.ArmGet(InsightsPath.Provider + "/alertRuleTemplates/{template:guid}", "Microsoft.SecurityInsights/alertRuleTemplates/read", Template);
        routes.ArmPost("/providers/Microsoft.Bartizan/alertRules/{rule:guid}/run", Write, RunAsync).AtWorkspace();
        routes.ArmPost("/providers/Microsoft.Bartizan/alertRules/simulate", Write, SimulateAsync).AtWorkspace();
        routes.ArmPost("/providers/Microsoft.Bartizan/alertRules/run", Write, RunAllAsync).AtWorkspace();
    }

    private static async Task<IResult> ListAsync(ListQuery query, RuleStore rules, AlertStore alerts, Home home, TimeProvider time, CancellationToken cancellationToken)
    {
        var page = await rules.ListAsync(
            new RecordQuery { OrderBy = new RecordOrder("name"), Take = query.Top, Continuation = query.Continuation, WantCount = query.WantsCount }, cancellationToken);
        if (!page.TryGetValue(out var found, out var problem))
        {
            return ArmErrors.Result(problem);
        }

        var shapes = new List<Wire.Arm.ArmResource<JsonElement>>();
        foreach (var rule in found.Items)
        {
            shapes.Add(await ShapeAsync(rule, rules, alerts, home, time, cancellationToken));
        }

        return ArmResults.Page(shapes, found.Continuation, query, found.Count);
    }

    private static async Task<IResult> GetAsync(Guid rule, RuleStore rules, AlertStore alerts, Home home, TimeProvider time, CancellationToken cancellationToken) =>
        await rules.FindAsync(rule, cancellationToken) is { } found
            ? ArmResults.Resource(await ShapeAsync(found, rules, alerts, home, time, cancellationToken))
            : NotFound(rule);

    private static async Task<IResult> PutAsync(
        Guid rule, JsonElement body, IfMatch match, Caller caller, RuleStore rules, AlertStore alerts, QueryRunner queries, Home home, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!Checked(body.GetRawText(), queries).TryGetValue(out var read, out var wrong))
        {
            return ArmErrors.Result(wrong);
        }

        var isNew = await rules.FindAsync(rule, cancellationToken) is null;
        var etag = body.TryGetProperty("etag", out var given) && given.ValueKind == JsonValueKind.String ? given.GetString() : null;
        var outcome = await rules.PutAsync(read with { Id = rule }, match.With(etag), caller.Name, cancellationToken);
        if (!outcome.TryGetValue(out var saved, out var problem))
        {
            return ArmErrors.Result(problem);
        }

        var shape = await ShapeAsync(saved, rules, alerts, home, time, cancellationToken);
        return ArmResults.Resource(shape, isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    /// <summary>A rule as the API takes it, with a query that can run.</summary>
    private static Outcome<RuleDefinition> Checked(string text, QueryRunner queries)
    {
        var file = RuleFile.Read("body", text);
        var errors = file.Diagnostics.Where(d => d.IsError).ToList();
        if (errors.Count > 0 || file.Rules is not [var read])
        {
            return new Problem(ProblemKind.Invalid, "BadRequest", errors.Count > 0 ? errors[0].Diagnostic.Message : "The body holds no rule.", "properties")
            {
                Diagnostics = [.. errors.Select(e => e.Diagnostic)],
            };
        }

        var mistakes = read.Kind is RuleKind.Scheduled or RuleKind.NRT ? queries.Check(read.Query).Where(d => d.Severity == DiagnosticSeverity.Error).ToList() : [];
        return mistakes.Count > 0
            ? new Problem(ProblemKind.Invalid, "BadRequest", $"The query cannot run: {mistakes[0].Message}", "properties.query") { Diagnostics = mistakes }
            : read;
    }

    private static async Task<IResult> DeleteAsync(Guid rule, IfMatch match, Caller caller, RuleStore rules, CancellationToken cancellationToken) =>
        ArmResults.Deleted(await rules.DeleteAsync(rule, match.With(null), caller.Name, cancellationToken));

    private static async Task<Wire.Arm.ArmResource<JsonElement>> ShapeAsync(
        Record<LiveRule> rule, RuleStore rules, AlertStore alerts, Home home, TimeProvider time, CancellationToken cancellationToken)
    {
        var id = rule.Value.Definition.Id;
        return RuleShapes.Shape(rule, await rules.StateAsync(id, cancellationToken), await alerts.CountAsync(id, time.GetUtcNow().AddDays(-1), cancellationToken), home);
    }

    private static IResult Templates(ListQuery query, RuleTemplates templates, Home home) =>
        ArmResults.Page(templates.All.OrderBy(t => t.Name, StringComparer.Ordinal).Select(t => RuleShapes.Template(t, home)).ToList(), query);

    private static IResult Template(Guid template, RuleTemplates templates, Home home) =>
        templates.Find(template) is { } found ? ArmResults.Resource(RuleShapes.Template(found, home)) : NotFound(template);

    private static async Task<IResult> RunAsync(Guid rule, RuleRunRequest request, RuleStore rules, RuleScheduler scheduler, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await rules.FindAsync(rule, cancellationToken) is not { } found)
        {
            return NotFound(rule);
        }

        var (from, to) = Span(request, time);
        return to <= from || to - from > TimeSpan.FromDays(90)
            ? Refuse()
            : ArmResults.Value(Answer(await scheduler.RunOverAsync(found.Value.Definition, from, to, request.Raise, cancellationToken)));
    }

    /// <summary>Over at most 90 days, as with a rule that is saved.</summary>
    private static async Task<IResult> SimulateAsync(RuleSimulationRequest request, QueryRunner queries, RuleScheduler scheduler, TimeProvider time, CancellationToken cancellationToken)
    {
        var text = new System.Text.Json.Nodes.JsonObject { ["kind"] = request.Kind, ["properties"] = System.Text.Json.Nodes.JsonNode.Parse(request.Properties.GetRawText()) };
        if (text["properties"] is System.Text.Json.Nodes.JsonObject properties && properties["displayName"]?.ToString() is null or "")
        {
            // A rule that is still being written may have no name yet.
            text["properties"]!["displayName"] = "Draft";
        }

        if (!Checked(text.ToJsonString(), queries).TryGetValue(out var rule, out var problem))
        {
            return ArmErrors.Result(problem);
        }

        var to = request.To ?? time.GetUtcNow();
        var from = request.From ?? to.AddDays(-1);
        return to <= from || to - from > TimeSpan.FromDays(90) ? Refuse() : ArmResults.Value(Answer(await scheduler.RunOverAsync(rule, from, to, raise: false, cancellationToken)));
    }

    private static async Task<IResult> RunAllAsync(RuleRunRequest request, RuleScheduler scheduler, TimeProvider time, CancellationToken cancellationToken)
    {
        var (from, to) = Span(request, time);
        return to <= from || to - from > TimeSpan.FromDays(90) ? Refuse() : ArmResults.Value(Answer(await scheduler.RunAllOverAsync(from, to, cancellationToken)));
    }

    private static (DateTimeOffset From, DateTimeOffset To) Span(RuleRunRequest request, TimeProvider time)
    {
        var to = request.To ?? time.GetUtcNow();
        return (request.From ?? to.AddDays(-1), to);
    }

    private static RuleRunAnswer Answer(IReadOnlyList<RuleRun> runs) => new(
        runs.Count, runs.Sum(r => r.Batch.Alerts.Count),
        [.. runs.Where(r => r.Rows > 0 || r.Problem is not null).Select(r => new RuleRunEntry(r.Rule.Name, r.Window.Start, r.Window.End, r.Rows, r.Batch.Alerts.Count, r.Problem?.Message))]);

    private static IResult Refuse() => ArmErrors.Result(new Problem(ProblemKind.Invalid, "BadRequest", "Rules are run over a span of up to 90 days whose end lies after its start.", "from"));

    private static IResult NotFound(Guid rule) => ArmErrors.Result(new Problem(ProblemKind.NotFound, "NotFound", $"There is no rule '{rule}'.", "ruleId"));
}
