using System.Globalization;
using System.Text;
using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Functions;
using Bartizan.Kql.Plans;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Sql;

/// <summary>
/// Writes a plan as one SQL statement, reading only the columns that are needed. What must be known or kept before the statement can run
/// (scalar subqueries, managed operators, materialized rows) is asked of the run, which does it on the spot.
/// </summary>
internal sealed class PlanWriter
{
    private readonly QueryRun run;
    private readonly ExpressionWriter expressions;
    private readonly Dictionary<PlanScan, IReadOnlyList<TermCondition>> terms = [];
    private readonly SortedDictionary<int, (PlanDefinition Definition, HashSet<PlanColumn> Needed)> shared = [];
    private int lastAlias;

    public PlanWriter(QueryRun run)
    {
        this.run = run;
        expressions = new ExpressionWriter(this, run.Context, run.Engine);
    }

    public KqlValue Scalar(BoundScalarSubquery subquery) => run.Scalar(subquery);

    public KqlValue Parameter(BoundParameter parameter) => run.Parameter(parameter);

    public IEnumerable<KqlValue> Values(PlanNode node, PlanColumn column) => run.Read(node, [column], []).Select(r => r[0]);

    /// <summary>The whole statement, with what is shared in front.</summary>
    /// <param name="limit">More rows than these nobody will read.</param>
    public string Statement(PlanNode node, IReadOnlyList<PlanColumn> columns, IReadOnlyList<PlanOrder> order, long? limit = null)
    {
        var block = Wrap(Block(node, [.. columns.Concat(order.Select(o => o.Column)).Distinct()]), [.. columns.Concat(order.Select(o => o.Column)).Distinct()]);
        if (order.Count > 0)
        {
            block.Tail = " ORDER BY " + Keys(block, order);
        }

        if (limit is { } most)
        {
            block = order.Count > 0 || !block.IsClosed ? block : Wrap(block, columns);
            block.Tail += string.Create(CultureInfo.InvariantCulture, $" LIMIT {most}");
        }

        var main = block.Text(columns);
        if (shared.Count == 0)
        {
            return main;
        }

        // A definition uses only earlier ones: written from the last to the first, each knows by then what all its readers need.
        var parts = new List<string>();
        foreach (var number in Descending())
        {
            var (definition, needed) = shared[number];
            var columnsOf = needed.ToList();
            var text = Select(definition.Source, columnsOf);
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"s{number} AS {(definition.MustAgree ? "MATERIALIZED " : "")}({text})"));
        }

        parts.Reverse();
        return $"WITH {string.Join(", ", parts)} {main}";
    }

    public string Select(PlanNode node, IReadOnlyList<PlanColumn> needed) => Block(node, needed).Text(needed);

    private IEnumerable<int> Descending()
    {
        var last = int.MaxValue;
        while (shared.Keys.Where(k => k < last).DefaultIfEmpty(int.MinValue).Max() is var next && next > int.MinValue)
        {
            yield return next;
            last = next;
        }
    }

    private SelectBlock Block(PlanNode node, IReadOnlyCollection<PlanColumn> needed)
    {
        System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack();
        switch (node)
        {
            case PlanScan scan:
                return Scan(scan, needed);
            case PlanValues values:
                return ValueRows(values);
            case PlanRange range:
                return Range(range);
            case PlanStored stored:
                var table = run.Stored(stored.Rows);
                var kept = new SelectBlock(table);
                for (var i = 0; i < stored.Fields.Count; i++)
                {
                    kept.Set(stored.Fields[i], string.Create(CultureInfo.InvariantCulture, $"f{i}"), true, true);
                }

                return kept;
            case PlanShared use:
                return Shared(use, needed);
            case PlanFilter filter:
                return Filter(filter, needed);
            case PlanCompute compute:
                return Compute(compute, needed);
            case PlanGroup group:
                return Group(group, needed);
            case PlanSlice slice:
                return Slice(slice, needed);
            case PlanFirst first:
                return First(first, needed);
            case PlanOrdinal ordinal:
                return Ordinal(ordinal, needed);
            case PlanWindow window:
                return Window(window, needed);
            case PlanUnnest unnest:
                return Unnest(unnest, needed);
            case PlanUnion union:
                return Union(union, needed);
            case PlanJoin join:
                return new JoinWriter(this, expressions).Write(join, needed, Alias());
            default:
                throw new PlanRefusal($"{node.GetType().Name[4..]} cannot be written yet.");
        }
    }

    /// <summary>A block in which all these columns are plain names, so that anything may be written over them.</summary>
    public SelectBlock Wrap(SelectBlock block, IReadOnlyCollection<PlanColumn> columns)
    {
        if (!block.IsClosed && columns.All(block.IsSimple))
        {
            return block;
        }

        var list = columns.ToList();
        var outer = new SelectBlock($"({block.Text(list)}) {Alias()}");
        foreach (var column in list)
        {
            outer.Set(column, $"c{column.Number}", block.Argument(column).MayBeNull, true);
        }

        return outer;
    }

    public string Alias() => string.Create(CultureInfo.InvariantCulture, $"t{++lastAlias}");

    public static string Keys(SelectBlock block, IEnumerable<PlanOrder> order) => string.Join(", ", order.Select(o =>
    {
        var sql = block.Argument(o.Column).Sql;
        var direction = $"{(o.IsDescending ? " DESC" : " ASC")} NULLS {(o.NullsFirst ? "FIRST" : "LAST")}";
        return o.Column.Type switch
        {
            // Both are kept as text: numbers among them go by their value.
            KqlType.Decimal => $"try_cast({sql} AS DOUBLE){direction}",
            KqlType.Dynamic => $"try_cast({sql} AS DOUBLE){direction}, {sql}{direction}",
            _ => sql + direction,
        };
    }));

    public static string Over(SelectBlock block, IReadOnlyList<PlanColumn> partition, IReadOnlyList<PlanOrder> order)
    {
        var text = new StringBuilder();
        if (partition.Count > 0)
        {
            text.Append("PARTITION BY ").AppendJoin(", ", partition.Select(p => block.Argument(p).Sql));
        }

        if (order.Count > 0)
        {
            text.Append(text.Length > 0 ? " " : "").Append("ORDER BY ").Append(Keys(block, order));
        }

        return text.ToString();
    }

    private SelectBlock Scan(PlanScan scan, IReadOnlyCollection<PlanColumn> needed)
    {
        var block = new SelectBlock(SqlText.Quote(scan.Table.StorageName));
        for (var i = 0; i < scan.Fields.Count; i++)
        {
            if (needed.Contains(scan.Fields[i]))
            {
                var name = scan.Table.StorageColumns is { } stored ? stored[i] : scan.Table.Shape.Columns[i].Name;
                block.Set(scan.Fields[i], name is null ? SqlText.Literal(null, scan.Fields[i].Type) : SqlText.Quote(name), true, true);
            }
        }

        if (run.Engine.Restriction(scan.Table, terms.TryGetValue(scan, out var wanted) && wanted.Count > 0 ? new TermCondition.All(wanted) : null) is { } restriction)
        {
            block.Where(restriction);
        }

        return block;
    }

    private SelectBlock ValueRows(PlanValues values)
    {
        if (values.Rows is [var only])
        {
            var one = new SelectBlock(null);
            for (var i = 0; i < values.Fields.Count; i++)
            {
                one.Set(values.Fields[i], Literal(only[i], values.Fields[i].Type), true, false);
            }

            return one;
        }

        var text = new StringBuilder("(VALUES ");
        if (values.Rows.Count == 0)
        {
            text.Append('(').AppendJoin(", ", values.Fields.Select(f => SqlText.Literal(null, f.Type)).DefaultIfEmpty("1")).Append(')');
        }

        text.AppendJoin(", ", values.Rows.Select(r => $"({string.Join(", ", r.Select((e, i) => Literal(e, values.Fields[i].Type)))})"));
        text.Append(") ").Append(Alias()).Append('(').AppendJoin(", ", values.Fields.Select(f => $"c{f.Number}").DefaultIfEmpty("n")).Append(')');
        var block = new SelectBlock(text.ToString());
        foreach (var field in values.Fields)
        {
            block.Set(field, $"c{field.Number}", true, true);
        }

        if (values.Rows.Count == 0)
        {
            block.Where("false");
        }

        return block;
    }

    private string Literal(BoundExpression expression, KqlType type) =>
        expressions.Convert(expressions.Write(expression, _ => throw new InvalidOperationException("Rows written out name no columns.")), type).Sql;

    private SelectBlock Range(PlanRange range)
    {
        var (from, to, step) = (Known(range.From), Known(range.To), Known(range.Step));
        var name = $"c{range.Field.Number}";
        string source;
        if (from.IsNull || to.IsNull || step.IsNull || step.AsReal == 0)
        {
            source = $"(SELECT {SqlText.Literal(null, range.Field.Type)} AS {name} WHERE false)";
        }
        else if (range.Field.Type is KqlType.Real or KqlType.Decimal)
        {
            var count = Math.Floor(((to.AsReal - from.AsReal) / step.AsReal) + 1e-9);
            source = count < 0
                ? $"(SELECT NULL::DOUBLE AS {name} WHERE false)"
                : string.Create(CultureInfo.InvariantCulture, $"(SELECT {SqlText.Literal(from.AsReal, KqlType.Real)} + i * {SqlText.Literal(step.AsReal, KqlType.Real)} AS {name} FROM range(0, {count + 1:F0}) r(i))");
        }
        else
        {
            // The engine's series stops before a bound that the next step would pass, and cannot overflow so.
            var cast = range.Field.Type == KqlType.Int ? "::INTEGER" : "";
            source = string.Create(CultureInfo.InvariantCulture, $"(SELECT i{cast} AS {name} FROM generate_series({from.AsLong}, {to.AsLong}, {step.AsLong}) r(i))");
        }

        var block = new SelectBlock($"{source} {Alias()}");
        block.Set(range.Field, name, false, true);
        return block;

        KqlValue Known(BoundExpression e)
        {
            var value = expressions.Write(e, _ => throw new PlanRefusal("The bounds of range must not depend on rows."));
            return value.IsConstant ? Conversion.To(Literals.Value(value.Constant, value.Type), e.Type == KqlType.Decimal ? KqlType.Real : e.Type) : run.Evaluate(value);
        }
    }

    private SelectBlock Shared(PlanShared use, IReadOnlyCollection<PlanColumn> needed)
    {
        if (!shared.TryGetValue(use.Definition.Number, out var entry))
        {
            entry = (use.Definition, []);
            shared.Add(use.Definition.Number, entry);
        }

        var block = new SelectBlock(string.Create(CultureInfo.InvariantCulture, $"s{use.Definition.Number}"));
        for (var i = 0; i < use.Outer.Count; i++)
        {
            if (needed.Contains(use.Outer[i]))
            {
                entry.Needed.Add(use.Inner[i]);
                block.Set(use.Outer[i], $"c{use.Inner[i].Number}", true, true);
            }
        }

        return block;
    }

    private SelectBlock Filter(PlanFilter filter, IReadOnlyCollection<PlanColumn> needed)
    {
        var read = Reads(filter.Predicate);
        var block = Searched(filter, Union(needed, read));
        if (block.IsClosed || !read.All(block.IsSimple))
        {
            block = Wrap(block, Union(needed, read));
        }

        var condition = expressions.Write(filter.Predicate, block.Argument, nullIsFalse: true);
        if (condition.Type != KqlType.Bool)
        {
            condition = expressions.Convert(condition, KqlType.Bool);
        }

        block.Where(condition.Sql);
        return block;
    }

    /// <summary>The source of a filter; a table that it reads, past other filters and computed columns, learns which words are looked for.</summary>
    private SelectBlock Searched(PlanFilter filter, IReadOnlyCollection<PlanColumn> needed)
    {
        var below = filter.Source;
        while (below is PlanFilter or PlanCompute)
        {
            below = below is PlanFilter inner ? inner.Source : ((PlanCompute)below).Source;
        }

        if (below is not PlanScan scan || TermConditions.Of(filter.Predicate, scan.Fields, run.Context) is not { } condition)
        {
            return Block(filter.Source, needed);
        }

        var before = terms.GetValueOrDefault(scan, []);
        terms[scan] = [.. before, condition];
        var block = Block(filter.Source, needed);
        terms[scan] = before;
        return block;
    }

    private SelectBlock Compute(PlanCompute compute, IReadOnlyCollection<PlanColumn> needed)
    {
        var wanted = compute.Additions.Where(a => needed.Contains(a.Column)).ToList();
        var read = wanted.SelectMany(a => Reads(a.Value)).Distinct().ToList();
        var below = Union(needed.Where(n => wanted.All(w => w.Column != n)), read);
        var block = Block(compute.Source, below);
        if (block.IsClosed || !read.All(block.IsSimple))
        {
            block = Wrap(block, below);
        }

        foreach (var addition in wanted)
        {
            var value = expressions.Write(addition.Value, block.Argument);
            block.Set(addition.Column, value.Sql, value.MayBeNull, addition.Value is PlanRef);
        }

        return block;
    }

    private SelectBlock Group(PlanGroup group, IReadOnlyCollection<PlanColumn> needed)
    {
        var wanted = group.Aggregates.Where(a => needed.Contains(a.Column)).ToList();
        IReadOnlyList<PlanOrder> sorted = wanted.Any(a => ExpressionWriter.MindsOrder(a.Value)) ? group.Order : [];
        var read = Union(Union(group.Keys, wanted.SelectMany(a => Reads(a.Value))), sorted.Select(o => o.Column));
        var block = Block(group.Source, read);
        if (block.IsClosed || !read.Except(group.Keys).All(block.IsSimple))
        {
            block = Wrap(block, read);
        }

        var order = sorted.Count == 0 ? "" : "ORDER BY " + Keys(block, sorted);
        var values = wanted.Select(a => (a.Column, Sql: expressions.Aggregate(a.Value, block.Argument, order))).ToList();
        foreach (var (column, sql) in values)
        {
            block.Set(column, sql, true, false);
        }

        block.IsGrouped = true;
        block.Keys = group.Keys;
        return block;
    }

    private SelectBlock Slice(PlanSlice slice, IReadOnlyCollection<PlanColumn> needed)
    {
        var all = Union(Union(needed, slice.Order.Select(o => o.Column)), slice.Partition);
        var block = Wrap(Block(slice.Source, all), all);
        var count = expressions.Write(slice.Count, _ => throw new PlanRefusal("A number of rows must not depend on rows."));
        var number = count.IsConstant ? Literals.Value(count.Constant, count.Type) : run.Evaluate(count);
        var limit = number.IsNull ? 0 : Math.Max(0, number.AsLong);
        block.Tail = slice.Partition.Count > 0
            ? string.Create(CultureInfo.InvariantCulture, $" QUALIFY row_number() OVER ({Over(block, slice.Partition, slice.Order)}) <= {limit}")
            : string.Create(CultureInfo.InvariantCulture, $"{(slice.Order.Count > 0 ? " ORDER BY " + Keys(block, slice.Order) : "")} LIMIT {limit}");
        return block;
    }

    private SelectBlock First(PlanFirst first, IReadOnlyCollection<PlanColumn> needed)
    {
        var all = Union(Union(needed, first.Order.Select(o => o.Column)), first.Keys);
        var block = Wrap(Block(first.Source, all), all);
        if (first.Keys.Count == 0)
        {
            block.Tail = (first.Order.Count > 0 ? " ORDER BY " + Keys(block, first.Order) : "") + " LIMIT 1";
        }
        else if (first.Order.Count == 0)
        {
            block.Modifier = $"DISTINCT ON ({string.Join(", ", first.Keys.Select(k => block.Argument(k).Sql))}) ";
        }
        else
        {
            block.Tail = $" QUALIFY row_number() OVER ({Over(block, first.Keys, first.Order)}) = 1";
        }

        return block;
    }

    private SelectBlock Ordinal(PlanOrdinal ordinal, IReadOnlyCollection<PlanColumn> needed)
    {
        var below = needed.Where(n => n != ordinal.Number).ToList();
        if (!needed.Contains(ordinal.Number))
        {
            return Block(ordinal.Source, below);
        }

        var all = Union(Union(below, ordinal.Order.Select(o => o.Column)), ordinal.Partition);
        var block = Wrap(Block(ordinal.Source, all), all);
        block.Set(ordinal.Number, $"row_number() OVER ({Over(block, ordinal.Partition, ordinal.Order)})", false, false);
        block.HasWindow = true;
        return block;
    }

    private SelectBlock Window(PlanWindow window, IReadOnlyCollection<PlanColumn> needed)
    {
        var wanted = window.Additions.Where(a => needed.Contains(a.Column)).ToList();
        var below = needed.Where(n => window.Additions.All(a => a.Column != n));
        if (wanted.Count == 0)
        {
            return Block(window.Source, [.. below]);
        }

        // Over rows that were numbered just now the same order serves both: one sort, and ties fall the same way.
        var fresh = window.Source is PlanOrdinal numbered && window.Order is [var only] && only.Column == numbered.Number && numbered.Order.Count > 0
            && !wanted.Any(a => Reads(a.Value).Contains(numbered.Number)) ? (PlanOrdinal)window.Source : null;
        var order = fresh?.Order ?? window.Order;
        var all = Union(Union(Union(below.Where(n => n != fresh?.Number), wanted.SelectMany(a => Reads(a.Value))), order.Select(o => o.Column)), window.Partition);
        var block = Wrap(Block(fresh?.Source ?? window.Source, all), all);
        var over = Over(block, window.Partition, order);
        var values = wanted.Select(a => (a.Column, Sql: expressions.Window((BoundCall)a.Value, block.Argument, over))).ToList();
        if (fresh is not null && needed.Contains(fresh.Number))
        {
            values.Add((fresh.Number, $"row_number() OVER ({over})"));
        }

        foreach (var (column, sql) in values)
        {
            block.Set(column, sql, true, false);
        }

        block.HasWindow = true;
        return block;
    }

    private SelectBlock Unnest(PlanUnnest unnest, IReadOnlyCollection<PlanColumn> needed)
    {
        var made = unnest.Expansions.Select(e => e.Element).Append(unnest.Position).ToHashSet();
        var read = unnest.Expansions.SelectMany(e => Reads(e.Value));
        var below = Union(needed.Where(n => !made.Contains(n)), read);
        var block = Wrap(Block(unnest.Source, below), below);
        var lists = new List<string>();
        foreach (var expansion in unnest.Expansions)
        {
            var list = expressions.Expansion(expansion.Value, block.Argument, unnest.BagsAsArrays);
            lists.Add($"l{expansion.Element.Number}");
            block.Set(expansion.Element, list, true, false);
        }

        // First the lists, then their rows: a list that is named twice is computed once.
        var inner = new SelectBlock($"({block.Text([.. below, .. unnest.Expansions.Select(e => e.Element)])}) {Alias()}");
        foreach (var column in below)
        {
            inner.Set(column, $"c{column.Number}", true, true);
        }

        foreach (var element in unnest.Expansions.Select(e => e.Element))
        {
            inner.Set(element, $"nullif(unnest(c{element.Number}), 'null')", true, false);
        }

        var longest = unnest.Expansions.Count == 1
            ? $"len(c{unnest.Expansions[0].Element.Number})"
            : $"greatest({string.Join(", ", unnest.Expansions.Select(e => $"len(c{e.Element.Number})"))})";
        inner.Set(unnest.Position, $"unnest(range({longest}))", false, false);
        inner.HasWindow = true;

        // All lists are unnested side by side, also those whose elements nobody reads: they decide how many rows there are.
        inner.Keys = [.. unnest.Expansions.Select(e => e.Element)];
        return inner;
    }

    private SelectBlock Union(PlanUnion union, IReadOnlyCollection<PlanColumn> needed)
    {
        var positions = Enumerable.Range(0, union.Fields.Count).Where(i => needed.Contains(union.Fields[i])).ToList();
        var parts = union.Inputs.Select(input =>
        {
            var columns = positions.Select(i => input.Columns[i]).ToList();
            var block = Block(input.Source, [.. columns.Distinct()]);
            var inner = $"({block.Text([.. columns.Distinct()])}) {Alias()}";
            var list = positions.Count == 0 ? "1 AS n" : string.Join(", ", positions.Select((i, n) => $"c{columns[n].Number} AS c{union.Fields[i].Number}"));
            return $"SELECT {list} FROM {inner}";
        }).ToList();
        if (parts.Count == 0)
        {
            return ValueRows(new PlanValues(union.Fields, []));
        }

        var result = new SelectBlock($"({string.Join(" UNION ALL ", parts)}) {Alias()}");
        foreach (var i in positions)
        {
            result.Set(union.Fields[i], $"c{union.Fields[i].Number}", true, true);
        }

        return result;
    }

    public SelectBlock BlockOf(PlanNode node, IReadOnlyCollection<PlanColumn> needed) => Block(node, needed);

    public static List<PlanColumn> Reads(BoundExpression expression)
    {
        var found = new List<PlanColumn>();
        ExpressionTree.Any(expression, e =>
        {
            if (e is PlanRef reference && !found.Contains(reference.Column))
            {
                found.Add(reference.Column);
            }

            return false;
        });
        return found;
    }

    public static List<PlanColumn> Union(IEnumerable<PlanColumn> left, IEnumerable<PlanColumn> right) => [.. left.Concat(right).Distinct()];
}
