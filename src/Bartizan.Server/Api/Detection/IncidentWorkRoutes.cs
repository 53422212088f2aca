using System.Xml;
using Bartizan.Content.Rules;
using Bartizan.Detection.Incidents;
using Bartizan.Detection.Rules;
using Bartizan.Foundation.Outcomes;
using Bartizan.Server.Api.Arm;
using Bartizan.Server.Auth.Roles;
using Bartizan.Wire.Arm;
using Bartizan.Wire.Detection;
using Microsoft.AspNetCore.Mvc;

namespace Bartizan.Server.Api.Detection;

/// <summary>Ours: merging, splitting and linking incidents with undo, their clocks, times and what closing says of rules.</summary>
internal static class IncidentWorkRoutes
{
    private const string Ours = "/providers/Microsoft.Bartizan/";
    private const string Incident = Ours + "incidents/{incident}";
    private const string Read = "Microsoft.SecurityInsights/incidents/read";
    private const string Write = "Microsoft.SecurityInsights/incidents/write";

    public static void MapIncidentWork(this IEndpointRouteBuilder routes)
    {
        routes.ArmPost(Incident + "/merge", Write, MergeAsync).AtWorkspace();
        routes.ArmPost(Incident + "/split", Write, SplitAsync).AtWorkspace();
        routes.ArmGet(Incident + "/operations", Read, OperationsAsync).AtWorkspace();
        routes.ArmPost(Ours + "incidentOperations/{operation:guid}/undo", Write, UndoAsync).AtWorkspace();
        routes.ArmGet(Incident + "/links", Read, LinksAsync).AtWorkspace();
        routes.ArmPut(Incident + "/links/{other}", Write, LinkAsync).AtWorkspace();
        routes.ArmDelete(Incident + "/links/{other}", Write, UnlinkAsync).AtWorkspace();
        routes.ArmGet(Incident + "/clocks", Read, ClocksAsync).AtWorkspace();
        routes.ArmGet(Ours + "incidentSla/default", Read, SlaAsync).AtWorkspace();
        routes.ArmPut(Ours + "incidentSla/default", "Microsoft.SecurityInsights/alertRules/write", PutSlaAsync).AtWorkspace();
        routes.ArmGet(Ours + "incidentMetrics", Read, MetricsAsync).AtWorkspace();
        routes.ArmGet(Ours + "ruleScorecards", "Microsoft.SecurityInsights/alertRules/read", ScorecardsAsync).AtWorkspace();
    }

    private static async Task<IResult> MergeAsync(string incident, IncidentMergeRequest request, Caller caller, IncidentStore incidents, IncidentMerging merging, Home home, CancellationToken cancellationToken)
    {
        if (await IncidentRoutes.FindAsync(incidents, incident, cancellationToken) is not { } target)
        {
            return IncidentRoutes.NotFound(incident);
        }

        var sources = new List<Guid>();
        foreach (var name in request.Incidents ?? [])
        {
            if (await IncidentRoutes.FindAsync(incidents, name[(name.LastIndexOf('/') + 1)..], cancellationToken) is not { } source)
            {
                return IncidentRoutes.NotFound(name);
            }

            sources.Add(source.Value.Id);
        }

        return Answer(await merging.MergeAsync(target.Value.Id, sources, request.Reason ?? "", InsightsPath.ActorOf(caller), cancellationToken), home);
    }

    private static async Task<IResult> SplitAsync(string incident, IncidentSplitRequest request, Caller caller, IncidentStore incidents, IncidentMerging merging, Home home, CancellationToken cancellationToken) =>
        await IncidentRoutes.FindAsync(incidents, incident, cancellationToken) is { } source
            ? Answer(await merging.SplitAsync(source.Value.Id, request.Alerts ?? [], request.Title, request.Reason ?? "", InsightsPath.ActorOf(caller), cancellationToken), home)
            : IncidentRoutes.NotFound(incident);

    private static async Task<IResult> UndoAsync(Guid operation, Caller caller, IncidentMerging merging, Home home, CancellationToken cancellationToken) =>
        Answer(await merging.UndoAsync(operation, InsightsPath.ActorOf(caller), cancellationToken), home);

    private static async Task<IResult> OperationsAsync(string incident, ListQuery query, IncidentStore incidents, IncidentMerging merging, Home home, CancellationToken cancellationToken) =>
        await IncidentRoutes.FindAsync(incidents, incident, cancellationToken) is { } found
            ? ArmResults.Page((await merging.OfAsync(found.Value.Id, cancellationToken)).Select(o => Shape(o, home)).ToList(), query)
            : IncidentRoutes.NotFound(incident);

    private static async Task<IResult> LinksAsync(string incident, ListQuery query, IncidentStore incidents, Home home, CancellationToken cancellationToken)
    {
        if (await IncidentRoutes.FindAsync(incidents, incident, cancellationToken) is not { } found)
        {
            return IncidentRoutes.NotFound(incident);
        }

        var links = new List<IncidentLinkEntry>();
        foreach (var link in found.Value.Links)
        {
            // The other may have been deleted: a link to nothing is none.
            if (await incidents.FindAsync(link.Other, cancellationToken) is { } other)
            {
                links.Add(Shape(link, other.Value, home));
            }
        }

        return ArmResults.Page(links, query);
    }

    private static async Task<IResult> LinkAsync(string incident, string other, [FromBody] IncidentLinkRequest request, Caller caller, IncidentStore incidents, IncidentMerging merging, Home home, CancellationToken cancellationToken)
    {
        if (!Enum.TryParse<IncidentLinkKind>(request.Kind ?? nameof(IncidentLinkKind.Related), ignoreCase: true, out var kind) || int.TryParse(request.Kind, out _))
        {
            return ArmErrors.Result(new Problem(ProblemKind.Invalid, "BadRequest", $"'{request.Kind}' is not one of {string.Join(", ", Enum.GetNames<IncidentLinkKind>())}.", "kind"));
        }

        if (await IncidentRoutes.FindAsync(incidents, incident, cancellationToken) is not { } from)
        {
            return IncidentRoutes.NotFound(incident);
        }

        if (await IncidentRoutes.FindAsync(incidents, other, cancellationToken) is not { } to)
        {
            return IncidentRoutes.NotFound(other);
        }

        var outcome = await merging.LinkAsync(from.Value.Id, to.Value.Id, kind, InsightsPath.ActorOf(caller), cancellationToken);
        return outcome.TryGetValue(out var link, out var problem) ? ArmResults.Value(Shape(link, to.Value, home)) : ArmErrors.Result(problem);
    }

    private static async Task<IResult> UnlinkAsync(string incident, string other, Caller caller, IncidentStore incidents, IncidentMerging merging, CancellationToken cancellationToken)
    {
        if (await IncidentRoutes.FindAsync(incidents, incident, cancellationToken) is not { } from)
        {
            return IncidentRoutes.NotFound(incident);
        }

        return await IncidentRoutes.FindAsync(incidents, other, cancellationToken) is { } to
            ? ArmResults.Deleted(await merging.UnlinkAsync(from.Value.Id, to.Value.Id, InsightsPath.ActorOf(caller), cancellationToken))
            : IncidentRoutes.NotFound(other);
    }

    private static async Task<IResult> ClocksAsync(string incident, IncidentStore incidents, IncidentMetrics metrics, CancellationToken cancellationToken)
    {
        if (await IncidentRoutes.FindAsync(incidents, incident, cancellationToken) is not { } found)
        {
            return IncidentRoutes.NotFound(incident);
        }

        var clocks = await metrics.ClocksAsync(found.Value, cancellationToken);
        return ArmResults.Value(new IncidentClocksEntry(Shape(clocks.Acknowledge), Shape(clocks.Close)));
    }

    private static async Task<IResult> SlaAsync(IncidentMetrics metrics, CancellationToken cancellationToken) => ArmResults.Resource(Shape(await metrics.TargetsAsync(cancellationToken)));

    private static async Task<IResult> PutSlaAsync([FromBody] ArmResource<IncidentSlaProperties> body, Caller caller, IncidentMetrics metrics, CancellationToken cancellationToken)
    {
        var targets = new List<SlaTarget>();
        foreach (var target in body.Properties.Targets ?? [])
        {
            if (!Enum.TryParse<AlertSeverity>(target.Severity, ignoreCase: true, out var severity) || int.TryParse(target.Severity, out _) || Duration(target.Acknowledge) is not { } acknowledge || Duration(target.Close) is not { } close)
            {
                return ArmErrors.Result(new Problem(ProblemKind.Invalid, "BadRequest", $"The target of '{target.Severity}' is no severity with two durations such as PT30M.", "properties.targets"));
            }

            targets.Add(new SlaTarget(severity, acknowledge, close));
        }

        var outcome = await metrics.PutTargetsAsync(new SlaTargets(targets), caller.Name, cancellationToken);
        return outcome.TryGetValue(out var saved, out var problem) ? ArmResults.Resource(Shape(saved)) : ArmErrors.Result(problem);
    }

    private static async Task<IResult> MetricsAsync(
        [FromQuery] string? by, [FromQuery] DateTimeOffset? from, [FromQuery] DateTimeOffset? to, IncidentMetrics metrics, TimeProvider time, CancellationToken cancellationToken)
    {
        var end = to ?? time.GetUtcNow();
        var outcome = await metrics.ByAsync(by ?? "severity", from ?? end.AddDays(-30), end, cancellationToken);
        return outcome.TryGetValue(out var groups, out var problem)
            ? ArmResults.Value(new ArmList<IncidentMetricsEntry>
            {
                Value = [.. groups.Select(g => new IncidentMetricsEntry(g.Name, g.Incidents, g.Closed, Shape(g.Acknowledge), Shape(g.Close), g.AcknowledgeMissed, g.CloseMissed))],
            })
            : ArmErrors.Result(problem);
    }

    private static async Task<IResult> ScorecardsAsync(
        [FromQuery] DateTimeOffset? from, [FromQuery] DateTimeOffset? to, IncidentMetrics metrics, RuleStore rules, TimeProvider time, CancellationToken cancellationToken)
    {
        var end = to ?? time.GetUtcNow();
        var names = (await rules.AllAsync(cancellationToken)).ToDictionary(r => r.Value.Definition.Id, r => r.Value.Definition.Name);
        return ArmResults.Value(new ArmList<RuleScorecardEntry>
        {
            Value =
            [
                .. (await metrics.ScorecardsAsync(from ?? end.AddDays(-90), end, cancellationToken)).Select(c => new RuleScorecardEntry(
                    c.RuleId.ToString("D"), names.GetValueOrDefault(c.RuleId) ?? "", c.Incidents, c.Open, c.TruePositives, c.BenignPositives, c.WrongLogic, c.WrongData, c.Undetermined, c.Quality, c.MedianHoursToClose)),
            ],
        });
    }

    private static IResult Answer(Outcome<IncidentOperation> outcome, Home home) =>
        outcome.TryGetValue(out var operation, out var problem) ? ArmResults.Value(Shape(operation, home)) : ArmErrors.Result(problem);

    private static IncidentOperationEntry Shape(IncidentOperation o, Home home) => new(
        o.Id.ToString("D"), o.Kind.ToString(), o.At, o.Actor.Name, InsightsPath.Id(home, $"Incidents/{o.Target:D}"), [.. o.Sources.Select(s => InsightsPath.Id(home, $"Incidents/{s.Id:D}"))], o.Alerts, o.Reason, o.Undone);

    private static IncidentLinkEntry Shape(IncidentLink link, Incident other, Home home) => new(
        InsightsPath.Id(home, $"Incidents/{other.Id:D}"), other.Number, other.Title, other.Status.ToString(), link.Kind.ToString(), link.IsFrom ? "From" : "To");

    private static IncidentClockEntry Shape(SlaClock clock) => new(clock.Due, clock.Stopped, clock.State.ToString());

    private static HoursSpread? Shape(TimeSpread? spread) => spread is null ? null : new(spread.Count, spread.Mean, spread.P5, spread.P50, spread.P90, spread.P99);

    private static ArmResource<IncidentSlaProperties> Shape(SlaTargets targets) => new()
    {
        Id = Ours + "incidentSla/default",
        Name = "default",
        Type = "Microsoft.Bartizan/incidentSla",
        Properties = new IncidentSlaProperties([.. targets.Targets.OrderByDescending(t => t.Severity).Select(t => new IncidentSlaTarget(t.Severity.ToString(), XmlConvert.ToString(t.Acknowledge), XmlConvert.ToString(t.Close)))]),
    };

    private static TimeSpan? Duration(string? text)
    {
        try
        {
            return text is null ? null : XmlConvert.ToTimeSpan(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
