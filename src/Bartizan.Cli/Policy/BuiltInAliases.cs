using Bartizan.Policy.Aliases;

namespace Bartizan.Cli.Policy;

/// <summary>
/// The alias table that comes with the product, <c>content/policies/aliases.json</c>: from the folder that <c>BARTIZAN_CONTENT</c>
/// names, from beside the program, or from the clone that it runs in. Empty where there is none; the default rule holds then.
/// </summary>
internal static class BuiltInAliases
{
    private static readonly Lazy<AliasTable> Shipped = new(Load);

    public static AliasTable Table => Shipped.Value;

    private static AliasTable Load()
    {
        foreach (var folder in Folders())
        {
            var file = new FileInfo(Path.Combine(folder, "policies", "aliases.json"));
            if (file.Exists && PolicyFile.Aliases(file) is { IsSuccess: true, Value: var table })
            {
                return table;
            }
        }

        return AliasTable.Empty;
    }

    private static IEnumerable<string> Folders()
    {
        if (Environment.GetEnvironmentVariable("BARTIZAN_CONTENT") is { Length: > 0 } named)
        {
            yield return named;
        }

        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            yield return Path.Combine(folder, "content");
        }
    }
}
