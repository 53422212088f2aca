using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Bartizan.Foundation.Outcomes;
using Bartizan.Wire.Arm;

namespace Bartizan.Wire.Client;

/// <summary>Reads a refusal back into the problem that it was.</summary>
internal static class Problems
{
    public static async Task<Problem> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var kind = KindOf(response.StatusCode);
        try
        {
            var error = await response.Content.ReadFromJsonAsync<ArmError>(BartizanClient.Json, cancellationToken).ConfigureAwait(false);
            if (error?.Error is { } body)
            {
                // The innermost detail is the most exact one: "SemanticError" inside "BadArgumentError".
                var details = (body.Details ?? []).Select(d => d.Message).Where(m => m.Length > 0 && m != body.Message).ToList();
                // Of a query that is wrong, the outer message says no more than that.
                var message = details.Count == 0 ? body.Message : body.Code == "BadArgumentError" ? string.Join(' ', details) : $"{body.Message} {string.Join(' ', details)}";
                return new Problem(kind, body.Code, message, body.Target);
            }
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidOperationException)
        {
            // Not one of ours: say what is known.
        }

        return new Problem(kind, response.StatusCode.ToString(), $"The server answered {(int)response.StatusCode} ({response.ReasonPhrase}).");
    }

    private static ProblemKind KindOf(HttpStatusCode status) => (int)status switch
    {
        401 => ProblemKind.Unauthenticated,
        403 => ProblemKind.Forbidden,
        404 => ProblemKind.NotFound,
        409 => ProblemKind.Conflict,
        412 => ProblemKind.PreconditionFailed,
        413 => ProblemKind.TooLarge,
        429 => ProblemKind.Throttled,
        501 => ProblemKind.NotSupported,
        504 => ProblemKind.LimitReached,
        >= 500 => ProblemKind.Unavailable,
        _ => ProblemKind.Invalid,
    };
}
