using System.Text;
using Bartizan.Server.Api.Arm;
using Bartizan.Server.Api.Tenancy;
using Microsoft.AspNetCore.Routing;

namespace Bartizan.Server.Tests.Api;

/// <summary>What the server answers of Azure's API, route by route, read off the routes that it declares.</summary>
internal sealed class CompatibilityReport(IEnumerable<RouteEndpoint> endpoints, IEnumerable<string> azure)
{
    private const string Providers = "/providers/";

    private readonly List<Declared> declared =
    [
        .. from endpoint in endpoints
           where endpoint.Metadata.GetMetadata<ArmAction>() is not null && !endpoint.RoutePattern.RawText!.Contains("{**", StringComparison.Ordinal)
           from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []
           where method != "HEAD"
           select new Declared(method, Plain(endpoint), endpoint.Metadata.GetMetadata<ArmPartial>()?.Missing),
    ];

    /// <summary>Azure's routes, each with how far it is served.</summary>
    public IReadOnlyList<Row> Rows =>
    [
        .. from line in azure
           let at = line.IndexOf("  ", StringComparison.Ordinal)
           where at > 0 && line[0] != '#'
           from method in line[..at].Split(' ')
           select Judge(method, line[(at + 2)..].Trim()),
    ];

    public string Write()
    {
        var rows = Rows;
        var text = new StringBuilder();
        text.AppendLine("# Azure's API, route by route").AppendLine()
            .AppendLine("Made from the routes that the server declares: `BARTIZAN_ACCEPT=1 artifacts/bin/Bartizan.Server.Tests/debug/Bartizan.Server.Tests --filter-class '*CompatibilityReportTests'`.")
            .AppendLine("Paths stand behind any scope that Azure has them at. **full**: served by the feature. **partial**: served, without what the note says.")
            .AppendLine("**empty**: the feature is not here, and its list says so by being empty. **refused**: `409 MissingSubscriptionRegistration`, or `404` for one thing of an empty list.")
            .AppendLine("Every api-version is answered by one model.").AppendLine()
            .AppendLine("## Microsoft.Security").AppendLine()
            .AppendLine(System.Globalization.CultureInfo.InvariantCulture, $"{rows.Count} routes: {string.Join(", ", rows.GroupBy(r => r.Standing).OrderByDescending(g => g.Key).Select(g => $"{g.Count()} {g.Key.ToString().ToLowerInvariant()}"))}.")
            .AppendLine().AppendLine("| route | | |").AppendLine("|---|---|---|");
        foreach (var row in rows)
        {
            text.AppendLine(row.Text);
        }

        var others = declared.Where(d => !d.Path.StartsWith("Microsoft.Security/", StringComparison.OrdinalIgnoreCase))
            .GroupBy(d => d.Path.StartsWith("Microsoft.", StringComparison.OrdinalIgnoreCase) ? d.Path.Split('/')[0] : "Beside the providers").OrderBy(g => g.Key, StringComparer.Ordinal);
        foreach (var group in others)
        {
            text.AppendLine().AppendLine(System.Globalization.CultureInfo.InvariantCulture, $"## {group.Key}").AppendLine().AppendLine("| route | | |").AppendLine("|---|---|---|");
            foreach (var route in group.DistinctBy(r => (r.Method, r.Path)).OrderBy(r => r.Path, StringComparer.OrdinalIgnoreCase).ThenBy(r => r.Method, StringComparer.Ordinal))
            {
                text.AppendLine(new Row(route.Method, route.Path, route.Missing is null ? Standing.Full : Standing.Partial, route.Missing).Text);
            }
        }

        return text.ToString();
    }

    private Row Judge(string method, string path)
    {
        var segments = path.Split('/');
        var found = declared.FirstOrDefault(d => d.Method == method && Fits(d.Path.Split('/'), segments));
        return found is not null
            ? new Row(method, path, found.Missing is null ? Standing.Full : Standing.Partial, found.Missing)
            : new Row(method, path, method == "GET" && path.Split('/', 2) is [var provider, var rest] && AzureLists.Contains(provider, rest) ? Standing.Empty : Standing.Refused, null);
    }

    /// <summary>A name of the route's takes anything; a word takes itself only.</summary>
    private static bool Fits(string[] route, string[] asked) =>
        route.Length == asked.Length && route.Zip(asked).All(s => s.First == "{}" || s.First.Equals(s.Second, StringComparison.OrdinalIgnoreCase));

    private static string Plain(RouteEndpoint endpoint)
    {
        var path = "/" + endpoint.RoutePattern.RawText!.TrimStart('/');
        var parts = path[(path.StartsWith(Providers, StringComparison.OrdinalIgnoreCase) ? Providers.Length : 0)..].Split('/').Select(s => s.StartsWith('{') ? "{}" : s);
        return string.Join('/', parts);
    }

    internal enum Standing
    {
        Refused,
        Empty,
        Partial,
        Full,
    }

    internal sealed record Row(string Method, string Path, Standing Standing, string? Note)
    {
        public string Text => $"| `{Method} {Path}` | {Standing.ToString().ToLowerInvariant()} | {Note} |";
    }

    private sealed record Declared(string Method, string Path, string? Missing);
}
