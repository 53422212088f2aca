using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Bartizan.Foundation.Outcomes;

namespace Bartizan.Connectors.Http;

/// <summary>An answer from elsewhere, its body as text.</summary>
public sealed record OutboundAnswer(int StatusCode, IReadOnlyDictionary<string, string> Headers, string Body);

/// <summary>
/// Requests that playbooks make: to this machine and to the hosts that are allowed by name, nowhere else. Redirects are not followed, bodies and
/// time are bounded.
/// </summary>
public sealed class OutboundHttp(IReadOnlyCollection<string> allowedHosts) : IDisposable
{
    private const int MaxBody = 1024 * 1024;
    private static readonly TimeSpan timeout = TimeSpan.FromMinutes(2);

    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false, ConnectCallback = ConnectAsync })
    {
        Timeout = timeout,
        MaxResponseContentBufferSize = MaxBody,
    };

    public async Task<Outcome<OutboundAnswer>> SendAsync(string method, string address, IReadOnlyDictionary<string, string> headers, string? body, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(headers);
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps))
        {
            return new Problem(ProblemKind.Invalid, "InvalidAddress", $"'{address}' is not the address of a web service.", "uri");
        }

        if (!uri.IsLoopback && !allowedHosts.Contains(uri.IdnHost, StringComparer.OrdinalIgnoreCase))
        {
            return new Problem(ProblemKind.Forbidden, "HostNotAllowed", $"Playbooks may not call {uri.IdnHost}: it is not among the allowed hosts.", "uri");
        }

        try
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), uri);
            if (body is not null)
            {
                request.Content = new StringContent(body, Encoding.UTF8);
                request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            }

            foreach (var (name, value) in headers)
            {
                if (!request.Headers.TryAddWithoutValidation(name, value) && request.Content is { } content)
                {
                    content.Headers.Remove(name);
                    content.Headers.TryAddWithoutValidation(name, value);
                }
            }

            using var answer = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            var text = await answer.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
            return new OutboundAnswer((int)answer.StatusCode, answer.Headers.Concat(answer.Content.Headers).ToDictionary(h => h.Key, h => string.Join(", ", h.Value)), text);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Problem(ProblemKind.LimitReached, "TimedOut", $"{uri.IdnHost} did not answer within {timeout.TotalMinutes} minutes.", "uri");
        }
        catch (Exception e) when (e is HttpRequestException or FormatException or InvalidOperationException)
        {
            return new Problem(ProblemKind.Unavailable, "RequestFailed", $"{uri.IdnHost} could not be asked: {e.Message}", "uri");
        }
    }

    public void Dispose() => http.Dispose();

    /// <summary>"localhost" must be this machine, whatever a resolver says.</summary>
    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (context.DnsEndPoint.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
            {
                await socket.ConnectAsync([IPAddress.Loopback, IPAddress.IPv6Loopback], context.DnsEndPoint.Port, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await socket.ConnectAsync(context.DnsEndPoint, cancellationToken).ConfigureAwait(false);
            }

            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
