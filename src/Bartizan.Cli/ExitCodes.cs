using Bartizan.Foundation.Outcomes;

namespace Bartizan.Cli;

/// <summary>What a command leaves behind for scripts.</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    /// <summary>The input was read, and something in it does not hold: a failed case, a mistake in a definition, a refused record.</summary>
    public const int Failed = 1;

    /// <summary>The input could not be used at all.</summary>
    public const int Refused = 2;

    /// <summary>No server answered.</summary>
    public const int NoServer = 3;

    /// <summary>Nobody is signed in, or they may not do this.</summary>
    public const int NotAllowed = 4;

    public static int Of(Problem problem) => problem.Kind switch
    {
        ProblemKind.Unavailable => NoServer,
        ProblemKind.Unauthenticated or ProblemKind.Forbidden => NotAllowed,
        _ when problem.Code is "NoServer" or "DataFolderNotFound" => NoServer,
        _ => Refused,
    };
}
