using Bartizan.Server.Auth.People;
using Microsoft.AspNetCore;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Bartizan.Server.Auth.Tokens;

/// <summary>The issuer of tokens: OpenIddict, told what Azure's clients expect of one.</summary>
internal static class Issuer
{
    /// <summary>The public client that Azure's command line signs people in with.</summary>
    public const string AzureCommandLine = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

    /// <summary>The public client of our own command line.</summary>
    public const string OwnCommandLine = "bartizan-cli";

    public static IServiceCollection AddIssuer(this IServiceCollection services, Home home)
    {
        services.AddSingleton<SigningKeys>();
        services.AddSingleton<IConfigureOptions<OpenIddictServerOptions>>(p => p.GetRequiredService<SigningKeys>());
        services.AddSingleton<IOptionsChangeTokenSource<OpenIddictServerOptions>>(p => p.GetRequiredService<SigningKeys>());
        services.AddSingleton(p => p.GetRequiredService<SigningKeys>().Checking);
        services.AddOpenIddict()
            .AddCore(core => core.UseEntityFrameworkCore().UseDbContext<AccessContext>())
            .AddServer(server => Configure(server, home))
            .AddValidation(validation =>
            {
                validation.UseLocalServer();
                validation.UseAspNetCore().DisableAccessTokenExtractionFromBodyForm().DisableAccessTokenExtractionFromQueryString();
                validation.Configure(o => Check(o.TokenValidationParameters, home));
            });
        services.AddSingleton<IPostConfigureOptions<OpenIddictServerOptions>>(p => p.GetRequiredService<SigningKeys>());
        return services;
    }

    /// <summary>Registers the public clients; they hold no secret, so that their ids may be known to all.</summary>
    public static async Task RegisterClientsAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var applications = services.GetRequiredService<IOpenIddictApplicationManager>();
        foreach (var (id, name) in new[] { (AzureCommandLine, "Azure command line"), (OwnCommandLine, "Bartizan command line") })
        {
            if (await applications.FindByClientIdAsync(id, cancellationToken).ConfigureAwait(false) is null)
            {
                var application = new OpenIddictApplicationDescriptor
                {
                    ClientId = id,
                    ClientType = ClientTypes.Public,
                    ApplicationType = ApplicationTypes.Native,
                    ConsentType = ConsentTypes.Implicit,
                    DisplayName = name,
                    RedirectUris = { new Uri("http://localhost"), new Uri("http://127.0.0.1") },
                    Permissions =
                    {
                        Permissions.Endpoints.Token, Permissions.Endpoints.DeviceAuthorization, Permissions.Endpoints.Authorization,
                        Permissions.GrantTypes.DeviceCode, Permissions.GrantTypes.AuthorizationCode, Permissions.GrantTypes.RefreshToken, Permissions.ResponseTypes.Code,
                    },
                };
                await applications.CreateAsync(application, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static void Configure(OpenIddictServerBuilder server, Home home)
    {
        server.SetTokenEndpointUris("adfs/oauth2/token")
            .SetDeviceAuthorizationEndpointUris("adfs/oauth2/devicecode")
            .SetAuthorizationEndpointUris("adfs/oauth2/authorize")
            .SetEndUserVerificationEndpointUris("device")
            .SetJsonWebKeySetEndpointUris("adfs/discovery/keys");

        // Discovery is written by hand: the two families of addresses need two documents.
        server.SetConfigurationEndpointUris(Array.Empty<string>());
        server.AllowClientCredentialsFlow().AllowDeviceAuthorizationFlow().AllowAuthorizationCodeFlow().AllowRefreshTokenFlow().RequireProofKeyForCodeExchange();
        server.DisableAccessTokenEncryption().DisableScopeValidation().DisableResourceValidation().DisableAudienceValidation()
            .IgnoreScopePermissions().IgnoreResourcePermissions().IgnoreAudiencePermissions();
        server.SetAccessTokenLifetime(TimeSpan.FromHours(1)).SetRefreshTokenLifetime(TimeSpan.FromDays(30)).SetDeviceCodeLifetime(TimeSpan.FromMinutes(15));
        server.UseAspNetCore().EnableTokenEndpointPassthrough().EnableAuthorizationEndpointPassthrough().EnableEndUserVerificationEndpointPassthrough();
        server.Configure(o => Check(o.TokenValidationParameters, home));

        server.AddEventHandler<ProcessSignInContext>(handler => handler
            .UseInlineHandler(NameIssuer)
            .SetOrder(OpenIddictServerHandlers.PrepareIdentityTokenPrincipal.Descriptor.Order + 500));
        server.AddEventHandler<ApplyDeviceAuthorizationResponseContext>(handler => handler
            .UseInlineHandler(AddMessage)
            .SetOrder(int.MinValue + 100_000));
    }

    /// <summary>Signed by a key of ours is the proof; the host name in the issuer may be any under which the server is reached.</summary>
    private static void Check(TokenValidationParameters parameters, Home home)
    {
        parameters.IssuerValidator = (issuer, _, _) => Authority.IsIssuer(issuer, home.TenantId)
            ? issuer
            : throw new SecurityTokenInvalidIssuerException($"The issuer '{issuer}' is not this server.") { InvalidIssuer = issuer };
        parameters.ClockSkew = TimeSpan.FromMinutes(1);
    }

    private static ValueTask NameIssuer(ProcessSignInContext context)
    {
        if (context.Transaction.GetHttpRequest()?.HttpContext is { } http)
        {
            var issuer = Authority.IssuerOf(http);
            context.AccessTokenPrincipal?.SetClaim(Claims.Private.Issuer, issuer);
            context.IdentityTokenPrincipal?.SetClaim(Claims.Private.Issuer, issuer);
        }

        return default;
    }

    /// <summary>The Azure command line shows <c>message</c> and fails without it.</summary>
    private static ValueTask AddMessage(ApplyDeviceAuthorizationResponseContext context)
    {
        if (context.Response is { Error: null } response)
        {
            response["message"] = $"To sign in, open {response["verification_uri"]} in a browser and enter the code {response["user_code"]}.";
        }

        return default;
    }

    internal static HttpContext? HttpOf(OpenIddictServerTransaction transaction) => transaction.GetHttpRequest()?.HttpContext;
}
