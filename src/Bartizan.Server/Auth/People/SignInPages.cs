using Bartizan.Foundation.Outcomes;
using Bartizan.Store.Records;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;

namespace Bartizan.Server.Auth.People;

/// <summary>Signing in and out, and the first administrator's way in.</summary>
internal static class SignInPages
{
    private const string Refusal = "The user name or the password is wrong.";

    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").AllowAnonymous().RequireRateLimiting(AccessLimits.SignIn).ExcludeFromDescription();
        group.MapGet("/sign-in", ShowSignIn);
        group.MapPost("/sign-in", SignInAsync);
        group.MapPost("/sign-out", SignOutAsync);
        group.MapGet("/first-administrator", ShowFirst);
        group.MapPost("/first-administrator", CreateFirstAsync);
        group.MapGet("/choose-password", ShowChooseAsync);
        group.MapPost("/choose-password", ChooseAsync);
    }

    /// <summary>Only paths of this server: what a link asks for must not lead a signed-in person elsewhere.</summary>
    internal static string LocalPath(string? path) =>
        path is ['/', not ('/' or '\\'), ..] && !path.Contains('\\', StringComparison.Ordinal) && !path.Any(char.IsControl) ? path : "/";

    private static IResult ShowSignIn(HttpContext context, IAntiforgery antiforgery, string? returnUrl) => SignInPage(context, antiforgery, returnUrl, null, null).Show();

    private static AccessPage SignInPage(HttpContext context, IAntiforgery antiforgery, string? returnUrl, string? userName, string? problem) =>
        new AccessPage("Sign in").Warning(problem).Form(
            context, antiforgery, "/sign-in", "Sign in",
            AccessField.Hidden("returnUrl", LocalPath(returnUrl)),
            new AccessField("userName", "User name", Value: userName, AutoComplete: "username"),
            new AccessField("password", "Password", "password", AutoComplete: "current-password"),
            new AccessField("code", "Code from your authenticator, or a recovery code, if you have set one up", AutoComplete: "one-time-code", IsOptional: true));

    private static async Task<IResult> SignInAsync(
        HttpContext context, IAntiforgery antiforgery, SignInManager<Person> signIn, AuditLog audit,
        [FromForm] string? userName, [FromForm] string? password, [FromForm] string? code, [FromForm] string? returnUrl)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return SignInPage(context, antiforgery, returnUrl, userName, "This page was open for too long. Sign in again.").Show(StatusCodes.Status400BadRequest);
        }

        var outcome = await signIn.PasswordSignInAsync(userName ?? "", password ?? "", isPersistent: false, lockoutOnFailure: true);
        if (outcome.RequiresTwoFactor)
        {
            var typed = (code ?? "").Replace(" ", "", StringComparison.Ordinal);
            outcome = typed.Contains('-', StringComparison.Ordinal)
                ? await signIn.TwoFactorRecoveryCodeSignInAsync(typed)
                : await signIn.TwoFactorAuthenticatorSignInAsync(typed, isPersistent: false, rememberClient: false);
        }

        // The name typed is kept only when it is an account's: people type passwords into the wrong field.
        var known = await signIn.UserManager.FindByNameAsync(userName ?? "");
        await audit.AppendAsync(known?.UserName ?? "unknown", outcome.Succeeded ? "signIn/succeeded" : "signIn/failed", "person", known?.Id ?? "", Address(context), context.RequestAborted);
        if (outcome.Succeeded)
        {
            return Results.LocalRedirect(LocalPath(returnUrl));
        }

        var why = outcome.IsLockedOut ? "This account is locked for a few minutes after too many wrong passwords." : Refusal;
        return SignInPage(context, antiforgery, returnUrl, userName, why).Show(StatusCodes.Status401Unauthorized);
    }

    private static async Task<IResult> SignOutAsync(HttpContext context, IAntiforgery antiforgery, SignInManager<Person> signIn)
    {
        if (await antiforgery.IsRequestValidAsync(context))
        {
            await signIn.SignOutAsync();
        }

        return Results.LocalRedirect("/sign-in");
    }

    private static IResult ShowFirst(HttpContext context, IAntiforgery antiforgery, FirstAdministrator first, string? code) =>
        first.Accepts(code) ? FirstPage(context, antiforgery, code, null, null).Show() : UsedPage().Show(StatusCodes.Status403Forbidden);

    private static AccessPage UsedPage() => new AccessPage("This link no longer works").Paragraph(
        "It is good once, and only until the server is started again. Use the link that the server printed at its last start, or sign in at /sign-in.");

    private static AccessPage FirstPage(HttpContext context, IAntiforgery antiforgery, string? code, string? userName, string? problem) =>
        new AccessPage("First administrator").Paragraph("This account will own everything that Bartizan watches.").Warning(problem).Form(
            context, antiforgery, "/first-administrator", "Create the account",
            AccessField.Hidden("code", code),
            new AccessField("userName", "User name", Value: userName, AutoComplete: "username"),
            new AccessField("password", "Password", "password", AutoComplete: "new-password", Note: "At least 12 characters."),
            new AccessField("again", "Password again", "password", AutoComplete: "new-password"));

    private static async Task<IResult> CreateFirstAsync(
        HttpContext context, IAntiforgery antiforgery, FirstAdministrator first, SignInManager<Person> signIn,
        [FromForm] string? code, [FromForm] string? userName, [FromForm] string? password, [FromForm] string? again)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return FirstPage(context, antiforgery, code, userName, "This page was open for too long. Fill it in again.").Show(StatusCodes.Status400BadRequest);
        }

        if (password != again)
        {
            return FirstPage(context, antiforgery, code, userName, "The two passwords differ.").Show(StatusCodes.Status400BadRequest);
        }

        var outcome = await first.CreateAsync(code, (userName ?? "").Trim(), password ?? "", signIn.UserManager, context.RequestAborted);
        if (!outcome.IsSuccess)
        {
            return outcome.Problem.Kind == ProblemKind.Forbidden
                ? UsedPage().Show(StatusCodes.Status403Forbidden)
                : FirstPage(context, antiforgery, code, userName, outcome.Problem.Message).Show(StatusCodes.Status400BadRequest);
        }

        await signIn.SignInAsync(outcome.Value, isPersistent: false);
        return Results.LocalRedirect("/");
    }

    private static async Task<IResult> ShowChooseAsync(HttpContext context, IAntiforgery antiforgery, UserManager<Person> people, string? person, string? code) =>
        await FindAsync(people, person, code) is { } found ? ChoosePage(context, antiforgery, found, code, null).Show() : SpentPage().Show(StatusCodes.Status403Forbidden);

    private static AccessPage SpentPage() => new AccessPage("This link no longer works").Paragraph(
        "It is good once, for a day. Ask whoever sent it for another, or sign in at /sign-in.");

    private static AccessPage ChoosePage(HttpContext context, IAntiforgery antiforgery, Person person, string? code, string? problem) =>
        new AccessPage("Choose a password").Paragraph($"For the account {person.UserName}.").Warning(problem).Form(
            context, antiforgery, "/choose-password", "Save and sign in",
            AccessField.Hidden("person", person.Id),
            AccessField.Hidden("code", code),
            new AccessField("password", "Password", "password", AutoComplete: "new-password", Note: "At least 12 characters."),
            new AccessField("again", "Password again", "password", AutoComplete: "new-password"));

    private static async Task<IResult> ChooseAsync(
        HttpContext context, IAntiforgery antiforgery, SignInManager<Person> signIn, AuditLog audit, [FromForm] string? person, [FromForm] string? code, [FromForm] string? password, [FromForm] string? again)
    {
        if (await FindAsync(signIn.UserManager, person, code) is not { } found)
        {
            return SpentPage().Show(StatusCodes.Status403Forbidden);
        }

        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return ChoosePage(context, antiforgery, found, code, "This page was open for too long. Fill it in again.").Show(StatusCodes.Status400BadRequest);
        }

        if (password != again)
        {
            return ChoosePage(context, antiforgery, found, code, "The two passwords differ.").Show(StatusCodes.Status400BadRequest);
        }

        var chosen = await signIn.UserManager.ResetPasswordAsync(found, code!, password ?? "");
        if (!chosen.Succeeded)
        {
            return ChoosePage(context, antiforgery, found, code, string.Join(" ", chosen.Errors.Select(e => e.Description))).Show(StatusCodes.Status400BadRequest);
        }

        await audit.AppendAsync(found.UserName ?? "", "people/choosePassword", "person", found.Id, Address(context), context.RequestAborted);

        // A second factor still stands, so who has one signs in as always.
        if (found.TwoFactorEnabled || await signIn.UserManager.IsLockedOutAsync(found))
        {
            return Results.LocalRedirect("/sign-in");
        }

        await signIn.SignInAsync(found, isPersistent: false);
        return Results.LocalRedirect("/");
    }

    /// <summary>The person whose link this is; null for a link that is spent, too old or made up.</summary>
    private static async Task<Person?> FindAsync(UserManager<Person> people, string? id, string? code) =>
        id is { Length: > 0 and < 100 } && code is { Length: > 0 and < 2_000 } && await people.FindByIdAsync(id) is { } person
        && await people.VerifyUserTokenAsync(person, people.Options.Tokens.PasswordResetTokenProvider, UserManager<Person>.ResetPasswordTokenPurpose, code)
            ? person
            : null;

    private static string Address(HttpContext context) => context.Connection.RemoteIpAddress?.ToString() ?? "";
}
