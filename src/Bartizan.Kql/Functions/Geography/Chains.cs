namespace Bartizan.Kql.Functions.Geography;

/// <summary>Edges joined end to end into lines that are as long as can be.</summary>
internal static class Chains
{
    public static List<List<Vector>> Of(IReadOnlyList<(Vector A, Vector B)> edges)
    {
        var neighbours = new Dictionary<Vector, List<Vector>>();
        var order = new List<Vector>();
        foreach (var (a, b) in edges)
        {
            Join(a, b);
            Join(b, a);
        }

        var lines = new List<List<Vector>>();
        // Ends and branches first; what is left are closed lines.
        foreach (var start in order.Where(p => neighbours[p].Count != 2).Concat(order).ToList())
        {
            while (neighbours[start].Count > 0)
            {
                lines.Add(Walk(start));
            }
        }

        return lines;

        void Join(Vector from, Vector to)
        {
            if (!neighbours.TryGetValue(from, out var list))
            {
                neighbours[from] = list = [];
                order.Add(from);
            }

            if (!list.Contains(to))
            {
                list.Add(to);
            }
        }

        List<Vector> Walk(Vector at)
        {
            var line = new List<Vector> { at };
            while (true)
            {
                var next = neighbours[at][0];
                var passes = neighbours[next].Count == 2;
                _ = neighbours[at].Remove(next);
                _ = neighbours[next].Remove(at);
                line.Add(next);
                at = next;
                if (!passes || neighbours[at].Count == 0)
                {
                    return line;
                }
            }
        }
    }
}
