using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Functions;

namespace Bartizan.Kql.Plans.Managed.Graphs;

/// <summary>For each pair of ends one shortest path of a pattern, or all of them.</summary>
internal sealed class ShortestPaths(SqlContext context, BoundGraph shape, BoundPatternChain chain, string output, BoundExpression? predicate)
{
    private readonly bool all = output == "all";
    private readonly List<(HashSet<string> Variables, Func<PatternMatch, bool> Holds)> conditions = PatternSearch.Conditions(PatternValues.Of(context, shape, [chain]), predicate);

    public IEnumerable<PatternMatch> Run(Graph graph, OperatorContext context)
    {
        // Paths of growing length: a pair of ends that has been met before has no shorter one to come.
        var longest = chain.Edges.Sum(e => (long)e.MaxHops) is var most && most < graph.Edges.Count ? most : graph.Edges.Count;
        var met = new Dictionary<(int, int), long>();
        for (var length = chain.Edges.Sum(e => (long)e.MinHops); length <= longest; length++)
        {
            var found = false;
            foreach (var match in Of(graph, length, context))
            {
                found = true;
                var ends = (match.Nodes[chain.Nodes[0].Name], match.Nodes[chain.Nodes[^1].Name]);
                if (!met.TryGetValue(ends, out var known))
                {
                    met.Add(ends, length);
                }
                else if (known < length || !all)
                {
                    continue;
                }

                yield return match;
            }

            if (!found && length > graph.Nodes.Count)
            {
                yield break;
            }
        }
    }

    private IEnumerable<PatternMatch> Of(Graph graph, long length, OperatorContext context) => new PatternSearch(
        [chain with { Edges = chain.Edges.Count == 1 ? [chain.Edges[0] with { MinHops = (int)length, MaxHops = (int)length }] : chain.Edges }], "none", conditions)
        .Run(graph, context).Where(m => chain.Edges.Sum(e => m.Paths[e.Name].Edges.Count) == length);
}
