using Bartizan.Foundation.Resources;

namespace Bartizan.Server.Auth.Roles;

/// <summary>
/// Where one caller may do one thing. Every list, count, search and query is filtered by it at its source; there is no other
/// mechanism.
/// </summary>
internal sealed class CallerScopes
{
    private CallerScopes(IReadOnlyList<ResourceId> roots) => Roots = roots;

    public static CallerScopes Nothing { get; } = new([]);

    public static CallerScopes Everything { get; } = new([ResourceId.Tenant]);

    /// <summary>The scopes that hold all others: none lies within another.</summary>
    public IReadOnlyList<ResourceId> Roots { get; }

    public bool IsEverything => Roots is [var only] && only == ResourceId.Tenant;

    public static CallerScopes Of(IEnumerable<ResourceId> scopes)
    {
        var all = scopes.Distinct().ToList();
        return new CallerScopes([.. all.Where(s => !all.Exists(o => o != s && s.IsWithin(o)))]);
    }

    /// <summary>Whether the caller may do it to this very thing.</summary>
    public bool Includes(ResourceId id) => Roots.Any(id.IsWithin);

    /// <summary>Whether a list at this scope has anything to show: all of it, or something below.</summary>
    public bool Reaches(ResourceId scope) => Roots.Any(r => scope.IsWithin(r) || r.IsWithin(scope));

    /// <summary>The part of a scope that the caller reaches, for a query's visible scopes; empty when it is nothing.</summary>
    public IReadOnlyList<ResourceId> Within(ResourceId scope) => Includes(scope) ? [scope] : [.. Roots.Where(r => r.IsWithin(scope))];
}
