using Bartizan.Detection.Alerts;
using Bartizan.Detection.Entities;
using Bartizan.Detection.Incidents;
using Bartizan.Detection.Simulation;
using Bartizan.Foundation.Outcomes;
using Bartizan.Server.Api.Arm;
using Bartizan.Server.Auth.Roles;
using Bartizan.Store.Records;
using Bartizan.Wire.Arm;
using Bartizan.Wire.Detection;

namespace Bartizan.Server.Api.Detection;

/// <summary>Alerts as <c>Microsoft.Security/alerts</c>, and the evidence that each froze.</summary>
internal static class AlertRoutes
{
    private const string At = "/providers/Microsoft.Security/locations/{location}/alerts";
    private const string Read = "Microsoft.Security/alerts/read";

    private static readonly Dictionary<string, FilterField> fields = new(StringComparer.OrdinalIgnoreCase)
    {
        ["properties/severity"] = new("severity"),
        ["properties/status"] = new("status"),
        ["properties/alertDisplayName"] = new("name"),
        ["properties/startTimeUtc"] = new("start", FilterType.Time),
        ["properties/endTimeUtc"] = new("end", FilterType.Time),
        ["properties/timeGeneratedUtc"] = new("time", FilterType.Time),
        ["properties/techniques"] = new("technique"),
    };

    public static void MapAlerts(this IEndpointRouteBuilder routes)
    {
        routes.ArmGet("/providers/Microsoft.Security/alerts", Read, ListAsync);
        routes.ArmGet(At, Read, ListAsync);
        routes.ArmGet(At + "/{alert:guid}", Read, GetAsync).AtWorkspace();
        routes.ArmPost(At + "/default/simulate", "Microsoft.Security/locations/alerts/simulate/action", SimulateAsync).AtWorkspace();
        foreach (var (verb, status) in new[]
        {
            ("dismiss", AlertStatus.Dismissed), ("resolve", AlertStatus.Resolved), ("activate", AlertStatus.Active), ("reactivate", AlertStatus.Active), ("inProgress", AlertStatus.InProgress),
        })
        {
            routes.ArmPost(
                $"{At}/{{alert:guid}}/{verb}", $"Microsoft.Security/locations/alerts/{verb}/action",
                (Guid alert, AlertIntake intake, AuditLog audit, Caller caller, CancellationToken stop) => SetStatusAsync(alert, status, intake, audit, caller, stop)).AtWorkspace();
        }

        routes.ArmGet("/providers/Microsoft.Bartizan/alerts/{alert:guid}/evidence", "Microsoft.SecurityInsights/incidents/read", EvidenceAsync).AtWorkspace();
        routes.ArmGet("/providers/Microsoft.Bartizan/alerts/{alert:guid}/entities", "Microsoft.SecurityInsights/entities/read", EntitiesAsync).AtWorkspace();
        routes.ArmGet("/providers/Microsoft.Bartizan/alerts/{alert:guid}", "Microsoft.SecurityInsights/incidents/read", AlertAsync).AtWorkspace();
    }

    private static async Task<IResult> ListAsync(ListQuery query, ArmScope scope, AlertStore alerts, Home home, CancellationToken cancellationToken)
    {
        // Alerts of rules belong to the workspace, and so to the subscription and the group that hold it.
        if (!home.WorkspaceScope.IsWithin(scope.Id))
        {
            return ArmResults.Page(Array.Empty<ArmResource<SecurityCenterAlert>>(), query);
        }

        if (!FilterText.Read(query.Filter, fields).TryGetValue(out var filters, out var problem))
        {
            return ArmErrors.Result(problem);
        }

        var page = await alerts.ListAsync(
            new RecordQuery { Filters = filters, OrderBy = new RecordOrder("time", Descending: true), Take = query.Top, Continuation = query.Continuation, WantCount = query.WantsCount }, cancellationToken);
        return page.TryGetValue(out var found, out problem)
            ? ArmResults.Page([.. found.Items.Select(a => Shape(a.Value, home))], found.Continuation, query, found.Count)
            : ArmErrors.Result(problem);
    }

    private static async Task<IResult> GetAsync(Guid alert, AlertStore alerts, Home home, CancellationToken cancellationToken) =>
        await alerts.FindAsync(alert, cancellationToken) is { } found ? ArmResults.Resource(Shape(found, home)) : NotFound(alert);

    private static async Task<IResult> SimulateAsync(AlertSimulatorRequest request, AlertSimulation simulation, Caller caller, CancellationToken cancellationToken)
    {
        if (request.Properties is { Kind: { } kind } && !kind.Equals("Bundles", StringComparison.OrdinalIgnoreCase))
        {
            return ArmErrors.Result(new Problem(ProblemKind.Invalid, "BadRequest", $"'{kind}' is no kind of simulation; Bundles is.", "properties.kind"));
        }

        var outcome = await simulation.RaiseAsync(request.Properties?.Bundles ?? [], caller.Name, cancellationToken);
        return outcome.IsSuccess ? Results.NoContent() : ArmErrors.Result(outcome.Problem);
    }

    private static async Task<IResult> SetStatusAsync(Guid alert, AlertStatus status, AlertIntake intake, AuditLog audit, Caller caller, CancellationToken cancellationToken)
    {
        if (!(await intake.SetStatusAsync(alert, status, caller.Name, cancellationToken)).TryGetValue(out var existed, out var problem))
        {
            return ArmErrors.Result(problem);
        }

        if (!existed)
        {
            return NotFound(alert);
        }

        await audit.AppendAsync(caller.Name, "alerts/status", "alerts", alert.ToString("D"), status.ToString(), cancellationToken);
        return Results.NoContent();
    }

    private static async Task<IResult> AlertAsync(Guid alert, AlertStore alerts, Home home, CancellationToken cancellationToken) =>
        await alerts.FindAsync(alert, cancellationToken) is { } found ? ArmResults.Resource(IncidentShapes.Shape(found, home)) : NotFound(alert);

    private static async Task<IResult> EntitiesAsync(Guid alert, ListQuery query, AlertStore alerts, Home home, CancellationToken cancellationToken) =>
        await alerts.FindAsync(alert, cancellationToken) is { } found
            ? ArmResults.Page([.. found.Entities.Where(e => e.Keys.Count > 0).DistinctBy(e => e.Id).Select(e => IncidentShapes.Shape(e, e.Id, home))], query)
            : NotFound(alert);

    private static async Task<IResult> EvidenceAsync(Guid alert, AlertStore alerts, CancellationToken cancellationToken) =>
        await alerts.EvidenceAsync(alert, cancellationToken) is { } found ? ArmResults.Value(IncidentShapes.Shape(found)) : NotFound(alert);

    private static IResult NotFound(Guid alert) => ArmErrors.Result(new Problem(ProblemKind.NotFound, "NotFound", $"There is no alert '{alert}'.", "alertName"));

    private static ArmResource<SecurityCenterAlert> Shape(Alert alert, Home home)
    {
        var id = $"{home.GroupScope}/providers/Microsoft.Security/locations/{Home.Location}/alerts/{alert.Id:D}";
        return new ArmResource<SecurityCenterAlert>
        {
            Id = id,
            Name = alert.Id.ToString("D"),
            Type = "Microsoft.Security/Locations/alerts",
            Properties = new SecurityCenterAlert
            {
                Version = "2022-01-01",
                AlertType = AlertRow.TypeOf(alert, home.WorkspaceId),
                SystemAlertId = alert.Id.ToString("D"),
                ProductComponentName = "Detection",
                AlertDisplayName = alert.Name,
                Description = alert.Description,
                Severity = alert.Severity.ToString(),
                Intent = string.Join(",", alert.Tactics),
                StartTimeUtc = alert.StartTime,
                EndTimeUtc = alert.EndTime,
                TimeGeneratedUtc = alert.TimeGenerated,
                ProcessingEndTimeUtc = alert.TimeGenerated,
                VendorName = "Bartizan",
                ProductName = alert.ProductName,
                Status = alert.Status.ToString(),
                AlertUri = $"/alerts/{alert.Id:D}",
                CompromisedEntity = AlertRow.Compromised(alert.Entities),
                Techniques = alert.Techniques,
                Entities = System.Text.Json.JsonDocument.Parse(EntityJson.Write(alert.Entities)).RootElement.Clone(),
                ExtendedProperties = AlertRow.Extended(alert),
            },
        };
    }
}
