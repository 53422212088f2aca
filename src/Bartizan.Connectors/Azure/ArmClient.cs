using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Bartizan.Foundation.Outcomes;
using Bartizan.Foundation.Resources;

namespace Bartizan.Connectors.Azure;

/// <summary>
/// Speaks to a resource manager: signs in by client credentials, finds out which api-version a type has, reads, patches and deploys, and waits for
/// operations that go on. Answers and waiting are bounded.
/// </summary>
public sealed class ArmClient(AzureConnections connections, ISecretSeal seal, TimeProvider time) : IDisposable
{
    private const int MaxBody = 8 * 1024 * 1024;
    private const string ProvidersVersion = "2021-04-01";
    private const string DeploymentsVersion = "2021-04-01";

    private static readonly TimeSpan timeout = TimeSpan.FromSeconds(100);
    private static readonly TimeSpan longest = TimeSpan.FromMinutes(30);

    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        Timeout = timeout,
        MaxResponseContentBufferSize = MaxBody,
    };

    /// <summary>Signs in for one piece of work on a resource.</summary>
    public async Task<Outcome<ArmSession>> OpenAsync(ResourceId resource, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(resource);
        if (await connections.ForAsync(resource, cancellationToken).ConfigureAwait(false) is not { } connection)
        {
            return new Problem(
                ProblemKind.Conflict, "NoConnection",
                $"No connection leads to the subscription '{resource.SubscriptionId}' of '{resource.Name}'. An administrator adds one under Microsoft.Bartizan/azureConnections; until then the fix can be carried out by hand.");
        }

        var authority = connection.Authority.TrimEnd('/');
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = connection.ClientId,
            ["client_secret"] = seal.Open(connection.SealedSecret),
            ["scope"] = connection.Endpoint.TrimEnd('/') + "/.default",
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{authority}/{Uri.EscapeDataString(connection.TenantId)}/oauth2/v2.0/token") { Content = new FormUrlEncodedContent(form) };
        if (!(await SendAsync(request, cancellationToken).ConfigureAwait(false)).TryGetValue(out var answer, out var problem))
        {
            return problem;
        }

        return answer.Status == HttpStatusCode.OK && answer.Json is { ValueKind: JsonValueKind.Object } json && json.TryGetProperty("access_token", out var token) && token.GetString() is { } text
            ? new ArmSession(this, connection.Endpoint.TrimEnd('/'), text)
            : new Problem(ProblemKind.Unavailable, "SignInFailed", $"The connection '{connection.Name}' could not sign in: {answer.Reason}", connection.Name);
    }

    public void Dispose() => http.Dispose();

    internal async Task<Outcome<JsonElement>> ReadAsync(ArmSession session, ResourceId id, string version, CancellationToken cancellationToken) =>
        await CallAsync(session, HttpMethod.Get, $"{session.Endpoint}{id.Text}?api-version={version}", null, cancellationToken).ConfigureAwait(false);

    /// <summary>Sends a change and waits until it is carried out.</summary>
    internal async Task<Outcome<JsonElement>> WriteAsync(ArmSession session, HttpMethod method, string path, string version, string body, CancellationToken cancellationToken)
    {
        using var request = Request(session, method, $"{session.Endpoint}{path}?api-version={version}", body);
        if (!(await SendAsync(request, cancellationToken).ConfigureAwait(false)).TryGetValue(out var answer, out var problem))
        {
            return problem;
        }

        return answer.IsSuccess ? await WaitAsync(session, answer, cancellationToken).ConfigureAwait(false) : answer.ToProblem();
    }

    /// <summary>The newest stable version of a type, or the newest of all where it has no stable one.</summary>
    internal async Task<Outcome<string>> VersionAsync(ArmSession session, ResourceId id, CancellationToken cancellationToken)
    {
        var slash = id.Type.IndexOf('/', StringComparison.Ordinal);
        var (provider, type) = (id.Type[..slash], id.Type[(slash + 1)..]);
        if (type.Equals("deployments", StringComparison.OrdinalIgnoreCase) && provider.Equals("Microsoft.Resources", StringComparison.OrdinalIgnoreCase))
        {
            return DeploymentsVersion;
        }

        var address = $"{session.Endpoint}/subscriptions/{id.SubscriptionId}/providers/{provider}?api-version={ProvidersVersion}";
        if (!(await CallAsync(session, HttpMethod.Get, address, null, cancellationToken).ConfigureAwait(false)).TryGetValue(out var answer, out var problem))
        {
            return problem;
        }

        var versions = answer.TryGetProperty("resourceTypes", out var types) && types.ValueKind == JsonValueKind.Array
            ? types.EnumerateArray().Where(t => t.TryGetProperty("resourceType", out var name) && type.Equals(name.GetString(), StringComparison.OrdinalIgnoreCase))
                .SelectMany(t => t.TryGetProperty("apiVersions", out var all) ? all.EnumerateArray().Select(v => v.GetString()).OfType<string>() : []).OrderDescending(StringComparer.Ordinal).ToList()
            : [];
        return (versions.Find(v => !v.EndsWith("preview", StringComparison.OrdinalIgnoreCase)) ?? versions.FirstOrDefault()) is { } version
            ? version
            : new Problem(ProblemKind.Unavailable, "NoApiVersion", $"The resource manager does not say which api-version '{id.Type}' has.");
    }

    private static HttpRequestMessage Request(ArmSession session, HttpMethod method, string address, string? body)
    {
        var request = new HttpRequestMessage(method, address);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", session.Token);
        request.Headers.UserAgent.ParseAdd("bartizan");
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        return request;
    }

    private async Task<Outcome<JsonElement>> CallAsync(ArmSession session, HttpMethod method, string address, string? body, CancellationToken cancellationToken)
    {
        using var request = Request(session, method, address, body);
        return (await SendAsync(request, cancellationToken).ConfigureAwait(false)).TryGetValue(out var answer, out var problem)
            ? answer.IsSuccess && answer.Json is { } json ? json : answer.ToProblem()
            : problem;
    }

    /// <summary>Follows <c>Azure-AsyncOperation</c>, else <c>Location</c>, until the operation is over.</summary>
    private async Task<Outcome<JsonElement>> WaitAsync(ArmSession session, Answer answer, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var current = answer;
        while (current.Next is { } next && (current.Status is HttpStatusCode.Accepted or HttpStatusCode.Created || current.OperationStatus is "InProgress" or "Running" or "Accepted"))
        {
            // Tokens are not carried elsewhere than to the manager that named the place.
            if (!next.GetLeftPart(UriPartial.Authority).Equals(new Uri(session.Endpoint).GetLeftPart(UriPartial.Authority), StringComparison.OrdinalIgnoreCase))
            {
                return new Problem(ProblemKind.Unavailable, "OddOperationAddress", $"The resource manager sends to '{next.Host}' for the end of the operation; that is not followed.");
            }

            if (time.GetElapsedTime(start) > longest)
            {
                return new Problem(ProblemKind.LimitReached, "TimedOut", $"The operation was not over after {longest.TotalMinutes:0} minutes; what became of it has to be looked up.");
            }

            await Task.Delay(current.RetryAfter, time, cancellationToken).ConfigureAwait(false);
            using var request = Request(session, HttpMethod.Get, next.AbsoluteUri, null);
            if (!(await SendAsync(request, cancellationToken).ConfigureAwait(false)).TryGetValue(out var polled, out var problem))
            {
                return problem;
            }

            if (!polled.IsSuccess)
            {
                return polled.ToProblem();
            }

            current = polled with { Next = polled.Next ?? next };
            if (polled.OperationStatus is "Failed" or "Canceled")
            {
                return polled.ToProblem();
            }

            if (polled.OperationStatus == "Succeeded" || (polled.OperationStatus is null && polled.Status is HttpStatusCode.OK or HttpStatusCode.NoContent))
            {
                break;
            }
        }

        return current.Json ?? JsonDocument.Parse("{}").RootElement.Clone();
    }

    private async Task<Outcome<Answer>> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            var text = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
            return Answer.Of(request.RequestUri!, response, text);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Problem(ProblemKind.Unavailable, "TimedOut", $"{request.RequestUri!.Host} did not answer within {timeout.TotalSeconds:0} seconds.");
        }
        catch (HttpRequestException e)
        {
            return new Problem(ProblemKind.Unavailable, "RequestFailed", $"{request.RequestUri!.Host} could not be asked: {e.Message}");
        }
    }

    private sealed record Answer(HttpStatusCode Status, JsonElement? Json, Uri? Next, TimeSpan RetryAfter)
    {
        private const int ShownText = 300;

        private static readonly TimeSpan defaultDelay = TimeSpan.FromSeconds(5);
        private static readonly TimeSpan longestDelay = TimeSpan.FromMinutes(1);

        public bool IsSuccess => (int)Status is >= 200 and < 300;

        public string? OperationStatus => Json is { ValueKind: JsonValueKind.Object } json && json.TryGetProperty("status", out var status) && status.ValueKind == JsonValueKind.String ? status.GetString() : null;

        public string Reason
        {
            get
            {
                var error = Json is { ValueKind: JsonValueKind.Object } json && json.TryGetProperty("error", out var inner) ? inner : default;
                var text = error.ValueKind switch
                {
                    JsonValueKind.Object => $"{Member(error, "code")}: {Member(error, "message")}",
                    JsonValueKind.String => $"{error.GetString()}: {Member(Json!.Value, "error_description")}",
                    _ => $"it answered {(int)Status}",
                };
                return text.Length > ShownText ? text[..ShownText] + "…" : text;
            }
        }

        public static Answer Of(Uri asked, HttpResponseMessage response, string text)
        {
            var place = response.Headers.TryGetValues("Azure-AsyncOperation", out var values) ? values.FirstOrDefault() : response.Headers.Location?.OriginalString;
            var delay = response.Headers.RetryAfter?.Delta ?? defaultDelay;
            return new Answer(response.StatusCode, Parse(text), place is not null && Uri.TryCreate(asked, place, out var next) ? next : null, delay > longestDelay ? longestDelay : delay);
        }

        public Problem ToProblem() => new(
            Status switch
            {
                HttpStatusCode.NotFound => ProblemKind.NotFound,
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => ProblemKind.Forbidden,
                HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed => ProblemKind.Conflict,
                _ => ProblemKind.Unavailable,
            },
            "ResourceManagerRefused", $"The resource manager refused: {Reason}");

        private static string? Member(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

        private static JsonElement? Parse(string text)
        {
            try
            {
                using var document = JsonDocument.Parse(text);
                return document.RootElement.Clone();
            }
            catch (JsonException)
            {
                return null;
            }
        }
    }
}

/// <summary>One signed-in stretch of work.</summary>
public sealed class ArmSession
{
    private readonly ArmClient client;

    internal ArmSession(ArmClient client, string endpoint, string token)
    {
        this.client = client;
        Endpoint = endpoint;
        Token = token;
    }

    internal string Endpoint { get; }

    internal string Token { get; }

    public Task<Outcome<string>> VersionAsync(ResourceId id, CancellationToken cancellationToken) => client.VersionAsync(this, id, cancellationToken);

    public Task<Outcome<JsonElement>> ReadAsync(ResourceId id, string version, CancellationToken cancellationToken) => client.ReadAsync(this, id, version, cancellationToken);

    public Task<Outcome<JsonElement>> PatchAsync(ResourceId id, string version, string body, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        return client.WriteAsync(this, HttpMethod.Patch, id.Text, version, body, cancellationToken);
    }

    public Task<Outcome<JsonElement>> PutAsync(ResourceId id, string version, string body, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        return client.WriteAsync(this, HttpMethod.Put, id.Text, version, body, cancellationToken);
    }
}
