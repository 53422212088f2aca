using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Functions;

namespace Bartizan.Kql.Plans.Managed.Graphs;

/// <summary>
/// Finds all matches of a pattern by trying nodes and edges in the order of the pattern; each condition is asked as soon as what it names is bound.
/// </summary>
internal sealed class PatternSearch
{
    /// <summary>Edges tried before the search gives up; it bounds hostile patterns.</summary>
    private const long MostSteps = 200_000_000;

    private readonly List<(BoundPatternNode Left, BoundPatternEdge? Edge, BoundPatternNode? Right)> steps = [];
    private readonly List<Func<PatternMatch, bool>>[] conditions;
    private readonly bool uniqueEdges;
    private readonly bool uniqueNodes;

    public PatternSearch(IReadOnlyList<BoundPatternChain> chains, string cycles, IReadOnlyList<(HashSet<string> Variables, Func<PatternMatch, bool> Holds)> asked)
    {
        uniqueNodes = cycles == "none";
        uniqueEdges = cycles != "all";
        foreach (var chain in chains)
        {
            steps.Add((chain.Nodes[0], null, null));
            for (var i = 0; i < chain.Edges.Count; i++)
            {
                steps.Add((chain.Nodes[i], chain.Edges[i], chain.Nodes[i + 1]));
            }
        }

        conditions = [.. steps.Select(_ => new List<Func<PatternMatch, bool>>())];
        var bound = new HashSet<string>(StringComparer.Ordinal);
        var open = asked.ToList();
        for (var s = 0; s < steps.Count; s++)
        {
            bound.Add(steps[s].Left.Name);
            if (steps[s].Edge is { } edge)
            {
                bound.Add(edge.Name);
                bound.Add(steps[s].Right!.Name);
            }

            conditions[s].AddRange(open.Where(a => a.Variables.IsSubsetOf(bound)).Select(a => a.Holds));
            _ = open.RemoveAll(a => a.Variables.IsSubsetOf(bound));
        }
    }

    public static PatternSearch Of(SqlContext context, BoundGraph graph, IReadOnlyList<BoundPatternChain> chains, string cycles, BoundExpression? predicate) =>
        new(chains, cycles, Conditions(PatternValues.Of(context, graph, chains), predicate));

    /// <summary>The parts of a condition that must all hold, each with the variables it names.</summary>
    public static List<(HashSet<string> Variables, Func<PatternMatch, bool> Holds)> Conditions(PatternValues values, BoundExpression? predicate) =>
        [.. Conjuncts(predicate).Select(c => (PatternValues.Variables(c), values.Condition(c)))];

    private static IEnumerable<BoundExpression> Conjuncts(BoundExpression? predicate) => predicate switch
    {
        null => [],
        BoundCall { Function: "_and" } and => and.Arguments.SelectMany(Conjuncts),
        _ => [predicate],
    };

    public IEnumerable<PatternMatch> Run(Graph graph, OperatorContext context)
    {
        var match = new PatternMatch(graph);
        var used = new HashSet<int>();
        var tried = 0L;
        return Step(0);

        IEnumerable<PatternMatch> Step(int number)
        {
            if (number == steps.Count)
            {
                yield return match;
                yield break;
            }

            var (left, edge, right) = steps[number];
            if (edge is null)
            {
                if (match.Nodes.ContainsKey(left.Name))
                {
                    foreach (var m in Next(number))
                    {
                        yield return m;
                    }

                    yield break;
                }

                for (var n = 0; n < graph.Nodes.Count; n++)
                {
                    match.Nodes[left.Name] = n;
                    foreach (var m in Next(number))
                    {
                        yield return m;
                    }
                }

                _ = match.Nodes.Remove(left.Name);
                yield break;
            }

            var path = (Edges: new List<int>(), Nodes: new List<int> { match.Nodes[left.Name] });
            match.Paths[edge.Name] = path;
            foreach (var m in Extend(number, edge, right!, path.Edges, path.Nodes))
            {
                yield return m;
            }

            _ = match.Paths.Remove(edge.Name);
        }

        IEnumerable<PatternMatch> Extend(int number, BoundPatternEdge edge, BoundPatternNode right, List<int> edges, List<int> nodes)
        {
            if (edges.Count >= edge.MinHops)
            {
                var isBound = match.Nodes.TryGetValue(right.Name, out var wanted);
                if (!isBound || wanted == nodes[^1])
                {
                    match.Nodes[right.Name] = nodes[^1];
                    foreach (var m in Next(number))
                    {
                        yield return m;
                    }

                    if (!isBound)
                    {
                        _ = match.Nodes.Remove(right.Name);
                    }
                }
            }

            if (edges.Count >= edge.MaxHops)
            {
                yield break;
            }

            foreach (var (taken, to) in From(nodes[^1], edge.Direction))
            {
                if (++tried % 4096 == 0)
                {
                    context.Cancellation.ThrowIfCancellationRequested();
                    if (tried > MostSteps)
                    {
                        throw new QueryLimitException("The graph pattern needs too many steps; bound its paths or add conditions.");
                    }
                }

                if ((uniqueEdges && used.Contains(taken)) || (uniqueNodes && nodes.Contains(to)))
                {
                    continue;
                }

                var added = used.Add(taken);
                edges.Add(taken);
                nodes.Add(to);
                foreach (var m in Extend(number, edge, right, edges, nodes))
                {
                    yield return m;
                }

                edges.RemoveAt(edges.Count - 1);
                nodes.RemoveAt(nodes.Count - 1);
                if (added)
                {
                    _ = used.Remove(taken);
                }
            }
        }

        IEnumerable<PatternMatch> Next(int number) => conditions[number].TrueForAll(c => c(match)) ? Step(number + 1) : [];

        IEnumerable<(int Edge, int To)> From(int node, BoundGraphDirection direction)
        {
            if (direction != BoundGraphDirection.Backward)
            {
                foreach (var e in graph.Outgoing(node))
                {
                    yield return (e, graph.Edges[e].To);
                }
            }

            if (direction != BoundGraphDirection.Forward)
            {
                foreach (var e in graph.Incoming(node))
                {
                    if (direction == BoundGraphDirection.Backward || graph.Edges[e].From != graph.Edges[e].To)
                    {
                        yield return (e, graph.Edges[e].From);
                    }
                }
            }
        }
    }
}
