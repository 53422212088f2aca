using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Bartizan.Server.Api.Arm;

/// <summary>
/// Debian's Azure CLI 2.45 calls a newer policy SDK with its arguments in the older order: in <c>az policy state summarize</c> and <c>az policy event
/// list</c> the subscription arrives where the view belongs, the group where the subscription belongs, and the empty options as text where the last of
/// them belongs. What was meant can be told from that without doubt as long as no option is set, so it is put right; anything else is refused as it stands.
/// </summary>
internal static partial class ShiftedPath
{
    public static bool TryRight(string path, [NotNullWhen(true)] out string? righted)
    {
        righted = null;
        if (!path.Contains("'additional_properties'", StringComparison.Ordinal) || Pattern().Match(path) is not { Success: true } match)
        {
            return false;
        }

        var kind = match.Groups["kind"].Value;
        var group = match.Groups["group"] is { Success: true } g ? "/resourceGroups/" + g.Value : "";
        var view = kind.Equals("policyEvents", StringComparison.OrdinalIgnoreCase) ? "default" : "latest";
        righted = $"/subscriptions/{match.Groups["subscription"].Value}{group}/providers/Microsoft.PolicyInsights/{kind}/{view}/{match.Groups["verb"].Value}";
        return true;
    }

    [GeneratedRegex(
        @"^/subscriptions/(?:(?<group>[^/{}]+)/resourceGroups/)?\{'additional_properties': \{\}(?:, '\w{1,40}': None){0,20}\}/providers/Microsoft\.PolicyInsights/(?<kind>policyStates|policyEvents)/(?<subscription>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/(?<verb>summarize|queryResults)$",
        RegexOptions.IgnoreCase)]
    private static partial Regex Pattern();
}
