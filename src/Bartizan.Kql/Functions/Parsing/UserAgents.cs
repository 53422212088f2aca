using System.Text.RegularExpressions;
using Bartizan.Kql.Functions.Text;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Functions.Parsing;

/// <summary>
/// parse_user_agent: browser, operating system and device by ordered patterns, of which the first that fits counts. A pattern's groups are the
/// version's numbers, unless the row names a family with <c>$1</c>. What no pattern knows is <c>Other</c>.
/// </summary>
internal static class UserAgents
{
    private const int MaxLength = 4096;
    private const string Version = @"(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:\.(\d+))?";

    private static readonly (string Family, string Pattern)[] Browsers =
    [
        ("$1", @"(Googlebot|bingbot|YandexBot|DuckDuckBot|Baiduspider|AhrefsBot|SemrushBot|Slackbot|Twitterbot|facebookexternalhit|Applebot|LinkedInBot)(?:[/ ]" + Version + ")?"),
        ("AdobeAIR", "AdobeAIR/" + Version),
        ("Nokia OSS Browser", "Series60/" + Version),
        ("Microsoft Teams", "Teams/" + Version),
        ("Edge Mobile", "Edg(?:A|iOS)/" + Version),
        ("Edge", "Edge?/" + Version),
        ("Opera Mini", "Opera Mini/" + Version),
        ("Opera Mobile", "Opera.+Opera Mobi.+Version/" + Version),
        ("Opera", "(?:OPR/|Opera.+Version/|Opera[/ ])" + Version),
        ("Samsung Internet", "SamsungBrowser/" + Version),
        ("Vivaldi", "Vivaldi/" + Version),
        ("Yandex Browser", "YaBrowser/" + Version),
        ("UC Browser", "UC ?Browser/?" + Version),
        ("Electron", "Electron/" + Version),
        ("Firefox iOS", "FxiOS/" + Version),
        ("Firefox Mobile", "(?:Mobile|Tablet);.*Firefox/" + Version),
        ("Firefox", "Firefox/" + Version),
        ("Thunderbird", "Thunderbird/" + Version),
        ("Chrome Mobile iOS", "CriOS/" + Version),
        ("HeadlessChrome", "HeadlessChrome(?:/" + Version + ")?"),
        ("Chrome Mobile WebView", @"Version/\d.+Chrome/" + Version + " Mobile"),
        ("Chrome Mobile", "Chrome/" + Version + "[\\d.]* Mobile"),
        ("Chromium", "Chromium/" + Version),
        ("Chrome", "Chrome/" + Version),
        ("IE Mobile", "IEMobile[ /]" + Version),
        ("IE", "MSIE " + Version),
        ("IE", @"Trident/7\.0.*rv:" + Version),
        ("Outlook", "(?:Microsoft Office Outlook|Microsoft Outlook) " + Version),
        ("Android", "Android.+Version/" + Version),
        ("Mobile Safari", "(?:iPhone|iPad|iPod).+Version/" + Version),
        ("Mobile Safari UI/WKWebView", "(?:iPhone|iPad|iPod).+Mobile/"),
        ("Safari", "Version/" + Version + ".+Safari/"),
        ("Apple Mail", "AppleWebKit/" + Version + "(?:[\\d.]*) \\(KHTML, like Gecko\\)$"),
        ("$1", "^(curl|Wget|python-requests|Python-urllib|aiohttp|okhttp|Go-http-client|Java|PostmanRuntime|libwww-perl|axios|Ruby)[/ ]" + Version),
        ("WindowsPowerShell", "WindowsPowerShell/" + Version),
    ];

    private static readonly (string Family, string Pattern, string Major)[] Systems =
    [
        ("Symbian OS", "Symbian(?:OS)?/" + Version, ""),
        ("Windows Phone", "Windows Phone(?: OS)?[ /]" + Version, ""),
        ("Windows", @"Windows NT 10\.0", "10"),
        ("Windows", @"Windows NT 6\.3", "8.1"),
        ("Windows", @"Windows NT 6\.2", "8"),
        ("Windows", @"Windows NT 6\.1", "7"),
        ("Windows", @"Windows NT 6\.0", "Vista"),
        ("Windows", @"Windows NT 5\.[12]|Windows XP", "XP"),
        ("Windows", @"Windows NT 5\.0", "2000"),
        ("Windows", "Windows|Win(?:32|64)", ""),
        ("Android", "Android[ /-]?" + Version, ""),
        ("iOS", @"(?:iPhone|iPad|iPod).*? OS (\d+)[_.](\d+)(?:[_.](\d+))?", ""),
        ("iOS", "CFNetwork/.*Darwin/|iPhone|iPad|iPod", ""),
        ("Mac OS X", @"Mac OS X (\d+)[_.](\d+)(?:[_.](\d+))?", ""),
        ("Mac OS X", "Macintosh|Mac_PowerPC|Darwin", ""),
        ("Chrome OS", @"CrOS \w+ " + Version, ""),
        ("$1", "(Ubuntu|Fedora|Debian|Red Hat|CentOS|FreeBSD|OpenBSD|NetBSD|Solaris|SunOS)(?:[/ -]" + Version + ")?", ""),
        ("Linux", "Linux(?:[/ ]" + Version + ")?", ""),
    ];

    private static readonly (string Family, string Brand, string Model, string Pattern)[] Devices =
    [
        ("Spider", "Spider", "Desktop", "(?i)bot|crawler|spider|slurp|facebookexternalhit"),
        ("iPhone", "Apple", "iPhone", "iPhone"),
        ("iPad", "Apple", "iPad", "iPad"),
        ("iPod", "Apple", "iPod", "iPod"),
        ("Mac", "Apple", "Mac", "Macintosh"),
        ("Nokia $1", "Nokia", "$1$2", @"Nokia ?([A-Z]?\d+)(-\d+)?"),
        ("Samsung $1", "Samsung", "$1", @"(?:SAMSUNG[ -])?((?:SM|GT|SCH|SGH)-\w+)"),
        ("$1", "Google", "$1", @"(Pixel(?: \w+)*|Nexus \w+)(?:\)| Build)"),
        ("Huawei $1", "Huawei", "$1", @"(?i)huawei[ _-]?([\w-]+)"),
        ("$1", "Generic_Android", "$1", @"Android [\d.]+; (?:[a-z]{2}[-_][a-zA-Z]{2}; )?([^;)]+?)(?: Build[^)]*)?\)"),
        ("Generic Smartphone", "Generic", "Smartphone", "Mobile"),
    ];

    public static KqlFunction Function { get; } = new("parse_user_agent", "(user_agent:text, look_for:text?) -> dynamic", "Browser, operating system and device that a user agent names, as far as its patterns are known.")
    {
        Managed = a => Parse(Conversion.ToText(a[0]), a.Length > 1 ? a[1] : Json.ArrayOf(["\"browser\"", "\"os\"", "\"device\""])),
    };

    private static KqlValue Parse(string agent, KqlValue lookFor)
    {
        agent = agent.Length > MaxLength ? agent[..MaxLength] : agent;
        var parts = new List<KeyValuePair<string, string>>();
        foreach (var part in Operators.TextSearch.Terms([lookFor]).Select(t => t.ToLowerInvariant()).Distinct())
        {
            switch (part)
            {
                case "browser":
                    parts.Add(new("Browser", Browser(agent)));
                    break;
                case "os":
                    parts.Add(new("OperatingSystem", System(agent)));
                    break;
                case "device":
                    parts.Add(new("Device", Device(agent)));
                    break;
            }
        }

        return parts.Count == 0 ? KqlValue.Null(KqlType.Dynamic) : Json.BagOf(parts);
    }

    private static string Browser(string agent)
    {
        foreach (var (family, pattern) in Browsers)
        {
            if (Match(pattern, agent) is { } match)
            {
                var first = family == "$1" ? 2 : 1;
                return Bag(("Family", Filled(family, match)), ("MajorVersion", Group(match, first)), ("MinorVersion", Group(match, first + 1)), ("Patch", Group(match, first + 2)));
            }
        }

        return Bag(("Family", "Other"), ("MajorVersion", ""), ("MinorVersion", ""), ("Patch", ""));
    }

    private static string System(string agent)
    {
        foreach (var (family, pattern, major) in Systems)
        {
            if (Match(pattern, agent) is { } match)
            {
                var first = family == "$1" ? 2 : 1;
                return Bag(
                    ("Family", Filled(family, match)), ("MajorVersion", major.Length > 0 ? major : Group(match, first)), ("MinorVersion", Group(match, first + 1)),
                    ("Patch", Group(match, first + 2)), ("PatchMinor", Group(match, first + 3)));
            }
        }

        return Bag(("Family", "Other"), ("MajorVersion", ""), ("MinorVersion", ""), ("Patch", ""), ("PatchMinor", ""));
    }

    private static string Device(string agent)
    {
        foreach (var (family, brand, model, pattern) in Devices)
        {
            if (Match(pattern, agent) is { } match)
            {
                return Bag(("Family", Filled(family, match)), ("Brand", brand), ("Model", Filled(model, match)));
            }
        }

        return Bag(("Family", "Other"), ("Brand", ""), ("Model", ""));
    }

    private static Match? Match(string pattern, string agent)
    {
        try
        {
            return Regexes.Get(pattern)?.Match(agent) is { Success: true } match ? match : null;
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }
    }

    private static string Group(Match match, int group) => match.Groups[group].Value;

    private static string Filled(string text, Match match) => text.Replace("$1", Group(match, 1), StringComparison.Ordinal).Replace("$2", Group(match, 2), StringComparison.Ordinal).Trim();

    private static string Bag(params (string Name, string Value)[] members) => Json.BagOf(members.Select(m => new KeyValuePair<string, string>(m.Name, Json.Quote(m.Value)))).AsText;
}
