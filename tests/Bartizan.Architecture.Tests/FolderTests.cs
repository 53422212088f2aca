namespace Bartizan.Architecture.Tests;

public sealed class FolderTests
{
    /// <summary>Kql's stages, lowest first; a stage may name itself and what stands before it.</summary>
    private static readonly string[][] KqlStages = [["Types"], ["Syntax", "Functions"], ["Binding"], ["Plans"], ["Sql"]];

    public static TheoryData<string> Rooms => [.. House.Rooms];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void Folders_of_a_room_have_no_cycles(string room)
    {
        var edges = FolderEdges(room);

        Assert.Empty(Cycles(edges));
    }

    [Fact]
    public void Kql_stages_never_look_back()
    {
        var rank = KqlStages.SelectMany((names, i) => names.Select(n => (n, i))).ToDictionary(x => x.n, x => x.i, StringComparer.Ordinal);
        var edges = FolderEdges("Kql").Where(e => rank.ContainsKey(e.From) && rank.ContainsKey(e.To)).ToList();
        var wrong = edges.Where(e => rank[e.From] < rank[e.To]).Select(e => $"{e.From} names {e.To} in {e.Where}");

        Assert.True(!wrong.Any(), string.Join(Environment.NewLine, wrong));
    }

    [Fact]
    public void A_planted_cycle_is_found()
    {
        Edge[] edges = [new("A", "B", "x"), new("B", "C", "y"), new("C", "A", "z"), new("C", "D", "w")];

        Assert.Equal(["A -> B -> C -> A"], Cycles(edges));
    }

    private static List<Edge> FolderEdges(string room)
    {
        using var module = Assemblies.Read(room);
        return [.. Assemblies.Types(module)
            .Select(t => (type: t, from: Assemblies.Folder(room, t.Namespace)))
            .Where(x => x.from != "")
            .SelectMany(x => Assemblies.References(x.type)
                .Where(r => InRoom(room, r))
                .Select(r => new Edge(x.from, Assemblies.Folder(room, Outermost(r).Namespace), x.type.FullName)))
            .Where(e => e.To != "" && e.From != e.To)
            .DistinctBy(e => (e.From, e.To))];
    }

    private static bool InRoom(string room, Mono.Cecil.TypeReference reference)
    {
        var ns = Outermost(reference).Namespace;
        return ns == $"Bartizan.{room}" || ns.StartsWith($"Bartizan.{room}.", StringComparison.Ordinal);
    }

    private static Mono.Cecil.TypeReference Outermost(Mono.Cecil.TypeReference reference)
    {
        while (reference.DeclaringType is { } outer)
        {
            reference = outer;
        }

        return reference;
    }

    private static List<string> Cycles(IReadOnlyCollection<Edge> edges)
    {
        var found = new List<string>();
        var done = new HashSet<string>(StringComparer.Ordinal);
        foreach (var start in edges.Select(e => e.From).Distinct(StringComparer.Ordinal))
        {
            Visit(start, []);
        }

        return found;

        void Visit(string folder, List<string> path)
        {
            var at = path.IndexOf(folder);
            if (at >= 0)
            {
                found.Add(string.Join(" -> ", path.Skip(at).Append(folder)));
                return;
            }

            if (!done.Add(folder))
            {
                return;
            }

            foreach (var edge in edges.Where(e => e.From == folder))
            {
                Visit(edge.To, [.. path, folder]);
            }
        }
    }

    private sealed record Edge(string From, string To, string Where);
}
