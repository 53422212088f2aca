using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Functions;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Plans.Managed.Plugins;

/// <summary>pivot: the values of a column become columns that hold an aggregate over the rows with that value, one row per group.</summary>
internal sealed class Pivot : ManagedOperator, IOpenShape
{
    private const int MostColumns = 4096;

    private readonly int pivot;
    private readonly int element;
    private readonly KqlFunction aggregate;
    private readonly int[] arguments;
    private readonly KqlType[] types;
    private readonly KqlType result;
    private readonly int[] keys;
    private readonly RowShape source;
    private readonly RowShape shape;

    public Pivot(PluginCall call)
    {
        source = call.Source.Shape;
        shape = call.Shape;
        pivot = call.Column(0);
        var second = call.Expression(1);
        while (second is BoundConvert convert)
        {
            second = convert.Value;
        }

        element = second is BoundElement { Index: var index } ? index : -1;
        var written = second switch
        {
            null => new BoundCall("count", [], KqlType.Long),
            BoundElement { Call: var several } => several,
            BoundCall only => only,
            _ => throw new PlanRefusal("pivot expects an aggregate as its second argument."),
        };
        aggregate = FunctionCatalog.ByKey(written.Function) is { Aggregate: not null } found ? found : throw new PlanRefusal("pivot expects an aggregate as its second argument.");
        var used = new HashSet<string>(StringComparer.Ordinal);
        _ = ExpressionTree.Any(written, e =>
        {
            if (e is BoundColumn column)
            {
                used.Add(column.Name);
            }

            return false;
        });
        arguments = [.. written.Arguments.Select(call.Computed)];
        types = [.. written.Arguments.Select(a => a.Type)];
        var known = second is BoundElement one ? one.Type : written.Type;
        result = known == KqlType.Unknown ? Value(aggregate.Aggregate!(types)).Type : known;
        keys = call.Count > 2
            ? [.. Enumerable.Range(2, call.Count - 2).Select(call.Column)]
            : [.. Enumerable.Range(0, source.Columns.Count).Where(i => i != pivot && !used.Contains(source.Columns[i].Name))];
    }

    public override string Name => "pivot";

    public RowShape Discover(IReadOnlyList<IEnumerable<KqlValue[]>> inputs, OperatorContext context)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var row in inputs[0])
        {
            context.Cancellation.ThrowIfCancellationRequested();
            if (names.Add(Conversion.ToText(row[pivot])) && names.Count > MostColumns)
            {
                throw new QueryLimitException($"pivot found more than {MostColumns} different values.");
            }
        }

        var columns = keys.Select(k => source.Columns[k]).ToList();
        var taken = columns.Select(c => c.Name).ToHashSet(StringComparer.Ordinal);
        return new RowShape([.. columns, .. names.Where(n => !taken.Contains(n)).Select(n => new KqlColumn(n, result))]);
    }

    public override IEnumerable<KqlValue[]> Run(IReadOnlyList<IEnumerable<KqlValue[]>> inputs, OperatorContext context)
    {
        var groups = new Dictionary<string, (KqlValue[] Keys, Dictionary<string, AggregateState> Cells)>(StringComparer.Ordinal);
        foreach (var row in inputs[0])
        {
            var key = string.Join('\u0001', keys.Select(k => Json.Of(row[k])));
            if (!groups.TryGetValue(key, out var group))
            {
                group = ([.. keys.Select(k => row[k])], new Dictionary<string, AggregateState>(StringComparer.Ordinal));
                groups.Add(key, group);
                if (groups.Count > context.MaxHeldRows)
                {
                    throw new QueryLimitException("pivot has more groups than it may keep.");
                }
            }

            var name = Conversion.ToText(row[pivot]);
            if (!group.Cells.TryGetValue(name, out var cell))
            {
                group.Cells[name] = cell = aggregate.Aggregate!(types);
            }

            cell.Add([.. arguments.Select(a => row[a])]);
        }

        var empty = Value(aggregate.Aggregate!(types));
        foreach (var (values, cells) in groups.Values)
        {
            yield return
            [
                .. shape.Columns.Select(c =>
                {
                    var at = Array.FindIndex(keys, k => source.Columns[k].Name == c.Name);
                    return Conversion.To(at >= 0 ? values[at] : cells.TryGetValue(c.Name, out var cell) ? Value(cell) : empty, c.Type);
                }),
            ];
        }
    }

    private KqlValue Value(AggregateState state) => element < 0 ? state.Finish() : state.Finish(element);
}
