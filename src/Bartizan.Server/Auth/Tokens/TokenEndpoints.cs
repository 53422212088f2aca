using System.Security.Claims;
using Bartizan.Server.Auth.People;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Bartizan.Server.Auth.Tokens;

/// <summary>What the issuer answers beside OpenIddict's own work: discovery, cloud registration, and who a token is about.</summary>
internal static class TokenEndpoints
{
    private const string Scheme = OpenIddictServerAspNetCoreDefaults.AuthenticationScheme;

    public static void MapIssuer(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").AllowAnonymous().DisableAntiforgery();
        group.MapGet("/metadata/endpoints", Metadata);
        group.MapGet("/adfs/.well-known/openid-configuration", (HttpContext context) => TypedResults.Json(Discover(context), TokenJson.Default.Discovery));
        group.MapPost("/adfs/oauth2/token", TokenAsync).RequireRateLimiting(AccessLimits.Tokens);
    }

    /// <summary>The identity that goes into tokens for a person.</summary>
    internal static ClaimsPrincipal Principal(Person person, Home home, IEnumerable<string> scopes, string audience, string? clientId)
    {
        var identity = Identity(person.Id, home, audience, clientId);
        identity.SetClaim(Claims.Name, person.UserName).SetClaim(Claims.PreferredUsername, person.UserName).SetClaim("upn", person.UserName).SetClaim("idtyp", "user");
        identity.SetScopes(scopes);
        identity.SetDestinations(_ => [Destinations.AccessToken, Destinations.IdentityToken]);
        return new ClaimsPrincipal(identity);
    }

    private static ClaimsIdentity Identity(string objectId, Home home, string audience, string? clientId)
    {
        var identity = new ClaimsIdentity("Bartizan", Claims.Name, Claims.Role);
        identity.SetClaim(Claims.Subject, objectId).SetClaim("oid", objectId).SetClaim("tid", home.TenantId.ToString()).SetClaim("appid", clientId).SetClaim("ver", "1.0");
        identity.SetResources(audience);
        return identity;
    }

    private static IResult Metadata(HttpContext context, string? apiVersion)
    {
        var own = $"{context.Request.Scheme}://{context.Request.Host}";
        var version = context.Request.Query["api-version"].ToString();
        var cloud = new CloudMetadata
        {
            Name = "Bartizan",
            Portal = own,
            Authentication = new($"{own}/adfs", [$"{own}/"], "adfs", "adfs"),
            ResourceManager = own,
            Graph = own,
            Gallery = own,
            MicrosoftGraphResourceId = own + "/",
            LogAnalyticsResourceId = own,
        };
        return string.CompareOrdinal(version, "2015-01-01") <= 0
            ? TypedResults.Json(new CloudMetadataOf2015(own, own, own, new($"{own}/adfs", [$"{own}/"])), MetadataJson.Default.CloudMetadataOf2015)
            : string.CompareOrdinal(version, "2022-09-01") < 0
                ? TypedResults.Json([cloud], MetadataJson.Default.IReadOnlyListCloudMetadata)
                : TypedResults.Json(cloud, MetadataJson.Default.CloudMetadata);
    }

    private static Discovery Discover(HttpContext context)
    {
        var path = Authority.PathOf(context);
        var root = $"{context.Request.Scheme}://{context.Request.Host}{path}";
        var oauth = path == Authority.Prefix ? $"{root}/oauth2" : $"{root}/oauth2/v2.0";
        return new Discovery
        {
            Issuer = Authority.IssuerOf(context),
            Authorization = $"{oauth}/authorize",
            Token = $"{oauth}/token",
            DeviceAuthorization = $"{oauth}/devicecode",
            EndSession = $"{context.Request.Scheme}://{context.Request.Host}/sign-out",
            Keys = path == Authority.Prefix ? $"{root}/discovery/keys" : $"{root}/discovery/v2.0/keys",
        };
    }

    private static async Task<IResult> TokenAsync(HttpContext context, Home home, Principals principals, UserManager<Person> people)
    {
        var request = context.GetOpenIddictServerRequest() ?? throw new InvalidOperationException("The issuer did not read this request.");
        if (request.IsClientCredentialsGrantType())
        {
            if (Audiences.Read(request.GetScopes(), request.Resources?.FirstOrDefault() ?? (string?)request["resource"], context.Request) is not { } audience)
            {
                return Refuse(Errors.InvalidScope, "AADSTS500011: The resource that this scope names is not here; ask for this server's address, with /.default behind it.");
            }

            if (principals.FindByAppId(request.ClientId!) is not { } program)
            {
                return Refuse(Errors.InvalidClient, "AADSTS700016: This application has been removed.");
            }

            var identity = Identity(program.ObjectId, home, audience, program.AppId);
            identity.SetClaim(Claims.Name, program.Name).SetClaim("idtyp", "app").SetClaim("app_displayname", program.Name);
            identity.SetDestinations(_ => [Destinations.AccessToken]);
            return Results.SignIn(new ClaimsPrincipal(identity), null, Scheme);
        }

        var known = await context.AuthenticateAsync(Scheme);
        var person = known.Principal?.GetClaim(Claims.Subject) is { } id ? await people.FindByIdAsync(id) : null;
        if (person is null || await people.IsLockedOutAsync(person))
        {
            return Refuse(Errors.InvalidGrant, "AADSTS50034: This account has been removed or is locked.");
        }

        var scopes = known.Principal!.GetScopes().Union(request.GetScopes(), StringComparer.Ordinal).ToList();
        var wanted = Audiences.Read(request.GetScopes(), (string?)request["resource"], context.Request);
        var kept = known.Principal!.GetResources();
        var resource = request.GetScopes().Any(s => s.Contains("//", StringComparison.Ordinal)) || kept.Length == 0 ? wanted : kept[0];
        return resource is null
            ? Refuse(Errors.InvalidScope, "AADSTS500011: The resource that this scope names is not here.")
            : Results.SignIn(Principal(person, home, scopes, resource, request.ClientId), null, Scheme);
    }

    internal static IResult Refuse(string error, string why) => Results.Forbid(
        new AuthenticationProperties(new Dictionary<string, string?>
        {
            [OpenIddictServerAspNetCoreConstants.Properties.Error] = error,
            [OpenIddictServerAspNetCoreConstants.Properties.ErrorDescription] = why,
        }),
        [Scheme]);
}
