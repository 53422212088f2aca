using Bartizan.Foundation.Outcomes;

namespace Bartizan.Server.Api.Arm;

/// <summary>
/// The edge of every request: a bug becomes 500 with a number to find it by in the log, and a bare 4xx of the framework gets Azure's body.
/// </summary>
internal sealed partial class ArmFaults(RequestDelegate next, ILogger<ArmFaults> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        context.Response.Headers["x-ms-request-id"] = context.TraceIdentifier;
        try
        {
            await next(context).ConfigureAwait(false);
            if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentLength: null or 0, ContentType: null } && !WantsPage(context) && Bare(context) is { } problem)
            {
                await ArmErrors.WriteAsync(context, problem, context.Response.StatusCode).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone.
        }
        catch (BadHttpRequestException e) when (!context.Response.HasStarted)
        {
            var kind = e.StatusCode == StatusCodes.Status413PayloadTooLarge ? ProblemKind.TooLarge : ProblemKind.Invalid;
            var code = kind == ProblemKind.TooLarge ? "RequestEntityTooLarge" : "InvalidRequestContent";
            await ArmErrors.WriteAsync(context, new Problem(kind, code, (e.InnerException is System.Text.Json.JsonException j ? $"The body is not the JSON that is expected: {j.Message}" : e.Message))).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // The edge of the request: whatever it was, the caller gets an answer and the log gets the fault.
        catch (Exception e) when (!context.Response.HasStarted)
        {
            Log(e, context.Request.Method, context.Request.Path, context.TraceIdentifier);
            context.Response.Clear();
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            await context.Response.WriteAsJsonAsync(
                new Wire.Arm.ArmError(new() { Code = "InternalServerError", Message = $"Something broke here. The server's log has it under {context.TraceIdentifier}." }),
                Wire.Client.BartizanClient.Json, "application/json; charset=utf-8").ConfigureAwait(false);
        }
#pragma warning restore CA1031
    }

    private static bool WantsPage(HttpContext context) => context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    private static Problem? Bare(HttpContext context) => context.Response.StatusCode switch
    {
        401 => new(ProblemKind.Unauthenticated, "AuthenticationFailed", Why(context)),
        403 => new(ProblemKind.Forbidden, "AuthorizationFailed", "The caller may not do this."),
        404 => new(ProblemKind.NotFound, "NotFound", $"There is nothing at '{context.Request.Path}'."),
        405 => new(ProblemKind.Invalid, "MethodNotAllowed", $"'{context.Request.Method}' is not among the methods of '{context.Request.Path}'."),
        413 => new(ProblemKind.TooLarge, "RequestEntityTooLarge", "The body is larger than this address takes."),
        415 => new(ProblemKind.Invalid, "UnsupportedMediaType", "Send the body as application/json."),
        429 => new(ProblemKind.Throttled, "TooManyRequests", "Too many requests; wait as long as Retry-After says."),
        _ => null,
    };

    /// <summary>The token check says in its header what was wrong; clients show the body.</summary>
    private static string Why(HttpContext context)
    {
        const string mark = "error_description=\"";
        var header = context.Response.Headers.WWWAuthenticate.ToString();
        var at = header.IndexOf(mark, StringComparison.Ordinal);
        var end = at < 0 ? -1 : header.IndexOf('"', at + mark.Length);
        return end < 0
            ? "Authentication failed. Sign in, or send a token of this server as 'Authorization: Bearer'."
            : $"Authentication failed. {header[(at + mark.Length)..end]}";
    }

    [LoggerMessage(LogLevel.Error, "{Method} {Path} broke ({Request})")]
    private partial void Log(Exception exception, string method, string path, string request);
}
