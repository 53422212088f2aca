using Bartizan.Kql.Functions;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Plans.Managed.Plugins;

/// <summary>Rows as numbers of their values, for the plugins that look for combinations of values. A value is an item: a column and what stands in it.</summary>
internal sealed class SegmentRows
{
    private readonly Dictionary<(int Column, string Text), int> numbers = [];
    private readonly List<(int Column, KqlValue Value)> items = [];
    private readonly List<(int[] Items, double A, double B)> rows = [];

    public int Count => rows.Count;

    public double TotalA { get; private set; }

    public double TotalB { get; private set; }

    /// <param name="skipped">Columns that take no part.</param>
    public void Add(KqlValue[] row, int width, ReadOnlySpan<int> skipped, double a, double b)
    {
        var present = new List<int>(width);
        for (var c = 0; c < width; c++)
        {
            if (skipped.Contains(c) || row[c].IsNull)
            {
                continue;
            }

            var key = (c, Json.Of(row[c]));
            if (!numbers.TryGetValue(key, out var number))
            {
                numbers[key] = number = items.Count;
                items.Add((c, row[c]));
            }

            present.Add(number);
        }

        rows.Add(([.. present], a, b));
        TotalA += a;
        TotalB += b;
    }

    public IReadOnlyList<int> All => [.. Enumerable.Range(0, rows.Count)];

    public IReadOnlyList<int> With(IReadOnlyList<int> among, int item) => [.. among.Where(r => Array.IndexOf(rows[r].Items, item) >= 0)];

    public (double A, double B) Weigh(IReadOnlyList<int> among) => (among.Sum(r => rows[r].A), among.Sum(r => rows[r].B));

    /// <summary>The weight of each item among these rows, those of used columns left out.</summary>
    public Dictionary<int, (double A, double B)> Weights(IReadOnlyList<int> among, IReadOnlyCollection<int> set)
    {
        var used = set.Select(i => items[i].Column).ToHashSet();
        var weights = new Dictionary<int, (double A, double B)>();
        foreach (var r in among)
        {
            var (present, a, b) = rows[r];
            foreach (var item in present)
            {
                if (!used.Contains(items[item].Column))
                {
                    var (soFarA, soFarB) = weights.GetValueOrDefault(item);
                    weights[item] = (soFarA + a, soFarB + b);
                }
            }
        }

        return weights;
    }

    /// <summary>A row that shows the set; other columns are open.</summary>
    public IEnumerable<KqlValue> Show(IReadOnlyCollection<int> set, RowShape shape, Func<KqlType, KqlValue> open) =>
        shape.Columns.Select((c, i) => set.Where(s => items[s].Column == i).Select(s => (KqlValue?)items[s].Value).FirstOrDefault() ?? open(c.Type));
}
