namespace Bartizan.Policy.Effects;

/// <summary>What a definition wants to happen when its rule holds.</summary>
public enum EffectKind
{
    /// <summary>An effect of a resource provider's own mode, named but not carried out here.</summary>
    ResourceProvider,
    Audit,
    AuditIfNotExists,
    Deny,
    DenyAction,
    Append,
    Modify,
    DeployIfNotExists,
    Manual,
    Disabled,
}

/// <summary>Effects by name.</summary>
public static class EffectNames
{
    private static readonly HashSet<string> OfProviders = new(StringComparer.OrdinalIgnoreCase)
    {
        "mutate", "addToNetworkGroup", "enforceOPAConstraint", "enforceRegoPolicy", "enforceSetting", "auditAction",
    };

    /// <summary>The effect of that name in any case, or null when there is none.</summary>
    public static EffectKind? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (OfProviders.Contains(name))
        {
            return EffectKind.ResourceProvider;
        }

        return Enum.TryParse<EffectKind>(name, ignoreCase: true, out var kind) && kind != EffectKind.ResourceProvider && char.IsLetter(name[0])
            ? kind
            : null;
    }

    /// <summary>Whether the effect looks for other resources before it says anything.</summary>
    public static bool LooksForRelated(this EffectKind kind) => kind is EffectKind.AuditIfNotExists or EffectKind.DeployIfNotExists;
}
