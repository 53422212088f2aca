namespace Bartizan.Detection.Fusion;

/// <summary>Classes of attacks of two stages: a first stage by tactic, a later one by technique.</summary>
internal static class Scenarios
{
    private static readonly (string Name, string[] First, string[] Later)[] classes =
    [
        ("Ransomware", ["InitialAccess", "Execution", "CredentialAccess", "LateralMovement", "DefenseEvasion"], ["T1486", "T1490"]),
        ("Resource hijacking", ["InitialAccess", "Persistence", "PrivilegeEscalation"], ["T1496"]),
        ("Data destruction", ["InitialAccess", "PrivilegeEscalation", "DefenseEvasion"], ["T1485"]),
        ("Denial of service", ["InitialAccess", "PrivilegeEscalation"], ["T1499", "T1498"]),
        ("Exfiltration", ["InitialAccess", "Persistence", "CredentialAccess"], ["T1114", "T1567", "T1020", "T1030", "T1048", "T1537"]),
        ("Credential harvesting", ["InitialAccess", "Execution"], ["T1003", "T1555", "T1552"]),
        ("Lateral movement", ["InitialAccess", "CredentialAccess", "Execution"], ["T1021", "T1534", "T1570", "T1210"]),
        ("Living off the land", ["Execution"], ["T1071", "T1571", "T1105", "T1047"]),
        ("Command and control", ["InitialAccess", "Execution"], ["T1571", "T1573", "T1090", "T1071"]),
        ("Persistence", ["InitialAccess", "CredentialAccess"], ["T1136", "T1098", "T1543", "T1053"]),
    ];

    /// <summary>The first class that two signals of a chain, in order, fit.</summary>
    public static string? Of(IReadOnlyList<Signal> signals)
    {
        foreach (var (name, first, later) in classes)
        {
            for (var i = 0; i < signals.Count - 1; i++)
            {
                if (signals[i].Tactics.Intersect(first, StringComparer.OrdinalIgnoreCase).Any()
                    && signals.Skip(i + 1).Any(s => s.TypeKey != signals[i].TypeKey && s.Techniques.Any(t => later.Contains(t.Split('.')[0], StringComparer.OrdinalIgnoreCase))))
                {
                    return name;
                }
            }
        }

        return null;
    }
}
