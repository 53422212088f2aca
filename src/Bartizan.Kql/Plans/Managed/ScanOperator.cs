using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Functions;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Plans.Managed;

/// <summary>
/// scan: rows in order are matched to steps, the last step first. A row goes on with the sequence that stands at its step, or takes over the one
/// that stands at the step before (which then starts afresh); the first step begins new ones.
/// </summary>
internal sealed class ScanOperator : ManagedOperator
{
    private readonly IReadOnlyList<BoundScanStep> steps;
    private readonly ManagedExpression.RowBody[] conditions;
    private readonly (int Column, KqlType Type, ManagedExpression.RowBody Value)[][] assignments;
    private readonly KqlValue[] defaults;
    private readonly int sourceWidth;
    private readonly int width;
    private readonly int partitions;
    private readonly bool hasMatchId;

    /// <param name="partitions">So many columns behind those of the source tell independent scans apart.</param>
    public ScanOperator(BoundScan scan, SqlContext context, int partitions)
    {
        steps = scan.Steps;
        this.partitions = partitions;
        hasMatchId = scan.MatchIdColumn is not null;
        var source = scan.Source.Shape.Columns;
        sourceWidth = source.Count;
        List<KqlColumn> all = [.. source, .. scan.Declared.Select(d => d.Column)];
        width = all.Count;
        defaults =
        [
            .. source.Select(c => KqlValue.Null(c.Type)),
            .. scan.Declared.Select(d => ManagedExpression.Constant(d.Value, context) is { } value ? Conversion.To(value, d.Column.Type) : throw new PlanRefusal("The default of a scan variable must be a constant.")),
        ];
        conditions = [.. steps.Select(s => Compile(s.Condition))];
        assignments = [.. steps.Select(s => s.Assignments.Select(a => (all.FindIndex(c => c.Name == a.Column.Name), a.Column.Type, Compile(a.Value))).ToArray())];

        ManagedExpression.RowBody Compile(BoundExpression expression) =>
            ManagedExpression.Compile(expression, context, e => e switch
            {
                BoundColumn column => all.FindIndex(c => c.Name == column.Name),
                BoundScanState state => width + (StepIndex(state.Step) * width) + all.FindIndex(c => c.Name == state.Name),
                _ => null,
            }) ?? throw new PlanRefusal("This expression cannot be used in scan yet.");
    }

    public override string Name => "scan";

    public override IEnumerable<KqlValue[]> Run(IReadOnlyList<IEnumerable<KqlValue[]>> inputs, OperatorContext context)
    {
        var scans = new Dictionary<string, Sequence?[]>(StringComparer.Ordinal);
        var lastMatch = -1L;
        foreach (var row in inputs[0])
        {
            var key = partitions == 0 ? "" : string.Join('\u0001', row.Skip(sourceWidth).Take(partitions).Select(Json.Of));
            if (!scans.TryGetValue(key, out var states))
            {
                scans[key] = states = new Sequence?[steps.Count];
                if ((long)scans.Count * steps.Count > context.MaxHeldRows)
                {
                    throw new QueryLimitException("scan has more partitions than it may keep.");
                }
            }

            var pending = new List<KqlValue[]>();
            Match(row, states, pending, ref lastMatch);
            foreach (var output in pending)
            {
                yield return output;
            }
        }

        foreach (var sequence in scans.Values.SelectMany(s => s).OfType<Sequence>().Where(s => s.Pending is not null).OrderBy(s => s.Match))
        {
            yield return sequence.Pending!;
        }
    }

    private void Match(KqlValue[] row, Sequence?[] states, List<KqlValue[]> output, ref long lastMatch)
    {
        for (var k = steps.Count - 1; k >= 0; k--)
        {
            if (states[k] is { } own && Holds(k, row, own))
            {
                Take(k, row, own, states, output);
                return;
            }

            var before = Before(k, states);
            if (before >= 0 && Holds(k, row, states[before]!))
            {
                var moved = states[before]!;
                Flush(moved, output);
                states[before] = null;
                Flush(states[k], output);
                Take(k, row, moved, states, output);
                return;
            }

            if (before == -1 && Holds(k, row, null))
            {
                Flush(states[k], output);
                Take(k, row, new Sequence(++lastMatch, new KqlValue[steps.Count][]), states, output);
                return;
            }
        }
    }

    /// <summary>The step whose sequence this one may take over; -1 when it begins a new one, -2 when there is none.</summary>
    private int Before(int k, Sequence?[] states)
    {
        var before = k - 1;
        while (before >= 0 && states[before] is null && steps[before].IsOptional)
        {
            before--;
        }

        return before < 0 ? -1 : states[before] is null ? -2 : before;
    }

    private bool Holds(int k, KqlValue[] row, Sequence? sequence) => conditions[k](Values(row, sequence)) is { IsNull: false, AsBool: true };

    private void Take(int k, KqlValue[] row, Sequence sequence, Sequence?[] states, List<KqlValue[]> output)
    {
        var values = Values(row, sequence);
        var record = values[..width];
        foreach (var (column, type, value) in assignments[k])
        {
            record[column] = Conversion.To(value(values), type);
        }

        var rows = (KqlValue[][])sequence.Rows.Clone();
        rows[k] = record;
        var next = sequence with { Rows = rows, Pending = null };
        states[k] = next;
        if (steps[k].IsOutputNone)
        {
            return;
        }

        KqlValue[] result = hasMatchId ? [.. record, KqlValue.Long(sequence.Match)] : record;
        if (steps[k].IsOutputAll)
        {
            output.Add(result);
        }
        else
        {
            states[k] = next with { Pending = result };
        }
    }

    private static void Flush(Sequence? sequence, List<KqlValue[]> output)
    {
        if (sequence?.Pending is { } pending)
        {
            output.Add(pending);
        }
    }

    private KqlValue[] Values(KqlValue[] row, Sequence? sequence)
    {
        var values = new KqlValue[width * (steps.Count + 1)];
        Array.Copy(row, values, sourceWidth);
        Array.Copy(defaults, sourceWidth, values, sourceWidth, width - sourceWidth);
        for (var s = 0; s < steps.Count; s++)
        {
            Array.Copy(sequence?.Rows[s] ?? defaults, 0, values, width * (s + 1), width);
        }

        return values;
    }

    private int StepIndex(string name)
    {
        for (var s = 0; s < steps.Count; s++)
        {
            if (steps[s].Name == name)
            {
                return s;
            }
        }

        throw new PlanRefusal($"scan has no step '{name}'.");
    }

    /// <summary>One sequence: for each step the last row it matched, and a row that is put out once the run of its step ends.</summary>
    private sealed record Sequence(long Match, KqlValue[]?[] Rows)
    {
        public KqlValue[]? Pending { get; init; }
    }
}
