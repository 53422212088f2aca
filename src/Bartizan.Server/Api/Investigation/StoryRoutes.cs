using Bartizan.Content.Rules;
using Bartizan.Detection.Incidents;
using Bartizan.Foundation.Resources;
using Bartizan.Investigation.Graph;
using Bartizan.Investigation.Stories;
using Bartizan.Posture.Assessments;
using Bartizan.Posture.Evaluation;
using Bartizan.Server.Api.Arm;
using Bartizan.Server.Api.Detection;
using Bartizan.Server.Auth.Roles;
using Bartizan.Wire.Investigation;

namespace Bartizan.Server.Api.Investigation;

/// <summary>The story of an incident: what happened in plain words, and which weaknesses were there.</summary>
internal static class StoryRoutes
{
    public static void MapStories(this IEndpointRouteBuilder routes) =>
        routes.ArmGet("/providers/Microsoft.Bartizan/incidents/{incident}/story", "Microsoft.SecurityInsights/incidents/read", GetAsync).AtWorkspace();

    private static async Task<IResult> GetAsync(
        string incident, Caller caller, IncidentStore incidents, IncidentGraphs graphs, AssessmentBoard board, PostureSweep sweep, Home home, CancellationToken cancellationToken)
    {
        if (await IncidentRoutes.FindAsync(incidents, incident, cancellationToken) is not { } found)
        {
            return IncidentRoutes.NotFound(incident);
        }

        // Who may read the incident need not be allowed to read the posture of what it touched.
        var visible = caller.Scopes("Microsoft.Security/assessments/read");
        var story = AttackStory.Of(
            await graphs.OfAsync(found.Value, cancellationToken),
            text => ResourceId.TryParse(text, out var id) && visible.Includes(id) ? board.Find(id) : null);
        return ArmResults.Value(new IncidentStory(
            story.Summary,
            [.. story.Steps.Select(s => new IncidentStoryStep(
                s.Tactic, AttackTactics.OrderOf(s.Tactic), s.First, s.Last, s.Severity.ToString(), s.Sentence, s.Techniques,
                [.. s.Alerts.Select(a => new IncidentStoryAlert(InsightsPath.Id(home, $"Entities/{a.Id:D}"), a.Name, a.Severity.ToString(), a.StartTime))]))],
            [.. story.Findings.Select(f => Shape(f, sweep))]));
    }

    private static IncidentStoryFinding Shape(StoryFinding finding, PostureSweep sweep)
    {
        var check = sweep.FindCheck(finding.Assessment.Key);
        return new IncidentStoryFinding(
            finding.Assessment.Resource.Text, finding.ResourceName, finding.Assessment.Id, check?.DisplayName ?? finding.Assessment.Key, check?.Severity ?? "Medium");
    }
}
