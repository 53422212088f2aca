namespace Bartizan.Server.Api.Tenancy;

/// <summary>Lists of <c>Microsoft.Security</c> that exist in Azure; while the feature behind one is not here, the list is empty rather than an error.</summary>
internal static class SecurityLists
{
    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        "adaptiveNetworkHardenings", "aggregatedAlerts", "aggregatedRecommendations", "alerts", "alertsSuppressionRules", "allowedConnections", "apiCollections", "applications", "applicationWhitelistings", "assessmentMetadata",
        "assessments", "assignments", "automations", "autoProvisioningSettings", "azureDevOpsOrgs", "baselineRules", "complianceResults", "compliances", "connectors",
        "customAssessmentAutomations", "customEntityStoreAssignments", "customRecommendations", "deviceSecurityGroups", "devops", "discoveredSecuritySolutions",
        "externalSecuritySolutions", "gitHubOwners", "gitLabGroups", "healthReports", "informationProtectionPolicies",
        "ingestionSettings", "analyticsModels", "iotAlerts", "iotAlertTypes", "iotRecommendations", "iotRecommendationTypes", "iotSecuritySolutions", "jitNetworkAccessPolicies", "locations", "mdeOnboardings", "policies", "policyAssignments", "pricings", "projects", "regulatoryComplianceAssessments",
        "regulatoryComplianceControls", "regulatoryComplianceStandards", "repos", "scanResults", "scans", "secureScoreControlDefinitions", "secureScoreControls", "secureScores",
        "securityConnectors", "securityContacts", "securityOperators", "securitySolutions", "securitySolutionsReferenceData", "securityStandards", "sensitivitySettings",
        "serverVulnerabilityAssessments", "serverVulnerabilityAssessmentsSettings", "settings", "softwareInventories", "standardAssignments", "standards", "subAssessments", "tasks",
        "topologies", "workspaceSettings",
    };

    public static bool Contains(string provider, string list) => provider.Equals("Microsoft.Security", StringComparison.OrdinalIgnoreCase) && Names.Contains(list);
}
