using System.Net;
using System.Net.Sockets;

namespace Bartizan.Kql.Functions.Network;

/// <summary>An address with a prefix length, as 128 bits; an IPv4 address lies in ::ffff:0:0/96.</summary>
internal readonly record struct IpRange(UInt128 Address, int Prefix, bool IsIpv4)
{
    private const int MaxLength = 64;

    // Neither brackets nor a zone belong to an address here.
    private static readonly System.Buffers.SearchValues<char> Ipv6Letters = System.Buffers.SearchValues.Create("0123456789abcdefABCDEF:.");

    private static readonly UInt128 Mapped = (UInt128)0xFFFF << 32;

    /// <summary>The address with the host bits cleared.</summary>
    public UInt128 Network => Masked(Address, Prefix);

    public uint Ipv4 => (uint)Address;

    public static UInt128 Masked(UInt128 address, int prefix) => prefix <= 0 ? UInt128.Zero : address & (UInt128.MaxValue << (128 - prefix));

    public static IpRange FromIpv4(uint address, int prefix = 32) => new(Mapped | address, 96 + prefix, IsIpv4: true);

    /// <summary><c>1.2.3.4</c> or <c>1.2.3.0/24</c>; null for anything else.</summary>
    public static IpRange? ParseIpv4(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var prefix = 32;
        if (text.Length > MaxLength || (slash >= 0 && !TryPrefix(text.AsSpan(slash + 1), 32, out prefix)))
        {
            return null;
        }

        return Quad(slash < 0 ? text : text.AsSpan(0, slash)) is { } address ? FromIpv4(address, prefix) : null;
    }

    /// <summary>An IPv6 or IPv4 address, with or without a prefix length.</summary>
    public static IpRange? Parse(string text)
    {
        if (text.Length > MaxLength || !text.Contains(':', StringComparison.Ordinal))
        {
            return ParseIpv4(text);
        }

        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var prefix = 128;
        var address = slash < 0 ? text : text[..slash];
        if ((slash >= 0 && !TryPrefix(text.AsSpan(slash + 1), 128, out prefix)) || address.AsSpan().ContainsAnyExcept(Ipv6Letters)
            || !IPAddress.TryParse(address, out var ip) || ip.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return null;
        }

        return new IpRange(System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(ip.GetAddressBytes()), prefix, IsIpv4: false);
    }

    /// <summary>The four numbers of a dotted address; null when they are none.</summary>
    public static uint? Quad(ReadOnlySpan<char> text)
    {
        uint address = 0;
        var (parts, digits, value) = (0, 0, 0);
        for (var i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || text[i] == '.')
            {
                if (digits == 0 || value > 255 || ++parts > 4)
                {
                    return null;
                }

                address = (address << 8) | (uint)value;
                digits = value = 0;
            }
            else if (char.IsAsciiDigit(text[i]) && ++digits <= 3)
            {
                value = (value * 10) + (text[i] - '0');
            }
            else
            {
                return null;
            }
        }

        return parts == 4 ? address : null;
    }

    public static string Print(uint address) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{address >> 24}.{(address >> 16) & 255}.{(address >> 8) & 255}.{address & 255}");

    /// <summary>All eight groups of four digits.</summary>
    public static string PrintFull(UInt128 address) =>
        string.Join(':', Enumerable.Range(0, 8).Select(i => ((ushort)(address >> (112 - (16 * i)))).ToString("x4", System.Globalization.CultureInfo.InvariantCulture)));

    /// <summary>Under the shortest of the prefixes.</summary>
    public static int Compare(IpRange left, IpRange right, int prefix)
    {
        var shortest = Math.Min(prefix, Math.Min(left.Prefix, right.Prefix));
        return Masked(left.Address, shortest).CompareTo(Masked(right.Address, shortest));
    }

    public bool Contains(UInt128 address) => Masked(address, Prefix) == Network;

    private static bool TryPrefix(ReadOnlySpan<char> text, int most, out int prefix) =>
        int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out prefix) && prefix <= most;
}
