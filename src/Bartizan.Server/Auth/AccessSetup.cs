using Bartizan.Connectors.Azure;
using Bartizan.Foundation.Outcomes;
using Bartizan.Server.Auth.People;
using Bartizan.Server.Auth.Roles;
using Bartizan.Server.Auth.Tokens;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Validation.AspNetCore;
using StoreOptions = Bartizan.Store.StoreOptions;

namespace Bartizan.Server.Auth;

/// <summary>Who may ask: people by cookie, programs by bearer token, the portal by ticket; everything else is refused.</summary>
internal static class AccessSetup
{
    private const string ByHeader = "ByHeader";

    public static IServiceCollection AddAccess(this IServiceCollection services, StoreOptions store, Home home)
    {
        PrivateFile.CreateFolder(Path.Combine(store.Folder!, "keys"));
        services.AddSingleton(home);
        services.AddSingleton(store);
        services.AddSingleton<RoleAssignments>();
        services.AddSingleton<Principals>();
        services.AddSingleton<FirstAdministrator>();
        services.AddSingleton<LocalCredential>();
        services.AddSingleton<PortalTickets>();
        services.AddSingleton<SharedKeys>();
        services.AddSingleton<ISecretSeal, SecretSeal>();
        services.AddDataProtection().SetApplicationName("Bartizan").PersistKeysToFileSystem(new DirectoryInfo(Path.Combine(store.Folder!, "keys")));
        services.AddDbContext<AccessContext>(o => o.UseSqlite(new SqliteConnectionStringBuilder { DataSource = Path.Combine(store.Folder!, "access.sqlite"), DefaultTimeout = 30 }.ToString()));
        services.AddIdentityCore<Person>(Configure).AddEntityFrameworkStores<AccessContext>().AddSignInManager().AddDefaultTokenProviders();

        // A session of an account that was locked, removed or given another password ends within this time.
        services.Configure<SecurityStampValidatorOptions>(o => o.ValidationInterval = TimeSpan.FromSeconds(30));
        services.AddIssuer(home);
        services.AddAccessLimits();
        services.AddAuthentication(ByHeader)
            .AddPolicyScheme(ByHeader, null, o => o.ForwardDefaultSelector = context => context.Request.Headers.Authorization.ToString() switch
            {
                { Length: 0 } => IdentityConstants.ApplicationScheme,
                var header when header.StartsWith(PortalTickets.Scheme + " ", StringComparison.Ordinal) => PortalTickets.Scheme,
                _ => OpenIddictValidationAspNetCoreDefaults.AuthenticationScheme,
            })
            .AddScheme<AuthenticationSchemeOptions, PortalTicketHandler>(PortalTickets.Scheme, null)
            .AddIdentityCookies(cookies => cookies.ApplicationCookie!.Configure(Configure));
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        services.AddAntiforgery(o =>
        {
            o.Cookie.Name = "__Host-bartizan-form";
            o.Cookie.SecurePolicy = CookieSecurePolicy.Always;
        });
        return services;
    }

    public static void MapAccess(this IEndpointRouteBuilder routes)
    {
        routes.MapIssuer();
        routes.MapSignIn();
        routes.MapDevice();
        routes.MapAccount();
    }

    /// <summary>Opens the accounts, and loads into memory what every request asks.</summary>
    public static async Task<Problem?> OpenAccessAsync(this IServiceProvider services, CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<AccessContext>();
        try
        {
            await AccessSchema.PrepareAsync(context, cancellationToken).ConfigureAwait(false);
        }
        catch (SqliteException e)
        {
            var file = Path.Combine(services.GetRequiredService<StoreOptions>().Folder!, "access.sqlite");
            return new Problem(
                ProblemKind.Unavailable, "DataFolderDamaged", $"The accounts file '{file}' cannot be read ({e.Message.TrimEnd('.')}); restore it from a backup, or move it away to begin with no accounts.", file);
        }

        await services.GetRequiredService<RoleAssignments>().LoadAsync(cancellationToken).ConfigureAwait(false);
        await services.GetRequiredService<Principals>().LoadAsync(cancellationToken).ConfigureAwait(false);
        await Issuer.RegisterClientsAsync(scope.ServiceProvider, cancellationToken).ConfigureAwait(false);
        return null;
    }

    private static void Configure(IdentityOptions options)
    {
        // Length is what makes a password strong; rules of composition make people write it down.
        options.Password.RequiredLength = 12;
        options.Password.RequireDigit = options.Password.RequireLowercase = options.Password.RequireUppercase = options.Password.RequireNonAlphanumeric = false;
        options.Password.RequiredUniqueChars = 4;
        options.Lockout.MaxFailedAccessAttempts = 8;
        options.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(5);
        options.User.AllowedUserNameCharacters += "äöüÄÖÜßéèêáàóòúùñç' ";
    }

    private static void Configure(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = "__Host-bartizan";
        options.Cookie.SecurePolicy = CookieSecurePolicy.Always;
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.ExpireTimeSpan = TimeSpan.FromHours(8);
        options.SlidingExpiration = true;
        options.LoginPath = "/sign-in";
        options.ReturnUrlParameter = "returnUrl";
        options.Events.OnRedirectToLogin = context =>
        {
            if (IsPage(context.Request))
            {
                context.Response.Redirect(context.RedirectUri);
            }
            else
            {
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            }

            return Task.CompletedTask;
        };
        options.Events.OnRedirectToAccessDenied = context =>
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        };
    }

    /// <summary>A browser that opens a page; the API's callers get a plain 401.</summary>
    private static bool IsPage(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
}
