using System.Text;

namespace Bartizan.Kql.Functions.Codecs;

/// <summary>RFC 3492: Unicode text in the letters of host names. Case and blanks are kept; null when a text cannot be coded.</summary>
internal static class Punycode
{
    private const int Base = 36;
    private const int Least = 1;
    private const int Most = 26;
    private const int FirstBias = 72;
    private const int FirstCode = 128;
    private const int MaxLength = 10_000;

    public static string? Encode(string text)
    {
        var points = text.EnumerateRunes().Select(r => r.Value).ToList();
        if (points.Count > MaxLength)
        {
            return null;
        }

        var result = new StringBuilder();
        foreach (var point in points.Where(p => p < FirstCode))
        {
            result.Append((char)point);
        }

        var basic = result.Length;
        var handled = basic;
        if (basic > 0)
        {
            result.Append('-');
        }

        var (code, bias, delta) = (FirstCode, FirstBias, 0L);
        while (handled < points.Count)
        {
            var next = points.Where(p => p >= code).Min();
            delta += (long)(next - code) * (handled + 1);
            code = next;
            foreach (var point in points)
            {
                if (point < code)
                {
                    delta++;
                }
                else if (point == code)
                {
                    AppendNumber(result, delta, bias);
                    bias = Adapt(delta, handled + 1, handled == basic);
                    delta = 0;
                    handled++;
                }
            }

            delta++;
            code++;
        }

        return result.ToString();
    }

    public static string? Decode(string text)
    {
        var dash = text.LastIndexOf('-');
        if (text.Length > MaxLength || !Ascii.IsValid(text))
        {
            return null;
        }

        var points = new List<int>(dash > 0 ? text[..dash].Select(c => (int)c) : []);
        var (code, bias, index) = ((long)FirstCode, FirstBias, 0L);
        for (var at = dash > 0 ? dash + 1 : 0; at < text.Length;)
        {
            var start = index;
            var weight = 1L;
            for (var k = Base; ; k += Base)
            {
                if (at >= text.Length || Digit(text[at++]) is not { } digit)
                {
                    return null;
                }

                index += digit * weight;
                var threshold = Threshold(k, bias);
                if (digit < threshold)
                {
                    break;
                }

                weight *= Base - threshold;
                if (weight > int.MaxValue || index > int.MaxValue)
                {
                    return null;
                }
            }

            var count = points.Count + 1;
            bias = Adapt(index - start, count, start == 0);
            code += index / count;
            index %= count;
            if (code > 0x10FFFF || !Rune.IsValid((int)code))
            {
                return null;
            }

            points.Insert((int)index++, (int)code);
        }

        return string.Concat(points.Select(p => new Rune(p).ToString()));
    }

    public static string? EncodeDomain(string domain) => Labels(domain, label => Ascii.IsValid(label) ? label : Encode(label) is { } code ? "xn--" + code : null);

    public static string? DecodeDomain(string domain) => Labels(domain, label => label.StartsWith("xn--", StringComparison.OrdinalIgnoreCase) ? Decode(label[4..]) : label);

    private static string? Labels(string domain, Func<string, string?> change)
    {
        // The dots of other scripts part labels too.
        var labels = domain.Split('.', '\u3002', '\uFF0E', '\uFF61').Select(change).ToList();
        return labels.Contains(null) ? null : string.Join('.', labels);
    }

    private static void AppendNumber(StringBuilder result, long number, int bias)
    {
        for (var k = Base; ; k += Base)
        {
            var threshold = Threshold(k, bias);
            if (number < threshold)
            {
                break;
            }

            result.Append(Letter(threshold + (int)((number - threshold) % (Base - threshold))));
            number = (number - threshold) / (Base - threshold);
        }

        result.Append(Letter((int)number));
    }

    private static int Threshold(int k, int bias) => Math.Clamp(k - bias, Least, Most);

    private static int Adapt(long delta, int count, bool first)
    {
        delta = first ? delta / 700 : delta / 2;
        delta += delta / count;
        var k = 0;
        for (; delta > (Base - Least) * Most / 2; k += Base)
        {
            delta /= Base - Least;
        }

        return k + (int)((Base - Least + 1) * delta / (delta + 38));
    }

    private static char Letter(int digit) => (char)(digit < 26 ? 'a' + digit : '0' + digit - 26);

    private static int? Digit(char c) => c switch
    {
        >= 'a' and <= 'z' => c - 'a',
        >= 'A' and <= 'Z' => c - 'A',
        >= '0' and <= '9' => c - '0' + 26,
        _ => null,
    };
}
