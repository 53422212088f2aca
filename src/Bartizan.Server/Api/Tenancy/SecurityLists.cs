namespace Bartizan.Server.Api.Tenancy;

/// <summary>Lists of <c>Microsoft.Security</c> that exist in Azure; while the feature behind one is not here, the list is empty rather than an error.</summary>
internal static class SecurityLists
{
    private const string Provider = "Microsoft.Security/";

    /// <summary>Paths behind the provider, with {} for each name.</summary>
    private static readonly string[][] Paths = [.. new[]
    {
        "adaptiveNetworkHardenings", "alerts", "alertsSuppressionRules", "allowedConnections", "apiCollections", "applications", "applicationWhitelistings",
        "assessmentMetadata", "assessments", "assessments/{}/subAssessments", "assignments", "automations",
        "autoProvisioningSettings", "complianceResults", "compliances", "connectors", "customAssessmentAutomations", "customEntityStoreAssignments",
        "deviceSecurityGroups", "discoveredSecuritySolutions", "externalSecuritySolutions", "healthReports", "informationProtectionPolicies",
        "iotSecuritySolutions", "iotSecuritySolutions/{}/analyticsModels", "iotSecuritySolutions/{}/analyticsModels/default/aggregatedAlerts",
        "iotSecuritySolutions/{}/analyticsModels/default/aggregatedRecommendations", "iotSecuritySolutions/{}/iotAlerts", "iotSecuritySolutions/{}/iotAlertTypes",
        "iotSecuritySolutions/{}/iotRecommendations", "iotSecuritySolutions/{}/iotRecommendationTypes", "jitNetworkAccessPolicies", "locations", "locations/{}/alerts",
        "locations/{}/allowedConnections", "locations/{}/discoveredSecuritySolutions", "locations/{}/ExternalSecuritySolutions", "locations/{}/jitNetworkAccessPolicies",
        "locations/{}/securitySolutionsReferenceData", "locations/{}/tasks", "locations/{}/topologies", "mdeOnboardings", "operations", "pricings",
        "pricings/{}/securityOperators", "regulatoryComplianceStandards", "regulatoryComplianceStandards/{}/regulatoryComplianceControls",
        "regulatoryComplianceStandards/{}/regulatoryComplianceControls/{}/regulatoryComplianceAssessments", "secureScoreControlDefinitions", "secureScoreControls",
        "secureScores", "secureScores/{}/secureScoreControls", "securityConnectors", "securityConnectors/{}/devops",
        "securityConnectors/{}/devops/default/azureDevOpsOrgs", "securityConnectors/{}/devops/default/azureDevOpsOrgs/{}/projects",
        "securityConnectors/{}/devops/default/azureDevOpsOrgs/{}/projects/{}/repos", "securityConnectors/{}/devops/default/gitHubOwners",
        "securityConnectors/{}/devops/default/gitHubOwners/{}/repos", "securityConnectors/{}/devops/default/gitLabGroups",
        "securityConnectors/{}/devops/default/gitLabGroups/{}/projects", "securityConnectors/{}/devops/default/policies",
        "securityConnectors/{}/devops/default/policyAssignments", "securityContacts", "securitySolutions", "securitySolutionsReferenceData", "sensitivitySettings",
        "serverVulnerabilityAssessments", "serverVulnerabilityAssessmentsSettings", "settings", "softwareInventories",
        "sqlVulnerabilityAssessments/default/baselineRules", "sqlVulnerabilityAssessments/default/scans", "sqlVulnerabilityAssessments/default/scans/{}/scanResults",
        "standards", "subAssessments", "tasks", "topologies", "workspaceSettings",
    }.Select(p => p.Split('/'))];

    /// <summary>Whether a path from the provider on is one of these lists.</summary>
    public static bool Contains(string path)
    {
        if (!path.StartsWith(Provider, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var segments = path[Provider.Length..].Split('/', StringSplitOptions.RemoveEmptyEntries);
        return Array.Exists(Paths, p => p.Length == segments.Length && p.Zip(segments).All(s => s.First == "{}" || s.First.Equals(s.Second, StringComparison.OrdinalIgnoreCase)));
    }
}
