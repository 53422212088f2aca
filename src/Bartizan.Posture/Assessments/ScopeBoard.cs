using System.Collections.Concurrent;
using Bartizan.Foundation.Resources;

namespace Bartizan.Posture.Assessments;

/// <summary>The findings of one subscription, account or project.</summary>
public sealed class ScopeBoard
{
    private readonly ConcurrentDictionary<ResourceId, ResourceFindings> resources = new();
    private readonly ConcurrentDictionary<string, CheckCount> counts = new(StringComparer.OrdinalIgnoreCase);
    private long version;

    internal ScopeBoard(ResourceId id) => Id = id;

    public ResourceId Id { get; }

    public int Count => resources.Count;

    /// <summary>Rises with every change; what was worked out at one version holds as long as it is the same.</summary>
    public long Version => Interlocked.Read(ref version);

    /// <summary>How many resources stand how, by check.</summary>
    public IReadOnlyCollection<KeyValuePair<string, CheckCount>> Counts => [.. counts.Where(c => c.Value.Total > 0)];

    public ResourceFindings? Find(ResourceId resource) => resources.GetValueOrDefault(resource);

    public IEnumerable<ResourceFindings> All() => resources.Values;

    internal void Put(ResourceFindings findings)
    {
        if (resources.TryGetValue(findings.Id, out var before))
        {
            Add(before, -1);
        }

        resources[findings.Id] = findings;
        Add(findings, 1);
        Interlocked.Increment(ref version);
    }

    internal ResourceFindings? Remove(ResourceId resource)
    {
        if (resources.TryRemove(resource, out var before))
        {
            Add(before, -1);
            Interlocked.Increment(ref version);
        }

        return before;
    }

    private void Add(ResourceFindings findings, int by)
    {
        foreach (var assessment in findings.Assessments)
        {
            counts.AddOrUpdate(
                assessment.Key,
                _ => default(CheckCount).Plus(assessment.Status, by),
                (_, count) => count.Plus(assessment.Status, by));
        }
    }
}

/// <summary>Resources of one check by status.</summary>
public readonly record struct CheckCount(int Healthy, int Unhealthy, int NotApplicable, int Unknown)
{
    public int Total => Healthy + Unhealthy + NotApplicable + Unknown;

    public CheckCount Plus(AssessmentStatus status, int by) => status switch
    {
        AssessmentStatus.Healthy => this with { Healthy = Healthy + by },
        AssessmentStatus.Unhealthy => this with { Unhealthy = Unhealthy + by },
        AssessmentStatus.NotApplicable => this with { NotApplicable = NotApplicable + by },
        _ => this with { Unknown = Unknown + by },
    };

    public CheckCount Plus(CheckCount other) =>
        new(Healthy + other.Healthy, Unhealthy + other.Unhealthy, NotApplicable + other.NotApplicable, Unknown + other.Unknown);
}
