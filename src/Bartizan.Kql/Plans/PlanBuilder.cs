using Bartizan.Kql.Binding.Symbols;
using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Functions;
using Bartizan.Kql.Plans.Managed;
using Bartizan.Kql.Plans.Operators;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Plans;

/// <summary>Something that binds but cannot be planned; said to the user as a refusal that names the construct.</summary>
internal sealed class PlanRefusal(string message) : Exception(message);

/// <summary>The rows of a saved function, and the columns they have.</summary>
internal sealed record FunctionTable(RowShape Shape, IReadOnlyList<KqlValue[]> Rows);

/// <summary>A function's columns turned out to be these: the text is bound again with them.</summary>
internal sealed class PlanKnownShape(string key, RowShape shape) : Exception
{
    public string Key => key;

    public RowShape Shape => shape;
}

/// <summary>Kusto: <c>query_datetimescope_column</c>, <c>_from</c> and <c>_to</c>, both ends within; tables without the column are left whole.</summary>
internal sealed record DateTimeScope(string Column, KqlValue? From, KqlValue? To);

/// <summary>Makes plans of bound tabular values. One builder serves all results of a program, so that what they share is planned once.</summary>
internal sealed class PlanBuilder
{
    private readonly SharedQueries shared;
    private readonly Dictionary<BoundQuery, PlanRows> planned = [];
    private readonly Dictionary<BoundInputRows, PlanRows> inputs = [];
    private readonly HashSet<PlanColumn> received = [];
    private int lastColumn;
    private int lastDefinition;

    public PlanBuilder(BoundProgram program, SqlContext context)
    {
        shared = SharedQueries.Of(program);
        Context = context;
    }

    public SqlContext Context { get; }

    /// <summary>The rows of saved functions without a body.</summary>
    public Func<FunctionSymbol, IReadOnlyList<KqlValue>, FunctionTable?> Functions { get; init; } = (_, _) => null;

    /// <summary>The rows of <c>externaldata</c>; null where they may not be read.</summary>
    public Func<BoundExternalRows, IReadOnlyList<string>, IReadOnlyList<KqlValue[]>?> External { get; init; } = (_, _) => null;

    /// <summary>What every table is narrowed to; null where the query sets nothing.</summary>
    public DateTimeScope? Scope { get; init; }

    public PlanColumn NewColumn(KqlType type, string name) => new(++lastColumn, type, name);

    public List<PlanColumn> NewColumns(RowShape shape) => [.. shape.Columns.Select(c => NewColumn(c.Type, c.Name))];

    /// <param name="mustAgree">True when all uses must see the very same rows, also where their order or numbering is arbitrary.</param>
    public PlanDefinition Define(PlanNode source, bool mustAgree = false) => new(++lastDefinition, source, mustAgree);

    public PlanRows Plan(BoundQuery query)
    {
        if (!shared.IsShared(query))
        {
            return Lower(query);
        }

        if (!planned.TryGetValue(query, out var rows))
        {
            rows = Lower(query);
            if (rows.Partition.Count > 0)
            {
                // Rows of an enclosing group are other rows at each use.
                return rows;
            }

            rows = Share(query, rows);
            planned.Add(query, rows);
        }

        return Alias(rows);
    }

    /// <summary>Plans a subquery over rows that an operator hands to it.</summary>
    public PlanRows PlanOver(BoundInputRows input, PlanRows rows, BoundQuery subquery)
    {
        var had = inputs.TryGetValue(input, out var outer);
        inputs[input] = rows.As(input.Shape);
        try
        {
            return Plan(subquery);
        }
        finally
        {
            if (had)
            {
                inputs[input] = outer!;
            }
            else
            {
                inputs.Remove(input);
            }
        }
    }

    /// <summary>Membership in a table and other tabular parts of an expression, planned; columns resolved.</summary>
    public BoundExpression Resolve(PlanRows rows, BoundExpression expression) => ExpressionTree.Rewrite(
        expression,
        e => e switch
        {
            BoundColumn column => rows.Reference(column.Name),
            BoundInTable inTable => Membership(rows, inTable),
            BoundCall { Function: "ingestion_time" } => Received(rows),
            _ => null,
        });

    public IReadOnlyList<BoundExpression> Resolve(PlanRows rows, IEnumerable<BoundExpression> expressions)
    {
        // One rewrite for all of them, so that a part they share stays one object.
        var all = new BoundCall("", [.. expressions], KqlType.Unknown);
        return ((BoundCall)Resolve(rows, all)).Arguments;
    }

    /// <summary>The rows with these values as further columns; values that are columns already are not computed again.</summary>
    public (PlanRows Rows, IReadOnlyList<PlanColumn> Columns) Compute(PlanRows rows, IReadOnlyList<(string Name, BoundExpression Value)> values)
    {
        var resolved = Resolve(rows, values.Select(v => v.Value));
        (rows, resolved) = Windows.Extract(this, rows, resolved);
        var columns = new List<PlanColumn>();
        var additions = new List<PlanAssignment>();
        for (var i = 0; i < values.Count; i++)
        {
            if (resolved[i] is PlanRef reference)
            {
                columns.Add(reference.Column);
                continue;
            }

            var column = NewColumn(resolved[i].Type, values[i].Name);
            columns.Add(column);
            additions.Add(new PlanAssignment(column, resolved[i]));
        }

        return (additions.Count == 0 ? rows : rows with { Node = new PlanCompute(rows.Node, additions) }, columns);
    }

    /// <summary>The order keys as columns, the order so far behind them to break ties.</summary>
    public PlanRows Ordered(PlanRows rows, IReadOnlyList<BoundSortKey> keys)
    {
        var (computed, columns) = Compute(rows, [.. keys.Select(k => ("", k.Value))]);
        var order = keys.Select((k, i) => new PlanOrder(columns[i], k.IsDescending, k.NullsFirst));
        return computed with { Order = [.. order.Concat(computed.Order).DistinctBy(o => o.Column)] };
    }

    /// <summary>A plan column that stands under two names becomes two columns.</summary>
    public PlanRows Apart(PlanRows rows)
    {
        var copies = new List<PlanAssignment>();
        var columns = new List<PlanColumn>();
        foreach (var column in rows.Columns)
        {
            if (!columns.Contains(column) && !rows.Partition.Contains(column))
            {
                columns.Add(column);
                continue;
            }

            var copy = NewColumn(column.Type, column.Name);
            copies.Add(new PlanAssignment(copy, new PlanRef(column)));
            columns.Add(copy);
        }

        return copies.Count == 0 ? rows : rows with { Node = new PlanCompute(rows.Node, copies), Columns = columns };
    }

    /// <summary>Rows made by a managed operator, once per group where there are groups.</summary>
    public PlanRows Run(ManagedOperator managed, IReadOnlyList<PlanRows> sources, RowShape shape, bool keepsOrder = false)
    {
        sources = [.. sources.Select(Apart)];
        var partition = sources.FirstOrDefault(s => s.Partition.Count > 0)?.Partition ?? [];
        var planInputs = sources.Select(s => new PlanInput(s.Node, [.. s.Columns, .. s.Partition], s.Order, s.Partition)).ToList();
        var columns = NewColumns(shape);
        var keys = partition.Select(p => NewColumn(p.Type, p.Name)).ToList();
        var number = NewColumn(KqlType.Long, "");
        IReadOnlyList<PlanColumn> all = [.. columns, .. keys, number];
        var stored = new OperatorRows(managed, planInputs, [.. all.Select(c => c.Type)]);
        return new PlanRows(new PlanStored(stored, all), shape, columns, keepsOrder ? [new PlanOrder(number, false, false)] : [], keys);
    }

    /// <summary>When the store took a row in: known for rows of one stored table that still are those rows.</summary>
    private BoundExpression Received(PlanRows rows)
    {
        var columns = rows.Node.Columns.Where(received.Contains).ToList();
        return columns is [var only] ? new PlanRef(only) : new BoundLiteral(KqlType.DateTime, null);
    }

    /// <summary>Notes the columns of a stored table that say when its rows came.</summary>
    public void NoteReceived(IEnumerable<PlanColumn> columns) => received.UnionWith(columns.Where(c => c.Name == "_TimeReceived" && c.Type == KqlType.DateTime));

    private PlanRows Lower(BoundQuery query) => query switch
    {
        BoundTable or BoundEmpty or BoundDataTable or BoundPrint or BoundRange or BoundExternalRows or BoundFunctionTable => Sources.Plan(this, query),
        BoundInputRows input => inputs.TryGetValue(input, out var rows) ? rows : throw new PlanRefusal("These rows can only be read inside the operator that gives them."),
        BoundMaterialize materialize => Plan(materialize.Source),
        BoundConsume consume => Sources.Consume(this, consume),
        BoundRender render => Plan(render.Source),
        BoundFilter or BoundProject or BoundSerialize or BoundGetSchema => Columns.Plan(this, query),
        BoundSort or BoundTake or BoundTop or BoundSample or BoundSampleDistinct => Ordering.Plan(this, query),
        BoundSummarize or BoundDistinct or BoundCount => Grouping.Plan(this, query),
        BoundTopNested or BoundTopHitters => Tops.Plan(this, query),
        BoundJoin join => Joins.Plan(this, join),
        BoundUnion union => Unions.Plan(this, union),
        BoundSearch search => Unions.Plan(this, search.Union),
        BoundFind find => Unions.Plan(this, find.Union),
        BoundFork fork => throw new PlanRefusal($"fork and facet can only stand at the end of a query ({fork.Branches.Count} branches)."),
        BoundMvExpand or BoundMvApply => Expanding.Plan(this, query),
        BoundPartition partition => Partitions.Plan(this, partition),
        BoundParse or BoundParseKv => Parsing.Plan(this, query),
        BoundMakeSeries series => MakeSeries.Plan(this, series),
        _ => ManagedOperators.Plan(this, query),
    };

    private PlanRows Share(BoundQuery query, PlanRows rows)
    {
        var columns = rows.Columns.Concat(rows.Order.Select(o => o.Column)).Distinct().ToList();
        if (query is BoundMaterialize)
        {
            return rows with { Node = new PlanStored(new MaterializedRows(rows.Node, columns), columns) };
        }

        return rows with { Node = new PlanShared(Define(rows.Node), columns, columns) };
    }

    private PlanRows Alias(PlanRows rows)
    {
        IReadOnlyList<PlanColumn> inner;
        PlanNode node;
        var fresh = new Dictionary<PlanColumn, PlanColumn>();
        switch (rows.Node)
        {
            case PlanShared use:
                inner = use.Inner;
                Rename(inner);
                node = new PlanShared(use.Definition, inner, [.. inner.Select(c => fresh[c])]);
                break;
            case PlanStored stored:
                inner = stored.Fields;
                Rename(inner);
                node = new PlanStored(stored.Rows, [.. inner.Select(c => fresh[c])]);
                break;
            default:
                return rows;
        }

        return rows with
        {
            Node = node,
            Columns = [.. rows.Columns.Select(c => fresh[c])],
            Order = [.. rows.Order.Select(o => o with { Column = fresh[o.Column] })],
        };

        void Rename(IReadOnlyList<PlanColumn> columns)
        {
            foreach (var column in columns)
            {
                fresh[column] = NewColumn(column.Type, column.Name);
            }
        }
    }

    private PlanMembership Membership(PlanRows rows, BoundInTable inTable)
    {
        var table = Plan(inTable.Table);
        return new PlanMembership(inTable.Operator, Resolve(rows, inTable.Value), table.Node, table.Columns[0]);
    }
}
