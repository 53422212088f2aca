using Bartizan.Kql.Types;

namespace Bartizan.Kql.Functions.Network;

/// <summary>Where addresses lie. The knowledge comes from the host, which reads a location database if its operator has one; without it every place is unknown.</summary>
public static class IpLocations
{
    private static Func<string, string?> find = _ => null;

    /// <summary>Gives the lookup to use from now on: an address to a bag (country, state, city, latitude, longitude) as JSON text, or null.</summary>
    public static void Use(Func<string, string?> lookup) => find = lookup;

    internal static IEnumerable<KqlFunction> All() =>
    [
        new("geo_info_from_ip_address", "(ip:text) -> dynamic", "Country, state, city and coordinates of an address; null where the host has no location database or it does not know the address.")
        {
            Managed = a => Conversion.ToText(a[0]) is var text && IpRange.Parse(text) is not null ? KqlValue.Dynamic(find(text)) : KqlValue.Null(KqlType.Dynamic),
        },
    ];
}
