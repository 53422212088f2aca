namespace Bartizan.Server.Api.Tenancy;

/// <summary>Azure's regions: the name in addresses, and the name that people read.</summary>
internal static class Locations
{
    public static IReadOnlyDictionary<string, string> Names { get; } = ((string[])
    [
        "Australia East", "Australia Southeast", "Brazil South", "Canada Central", "Canada East", "Central India", "Central US", "East Asia", "East US", "East US 2",
        "France Central", "Germany West Central", "Italy North", "Japan East", "Japan West", "Korea Central", "North Central US", "North Europe", "Norway East",
        "Poland Central", "Qatar Central", "South Africa North", "South Central US", "Southeast Asia", "South India", "Spain Central", "Sweden Central",
        "Switzerland North", "UAE North", "UK South", "UK West", "West Central US", "West Europe", "West India", "West US", "West US 2", "West US 3",
    ]).ToDictionary(n => n.Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant(), n => n, StringComparer.OrdinalIgnoreCase);
}
