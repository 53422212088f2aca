using Bartizan.Content.Standards;

namespace Bartizan.Posture.Compliance;

/// <summary>How something stands against a standard, in Azure's words.</summary>
public enum ComplianceOutcome
{
    Passed,
    Failed,

    /// <summary>There was nothing to judge: no resources, or the checks are off.</summary>
    Skipped,

    /// <summary>No check speaks of it.</summary>
    Unsupported,
}

/// <summary>One standard over one scope.</summary>
public sealed record StandardReport(StandardDefinition Standard, IReadOnlyList<ControlReport> Controls)
{
    public int Count(ComplianceOutcome outcome) => Controls.Count(c => c.Outcome == outcome);

    public ComplianceOutcome Outcome => Combine(Controls.Select(c => c.Outcome).Where(o => o != ComplianceOutcome.Unsupported));

    internal static ComplianceOutcome Combine(IEnumerable<ComplianceOutcome> parts)
    {
        var hasPassed = false;
        foreach (var part in parts)
        {
            if (part == ComplianceOutcome.Failed)
            {
                return ComplianceOutcome.Failed;
            }

            hasPassed |= part == ComplianceOutcome.Passed;
        }

        return hasPassed ? ComplianceOutcome.Passed : ComplianceOutcome.Skipped;
    }
}

/// <summary>One requirement: passed when all its checks pass, failed when any fails.</summary>
public sealed record ControlReport(StandardControl Control, IReadOnlyList<CheckReport> Checks)
{
    public ComplianceOutcome Outcome => Checks.Count == 0 ? ComplianceOutcome.Unsupported : StandardReport.Combine(Checks.Select(c => c.Outcome));

    public int Count(ComplianceOutcome outcome) => Checks.Count(c => c.Outcome == outcome);
}

/// <summary>One check: failed when any resource fails it.</summary>
public sealed record CheckReport(string Key, string DisplayName, int Passed, int Failed, int Skipped, int Unsupported)
{
    public ComplianceOutcome Outcome => Failed > 0 ? ComplianceOutcome.Failed : Passed > 0 ? ComplianceOutcome.Passed : ComplianceOutcome.Skipped;
}
