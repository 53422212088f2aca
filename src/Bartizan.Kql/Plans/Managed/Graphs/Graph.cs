using Bartizan.Kql.Functions;

namespace Bartizan.Kql.Plans.Managed.Graphs;

/// <summary>A directed graph whose nodes and edges are rows.</summary>
internal sealed class Graph
{
    private List<int>[]? outgoing;
    private List<int>[]? incoming;

    public List<KqlValue[]> Nodes { get; private set; } = [];

    /// <summary>The key of each node, by which nodes are told apart.</summary>
    public List<KqlValue> Keys { get; private set; } = [];

    public List<(int From, int To, KqlValue[] Row)> Edges { get; private set; } = [];

    /// <summary>Numbers of edges.</summary>
    public IReadOnlyList<int> Outgoing(int node) => (outgoing ??= Index(e => e.From))[node];

    public IReadOnlyList<int> Incoming(int node) => (incoming ??= Index(e => e.To))[node];

    public void Add(int from, int to, KqlValue[] row) => Edges.Add((from, to, row));

    /// <summary>The id that a node shows: the hash of its key, as the original has it.</summary>
    public KqlValue Id(int node) => FunctionCatalog.FindScalar("hash")!.Managed!([Keys[node]]);

    public void AddNode(KqlValue key, KqlValue[] row)
    {
        Nodes.Add(row);
        Keys.Add(key);
    }

    public void Keep(bool onNodes, Func<KqlValue[], bool> holds)
    {
        (outgoing, incoming) = (null, null);
        if (!onNodes)
        {
            Edges = [.. Edges.Where(e => holds(e.Row))];
            return;
        }

        KeepNodes(n => holds(Nodes[n]));
    }

    /// <summary>What the matches are made of.</summary>
    public void KeepMatched(IEnumerable<PatternMatch> matches)
    {
        var nodes = new HashSet<int>();
        var edges = new HashSet<int>();
        foreach (var match in matches)
        {
            nodes.UnionWith(match.Nodes.Values);
            foreach (var (taken, passed) in match.Paths.Values)
            {
                edges.UnionWith(taken);
                nodes.UnionWith(passed);
            }
        }

        (outgoing, incoming) = (null, null);
        Edges = [.. Edges.Where((_, e) => edges.Contains(e))];
        KeepNodes(nodes.Contains);
    }

    private void KeepNodes(Func<int, bool> holds)
    {
        var numbers = new int[Nodes.Count];
        var kept = new List<KqlValue[]>();
        for (var n = 0; n < Nodes.Count; n++)
        {
            numbers[n] = holds(n) ? kept.Count : -1;
            if (numbers[n] >= 0)
            {
                kept.Add(Nodes[n]);
            }
        }

        Keys = [.. Keys.Where((_, n) => numbers[n] >= 0)];
        Nodes = kept;
        Edges = [.. Edges.Where(e => numbers[e.From] >= 0 && numbers[e.To] >= 0).Select(e => (numbers[e.From], numbers[e.To], e.Row))];
    }

    /// <summary>Each node gets the number of its component as a further value.</summary>
    public void MarkComponents(bool strong)
    {
        var components = strong ? Strong() : Weak();
        var numbers = new Dictionary<int, long>();
        Nodes = [.. Nodes.Select((row, n) =>
        {
            if (!numbers.TryGetValue(components[n], out var number))
            {
                numbers[components[n]] = number = numbers.Count;
            }

            return (KqlValue[])[.. row, KqlValue.Long(number)];
        })];
    }

    private int[] Weak()
    {
        var parent = Enumerable.Range(0, Nodes.Count).ToArray();
        foreach (var (from, to, _) in Edges)
        {
            parent[Root(from)] = Root(to);
        }

        return [.. Enumerable.Range(0, Nodes.Count).Select(Root)];

        int Root(int n)
        {
            while (parent[n] != n)
            {
                parent[n] = parent[parent[n]];
                n = parent[n];
            }

            return n;
        }
    }

    /// <summary>Kosaraju's two passes, without recursion.</summary>
    private int[] Strong()
    {
        var order = new List<int>();
        var seen = new bool[Nodes.Count];
        for (var start = 0; start < Nodes.Count; start++)
        {
            if (seen[start])
            {
                continue;
            }

            seen[start] = true;
            var open = new Stack<(int Node, int Next)>([(start, 0)]);
            while (open.TryPop(out var at))
            {
                if (at.Next == Outgoing(at.Node).Count)
                {
                    order.Add(at.Node);
                    continue;
                }

                open.Push((at.Node, at.Next + 1));
                var to = Edges[Outgoing(at.Node)[at.Next]].To;
                if (!seen[to])
                {
                    seen[to] = true;
                    open.Push((to, 0));
                }
            }
        }

        var component = Enumerable.Repeat(-1, Nodes.Count).ToArray();
        for (var i = order.Count - 1; i >= 0; i--)
        {
            var open = new Stack<int>([order[i]]);
            while (open.TryPop(out var node))
            {
                if (component[node] < 0)
                {
                    component[node] = order[i];
                    foreach (var edge in Incoming(node))
                    {
                        open.Push(Edges[edge].From);
                    }
                }
            }
        }

        return component;
    }

    private List<int>[] Index(Func<(int From, int To, KqlValue[] Row), int> end)
    {
        var index = Nodes.Select(_ => new List<int>()).ToArray();
        for (var e = 0; e < Edges.Count; e++)
        {
            index[end(Edges[e])].Add(e);
        }

        return index;
    }
}
