using System.Text.Json;
using System.Text.Json.Nodes;
using Bartizan.Content.Policies;
using Bartizan.Content.Standards;
using Bartizan.Foundation.Resources;

namespace Bartizan.Posture.Assignments;

/// <summary>The initiative that every subscription, account or project is given: all of our checks for its cloud, each with an effect parameter.</summary>
public static class DefaultInitiative
{
    public const string AssignmentName = "SecurityCenterBuiltIn";

    public static string IdFor(CloudEnvironment environment) =>
        "/providers/Microsoft.Authorization/policySetDefinitions/" + NameFor(environment);

    internal static InitiativeDefinition Compose(CloudEnvironment environment, IReadOnlyList<CheckDefinition> checks, IReadOnlyList<ScoreControl> controls)
    {
        var own = checks.Where(c => c.Environment == environment).ToList();
        var parameters = new JsonObject();
        var members = new JsonArray();
        foreach (var check in own)
        {
            parameters[check.EffectParameter] = new JsonObject
            {
                ["type"] = "String",
                ["allowedValues"] = check.Effect == "Audit" ? new JsonArray("Audit", "Deny", "Disabled") : new JsonArray(check.Effect, "Disabled"),
                ["defaultValue"] = check.IsOptional ? "Disabled" : check.Effect,
                ["metadata"] = new JsonObject { ["displayName"] = "Effect of: " + check.DisplayName },
            };
            members.Add(new JsonObject
            {
                ["policyDefinitionId"] = check.DefinitionId,
                ["policyDefinitionReferenceId"] = check.Name,
                ["parameters"] = new JsonObject { ["effect"] = new JsonObject { ["value"] = $"[parameters('{check.EffectParameter}')]" } },
                ["groupNames"] = new JsonArray([.. check.Controls.Select(c => JsonValue.Create(c))]),
            });
        }

        var json = new JsonObject
        {
            ["id"] = IdFor(environment),
            ["name"] = NameFor(environment),
            ["type"] = "Microsoft.Authorization/policySetDefinitions",
            ["properties"] = new JsonObject
            {
                ["displayName"] = $"Bartizan baseline for {Cloud(environment)}",
                ["description"] = "Every check that counts towards the secure score.",
                ["policyType"] = "BuiltIn",
                ["metadata"] = new JsonObject { ["category"] = "Security Center", ["version"] = "1.0.0" },
                ["parameters"] = parameters,
                ["policyDefinitions"] = members,
                ["policyDefinitionGroups"] = new JsonArray([.. controls.Select(c => new JsonObject { ["name"] = c.DisplayName, ["description"] = c.Description })]),
            },
        };
        using var document = JsonDocument.Parse(json.ToJsonString());
        return InitiativeDefinition.Parse(document.RootElement.Clone()).Value;
    }

    private static string NameFor(CloudEnvironment environment) => "bartizan-baseline-" + environment.ToString().ToLowerInvariant();

    private static string Cloud(CloudEnvironment environment) => environment switch
    {
        CloudEnvironment.Aws => "AWS",
        CloudEnvironment.Gcp => "Google Cloud",
        CloudEnvironment.OnPremises => "machines",
        _ => environment.ToString(),
    };
}
