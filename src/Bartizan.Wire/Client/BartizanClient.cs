using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using Bartizan.Foundation.Outcomes;
using Bartizan.Wire.Arm;

namespace Bartizan.Wire.Client;

/// <summary>
/// Speaks to a server through its public API. The given <see cref="HttpClient"/> has the base address and, by a handler or a default header,
/// the caller's token. Refusals come back as problems, never as exceptions; a lost connection is the problem <c>Unavailable</c>.
/// </summary>
public sealed class BartizanClient(HttpClient http)
{
    private ServerDescription? server;

    /// <summary>How the API writes JSON: camelCase names, enumerations by name, absent values left out.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter() },
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public PostureClient Posture => new(this);

    public ComplianceClient Compliance => new(this);

    public DetectionClient Detection => new(this);

    public InvestigationClient Investigation => new(this);

    public LogsClient Logs => new(this);

    public AccessClient Access => new(this);

    public ResponseClient Response => new(this);

    public PolicyClient Policy => new(this);

    /// <summary>Where the server keeps its things and who the caller is; asked once.</summary>
    public async Task<Outcome<ServerDescription>> DescribeAsync(CancellationToken cancellationToken)
    {
        if (server is not null)
        {
            return server;
        }

        var answer = await GetAsync<ServerDescription>($"/providers/Microsoft.Bartizan/server?api-version={ApiVersions.Bartizan}", cancellationToken).ConfigureAwait(false);
        server = answer.IsSuccess ? answer.Value : server;
        return answer;
    }

    /// <summary>The subscriptions and accounts that the caller may see.</summary>
    public Task<Outcome<SubscriptionPage>> SubscriptionsAsync(CancellationToken cancellationToken) =>
        GetAsync<SubscriptionPage>($"/subscriptions?api-version={ApiVersions.Subscriptions}", cancellationToken);

    public Task<Outcome<T>> GetAsync<T>(string path, CancellationToken cancellationToken) =>
        SendAsync<T>(HttpMethod.Get, path, null, null, cancellationToken);

    /// <summary>The next page of a list, by the link that the last one gave; absolute links of this server are followed.</summary>
    public Task<Outcome<ArmList<T>>> PageAsync<T>(string pathOrNextLink, CancellationToken cancellationToken) =>
        GetAsync<ArmList<T>>(pathOrNextLink, cancellationToken);

    /// <summary>A whole list, page after page; for lists that are short by nature.</summary>
    public async Task<Outcome<ArmList<T>>> AllAsync<T>(string path, CancellationToken cancellationToken)
    {
        var all = new List<T>();
        for (var next = path; next is not null;)
        {
            var answer = await PageAsync<T>(next, cancellationToken).ConfigureAwait(false);
            if (!answer.TryGetValue(out var page, out var problem))
            {
                return problem;
            }

            all.AddRange(page.Value);
            next = page.NextLink;
        }

        return new ArmList<T> { Value = all, Count = all.Count };
    }

    public Task<Outcome<T>> PostAsync<T>(string path, object? body, CancellationToken cancellationToken) =>
        SendAsync<T>(HttpMethod.Post, path, body is null ? null : JsonContent.Create(body, body.GetType(), options: Json), null, cancellationToken);

    public Task<Outcome<T>> PutAsync<T>(string path, object body, string? etag, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(body);
        return SendAsync<T>(HttpMethod.Put, path, JsonContent.Create(body, body.GetType(), options: Json), etag, cancellationToken);
    }

    public async Task<Outcome<bool>> DeleteAsync(string path, CancellationToken cancellationToken)
    {
        var answer = await SendAsync<JsonElement>(HttpMethod.Delete, path, null, null, cancellationToken).ConfigureAwait(false);
        return answer.TryGetValue(out _, out var problem) ? true : problem;
    }

    /// <summary>Sends a body of any kind, such as a stream of events.</summary>
    public Task<Outcome<T>> SendAsync<T>(HttpMethod method, string path, HttpContent? content, string? etag, CancellationToken cancellationToken) =>
        SendAsync<T>(method, path, content, etag, null, cancellationToken);

    /// <param name="prefer">What the answer should hold beside its rows, such as <c>include-render=true</c>.</param>
    internal async Task<Outcome<T>> SendAsync<T>(HttpMethod method, string path, HttpContent? content, string? etag, string? prefer, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (prefer is not null)
        {
            request.Headers.TryAddWithoutValidation("Prefer", prefer);
        }

        if (etag is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", etag);
        }

        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
            {
                return await Problems.ReadAsync(response, cancellationToken).ConfigureAwait(false);
            }

            if (response.StatusCode == System.Net.HttpStatusCode.NoContent || response.Content.Headers.ContentLength == 0)
            {
                return default(T)!;
            }

            return (await response.Content.ReadFromJsonAsync<T>(Json, cancellationToken).ConfigureAwait(false))!;
        }
        catch (HttpRequestException e)
        {
            return new Problem(ProblemKind.Unavailable, "ServerUnreachable", $"The server at {http.BaseAddress} does not answer: {e.Message}");
        }
        catch (IOException e)
        {
            return new Problem(ProblemKind.Unavailable, "ConnectionLost", $"The connection to {http.BaseAddress} was lost: {e.Message}");
        }
        catch (JsonException e)
        {
            return new Problem(ProblemKind.Unavailable, "UnreadableAnswer", $"The server's answer could not be read: {e.Message}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Problem(ProblemKind.LimitReached, "Timeout", "The server did not answer in time.");
        }
    }

    /// <summary>Sends a file of content to the importer of its kind.</summary>
    public async Task<Outcome<T>> SendContentAsync<T>(string kind, string fileName, Stream content, CancellationToken cancellationToken)
    {
        using var body = new StreamContent(content);
        body.Headers.ContentType = new("application/octet-stream");
        return await SendAsync<T>(
            HttpMethod.Post, PathText.Query($"/providers/Microsoft.Bartizan/{PathText.Segment(kind)}", ("api-version", ApiVersions.Bartizan), ("file", fileName)), body, null, cancellationToken).ConfigureAwait(false);
    }

    internal async Task<Outcome<T>> InWorkspaceAsync<T>(Func<ServerDescription, Task<Outcome<T>>> ask, CancellationToken cancellationToken)
    {
        var described = await DescribeAsync(cancellationToken).ConfigureAwait(false);
        return described.TryGetValue(out var where, out var problem) ? await ask(where).ConfigureAwait(false) : problem;
    }
}
