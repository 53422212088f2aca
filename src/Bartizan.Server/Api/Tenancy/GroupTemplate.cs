using System.Text.Json.Nodes;
using Bartizan.Foundation.Resources;

namespace Bartizan.Server.Api.Tenancy;

/// <summary>A resource group written as the template that would deploy it.</summary>
internal static class GroupTemplate
{
    /// <summary>Azure's limit for one export.</summary>
    public const int MaxResources = 200;

    /// <summary>The api-version that the template names for every resource; this server answers each with one model.</summary>
    private const string Version = "2023-01-01";

    /// <summary>What Azure works out itself, and refuses in a deployment.</summary>
    private static readonly string[] WorkedOut = ["id", "resourceGroup", "systemData", "etag", "provisioningState", "subscriptionId", "tenantId", "managedBy"];

    public static JsonObject Of(JsonArray resources) => new()
    {
        ["$schema"] = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        ["contentVersion"] = "1.0.0.0",
        ["parameters"] = new JsonObject(),
        ["variables"] = new JsonObject(),
        ["resources"] = resources,
    };

    public static JsonObject Resource(Resource resource)
    {
        var shape = Inventory.Shape(resource, withProperties: true);
        var segments = resource.Id.Text.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var template = new JsonObject
        {
            ["type"] = resource.Id.Type,
            ["apiVersion"] = Version,

            // A child is named after all that holds it: server/database. Behind subscription, group and provider, types and names take turns.
            ["name"] = string.Join('/', segments.Skip(6).Where((_, i) => i % 2 == 1)),
        };
        foreach (var (name, value) in shape)
        {
            if (!WorkedOut.Contains(name, StringComparer.OrdinalIgnoreCase) && !template.ContainsKey(name) && value is not null)
            {
                template[name] = value.DeepClone();
            }
        }

        (template["properties"] as JsonObject)?.Remove("provisioningState");
        return template;
    }
}
