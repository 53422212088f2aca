using System.Collections.Concurrent;
using Bartizan.Foundation.Feeds;
using Bartizan.Foundation.Resources;

namespace Bartizan.Posture.Assessments;

/// <summary>
/// All findings as they stand now, by scope and resource, with the counts that lists ask for kept beside them. Readers see whole
/// resources: before or after a judgement, never between.
/// </summary>
public sealed class AssessmentBoard
{
    private readonly ConcurrentDictionary<ResourceId, ScopeBoard> scopes = new();
    private readonly ConcurrentDictionary<ResourceId, ScopeBoard> places = new();

    /// <summary>Announces scopes whose findings have changed.</summary>
    public Feed<ResourceId> Changes { get; } = new();

    public IReadOnlyCollection<ScopeBoard> Scopes => [.. scopes.Values];

    public int Count => places.Count;

    public ScopeBoard? FindScope(ResourceId scope) => scopes.GetValueOrDefault(scope);

    public ResourceFindings? Find(ResourceId resource) => places.TryGetValue(resource, out var scope) ? scope.Find(resource) : null;

    /// <summary>Every resource of the scopes given, or of all.</summary>
    public IEnumerable<ResourceFindings> All(Func<ResourceId, bool>? isVisible = null) =>
        scopes.Values.SelectMany(s => s.All()).Where(f => isVisible is null || isVisible(f.Id));

    internal void Put(ResourceFindings findings)
    {
        var scope = scopes.GetOrAdd(findings.Scope, id => new ScopeBoard(id));
        if (places.TryGetValue(findings.Id, out var before) && before != scope)
        {
            before.Remove(findings.Id);
        }

        scope.Put(findings);
        places[findings.Id] = scope;
    }

    internal ResourceFindings? Remove(ResourceId resource)
    {
        if (!places.TryRemove(resource, out var scope))
        {
            return null;
        }

        var removed = scope.Remove(resource);
        if (scope.Count == 0)
        {
            scopes.TryRemove(scope.Id, out _);
        }

        return removed;
    }
}
