using Bartizan.Server.Auth.Tokens;
using Bartizan.Store.Records;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Bartizan.Server.Auth.People;

/// <summary>Where a person confirms that a command line may act for them: by a code shown there, or by being sent here from it.</summary>
internal static class DevicePages
{
    private const string Scheme = OpenIddictServerAspNetCoreDefaults.AuthenticationScheme;

    public static void MapDevice(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").DisableAntiforgery().RequireRateLimiting(AccessLimits.SignIn).AllowAnonymous();
        group.MapGet("/device", ShowAsync);
        group.MapPost("/device", ApproveAsync);
        group.MapMethods("/adfs/oauth2/authorize", ["GET", "POST"], AuthorizeAsync);
        group.MapGet("/device/done", () => new AccessPage("You are signed in").Paragraph("Go back to your terminal.").Show());
    }

    private static async Task<IResult> ShowAsync(HttpContext context, IAntiforgery antiforgery)
    {
        if (!(await context.AuthenticateAsync(IdentityConstants.ApplicationScheme)).Succeeded)
        {
            return SignInFirst(context);
        }

        var request = context.GetOpenIddictServerRequest();
        var asked = await context.AuthenticateAsync(Scheme);
        if (asked.Succeeded && asked.Principal.GetClaim(Claims.ClientId) is { } client)
        {
            return new AccessPage("Allow this command line?")
                .Paragraph($"{NameOf(client)} asks to act as you, until you sign out there. Go on only if the code {request?.UserCode} is the one in your own terminal.")
                .Form(context, antiforgery, "/device", "Allow", AccessField.Hidden("user_code", request?.UserCode))
                .Show();
        }

        return Ask(context, antiforgery, string.IsNullOrEmpty(request?.UserCode) ? null : "There is no such code, or it has run out.").Show();
    }

    private static AccessPage Ask(HttpContext context, IAntiforgery antiforgery, string? problem) =>
        new AccessPage("Sign in to a command line").Warning(problem).Form(
            context, antiforgery, "/device", "Allow", new AccessField("user_code", "The code that your terminal shows"));

    private static async Task<IResult> ApproveAsync(HttpContext context, IAntiforgery antiforgery, UserManager<Person> people, Home home, AuditLog audit)
    {
        var session = await context.AuthenticateAsync(IdentityConstants.ApplicationScheme);
        var person = session.Succeeded ? await people.GetUserAsync(session.Principal) : null;
        if (person is null)
        {
            return SignInFirst(context);
        }

        context.User = session.Principal!;
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return Ask(context, antiforgery, "This page was open for too long. Enter the code again.").Show(StatusCodes.Status400BadRequest);
        }

        var asked = await context.AuthenticateAsync(Scheme);
        if (!asked.Succeeded || asked.Principal.GetClaim(Claims.ClientId) is not { } client)
        {
            return Ask(context, antiforgery, "There is no such code, or it has run out.").Show(StatusCodes.Status400BadRequest);
        }

        await audit.AppendAsync(person.UserName!, "signIn/device", "person", person.Id, client, context.RequestAborted);
        var scopes = asked.Principal.GetScopes();
        var audience = Audiences.Read(scopes, null, context.Request) ?? $"{context.Request.Scheme}://{context.Request.Host}/";
        return Results.SignIn(
            TokenEndpoints.Principal(person, home, scopes, audience, client), new AuthenticationProperties { RedirectUri = "/device/done" }, Scheme);
    }

    private static async Task<IResult> AuthorizeAsync(HttpContext context, UserManager<Person> people, Home home, AuditLog audit)
    {
        var request = context.GetOpenIddictServerRequest() ?? throw new InvalidOperationException("The issuer did not read this request.");
        var session = await context.AuthenticateAsync(IdentityConstants.ApplicationScheme);
        var person = session.Succeeded ? await people.GetUserAsync(session.Principal) : null;
        if (person is null)
        {
            return HttpMethods.IsGet(context.Request.Method)
                ? SignInFirst(context)
                : TokenEndpoints.Refuse(Errors.LoginRequired, "AADSTS50058: Nobody is signed in.");
        }

        if (Audiences.Read(request.GetScopes(), (string?)request["resource"], context.Request) is not { } audience)
        {
            return TokenEndpoints.Refuse(Errors.InvalidScope, "AADSTS500011: The resource that this scope names is not here.");
        }

        await audit.AppendAsync(person.UserName!, "signIn/code", "person", person.Id, request.ClientId ?? "", context.RequestAborted);
        return Results.SignIn(TokenEndpoints.Principal(person, home, request.GetScopes(), audience, request.ClientId), null, Scheme);
    }

    private static string NameOf(string client) => client switch
    {
        Issuer.AzureCommandLine => "Azure's command line",
        Issuer.OwnCommandLine => "Bartizan's command line",
        _ => client,
    };

    private static IResult SignInFirst(HttpContext context) =>
        Results.LocalRedirect("/sign-in?returnUrl=" + Uri.EscapeDataString(context.Request.Path + context.Request.QueryString));
}
