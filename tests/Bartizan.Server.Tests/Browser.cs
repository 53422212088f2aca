using System.Net;
using System.Net.Security;
using System.Text.RegularExpressions;

namespace Bartizan.Server.Tests;

/// <summary>Fills forms as a person would: keeps cookies, sends a page's hidden fields back.</summary>
internal sealed partial class Browser : IDisposable
{
    private readonly HttpClient http;

    public Browser(RunningServer server)
    {
        var sockets = new SocketsHttpHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = false };
#pragma warning disable CA5359 // The authority is checked by the other client; this one is about forms and cookies.
        sockets.SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, _, _, _) => true };
#pragma warning restore CA5359
        http = new HttpClient(sockets) { BaseAddress = server.Address };
    }

    public Task<string> GetAsync(string path) => http.GetStringAsync(path);

    /// <summary>Opens a page, fills its first form and sends it; returns where it leads, or the page that came back.</summary>
    public async Task<string> FillAsync(string path, params (string Name, string Value)[] fields)
    {
        var page = await http.GetStringAsync(path);
        var form = HiddenPattern().Matches(page[..page.IndexOf("</form>", StringComparison.Ordinal)]).ToDictionary(m => m.Groups[1].Value, m => WebUtility.HtmlDecode(m.Groups[2].Value));
        foreach (var (name, value) in fields)
        {
            form[name] = value;
        }

        var action = WebUtility.HtmlDecode(ActionPattern().Match(page).Groups[1].Value);
        using var answer = await http.PostAsync(action, new FormUrlEncodedContent(form));
        return answer.Headers.Location?.ToString() ?? await answer.Content.ReadAsStringAsync();
    }

    public void Dispose() => http.Dispose();

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\"")]
    private static partial Regex HiddenPattern();

    [GeneratedRegex("<form method=\"post\" action=\"([^\"]*)\"")]
    private static partial Regex ActionPattern();
}
