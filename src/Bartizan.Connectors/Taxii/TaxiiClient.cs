using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Bartizan.Foundation.Outcomes;

namespace Bartizan.Connectors.Taxii;

/// <summary>Where a collection of a TAXII server is, and who asks for it.</summary>
/// <param name="ApiRoot">The API root, such as https://taxii.example.com/api1.</param>
public sealed record TaxiiSource(Uri ApiRoot, string Id, string UserName, string Password);

/// <summary>One page of a collection.</summary>
/// <param name="Objects">The STIX objects, as a JSON array.</param>
/// <param name="Next">What to ask the next page with; null on the last.</param>
/// <param name="AddedLast">When the server took in the last object of the page.</param>
public sealed record TaxiiPage(string Objects, int Count, string? Next, DateTimeOffset? AddedLast);

/// <summary>Reads collections of TAXII 2.1 servers: encrypted, or on this machine. Redirects are not followed, so that a password stays where it was meant for.</summary>
public sealed class TaxiiClient : IDisposable
{
    public const string MediaType = "application/taxii+json";
    private const int MaxBody = 64 * 1024 * 1024;
    private const int PageSize = 500;

    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, AutomaticDecompression = System.Net.DecompressionMethods.All })
    {
        Timeout = TimeSpan.FromMinutes(2),
        MaxResponseContentBufferSize = MaxBody,
    };

    /// <summary>Whether an address may be asked: https, or http to this machine.</summary>
    public static bool IsAllowed(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.IsAbsoluteUri && address.UserInfo.Length == 0 && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback));
    }

    /// <summary>The indicators that were added after a moment, a page at a time in the order of their adding.</summary>
    public async Task<Outcome<TaxiiPage>> ReadAsync(TaxiiSource collection, DateTimeOffset? addedAfter, string? next, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(collection);
        if (!IsAllowed(collection.ApiRoot))
        {
            return new Problem(ProblemKind.Invalid, "InvalidAddress", $"'{collection.ApiRoot}' is no https address.", "apiRoot");
        }

        var address = new StringBuilder($"{collection.ApiRoot.ToString().TrimEnd('/')}/collections/{Uri.EscapeDataString(collection.Id)}/objects/?limit={PageSize}&match[type]=indicator");
        if (addedAfter is { } after)
        {
            address.Append("&added_after=").Append(Uri.EscapeDataString(after.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture)));
        }

        if (next is not null)
        {
            address.Append("&next=").Append(Uri.EscapeDataString(next));
        }

        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address.ToString());
            request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(MediaType + ";version=2.1"));
            if (collection.UserName.Length > 0)
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{collection.UserName}:{collection.Password}")));
            }

            using var answer = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (!answer.IsSuccessStatusCode)
            {
                return new Problem(ProblemKind.Unavailable, "TaxiiRefused", $"{collection.ApiRoot.Host} answered {(int)answer.StatusCode}.", "apiRoot");
            }

            return Read(await answer.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false), answer.Headers.TryGetValues("X-TAXII-Date-Added-Last", out var dates) ? dates.First() : null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Problem(ProblemKind.Unavailable, "TimedOut", $"{collection.ApiRoot.Host} did not answer in time.", "apiRoot");
        }
        catch (Exception e) when (e is HttpRequestException or JsonException)
        {
            return new Problem(ProblemKind.Unavailable, "RequestFailed", $"{collection.ApiRoot.Host} could not be read: {e.Message}", "apiRoot");
        }
    }

    public void Dispose() => http.Dispose();

    /// <summary>An envelope: <c>{more, next, objects}</c>; an empty object when there is nothing.</summary>
    private static TaxiiPage Read(string body, string? addedLast)
    {
        using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 64 });
        var root = document.RootElement;
        var objects = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("objects", out var list) && list.ValueKind == JsonValueKind.Array ? list : default;
        var hasMore = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("more", out var more) && more.ValueKind == JsonValueKind.True;
        var next = hasMore && root.TryGetProperty("next", out var token) && token.ValueKind == JsonValueKind.String ? token.GetString() : null;
        return new TaxiiPage(
            objects.ValueKind == JsonValueKind.Array ? objects.GetRawText() : "[]", objects.ValueKind == JsonValueKind.Array ? objects.GetArrayLength() : 0, next,
            DateTimeOffset.TryParse(addedLast, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date : null);
    }
}
