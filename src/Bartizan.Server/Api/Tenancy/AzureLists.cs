namespace Bartizan.Server.Api.Tenancy;

/// <summary>Lists of Azure's management providers that are no resources of an inventory; while the feature behind one is not here, the list is empty rather than an error.</summary>
internal static class AzureLists
{
    /// <summary>By provider: paths behind it, with {} for each name.</summary>
    private static readonly Dictionary<string, string[][]> Paths = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Microsoft.Advisor"] = Of("configurations", "metadata", "operations", "recommendations", "suppressions"),
        ["Microsoft.Authorization"] = Of(
            "accessReviewScheduleDefinitions", "classicAdministrators", "denyAssignments", "diagnosticSettings", "eligibleChildResources", "locks", "operations", "permissions",
            "policyAssignments", "policyDefinitions", "policyExemptions", "policySetDefinitions", "providerOperations", "roleAssignments", "roleAssignmentScheduleInstances",
            "roleAssignmentScheduleRequests", "roleAssignmentSchedules", "roleDefinitions", "roleEligibilityScheduleInstances", "roleEligibilityScheduleRequests",
            "roleEligibilitySchedules", "roleManagementPolicies", "roleManagementPolicyAssignments", "variables", "variables/{}/values"),
        ["Microsoft.Features"] = Of("features", "featureProviders", "operations", "providers/{}/features", "subscriptionFeatureRegistrations"),
        ["Microsoft.Insights"] = Of(
            "actionGroups", "activityLogAlerts", "autoscaleSettings", "components", "dataCollectionEndpoints", "dataCollectionRuleAssociations", "dataCollectionRules", "diagnosticSettings",
            "diagnosticSettingsCategories", "eventCategories", "eventtypes/management/values", "logProfiles", "metricAlerts", "metricDefinitions", "metricNamespaces", "metrics",
            "operations", "privateLinkScopes", "scheduledQueryRules", "webtests", "workbooks", "workbookTemplates"),
        ["Microsoft.Management"] = Of("managementGroups", "managementGroups/{}/descendants", "managementGroups/{}/settings", "managementGroups/{}/subscriptions", "operations"),
        ["Microsoft.OperationalInsights"] = Of(
            "clusters", "deletedWorkspaces", "operations", "querypacks", "querypacks/{}/queries", "workspaces", "workspaces/{}/dataExports", "workspaces/{}/dataSources",
            "workspaces/{}/intelligencePacks", "workspaces/{}/linkedServices", "workspaces/{}/linkedStorageAccounts", "workspaces/{}/managementGroups", "workspaces/{}/savedSearches",
            "workspaces/{}/scopedPrivateLinkProxies", "workspaces/{}/storageInsightConfigs", "workspaces/{}/tables", "workspaces/{}/usages"),
        ["Microsoft.OperationsManagement"] = Of("managementAssociations", "managementConfigurations", "operations", "solutions"),
        ["Microsoft.PolicyInsights"] = Of(
            "attestations", "componentPolicyStates", "operations", "policyMetadata", "policyTrackedResources", "remediations"),
        ["Microsoft.Resources"] = Of(
            "deployments", "deployments/{}/operations", "deploymentScripts", "deploymentStacks", "links", "operations", "providers", "resources", "subscriptions", "tags", "templateSpecs",
            "templateSpecs/{}/versions"),
        ["Microsoft.Solutions"] = Of("applicationDefinitions", "applications", "jitRequests", "operations"),
        ["Microsoft.Security"] = Of(
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
        "standards", "subAssessments", "tasks", "topologies", "workspaceSettings"),
    };

    /// <summary>Whether what follows a provider in a path is one of these lists.</summary>
    public static bool Contains(string provider, string? rest)
    {
        var segments = (rest ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);
        return (segments is [var only] && only.Equals("providerPermissions", StringComparison.OrdinalIgnoreCase))
            || (Paths.TryGetValue(provider, out var lists)
            && Array.Exists(lists, p => p.Length == segments.Length && p.Zip(segments).All(s => s.First == "{}" || s.First.Equals(s.Second, StringComparison.OrdinalIgnoreCase))));
    }

    private static string[][] Of(params string[] paths) => [.. paths.Select(p => p.Split('/'))];
}
