namespace Bartizan.Server.Auth.Tokens;

/// <summary>
/// The issuer under both of its addresses: <c>/adfs</c>, which the Azure CLI takes without asking anybody else, and
/// <c>/{tenant}/oauth2/v2.0</c>, which the Azure SDKs use. The second is rewritten to the first before routing.
/// </summary>
internal sealed class Authority(RequestDelegate next, Home home)
{
    public const string Prefix = "/adfs";

    private static readonly object Key = new();

    private static readonly Dictionary<string, string> Paths = new(StringComparer.OrdinalIgnoreCase)
    {
        ["oauth2/v2.0/token"] = "/adfs/oauth2/token",
        ["oauth2/token"] = "/adfs/oauth2/token",
        ["oauth2/v2.0/devicecode"] = "/adfs/oauth2/devicecode",
        ["oauth2/devicecode"] = "/adfs/oauth2/devicecode",
        ["oauth2/v2.0/authorize"] = "/adfs/oauth2/authorize",
        ["oauth2/authorize"] = "/adfs/oauth2/authorize",
        ["oauth2/v2.0/logout"] = "/sign-out",
        ["discovery/v2.0/keys"] = "/adfs/discovery/keys",
        ["discovery/keys"] = "/adfs/discovery/keys",
        ["v2.0/.well-known/openid-configuration"] = "/adfs/.well-known/openid-configuration",
        [".well-known/openid-configuration"] = "/adfs/.well-known/openid-configuration",
    };

    /// <summary>The path of the authority that a request named: <c>/adfs</c>, or the tenant's.</summary>
    public static string PathOf(HttpContext context) => context.Items.TryGetValue(Key, out var path) ? (string)path! : Prefix;

    /// <summary>The issuer's name, as tokens and discovery give it for a request.</summary>
    public static string IssuerOf(HttpContext context) =>
        $"{context.Request.Scheme}://{context.Request.Host}{(PathOf(context) == Prefix ? Prefix : PathOf(context) + "/v2.0")}";

    /// <summary>Whether a token's issuer is this one, under whatever host name the server was reached.</summary>
    public static bool IsIssuer(string issuer, Guid tenant) =>
        Uri.TryCreate(issuer, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps
        && (uri.AbsolutePath.Equals(Prefix, StringComparison.OrdinalIgnoreCase) || uri.AbsolutePath.Equals($"/{tenant}/v2.0", StringComparison.OrdinalIgnoreCase) || uri.AbsolutePath == "/");

    public Task InvokeAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!.TrimStart('/');
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || !Paths.TryGetValue(path[(slash + 1)..].TrimEnd('/'), out var target))
        {
            return next(context);
        }

        var tenant = path[..slash];
        if (tenant.Equals("adfs", StringComparison.OrdinalIgnoreCase))
        {
            context.Request.Path = target;
            return next(context);
        }

        var isHome = Guid.TryParse(tenant, out var id) ? id == home.TenantId : tenant.ToLowerInvariant() is "common" or "organizations" or "bartizan";
        if (!isHome)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return context.Response.WriteAsJsonAsync(
                new TokenRefusal("invalid_request", $"AADSTS90002: There is no tenant '{tenant}' here; this server's tenant is '{home.TenantId}'.", [90002]), TokenJson.Default.TokenRefusal);
        }

        context.Items[Key] = $"/{home.TenantId}";
        context.Request.Path = target;
        return next(context);
    }
}
