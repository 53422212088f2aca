namespace Bartizan.Server.Api.Detection;

/// <summary>The routes that front Detection.</summary>
internal static class DetectionRoutes
{
    public static void MapDetection(this IEndpointRouteBuilder routes)
    {
        routes.MapIncidents();
        routes.MapIncidentParts();
        routes.MapIncidentTasks();
        routes.MapIncidentWork();
        routes.MapAlertRules();
        routes.MapTriggeredRuns();
        routes.MapAnomalySettings();
        routes.MapAlerts();
        routes.MapSuppressionRules();
        routes.MapBookmarks();
        routes.MapCoverage();
        routes.MapWatchlists();
        routes.MapIndicators();
    }
}
