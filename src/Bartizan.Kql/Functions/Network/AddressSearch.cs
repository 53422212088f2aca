namespace Bartizan.Kql.Functions.Network;

/// <summary>has_ipv4 and its kin: an address in a text, with no letter or digit on either side.</summary>
internal static class AddressSearch
{
    public static IEnumerable<KqlFunction> All() =>
    [
        One("has_ipv4", "(source:text, ip:text) -> bool", "Whether the IPv4 address stands in the text.", isPrefix: false),
        One("has_ipv4_prefix", "(source:text, ip_prefix:text) -> bool", "Whether an IPv4 address with this beginning (an address, or its first numbers with a dot at the end) stands in the text.", isPrefix: true),
        One("has_any_ipv4", "(source:text, ips:array) -> bool; (source:text, ips:text*) -> bool", "Whether one of the IPv4 addresses stands in the text.", isPrefix: false),
        One("has_any_ipv4_prefix", "(source:text, ip_prefixes:array) -> bool; (source:text, ip_prefixes:text*) -> bool", "Whether an IPv4 address with one of these beginnings stands in the text.", isPrefix: true),
    ];

    private static KqlFunction One(string name, string signatures, string doc, bool isPrefix) => new(name, signatures, doc)
    {
        Managed = a =>
        {
            var text = Conversion.ToText(a[0]);
            foreach (var sought in Operators.TextSearch.Terms(a[1..].ToArray()))
            {
                if (IsSought(sought, isPrefix) && Stands(text, sought, isPrefix && sought[^1] == '.'))
                {
                    return KqlValue.Bool(true);
                }
            }

            return KqlValue.Bool(false);
        },
    };

    private static bool IsSought(string text, bool isPrefix)
    {
        if (text.Length is 0 or > 15)
        {
            return false;
        }

        // A prefix of one to three numbers, each with its dot, is an address once the rest is filled in.
        var dots = text.Count(c => c == '.');
        return IpRange.Quad(text) is not null
            || (isPrefix && text[^1] == '.' && dots is >= 1 and <= 3 && IpRange.Quad(text + string.Join('.', Enumerable.Repeat('0', 4 - dots))) is not null);
    }

    private static bool Stands(string text, string sought, bool goesOn)
    {
        for (var at = text.IndexOf(sought, StringComparison.Ordinal); at >= 0; at = text.IndexOf(sought, at + 1, StringComparison.Ordinal))
        {
            if (at > 0 && char.IsLetterOrDigit(text[at - 1]))
            {
                continue;
            }

            var end = at + sought.Length;
            if (goesOn)
            {
                while (end < text.Length && end - at < 16 && (char.IsAsciiDigit(text[end]) || (text[end] == '.' && text.AsSpan(at, end - at).Count('.') < 3)))
                {
                    end++;
                }
            }

            if ((end == text.Length || !char.IsLetterOrDigit(text[end])) && IpRange.Quad(text.AsSpan(at, end - at)) is not null)
            {
                return true;
            }
        }

        return false;
    }
}
