using Bartizan.Policy.Aliases;

namespace Bartizan.Policy.Effects;

/// <summary>Which resources an existence check asks for.</summary>
/// <param name="Name">The name wanted, with parents' names when it has a slash; null for all of the type.</param>
/// <param name="ResourceGroup">The group to look in when it is not the resource's own.</param>
/// <param name="InSubscription">Whether the whole subscription is searched instead of one group.</param>
public sealed record RelatedQuery(PolicyResource Of, string Type, string? Name, string? Kind, string? ResourceGroup, bool InSubscription)
{
    private const StringComparison IgnoreCase = StringComparison.OrdinalIgnoreCase;

    /// <summary>Whether a resource is among those asked for: by type, name, kind, and by lying where the check looks.</summary>
    public bool Accepts(PolicyResource candidate)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        return Type.Equals(candidate.Type, IgnoreCase) && HasName(candidate) && HasKind(candidate) && IsInScope(candidate);
    }

    private bool HasName(PolicyResource candidate)
    {
        if (Name is null)
        {
            return true;
        }

        var name = candidate.Root.Member("name").AsText;
        var full = candidate.FullName.AsText;
        return Name.Equals(name, IgnoreCase)
            || Name.Equals(full, IgnoreCase)
            || (!Name.Contains('/', StringComparison.Ordinal) && (EndsWithName(full) || EndsWithName(name)));
    }

    private bool EndsWithName(string? full) => full is not null && full.EndsWith("/" + Name, IgnoreCase);

    private bool HasKind(PolicyResource candidate) =>
        Kind is null || Kind.Equals(candidate.Root.Member("kind").AsText, IgnoreCase);

    private bool IsInScope(PolicyResource candidate)
    {
        if (Of.Id is not { } own || candidate.Id is not { } id)
        {
            return true;
        }

        // Below the resource itself: its children, and extensions of it.
        var isChild = Of.Type is { } ownType && Type.StartsWith(ownType + "/", IgnoreCase);
        var isExtension = id.LastIndexOf("/providers/", IgnoreCase) > id.IndexOf("/providers/", IgnoreCase);
        var isSame = id.Equals(own, IgnoreCase);
        if (isChild || (isExtension && !isSame && !OwnIsExtension(own)))
        {
            return id.StartsWith(own.TrimEnd('/') + "/", IgnoreCase);
        }

        var subscription = ScopeOf(own, 2);
        if (InSubscription || ScopeOf(own, 4) is null)
        {
            return subscription is null || IsUnder(id, subscription);
        }

        return ResourceGroup is null
            ? IsUnder(id, ScopeOf(own, 4)!)
            : IsUnder(id, $"{subscription}/resourceGroups/{ResourceGroup}");
    }

    private static bool OwnIsExtension(string own) => own.LastIndexOf("/providers/", IgnoreCase) > own.IndexOf("/providers/", IgnoreCase);

    private static bool IsUnder(string id, string scope) => id.Equals(scope, IgnoreCase) || id.StartsWith(scope + "/", IgnoreCase);

    /// <summary>The subscription (2 segments) or resource group (4) of an id.</summary>
    private static string? ScopeOf(string id, int segments)
    {
        var parts = id.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var isThere = parts.Length >= segments
            && parts[0].Equals("subscriptions", IgnoreCase)
            && (segments < 4 || parts[2].Equals("resourceGroups", IgnoreCase));
        return isThere ? "/" + string.Join('/', parts[..segments]) : null;
    }
}
