namespace Bartizan.Policy.Aliases;

/// <summary>What a table knows of one alias for one resource type.</summary>
/// <param name="IsModifiable">Whether <c>modify</c> may write it; null where the table does not say.</param>
internal sealed record AliasEntry(string Name, string ResourceType, AliasPath DefaultPath, bool? IsModifiable)
{
    /// <summary>Paths that hold for some api-versions only.</summary>
    public IReadOnlyList<(AliasPath Path, string[] Versions)> Paths { get; init; } = [];

    public AliasPath PathFor(string? apiVersion)
    {
        if (apiVersion is not null)
        {
            foreach (var (path, versions) in Paths)
            {
                if (versions.Contains(apiVersion, StringComparer.OrdinalIgnoreCase))
                {
                    return path;
                }
            }
        }

        return DefaultPath;
    }
}
