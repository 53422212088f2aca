using System.Text.Json.Nodes;
using Bartizan.Detection.Alerts;
using Bartizan.Foundation.Outcomes;
using Bartizan.Investigation.Profiles;
using Bartizan.Response.Playbooks;
using Bartizan.Server.Api.Arm;
using Bartizan.Server.Api.Detection;
using Bartizan.Server.Api.Investigation;
using Bartizan.Server.Auth.Roles;
using Bartizan.Store.Records;
using Bartizan.Wire.Arm;
using Bartizan.Wire.Response;
using Microsoft.AspNetCore.Mvc;

namespace Bartizan.Server.Api.Response;

/// <summary><c>Microsoft.Logic/workflows</c> of the home resource group, their runs, and their start by hand on an incident, an alert or an entity.</summary>
internal static class PlaybookRoutes
{
    private const string Workflows = "/providers/Microsoft.Logic/workflows";
    private const string Read = "Microsoft.Logic/workflows/read";
    private const string ReadRuns = "Microsoft.Logic/workflows/runs/read";
    private const int MaxNameLength = 80;

    public static void MapPlaybooks(this IEndpointRouteBuilder routes)
    {
        var home = routes.MapGroup("").AtHomeGroup();
        home.AddEndpointFilter(async (context, next) => ArmScope.Of(context.HttpContext).Id == context.HttpContext.RequestServices.GetRequiredService<Home>().GroupScope
            ? await next(context)
            : ArmErrors.Result(new Problem(ProblemKind.NotFound, "ResourceNotFound", "Playbooks are kept in the resource group of this server's workspace.")));
        home.ArmGet(Workflows, Read, ListAsync);
        home.ArmGet(Workflows + "/{workflow}", Read, GetAsync);
        home.ArmPut(Workflows + "/{workflow}", "Microsoft.Logic/workflows/write", PutAsync);
        home.ArmDelete(Workflows + "/{workflow}", "Microsoft.Logic/workflows/delete", DeleteAsync);
        home.ArmGet(Workflows + "/{workflow}/runs", ReadRuns, RunsAsync);
        home.ArmGet(Workflows + "/{workflow}/runs/{run:guid}", ReadRuns, RunAsync);
        home.ArmGet(Workflows + "/{workflow}/runs/{run:guid}/actions", ReadRuns, ActionsAsync);
        home.ArmPost(Workflows + "/{workflow}/runs/{run:guid}/cancel", "Microsoft.Logic/workflows/runs/cancel/action", CancelAsync);
        home.ArmPost(Workflows + "/{workflow}/triggers/{trigger}/run", "Microsoft.Logic/workflows/triggers/run/action", RunTriggerAsync);
        var insights = routes.MapInsights();
        insights.ArmPost(InsightsPath.Provider + "/incidents/{incident}/runPlaybook", "Microsoft.SecurityInsights/incidents/runPlaybook/action", StartAsync);
        insights.ArmPost(InsightsPath.Provider + "/entities/{entity:guid}/runPlaybook", "Microsoft.SecurityInsights/entities/runPlaybook/action", StartOnEntityAsync);
    }

    private static async Task<IResult> ListAsync(ListQuery query, PlaybookStore playbooks, Home home, CancellationToken cancellationToken)
    {
        var page = await playbooks.ListAsync(query.Top, query.Continuation, cancellationToken);
        return page.TryGetValue(out var found, out var problem)
            ? ArmResults.Page([.. found.Items.Select(p => Shape(p, home))], found.Continuation, query, found.Count)
            : ArmErrors.Result(problem);
    }

    private static async Task<IResult> GetAsync(string workflow, PlaybookStore playbooks, Home home, CancellationToken cancellationToken) =>
        await playbooks.FindAsync(workflow, cancellationToken) is { } found ? ArmResults.Resource(Shape(found, home)) : NotFound(workflow);

    private static async Task<IResult> PutAsync(
        string workflow, ArmResource<PlaybookProperties> body, IfMatch match, Caller caller, PlaybookStore playbooks, Home home, CancellationToken cancellationToken)
    {
        if (workflow.Length > MaxNameLength || !workflow.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '(' or ')'))
        {
            return ArmErrors.Result(new Problem(ProblemKind.Invalid, "InvalidResourceName", $"A playbook's name has up to {MaxNameLength} letters, digits, hyphens, underscores, dots and brackets.", "workflowName"));
        }

        if (body.Properties.Definition is not { } definition)
        {
            return ArmErrors.Result(new Problem(ProblemKind.Invalid, "InvalidTemplate", "A playbook needs a definition.", "properties.definition"));
        }

        var isNew = await playbooks.FindAsync(workflow, cancellationToken) is null;
        var isEnabled = !string.Equals(body.Properties.State, "Disabled", StringComparison.OrdinalIgnoreCase);
        var outcome = await playbooks.PutAsync(workflow, definition.GetRawText(), isEnabled, match.With(body.Etag), caller.Name, cancellationToken);
        return outcome.TryGetValue(out var saved, out var problem)
            ? ArmResults.Resource(Shape(saved, home), isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK)
            : ArmErrors.Result(problem);
    }

    private static async Task<IResult> DeleteAsync(string workflow, IfMatch match, Caller caller, PlaybookStore playbooks, CancellationToken cancellationToken) =>
        ArmResults.Deleted(await playbooks.DeleteAsync(workflow, match.With(null), caller.Name, cancellationToken));

    private static async Task<IResult> RunsAsync(string workflow, ListQuery query, PlaybookStore playbooks, Home home, CancellationToken cancellationToken)
    {
        var page = await playbooks.RunsAsync(workflow, query.Top, query.Continuation, cancellationToken);
        return page.TryGetValue(out var found, out var problem)
            ? ArmResults.Page([.. found.Items.Select(r => Shape(r.Value, home))], found.Continuation, query, found.Count)
            : ArmErrors.Result(problem);
    }

    private static async Task<IResult> RunAsync(string workflow, Guid run, PlaybookStore playbooks, Home home, CancellationToken cancellationToken) =>
        await playbooks.FindRunAsync(run, cancellationToken) is { } found && found.Value.Playbook.Equals(workflow, StringComparison.OrdinalIgnoreCase)
            ? ArmResults.Resource(Shape(found.Value, home))
            : NotFound(run.ToString());

    private static async Task<IResult> StartAsync(string incident, PlaybookRequest request, Caller caller, Bartizan.Detection.Incidents.IncidentStore incidents, PlaybookStarter starter, CancellationToken cancellationToken)
    {
        if (await IncidentRoutes.FindAsync(incidents, incident, cancellationToken) is not { } found)
        {
            return IncidentRoutes.NotFound(incident);
        }

        var started = await starter.StartAsync(request.LogicAppsResourceId, new PlaybookSubject.OfIncident(found.Value.Id), caller.Name, null, cancellationToken);
        return started.IsSuccess ? Results.NoContent() : ArmErrors.Result(started.Problem);
    }

    /// <summary>On an entity, or on an alert by its SystemAlertId.</summary>
    private static async Task<IResult> StartOnEntityAsync(
        Guid entity, PlaybookRequest request, Caller caller, AlertStore alerts, EntityProfiles profiles, PlaybookStarter starter, CancellationToken cancellationToken)
    {
        PlaybookSubject subject;
        if (await alerts.FindAsync(entity, cancellationToken) is not null)
        {
            subject = new PlaybookSubject.OfAlert(entity);
        }
        else if (await profiles.FindAsync(entity, cancellationToken) is { } known)
        {
            var incident = request.IncidentArmId?.TrimEnd('/') is { } armId && Guid.TryParse(armId[(armId.LastIndexOf('/') + 1)..], out var id) ? id : (Guid?)null;
            subject = new PlaybookSubject.OfEntity(entity, known, incident);
        }
        else
        {
            return InvestigationRoutes.NoEntity(entity.ToString("D"));
        }

        var started = await starter.StartAsync(request.LogicAppsResourceId, subject, caller.Name, null, cancellationToken);
        return started.IsSuccess ? Results.NoContent() : ArmErrors.Result(started.Problem);
    }

    private static async Task<IResult> RunTriggerAsync(string workflow, string trigger, [FromBody] JsonNode? body, Caller caller, PlaybookStore playbooks, PlaybookStarter starter, CancellationToken cancellationToken)
    {
        if (await playbooks.FindAsync(workflow, cancellationToken) is not { } found)
        {
            return NotFound(workflow);
        }

        if (JsonNode.Parse(found.Value.Definition)?["triggers"]?[trigger] is null)
        {
            return NotFound(trigger);
        }

        var started = await starter.StartAsync(workflow, new PlaybookSubject.Given(body), caller.Name, null, cancellationToken);
        return started.IsSuccess ? Results.Accepted() : ArmErrors.Result(started.Problem);
    }

    private static async Task<IResult> ActionsAsync(string workflow, Guid run, ListQuery query, PlaybookStore playbooks, Home home, CancellationToken cancellationToken) =>
        await playbooks.FindRunAsync(run, cancellationToken) is { } found && found.Value.Playbook.Equals(workflow, StringComparison.OrdinalIgnoreCase)
            ? ArmResults.Page(found.Value.Steps.Select(s => Shape(s, found.Value, home)).ToList(), query)
            : NotFound(run.ToString());

    private static async Task<IResult> CancelAsync(string workflow, Guid run, PlaybookStore playbooks, PlaybookStarter starter, CancellationToken cancellationToken) =>
        await playbooks.FindRunAsync(run, cancellationToken) is not { } found || !found.Value.Playbook.Equals(workflow, StringComparison.OrdinalIgnoreCase) ? NotFound(run.ToString())
        : await starter.CancelAsync(run) ? Results.Ok()
        : ArmErrors.Result(new Problem(ProblemKind.Conflict, "RunNotRunning", $"The run '{run}' is not under way.", "runName"));

    private static ArmResource<PlaybookActionProperties> Shape(StepRun step, PlaybookRun run, Home home) => new()
    {
        Id = $"{home.GroupScope}{Workflows}/{run.Playbook}/runs/{run.Id:D}/actions/{step.Name}",
        Name = step.Name,
        Type = "Microsoft.Logic/workflows/runs/actions",
        Properties = new PlaybookActionProperties(step.Status.ToString(), step.Started, step.Ended, step.Error is null ? null : new PlaybookActionError(step.Status.ToString(), step.Error), step.Outputs),
    };

    private static ArmResource<PlaybookProperties> Shape(Record<Playbook> record, Home home) => new()
    {
        Id = $"{home.GroupScope}{Workflows}/{record.Id}",
        Name = record.Id,
        Type = "Microsoft.Logic/workflows",
        Etag = $"\"{record.ETag}\"",
        Properties = new PlaybookProperties
        {
            State = record.Value.IsEnabled ? "Enabled" : "Disabled",
            Definition = System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(record.Value.Definition),
            CreatedTime = record.Value.Created,
            ChangedTime = record.Value.LastModified,
        },
    };

    private static ArmResource<PlaybookRunProperties> Shape(PlaybookRun run, Home home) => new()
    {
        Id = $"{home.GroupScope}{Workflows}/{run.Playbook}/runs/{run.Id:D}",
        Name = run.Id.ToString("D"),
        Type = "Microsoft.Logic/workflows/runs",
        Properties = new PlaybookRunProperties(
            run.Status.ToString(), run.Started, run.Ended, run.Error, run.IncidentId is { } incident ? InsightsPath.Id(home, $"Incidents/{incident:D}") : null, run.StartedBy,
            [.. run.Steps.Select(s => new PlaybookStep(s.Name, s.Status.ToString(), s.Started, s.Ended, s.Error, s.Outputs))])
        {
            Trigger = run.Trigger.ToString(),
            EntityId = (run.AlertId ?? run.EntityId) is { } entity ? InsightsPath.Id(home, $"Entities/{entity:D}") : null,
        },
    };

    private static IResult NotFound(string name) => ArmErrors.Result(new Problem(ProblemKind.NotFound, "ResourceNotFound", $"There is no '{name}'.", "workflowName"));
}
