using System.Text;
using Bartizan.Store.Records;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using QRCoder;

namespace Bartizan.Server.Auth.People;

/// <summary>A person's own account: password, authenticator, sessions. Only by the cookie of a signed-in person.</summary>
internal static class AccountPages
{
    private const string Stale = "This page was open for too long. Do it again.";
    private const int RecoveryCodes = 10;

    public static void MapAccount(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/account")
            .RequireAuthorization(new AuthorizationPolicyBuilder(IdentityConstants.ApplicationScheme).RequireAuthenticatedUser().Build())
            .RequireRateLimiting(AccessLimits.SignIn).ExcludeFromDescription();
        group.MapGet("", ShowAsync);
        group.MapPost("/password", ChangePasswordAsync);
        group.MapGet("/authenticator", ShowAuthenticatorAsync);
        group.MapPost("/authenticator", AddAuthenticatorAsync);
        group.MapPost("/authenticator/remove", RemoveAuthenticatorAsync);
        group.MapPost("/sessions/end", EndSessionsAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext context, IAntiforgery antiforgery, UserManager<Person> people) =>
        await people.GetUserAsync(context.User) is { } person ? Page(context, antiforgery, person, null, null).Show() : Results.LocalRedirect("/sign-in");

    private static AccessPage Page(HttpContext context, IAntiforgery antiforgery, Person person, string? problem, string? said)
    {
        var page = new AccessPage("Your account").Paragraph($"Signed in as {person.UserName}.").Warning(problem).Notice(said)
            .Heading("Password")
            .Form(
                context, antiforgery, "/account/password", "Change the password",
                AccessField.Hidden("userName", person.UserName),
                new AccessField("current", "Present password", "password", AutoComplete: "current-password"),
                new AccessField("password", "New password", "password", AutoComplete: "new-password", Note: "At least 12 characters."),
                new AccessField("again", "New password again", "password", AutoComplete: "new-password"))
            .Heading("Second factor");
        page = person.TwoFactorEnabled
            ? page.Paragraph("Signing in asks for a code from your authenticator.").Form(
                context, antiforgery, "/account/authenticator/remove", "Remove the authenticator",
                new AccessField("current", "Present password", "password", AutoComplete: "current-password"))
            : page.Paragraph("With an authenticator on your telephone, a stolen password alone does not let anybody in.").Link("/account/authenticator", "Set up an authenticator");
        return page.Heading("Sessions").Paragraph("Signs out every browser and every tool that signed in as you, this browser too, within half a minute.")
            .Form(context, antiforgery, "/account/sessions/end", "End all sessions")
            .Link("/", "Back to Bartizan");
    }

    private static Task<IResult> ChangePasswordAsync(
        HttpContext context, IAntiforgery antiforgery, SignInManager<Person> signIn, AuditLog audit, [FromForm] string? current, [FromForm] string? password, [FromForm] string? again) =>
        ActAsync(context, antiforgery, signIn.UserManager, async person =>
        {
            if (password != again)
            {
                return Page(context, antiforgery, person, "The two passwords differ.", null).Show(StatusCodes.Status400BadRequest);
            }

            if (!(await signIn.CheckPasswordSignInAsync(person, current ?? "", lockoutOnFailure: true)).Succeeded)
            {
                return Page(context, antiforgery, person, "The present password is wrong.", null).Show(StatusCodes.Status400BadRequest);
            }

            var changed = await signIn.UserManager.ChangePasswordAsync(person, current ?? "", password ?? "");
            if (!changed.Succeeded)
            {
                return Page(context, antiforgery, person, string.Join(" ", changed.Errors.Select(e => e.Description)), null).Show(StatusCodes.Status400BadRequest);
            }

            await audit.AppendAsync(person.UserName ?? "", "people/changePassword", "person", person.Id, "", context.RequestAborted);

            // The other sessions end with the old password; this one goes on.
            await signIn.RefreshSignInAsync(person);
            return Page(context, antiforgery, person, null, "The password is changed.").Show();
        });

    private static async Task<IResult> ShowAuthenticatorAsync(HttpContext context, IAntiforgery antiforgery, UserManager<Person> people) =>
        await people.GetUserAsync(context.User) is not { } person ? Results.LocalRedirect("/sign-in")
        : person.TwoFactorEnabled ? Results.LocalRedirect("/account")
        : (await AuthenticatorPageAsync(context, antiforgery, people, person, null)).Show();

    private static async Task<AccessPage> AuthenticatorPageAsync(HttpContext context, IAntiforgery antiforgery, UserManager<Person> people, Person person, string? problem)
    {
        if (await people.GetAuthenticatorKeyAsync(person) is not { Length: > 0 } key)
        {
            await people.ResetAuthenticatorKeyAsync(person);
            key = (await people.GetAuthenticatorKeyAsync(person))!;
        }

        var uri = $"otpauth://totp/{Uri.EscapeDataString($"Bartizan:{person.UserName}")}?secret={key}&issuer=Bartizan&digits=6";
        using var code = new QRCodeGenerator().CreateQrCode(uri, QRCodeGenerator.ECCLevel.M);
        using var picture = new SvgQRCode(code);
        return new AccessPage("Set up an authenticator")
            .Paragraph("Scan this with an authenticator (Microsoft Authenticator, Aegis, 1Password and others), or type the key into it. Then enter the code that it shows.")
            .Picture(picture.GetGraphic(4), "A QR code that holds the key below")
            .Code(Grouped(key))
            .Warning(problem)
            .Form(context, antiforgery, "/account/authenticator", "Turn it on", new AccessField("code", "Code", AutoComplete: "one-time-code"))
            .Link("/account", "Not now");
    }

    private static Task<IResult> AddAuthenticatorAsync(HttpContext context, IAntiforgery antiforgery, SignInManager<Person> signIn, AuditLog audit, [FromForm] string? code) =>
        ActAsync(context, antiforgery, signIn.UserManager, async person =>
        {
            var people = signIn.UserManager;
            if (person.TwoFactorEnabled)
            {
                return Results.LocalRedirect("/account");
            }

            var typed = (code ?? "").Replace(" ", "", StringComparison.Ordinal);
            if (!await people.VerifyTwoFactorTokenAsync(person, people.Options.Tokens.AuthenticatorTokenProvider, typed))
            {
                return (await AuthenticatorPageAsync(context, antiforgery, people, person, "That code is not right. Codes change every 30 seconds; check the clock of your telephone.")).Show(StatusCodes.Status400BadRequest);
            }

            await people.SetTwoFactorEnabledAsync(person, true);
            var recovery = await people.GenerateNewTwoFactorRecoveryCodesAsync(person, RecoveryCodes);
            await audit.AppendAsync(person.UserName ?? "", "people/addAuthenticator", "person", person.Id, "", context.RequestAborted);
            await signIn.RefreshSignInAsync(person);
            return new AccessPage("The authenticator is on")
                .Paragraph("Keep these codes where your telephone is not. Each lets you in once in place of a code, and they are not shown again.")
                .Code(string.Join("\n", recovery ?? []))
                .Link("/account", "Done").Show();
        });

    private static Task<IResult> RemoveAuthenticatorAsync(HttpContext context, IAntiforgery antiforgery, SignInManager<Person> signIn, AuditLog audit, [FromForm] string? current) =>
        ActAsync(context, antiforgery, signIn.UserManager, async person =>
        {
            if (!(await signIn.CheckPasswordSignInAsync(person, current ?? "", lockoutOnFailure: true)).Succeeded)
            {
                return Page(context, antiforgery, person, "The password is wrong.", null).Show(StatusCodes.Status400BadRequest);
            }

            await signIn.UserManager.SetTwoFactorEnabledAsync(person, false);
            await signIn.UserManager.ResetAuthenticatorKeyAsync(person);
            await audit.AppendAsync(person.UserName ?? "", "people/removeAuthenticator", "person", person.Id, "", context.RequestAborted);
            await signIn.RefreshSignInAsync(person);
            return Page(context, antiforgery, person, null, "The authenticator is removed.").Show();
        });

    private static Task<IResult> EndSessionsAsync(HttpContext context, IAntiforgery antiforgery, SignInManager<Person> signIn, OpenIddict.Abstractions.IOpenIddictTokenManager tokens, AuditLog audit) =>
        ActAsync(context, antiforgery, signIn.UserManager, async person =>
        {
            await signIn.UserManager.UpdateSecurityStampAsync(person);
            await tokens.RevokeBySubjectAsync(person.Id, context.RequestAborted);
            await audit.AppendAsync(person.UserName ?? "", "people/endSessions", "person", person.Id, "", context.RequestAborted);
            await signIn.SignOutAsync();
            return Results.LocalRedirect("/sign-in");
        });

    private static async Task<IResult> ActAsync(HttpContext context, IAntiforgery antiforgery, UserManager<Person> people, Func<Person, Task<IResult>> act) =>
        await people.GetUserAsync(context.User) is not { } person ? Results.LocalRedirect("/sign-in")
        : await antiforgery.IsRequestValidAsync(context) ? await act(person)
        : Page(context, antiforgery, person, Stale, null).Show(StatusCodes.Status400BadRequest);

    /// <summary>In fours, as people type it.</summary>
    private static string Grouped(string key)
    {
        var text = new StringBuilder();
        for (var i = 0; i < key.Length; i++)
        {
            text.Append(i > 0 && i % 4 == 0 ? " " : "").Append(char.ToLowerInvariant(key[i]));
        }

        return text.ToString();
    }
}
