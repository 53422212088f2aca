using System.Net;
using Bartizan.Policy.Values;

namespace Bartizan.Policy.Expressions;

/// <summary>Addresses: ipRangeContains.</summary>
internal static class NetworkFunctions
{
    public static IReadOnlyList<TemplateFunction> All { get; } =
    [
        new("ipRangeContains", 2, 2, a => a[0].AsText is { } range && a[1].AsText is { } target
            ? PolicyValue.Of(Contains(range, target))
            : PolicyValue.False),
    ];

    /// <summary>Both may be one address, a range in CIDR form, or a range written <c>first-last</c>.</summary>
    private static bool Contains(string range, string target) =>
        Bounds(range) is { } outer && Bounds(target) is { } inner
        && outer.First.Length == inner.First.Length
        && outer.First.AsSpan().SequenceCompareTo(inner.First) <= 0
        && outer.Last.AsSpan().SequenceCompareTo(inner.Last) >= 0;

    private static (byte[] First, byte[] Last)? Bounds(string text)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        if (dash > 0)
        {
            return Address(text[..dash]) is { } first && Address(text[(dash + 1)..]) is { } last && first.Length == last.Length ? (first, last) : null;
        }

        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
        {
            return Address(text) is { } one ? (one, one) : null;
        }

        if (Address(text[..slash]) is not { } address
            || !int.TryParse(text.AsSpan(slash + 1), System.Globalization.NumberStyles.None, null, out var bits)
            || bits > address.Length * 8)
        {
            return null;
        }

        var from = new byte[address.Length];
        var to = new byte[address.Length];
        for (var i = 0; i < address.Length; i++)
        {
            var kept = Math.Clamp(bits - (i * 8), 0, 8);
            var mask = (byte)(0xff << (8 - kept));
            from[i] = (byte)(address[i] & mask);
            to[i] = (byte)(address[i] | (byte)~mask);
        }

        return (from, to);
    }

    private static byte[]? Address(string text)
    {
        var trimmed = text.Trim();
        var looksRight = trimmed.Contains(':', StringComparison.Ordinal) || trimmed.Count(c => c == '.') == 3;
        return looksRight && IPAddress.TryParse(trimmed, out var address) ? address.GetAddressBytes() : null;
    }
}
