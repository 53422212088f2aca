namespace Bartizan.Cli.Check;

/// <summary>Bounds what loops and references of one file can unfold to.</summary>
internal sealed class FileBudget
{
    public const int MaxCopies = 800;

    private const int MaxValues = 2_000_000;
    private const int MaxDepth = 100;

    private int values;
    private int depth;

    /// <summary>Whether one more value may be made.</summary>
    public bool Take() => ++values <= MaxValues;

    public bool Enter() => ++depth <= MaxDepth;

    public void Leave() => depth--;
}
