using System.Numerics;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Functions.Network;

/// <summary>IPv4 and IPv6 addresses: reading, printing, comparing, and whether they lie in ranges. What is no address gives null, or '' for text.</summary>
internal static class Addresses
{
    private const string Pair = "(ip1:text, ip2:text, prefix:integer?)";
    private const string InAny = "(ip:text, ranges:array) -> bool; (ip:text, ranges:text*) -> bool";

    private static readonly IpRange[] Private = [.. ((string[])["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]).Select(r => IpRange.ParseIpv4(r)!.Value)];

    private delegate IpRange? Reader(string text);

    public static IEnumerable<KqlFunction> All() =>
    [
        new("parse_ipv4", "(ip:text) -> long", "An IPv4 address as a number, host bits cleared where it has a prefix length.")
        {
            Managed = a => KqlValue.Long(IpRange.ParseIpv4(Conversion.ToText(a[0])) is { } ip ? (uint)ip.Network : null),
        },
        new("parse_ipv4_mask", "(ip:text, prefix:integer) -> long", "An IPv4 address as a number, with only as many leading bits as the prefix says.")
        {
            Managed = a => KqlValue.Long(IpRange.ParseIpv4(Conversion.ToText(a[0])) is { } ip && a[1].AsLong is >= 0 and <= 32 and var prefix
                ? (uint)IpRange.Masked(ip.Address, Math.Min(ip.Prefix, 96 + (int)prefix)) : null),
        },
        new("parse_ipv6", "(ip:text) -> string", "An IPv6 or IPv4 address with all its digits, host bits cleared where it has a prefix length.")
        {
            Managed = a => KqlValue.Text(IpRange.Parse(Conversion.ToText(a[0])) is { } ip ? IpRange.PrintFull(ip.Network) : ""),
        },
        new("parse_ipv6_mask", "(ip:text, prefix:integer) -> string", "An IPv6 or IPv4 address with all its digits, of which only as many leading bits count as the prefix says.")
        {
            Managed = a => KqlValue.Text(IpRange.Parse(Conversion.ToText(a[0])) is { } ip && a[1].AsLong is >= 0 and <= 128 and var prefix
                ? IpRange.PrintFull(IpRange.Masked(ip.Address, Math.Min(ip.Prefix, (int)prefix))) : ""),
        },
        new("format_ipv4", "(ip:any, prefix:integer?) -> string", "An IPv4 address, or the number of one, printed with host bits cleared.")
        {
            Managed = a => KqlValue.Text(Formatted(a, withPrefix: false)),
        },
        new("format_ipv4_mask", "(ip:any, prefix:integer?) -> string", "An IPv4 address, or the number of one, printed with host bits cleared and the prefix length after it.")
        {
            Managed = a => KqlValue.Text(Formatted(a, withPrefix: true)),
        },
        Compared("ipv4_compare", "-1, 0 or 1: whether the first IPv4 address lies before, at or after the second, under the shortest of the prefixes.", IpRange.ParseIpv4, 32),
        Compared("ipv6_compare", "-1, 0 or 1: whether the first address lies before, at or after the second, under the shortest of the prefixes.", IpRange.Parse, 128),
        Matched("ipv4_is_match", "Whether the two IPv4 addresses are the same under the shortest of the prefixes.", IpRange.ParseIpv4, 32),
        Matched("ipv6_is_match", "Whether the two addresses are the same under the shortest of the prefixes.", IpRange.Parse, 128),
        Within("ipv4_is_in_range", "(ip:text, ip_range:text) -> bool", "Whether the IPv4 address lies in the range.", IpRange.ParseIpv4),
        Within("ipv6_is_in_range", "(ip:text, ip_range:text) -> bool", "Whether the address lies in the range.", IpRange.Parse),
        Within("ipv4_is_in_any_range", InAny, "Whether the IPv4 address lies in one of the ranges.", IpRange.ParseIpv4),
        Within("ipv6_is_in_any_range", InAny, "Whether the address lies in one of the ranges.", IpRange.Parse),
        new("ipv4_is_private", "(ip:text) -> bool", "Whether the IPv4 address lies in 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16.")
        {
            Managed = a => KqlValue.Bool(IpRange.ParseIpv4(Conversion.ToText(a[0])) is { } ip ? Private.Any(p => p.Prefix <= ip.Prefix && p.Contains(ip.Address)) : null),
        },
        new("ipv4_netmask_suffix", "(ip:text) -> long", "The prefix length of an IPv4 address; 32 where it has none.")
        {
            Managed = a => KqlValue.Long(IpRange.ParseIpv4(Conversion.ToText(a[0])) is { } ip ? ip.Prefix - 96 : null),
        },
        new("ipv4_range_to_cidr_list", "(start_ip:text, end_ip:text) -> dynamic", "The fewest ranges with prefix length that together hold the addresses from one to another.")
        {
            Managed = a => IpRange.ParseIpv4(Conversion.ToText(a[0])) is { } start && IpRange.ParseIpv4(Conversion.ToText(a[1])) is { } end
                ? Json.ArrayOf(Ranges(start.Ipv4, end.Ipv4).Select(Json.Quote)) : KqlValue.Null(KqlType.Dynamic),
        },
    ];

    private static string Formatted(ReadOnlySpan<KqlValue> a, bool withPrefix)
    {
        var prefix = a.Length > 1 ? a[1].AsLong : 32;
        var ip = a[0].Type is KqlType.Int or KqlType.Long or KqlType.Real
            ? a[0].AsLong is >= 0 and <= uint.MaxValue and var number ? IpRange.FromIpv4((uint)number) : null
            : IpRange.ParseIpv4(Conversion.ToText(a[0])) is { } text ? text
            : Conversion.ParseLong(Conversion.ToText(a[0])) is >= 0 and <= uint.MaxValue and var parsed ? IpRange.FromIpv4((uint)parsed) : (IpRange?)null;
        if (ip is not { } range || prefix is < 0 or > 32)
        {
            return "";
        }

        var length = Math.Min(range.Prefix, 96 + (int)prefix);
        var address = IpRange.Print((uint)IpRange.Masked(range.Address, length));
        return withPrefix ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{address}/{length - 96}") : address;
    }

    private static KqlFunction Compared(string name, string doc, Reader read, int most) => new(name, $"{Pair} -> long", doc)
    {
        Managed = a => KqlValue.Long(Order(a, read, most)),
    };

    private static KqlFunction Matched(string name, string doc, Reader read, int most) => new(name, $"{Pair} -> bool", doc)
    {
        Managed = a => KqlValue.Bool(Order(a, read, most) is { } order ? order == 0 : null),
    };

    private static int? Order(ReadOnlySpan<KqlValue> a, Reader read, int most)
    {
        var prefix = a.Length > 2 ? a[2].AsLong : most;
        return prefix >= 0 && prefix <= most && read(Conversion.ToText(a[0])) is { } left && read(Conversion.ToText(a[1])) is { } right
            ? Math.Sign(IpRange.Compare(left, right, 128 - most + (int)prefix)) : null;
    }

    private static KqlFunction Within(string name, string signatures, string doc, Reader read) => new(name, signatures, doc)
    {
        Managed = a =>
        {
            if (read(Conversion.ToText(a[0])) is not { } ip)
            {
                return KqlValue.Null(KqlType.Bool);
            }

            // A range that is none leaves the answer open, unless another one holds the address.
            bool? answer = false;
            foreach (var argument in a[1..])
            {
                var ranges = argument.Type == KqlType.Dynamic && Json.Array(argument) is { } list ? list.ConvertAll(i => Conversion.ToText(Json.ToDynamic(i))) : [Conversion.ToText(argument)];
                foreach (var text in ranges)
                {
                    if (read(text) is not { } range)
                    {
                        answer = null;
                    }
                    else if (IpRange.Compare(ip, range, 128) == 0)
                    {
                        return KqlValue.Bool(true);
                    }
                }
            }

            return KqlValue.Bool(answer);
        },
    };

    private static IEnumerable<string> Ranges(uint start, uint end)
    {
        for (ulong at = start; at <= end;)
        {
            var size = Math.Min(at == 0 ? 32 : BitOperations.TrailingZeroCount(at), BitOperations.Log2((end - at) + 1));
            yield return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{IpRange.Print((uint)at)}/{32 - size}");
            at += 1UL << size;
        }
    }
}
