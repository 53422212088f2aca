using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Bartizan.Foundation.Outcomes;
using Microsoft.AspNetCore.WebUtilities;

namespace Bartizan.Server.Api.Arm;

/// <summary>
/// What a list request asks for: <c>$top</c>, <c>$skipToken</c>, <c>$filter</c>, <c>$orderby</c>, <c>$search</c>, <c>$count</c>. Handlers take it as a
/// parameter; the continuation goes out and comes back sealed only by encoding, so a room checks what it gets.
/// </summary>
internal sealed class ListQuery
{
    public const int DefaultTop = 100;

    public const int MaxTop = 1000;

    private readonly HttpRequest request;
    private readonly string path;

    private ListQuery(HttpContext context)
    {
        request = context.Request;
        path = ArmScope.Of(context).Path;
        Top = int.TryParse(Get("$top"), NumberStyles.None, CultureInfo.InvariantCulture, out var top) ? Math.Clamp(top, 1, MaxTop) : DefaultTop;
        Filter = Get("$filter");
        OrderBy = Get("$orderby");
        Search = Get("$search");
        SearchIn = Get("searchIn")?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        WantsCount = Get("$count") is { } count && count.Equals("true", StringComparison.OrdinalIgnoreCase);
        Continuation = Get("$skipToken") is { } token ? Decode(token) : null;
    }

    public int Top { get; }

    public string? Filter { get; }

    public string? OrderBy { get; }

    public string? Search { get; }

    /// <summary>What to search in, where the default is not wanted; names that the list says.</summary>
    public IReadOnlyList<string> SearchIn { get; }

    public bool WantsCount { get; }

    /// <summary>What the room gave out with the page before; null on the first.</summary>
    public string? Continuation { get; }

    public static ListQuery Of(HttpContext context) => new(context);

    public static ValueTask<ListQuery?> BindAsync(HttpContext context) => ValueTask.FromResult<ListQuery?>(new ListQuery(context));

    /// <summary>The absolute address of the next page, as Azure's clients follow it.</summary>
    public string? NextLink(string? continuation)
    {
        if (continuation is null)
        {
            return null;
        }

        var link = new StringBuilder($"{request.Scheme}://{request.Host}{request.PathBase}{Escape(path)}");
        var mark = '?';
        foreach (var (name, values) in request.Query.Where(q => !q.Key.Equals("$skipToken", StringComparison.OrdinalIgnoreCase)))
        {
            foreach (var value in values)
            {
                link.Append(mark).Append(name.Replace("&", "%26", StringComparison.Ordinal)).Append('=').Append(Uri.EscapeDataString(value ?? ""));
                mark = '&';
            }
        }

        return link.Append(mark).Append("$skipToken=").Append(WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(continuation))).ToString();
    }

    internal static string Offset(int offset) => offset.ToString(CultureInfo.InvariantCulture);

    internal bool TryReadOffset(out int offset, [NotNullWhen(false)] out Problem? problem)
    {
        offset = 0;
        problem = Continuation is null || int.TryParse(Continuation, NumberStyles.None, CultureInfo.InvariantCulture, out offset)
            ? null
            : new Problem(ProblemKind.Invalid, "InvalidSkipToken", "The $skipToken is not one that this list gave out.", "$skipToken");
        return problem is null;
    }

    private static string Escape(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));

    private static string Decode(string token)
    {
        try
        {
            return Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(token));
        }
        catch (FormatException)
        {
            return token;
        }
    }

    private string? Get(string name) => request.Query[name].ToString() is { Length: > 0 } value ? value : null;
}
