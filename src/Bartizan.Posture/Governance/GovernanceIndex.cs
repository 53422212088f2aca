using Bartizan.Foundation.Resources;

namespace Bartizan.Posture.Governance;

/// <summary>All assignments at one moment, by finding. Where a finding has several, the earliest due stands.</summary>
public sealed class GovernanceIndex
{
    private readonly Dictionary<string, GovernanceAssignment> byFinding = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<GovernanceAssignment> graceful;

    internal GovernanceIndex(IReadOnlyList<GovernanceAssignment> all, long version)
    {
        All = all;
        Version = version;
        foreach (var assignment in all)
        {
            var key = Key(assignment.ResourceId, assignment.AssessmentKey);
            if (!byFinding.TryGetValue(key, out var other) || assignment.DueDate < other.DueDate)
            {
                byFinding[key] = assignment;
            }
        }

        graceful = [.. byFinding.Values.Where(a => a.HasGrace).OrderBy(a => a.DueDate)];
    }

    public static GovernanceIndex Empty { get; } = new([], 0);

    public IReadOnlyList<GovernanceAssignment> All { get; }

    /// <summary>Rises with every change.</summary>
    public long Version { get; }

    public GovernanceAssignment? Of(ResourceId resource, string key)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return byFinding.Count == 0 ? null : byFinding.GetValueOrDefault(Key(resource.Text, key));
    }

    /// <summary>When the next period of grace ends; scores worked out before that no longer hold after it.</summary>
    public DateTimeOffset NextGraceEnd(DateTimeOffset now) => graceful.Find(a => a.DueDate > now)?.DueDate ?? DateTimeOffset.MaxValue;

    /// <summary>Resources whose grace ended after one moment and not after the other.</summary>
    public IEnumerable<GovernanceAssignment> GraceEnded(DateTimeOffset after, DateTimeOffset until) => graceful.Where(a => a.DueDate > after && a.DueDate <= until);

    private static string Key(string resource, string key) => resource + "|" + key;
}
