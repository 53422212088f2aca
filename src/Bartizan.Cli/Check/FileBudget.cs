using Bartizan.Policy.Values;

namespace Bartizan.Cli.Check;

/// <summary>Bounds what loops and references of one file can unfold to.</summary>
internal sealed class FileBudget
{
    public const int MaxCopies = 800;

    private const int MaxValues = 2_000_000;
    private const int MaxDepth = 100;

    /// <summary>Texts that are put together from others may double with every step.</summary>
    public const int MaxText = 64 * 1024;

    /// <summary>As long as the resource manager takes.</summary>
    public const int MaxExpression = 24_576;

    private const int MaxParts = 20_000;

    private int values;
    private int depth;

    /// <summary>Whether one more value may be made.</summary>
    public bool Take() => ++values <= MaxValues;

    public bool Enter() => ++depth <= MaxDepth;

    public void Leave() => depth--;

    /// <summary>Whether a value that was put together is of a size that may be used again.</summary>
    public static bool IsBearable(PolicyValue value)
    {
        var parts = 0;
        return Walk(value);

        bool Walk(PolicyValue part) =>
            ++parts <= MaxParts
            && (part.AsText is not { } text || text.Length <= MaxText)
            && (part.Elements ?? []).All(Walk)
            && (part.MemberNames ?? []).All(n => Walk(part.Member(n)));
    }
}
