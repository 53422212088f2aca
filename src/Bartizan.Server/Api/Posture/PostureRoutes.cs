namespace Bartizan.Server.Api.Posture;

/// <summary>The routes of posture, in Azure's dialect, and our own beside them.</summary>
internal static class PostureRoutes
{
    public static void MapPosture(this IEndpointRouteBuilder routes)
    {
        routes.MapSecureScores();
        routes.MapScoreHistory();
        routes.MapAssessments();
        routes.MapGovernance();
        routes.MapGovernanceRules();
        routes.MapGovernanceReport();
        routes.MapCompliance();
        routes.MapPolicyDefinitions();
        routes.MapPolicyAssignments();
        routes.MapAttestations();
        routes.MapPolicyStates();
        routes.MapPolicyScans();
        routes.MapRecommendations();
        routes.MapInventory();
        routes.MapSecuritySettings();
    }
}
