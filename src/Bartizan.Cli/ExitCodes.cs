namespace Bartizan.Cli;

/// <summary>What a command leaves behind for scripts.</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    /// <summary>The input was read, and something in it does not hold: a failed case, a mistake in a definition.</summary>
    public const int Failed = 1;

    /// <summary>The input could not be used at all.</summary>
    public const int Refused = 2;
}
