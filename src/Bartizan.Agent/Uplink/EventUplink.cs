using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Bartizan.Agent.Buffer;

namespace Bartizan.Agent.Uplink;

/// <summary>What became of one attempt to send a batch.</summary>
internal abstract record SendOutcome
{
    private SendOutcome()
    {
    }

    /// <summary>The rows are on the server's disk, now or from an earlier attempt.</summary>
    public sealed record Accepted(long RejectedRows) : SendOutcome;

    /// <summary>The server will never take this batch.</summary>
    public sealed record Refused(string Reason) : SendOutcome;

    /// <summary>Not now; <paramref name="After"/> where the server said how long to wait.</summary>
    public sealed record Later(string Reason, TimeSpan? After) : SendOutcome;
}

/// <summary>
/// Sends a batch to the server's import. The batch's id goes with it: a batch that arrived, but whose answer was lost, is recognised when
/// it is sent again.
/// </summary>
internal sealed class EventUplink(HttpClient http, TokenSource tokens, Guid agentId, TimeProvider time)
{
    private const string ApiVersion = Wire.Arm.ApiVersions.Bartizan;
    private const int MaxAnswer = 1024 * 1024;

    public async Task<SendOutcome> SendAsync(NumberedBatch batch, CancellationToken cancellationToken)
    {
        try
        {
            using var request = await RequestAsync(batch, cancellationToken).ConfigureAwait(false);
            using var answer = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (answer.IsSuccessStatusCode)
            {
                return new SendOutcome.Accepted(Rejected(await answer.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false)));
            }

            if (answer.StatusCode == HttpStatusCode.Unauthorized)
            {
                tokens.Forget();
            }

            var reason = $"the server answered {(int)answer.StatusCode}";
            return answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnsupportedMediaType or HttpStatusCode.UnprocessableEntity
                ? new SendOutcome.Refused(reason)
                : new SendOutcome.Later(reason, RetryAfter(answer.Headers.RetryAfter));
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException or KeyNotFoundException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return new SendOutcome.Later(e.InnerException?.Message ?? e.Message, null);
        }
    }

    /// <summary>The name of a batch: the same however often it is sent.</summary>
    public static string BatchId(Guid agentId, long number) => string.Create(CultureInfo.InvariantCulture, $"{agentId:N}-{number}");

    private async Task<HttpRequestMessage> RequestAsync(NumberedBatch batch, CancellationToken cancellationToken)
    {
        var token = await tokens.GetAsync(cancellationToken).ConfigureAwait(false);
        var query = $"api-version={ApiVersion}&file=agent&batch={BatchId(agentId, batch.Number)}";
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(batch.Batch.Lines.Span);
        }

        var content = new ByteArrayContent(packed.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return new HttpRequestMessage(HttpMethod.Post, $"/providers/Microsoft.Bartizan/events/{Uri.EscapeDataString(batch.Batch.Table)}?{query}")
        {
            Content = content,
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
        };
    }

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header)
    {
        var wait = header?.Delta ?? (header?.Date is { } date ? date - time.GetUtcNow() : null);
        return wait is { } given && given < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    private static long Rejected(byte[] answer)
    {
        if (answer.Length is 0 or > MaxAnswer)
        {
            return 0;
        }

        using var receipt = JsonDocument.Parse(answer);
        return receipt.RootElement.ValueKind == JsonValueKind.Object && receipt.RootElement.TryGetProperty("rejected", out var rejected) && rejected.TryGetInt64(out var count) ? count : 0;
    }
}
