namespace Bartizan.Server.Auth.Roles;

/// <summary>The roles that exist everywhere, under Azure's names and ids.</summary>
internal static class BuiltInRoles
{
    private static readonly string[] ReadBasics =
    [
        "Microsoft.Authorization/*/read", "Microsoft.Resources/subscriptions/read", "Microsoft.Resources/subscriptions/resourceGroups/read",
        "Microsoft.Management/managementGroups/read", "Microsoft.Resources/deployments/*",
    ];

    private static readonly string[] ReadLogs =
    [
        "Microsoft.OperationalInsights/workspaces/read", "Microsoft.OperationalInsights/workspaces/query/*", "Microsoft.OperationalInsights/workspaces/*/read",
    ];

    public static RoleDefinition Owner { get; } = new(
        new("8e3af657-a8ff-443c-a75c-2fe8c4bcb635"), "Owner", "Does everything, and gives roles to others.")
    {
        Actions = ["*"],
        DataActions = ["*"],
    };

    public static RoleDefinition Contributor { get; } = new(
        new("b24988ac-6180-42a0-ab88-20f7382dd24c"), "Contributor", "Does everything but give roles to others.")
    {
        Actions = ["*"],
        NotActions = ["Microsoft.Authorization/*/Delete", "Microsoft.Authorization/*/Write", "Microsoft.Authorization/elevateAccess/Action"],
    };

    public static RoleDefinition Reader { get; } = new(
        new("acdd72a7-3385-48ef-bd42-f606fba81ae7"), "Reader", "Sees everything and changes nothing.")
    {
        Actions = ["*/read"],
    };

    public static IReadOnlyList<RoleDefinition> All { get; } =
    [
        Owner,
        Contributor,
        Reader,
        new(new("18d7d88d-d35e-4fb5-a5c3-7773c20a72d9"), "User Access Administrator", "Gives roles to others.") { Actions = ["*/read", "Microsoft.Authorization/*"] },
        new(new("fb1c8493-542b-48eb-b624-b4c8fea62acd"), "Security Admin", "Sees the security state, changes policies, dismisses alerts and recommendations.")
        {
            Actions =
            [
                .. ReadBasics, "Microsoft.Authorization/policyAssignments/*", "Microsoft.Authorization/policyDefinitions/*", "Microsoft.Authorization/policyExemptions/*",
                "Microsoft.Authorization/policySetDefinitions/*", "Microsoft.PolicyInsights/*", "Microsoft.Security/*", "Microsoft.OperationalInsights/workspaces/*/read",
                "Microsoft.ResourceGraph/resources/read", "Microsoft.Bartizan/fixPlans/write", "*/read",
            ],
            NotActions = ["Microsoft.SecurityInsights/*"],
        },
        new(new("39bc4728-0917-49c7-9d2c-d95423bc2eb4"), "Security Reader", "Sees the security state, policies, recommendations and alerts.")
        {
            Actions =
            [
                .. ReadBasics, "Microsoft.Security/*/read", "Microsoft.PolicyInsights/*/read", "Microsoft.OperationalInsights/workspaces/*/read",
                "Microsoft.ResourceGraph/resources/read", "Microsoft.Resources/*/read", "*/read",
            ],
            NotActions = ["Microsoft.SecurityInsights/*"],
        },
        new(new("8d289c81-5878-46d4-8554-54e1e3d8b5cb"), "Microsoft Sentinel Reader", "Sees incidents, rules and logs.")
        {
            Actions = [.. ReadBasics, .. ReadLogs, "Microsoft.SecurityInsights/*/read", "Microsoft.SecurityInsights/dataConnectorsCheckRequirements/action"],
        },
        new(new("3e150937-b8fe-4cfb-8069-0eaf05ecd056"), "Microsoft Sentinel Responder", "Sees what a reader sees, and works on incidents.")
        {
            Actions =
            [
                .. ReadBasics, .. ReadLogs, "Microsoft.SecurityInsights/*/read", "Microsoft.SecurityInsights/incidents/*", "Microsoft.SecurityInsights/cases/*",
                "Microsoft.SecurityInsights/entities/*/action", "Microsoft.SecurityInsights/entities/runPlaybook/action",
                "Microsoft.SecurityInsights/automationRules/read", "Microsoft.SecurityInsights/businessApplicationAgents/systems/undoAction/action",
            ],

            // Evidence is removed by contributors only.
            NotActions = ["Microsoft.SecurityInsights/incidents/delete", "Microsoft.SecurityInsights/incidents/comments/delete"],
        },
        new(new("ab8e14d6-4a74-4a29-9ba8-549422addade"), "Microsoft Sentinel Contributor", "Works on incidents, and writes rules and other content.")
        {
            Actions =
            [
                .. ReadBasics, .. ReadLogs, "Microsoft.SecurityInsights/*", "Microsoft.OperationalInsights/workspaces/savedSearches/*", "Microsoft.OperationalInsights/workspaces/tables/*",
                "Microsoft.Bartizan/events/write", "Microsoft.Bartizan/rules/*",
            ],
        },
        new(new("51d6186e-6489-4900-b93f-92e23144cca5"), "Microsoft Sentinel Playbook Operator", "Sees and starts playbooks.")
        {
            Actions = ["Microsoft.Logic/workflows/read", "Microsoft.Logic/workflows/triggers/listCallbackUrl/action", "Microsoft.Web/sites/read"],
        },
        new(new("f4c81013-99ee-4d62-a7ee-b3f1f648599a"), "Microsoft Sentinel Automation Contributor", "Lets automation rules start playbooks.")
        {
            Actions = ["Microsoft.Authorization/*/read", "Microsoft.Logic/workflows/triggers/read", "Microsoft.Logic/workflows/triggers/listCallbackUrl/action", "Microsoft.Logic/workflows/runs/read"],
        },
        new(new("36243c78-bf99-498c-9df9-86d9f8d28608"), "Resource Policy Contributor", "Writes and assigns policies, and exempts from them.")
        {
            Actions =
            [
                "*/read", "Microsoft.Authorization/policyAssignments/*", "Microsoft.Authorization/policyDefinitions/*", "Microsoft.Authorization/policyExemptions/*",
                "Microsoft.Authorization/policySetDefinitions/*", "Microsoft.PolicyInsights/*", "Microsoft.Resources/deployments/*",
            ],
        },
        new(new("73c42c96-874c-492b-b04d-ab87d138a893"), "Log Analytics Reader", "Sees all logs and searches them.") { Actions = ["*/read", "Microsoft.OperationalInsights/workspaces/query/*"] },
        new(new("92aaf0da-9dab-42b6-94a3-d43ce8d16293"), "Log Analytics Contributor", "Sees all logs and changes what is collected.")
        {
            Actions = ["*/read", "Microsoft.OperationalInsights/*", "Microsoft.Insights/dataCollectionRules/*", "Microsoft.Bartizan/events/write"],
        },
        new(new("3913510d-42f4-4e42-8a64-420c390055eb"), "Monitoring Metrics Publisher", "Sends events by a data collection rule.") { DataActions = ["Microsoft.Insights/Metrics/Write", "Microsoft.Insights/Telemetry/Write"] },
    ];

    /// <summary>A role by name, id, or the resource id that ends in its id; "Sentinel Reader" and the like work without the maker's name.</summary>
    public static RoleDefinition? Find(string text)
    {
        var last = text[(text.LastIndexOf('/') + 1)..];
        return Guid.TryParse(last, out var id)
            ? All.FirstOrDefault(r => r.Id == id)
            : All.FirstOrDefault(r => r.Name.Equals(text, StringComparison.OrdinalIgnoreCase))
                ?? All.FirstOrDefault(r => r.Name.Equals("Microsoft " + text, StringComparison.OrdinalIgnoreCase));
    }
}
