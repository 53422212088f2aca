using Bartizan.Foundation.Entities;

namespace Bartizan.Investigation.Exploration;

/// <summary>
/// The expansions that clients of Sentinel's API know by id: of an alert its entities, of any entity the alerts that name it.
/// </summary>
public static class FixedExpansions
{
    public static Guid AlertEntities { get; } = new("98b974fd-cc64-48b8-9bd0-3a209f5b944b");

    public static IReadOnlyDictionary<EntityKind, Guid> RelatedAlerts { get; } = new Dictionary<EntityKind, Guid>
    {
        [EntityKind.Bookmark] = new("27f76e63-c41b-480f-bb18-12ad2e011d49"),
        [EntityKind.Account] = new("a77992f3-25e9-4d01-99a4-5ff606cc410a"),
        [EntityKind.Host] = new("055a5692-555f-42bd-ac17-923a5a9994ed"),
        [EntityKind.IP] = new("58c1516f-b78a-4d78-9e71-77c40849c27b"),
        [EntityKind.URL] = new("7b61d5e2-4b66-40a7-bb0f-9145b445104e"),
        [EntityKind.File] = new("0f0bccef-4512-4530-a866-27056a39dcd6"),
        [EntityKind.FileHash] = new("b6eaa3ad-e69b-437e-9c13-bb5273dd34ab"),
        [EntityKind.Process] = new("63a4fa2f-f89d-4cf5-96a2-cb2479e49731"),
        [EntityKind.Malware] = new("b8407195-b9a3-4565-bf08-7b23e5c57e3a"),
        [EntityKind.RegistryKey] = new("d788cd65-a7ef-448e-aa34-81185ac0e611"),
        [EntityKind.RegistryValue] = new("3a45a7e3-80e0-4e05-84db-b97bd1ae452b"),
        [EntityKind.DNS] = new("80218599-45b4-4402-95cc-86f9929dd43d"),
        [EntityKind.AzureResource] = new("4a014a1b-c5a1-499f-9f54-3f7b99b0a675"),
        [EntityKind.CloudApplication] = new("f74ad13a-ae93-47b9-8782-b1142b95d046"),
        [EntityKind.IoTDevice] = new("4daeed0e-0e74-4f2d-990c-a958210e9dd7"),
    };

    public static bool IsRelatedAlerts(Guid id) => RelatedAlerts.Values.Contains(id);
}
