using System.Globalization;
using System.Text.Json;
using Bartizan.Foundation.Outcomes;
using Bartizan.Wire.Arm;
using Bartizan.Wire.Client;

namespace Bartizan.Server.Api.Arm;

/// <summary>The one place that turns a refusal into Azure's error body and a status code.</summary>
internal static class ArmErrors
{
    public static int Status(ProblemKind kind) => kind switch
    {
        ProblemKind.Invalid => StatusCodes.Status400BadRequest,
        ProblemKind.Unauthenticated => StatusCodes.Status401Unauthorized,
        ProblemKind.Forbidden => StatusCodes.Status403Forbidden,
        ProblemKind.NotFound => StatusCodes.Status404NotFound,
        ProblemKind.Conflict => StatusCodes.Status409Conflict,
        ProblemKind.PreconditionFailed => StatusCodes.Status412PreconditionFailed,
        ProblemKind.TooLarge => StatusCodes.Status413PayloadTooLarge,
        ProblemKind.Throttled => StatusCodes.Status429TooManyRequests,
        ProblemKind.NotSupported => StatusCodes.Status501NotImplemented,
        ProblemKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
        ProblemKind.LimitReached => StatusCodes.Status504GatewayTimeout,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>The refusal as the result of a handler.</summary>
    public static IResult Result(Problem problem) => new Refusal(problem);

    public static async Task WriteAsync(HttpContext context, Problem problem, int? status = null)
    {
        var response = context.Response;
        if (response.HasStarted)
        {
            return;
        }

        response.StatusCode = status ?? Status(problem.Kind);
        if (problem.Kind == ProblemKind.Throttled && response.Headers.RetryAfter.Count == 0)
        {
            response.Headers.RetryAfter = 2.ToString(CultureInfo.InvariantCulture);
        }

        response.Headers["x-ms-failure-cause"] = problem.Code;
        await response.WriteAsJsonAsync(new ArmError(Body(problem)), BartizanClient.Json, "application/json; charset=utf-8", context.RequestAborted).ConfigureAwait(false);
    }

    public static ArmErrorBody Body(Problem problem) => new()
    {
        Code = problem.Code,
        Message = problem.Message,
        Target = problem.Target,
        Details = problem.Diagnostics.Count == 0 ? null : [.. problem.Diagnostics.Select(d => new ArmErrorBody
        {
            Code = d.Code,
            Message = d.Hint is null ? d.Message : $"{d.Message} {d.Hint}",
            AdditionalInfo = [new ArmErrorDetail("Span", JsonSerializer.SerializeToElement(new { start = d.Span.Start, length = d.Span.Length, severity = d.Severity.ToString() }))],
        })],
    };

    private sealed class Refusal(Problem problem) : IResult, IStatusCodeHttpResult
    {
        public int? StatusCode => Status(problem.Kind);

        public Task ExecuteAsync(HttpContext httpContext) => WriteAsync(httpContext, problem);
    }
}
