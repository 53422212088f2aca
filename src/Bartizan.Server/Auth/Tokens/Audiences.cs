namespace Bartizan.Server.Auth.Tokens;

/// <summary>
/// For whom a token may be asked: this server by any of its names, and the names of Azure's own services, which its clients
/// send unless told otherwise.
/// </summary>
internal static class Audiences
{
    private static readonly HashSet<string> Azure = new(StringComparer.OrdinalIgnoreCase)
    {
        "https://management.azure.com", "https://management.core.windows.net", "https://api.loganalytics.io", "https://api.loganalytics.azure.com",
        "https://monitor.azure.com", "https://api.securitycenter.microsoft.com",
    };

    private static readonly HashSet<string> PlainScopes = new(StringComparer.OrdinalIgnoreCase) { "openid", "profile", "email", "offline_access" };

    /// <summary>
    /// The audience that a request asks for by scope or resource; null when it asks for one that is not here. A scope is
    /// <c>{audience}/.default</c> or <c>{audience}/user_impersonation</c>; Azure's command line doubles the slash, which belongs to the audience.
    /// </summary>
    public static string? Read(IEnumerable<string> scopes, string? resource, HttpRequest request)
    {
        var own = $"{request.Scheme}://{request.Host}";
        var asked = scopes.Where(s => !PlainScopes.Contains(s)).Select(s => s[..Math.Max(0, s.LastIndexOf('/'))]).Append(resource).FirstOrDefault(s => !string.IsNullOrEmpty(s));
        if (asked is null)
        {
            return own + "/";
        }

        var bare = asked.TrimEnd('/');
        return Azure.Contains(bare) || bare.Equals(own, StringComparison.OrdinalIgnoreCase) || bare.Equals(own + "/adfs", StringComparison.OrdinalIgnoreCase) ? asked : null;
    }
}
