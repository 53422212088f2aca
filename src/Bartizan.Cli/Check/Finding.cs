namespace Bartizan.Cli.Check;

/// <summary>What a rule says of a resource that is not there yet.</summary>
internal enum FindingState
{
    Passed,
    Failed,

    /// <summary>It depends on what the file does not say.</summary>
    Unknown,
}

/// <summary>One rule's answer for one resource.</summary>
/// <param name="Reason">Why it failed, or what is not known; holds no secret.</param>
internal sealed record Finding(DeclaredResource Resource, InitiativeRule Rule, FindingState State, string Effect, string Reason)
{
    public bool IsDenied => State == FindingState.Failed && Effect.Equals("deny", StringComparison.OrdinalIgnoreCase);
}

/// <summary>All that a run has to say.</summary>
internal sealed record CheckResult(IReadOnlyList<DeclaredFile> Files, IReadOnlyList<InitiativeRule> Rules, IReadOnlyList<Finding> Findings, IReadOnlyList<string> Unreadable)
{
    public IEnumerable<Finding> Failed => Findings.Where(f => f.State == FindingState.Failed);

    public IEnumerable<LeftOut> LeftOut => Files.SelectMany(f => f.LeftOut);

    /// <summary>A denied resource fails always, another where its severity is at least <paramref name="failOn"/>.</summary>
    public int ExitCode(string failOn) =>
        Unreadable.Count > 0 ? ExitCodes.Refused
        : Failed.Any(f => f.IsDenied || Rank(f.Rule.Severity) >= Rank(failOn)) ? ExitCodes.Failed
        : ExitCodes.Done;

    /// <summary>3 for High, 1 for Low, more than any for "none".</summary>
    public static int Rank(string severity) => severity.ToLowerInvariant() switch { "high" => 3, "medium" => 2, "low" => 1, _ => 4 };
}
