using Bartizan.Foundation.Resources;

namespace Bartizan.Server.Api.Arm;

/// <summary>
/// Azure's addresses are <c>{scope}/providers/{namespace}/{type}/{name}…</c>, where the scope is any resource id. This middleware takes the scope
/// off, so that a route is written once, as <c>/providers/Microsoft.Security/assessments</c>, and holds at every scope; the handler asks for an
/// <see cref="ArmScope"/>. Doubled slashes are dropped: Azure's SDKs send them. ARM's own words are spelled as ARM spells them, so that ids made from an
/// address read the same whoever asked: the command line says <c>resourcegroups</c>.
/// </summary>
internal sealed class ArmPath(RequestDelegate next, Home home)
{
    private const string Providers = "/providers/";

    private static readonly string[] Words = ["subscriptions", "resourceGroups", "providers"];

    public Task InvokeAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "/";
        if (path.Contains("//", StringComparison.Ordinal))
        {
            path = "/" + string.Join('/', path.Split('/', StringSplitOptions.RemoveEmptyEntries));
            context.Request.Path = path;
        }

        if (!IsArm(path))
        {
            return next(context);
        }

        if (ShiftedPath.TryRight(path, out var righted))
        {
            path = righted;
        }

        path = Spelled(path);
        var cut = path.LastIndexOf(Providers, StringComparison.OrdinalIgnoreCase);
        var scope = cut switch
        {
            < 0 => ScopeOnly(path),
            0 => "/",
            _ => path[..cut],
        };
        if (!ResourceId.TryParse(scope, out var id))
        {
            return ArmErrors.WriteAsync(
                context, new(Foundation.Outcomes.ProblemKind.Invalid, "InvalidResourceId", $"'{scope}' is not the id of a resource or of a scope that holds resources.", "scope"));
        }

        context.Items[ArmScope.Key] = new ArmScope(id, path) { Below = id == home.RootGroup ? ResourceId.Tenant : id };
        context.Request.Path = cut > 0 ? path[cut..] : path;

        return next(context);
    }

    private static string Spelled(string path)
    {
        // A name may be any of these words; what it is the name of stands before it, so that names are at the even places.
        var segments = path.Split('/');
        for (var i = 1; i < segments.Length; i += 2)
        {
            segments[i] = Array.Find(Words, w => w.Equals(segments[i], StringComparison.OrdinalIgnoreCase)) ?? segments[i];
        }

        return string.Join('/', segments);
    }

    private static bool IsArm(string path) =>
        path.StartsWith("/subscriptions", StringComparison.OrdinalIgnoreCase) || path.StartsWith(Providers, StringComparison.OrdinalIgnoreCase);

    /// <summary>Of <c>/subscriptions/{s}/resourcegroups/{g}/resources</c> and the like, the part that is an id.</summary>
    private static string ScopeOnly(string path)
    {
        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var length = segments.Length < 2 ? 0 : segments.Length >= 4 && segments[2].Equals("resourceGroups", StringComparison.OrdinalIgnoreCase) ? 4 : 2;
        return "/" + string.Join('/', segments.Take(length));
    }
}

/// <summary>Where a request is made: the id in front of its last <c>/providers/</c>. Handlers take it as a parameter.</summary>
internal sealed class ArmScope(ResourceId id, string path)
{
    internal static readonly object Key = new();

    public ResourceId Id { get; } = id;

    /// <summary>Where to look for what lies at or below: the scope, but for the root management group the tenant, of which it holds everything.</summary>
    public ResourceId Below { get; init; } = id;

    /// <summary>The whole path as it was asked for, without doubled slashes.</summary>
    public string Path => path;

    /// <summary>The whole path as a resource id; null where it is a list or an action.</summary>
    public ResourceId? Resource => ResourceId.TryParse(path, out var resource) ? resource : null;

    public static ArmScope Of(HttpContext context) =>
        context.Items.TryGetValue(Key, out var scope) ? (ArmScope)scope! : new ArmScope(ResourceId.Tenant, context.Request.Path.Value ?? "/");

    public static ValueTask<ArmScope?> BindAsync(HttpContext context) => ValueTask.FromResult<ArmScope?>(Of(context));
}
