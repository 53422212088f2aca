using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Bartizan.Portal.Shell;

/// <summary>
/// The headers that keep a page to its own scripts and host. Style attributes are allowed because Blazor's virtual lists and
/// Fluent's controls set them; style and script elements need this response's nonce.
/// </summary>
internal sealed class ContentSecurity(RequestDelegate next)
{
    private const string NonceKey = "bartizan:nonce";

    private const string WorkerPolicy = "default-src 'none'; script-src 'self'; connect-src 'self'";

    public static string NonceOf(HttpContext context)
    {
        if (context.Items[NonceKey] is not string nonce)
        {
            nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(18));
            context.Items[NonceKey] = nonce;
        }

        return nonce;
    }

    public Task InvokeAsync(HttpContext context)
    {
        context.Response.OnStarting(static state =>
        {
            Write((HttpContext)state);
            return Task.CompletedTask;
        }, context);
        return next(context);
    }

    private static void Write(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()";
        headers.ContentSecurityPolicy = IsWorker(context.Request.Path) ? WorkerPolicy : PagePolicy(NonceOf(context));
    }

    private static bool IsWorker(PathString path) =>
        path.Value is { } value && value.Contains(".worker", StringComparison.Ordinal) && value.EndsWith(".js", StringComparison.Ordinal);

    private static string PagePolicy(string nonce) =>
        $"default-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'; script-src 'self' 'nonce-{nonce}'; "
        + $"style-src-elem 'self' 'nonce-{nonce}'; style-src-attr 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; "
        + "connect-src 'self'; worker-src 'self'";
}
