using System.Security.Claims;
using Bartizan.Foundation.Resources;

namespace Bartizan.Server.Auth.Roles;

/// <summary>Who asks, and what the roles allow them. Handlers take it as a parameter.</summary>
internal sealed class Caller(string objectId, string name, bool isPerson, IReadOnlyList<Grant> grants)
{
    private static readonly object Key = new();

    public string ObjectId => objectId;

    /// <summary>The user name or the service principal's name: the author in records and in the audit log.</summary>
    public string Name => name;

    public bool IsPerson => isPerson;

    public IReadOnlyList<Grant> Grants => grants;

    /// <summary>Whether the caller may do this to the thing with this id, or to all of this scope.</summary>
    public bool May(string action, ResourceId scope) => grants.Any(g => scope.IsWithin(g.Scope) && g.Role.Allows(action));

    /// <summary>Everywhere the caller may do this.</summary>
    public CallerScopes Scopes(string action) => CallerScopes.Of(grants.Where(g => g.Role.Allows(action)).Select(g => g.Scope));

    /// <summary>The caller of a request; null when nobody is signed in.</summary>
    public static Caller? Of(HttpContext context)
    {
        if (context.Items.TryGetValue(Key, out var known))
        {
            return (Caller?)known;
        }

        var caller = context.User.Identity?.IsAuthenticated == true && ObjectIdOf(context.User) is { } id
            ? context.RequestServices.GetRequiredService<Principals>().Caller(id, context.User.Identity.Name, isProgram: context.User.FindFirstValue("idtyp") == "app")
            : null;
        context.Items[Key] = caller;
        return caller;
    }

    public static ValueTask<Caller?> BindAsync(HttpContext context) => ValueTask.FromResult(Of(context));

    private static string? ObjectIdOf(ClaimsPrincipal user) => user.FindFirstValue("oid") ?? user.FindFirstValue(ClaimTypes.NameIdentifier);
}
