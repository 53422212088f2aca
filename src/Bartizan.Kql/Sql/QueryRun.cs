using System.Globalization;
using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Functions;
using Bartizan.Kql.Plans;

namespace Bartizan.Kql.Sql;

/// <summary>One execution of a query against an engine: computes what must be known first, runs managed operators, writes the rest as SQL.</summary>
/// <param name="attempt">How often the query was bound again before; tables of earlier attempts are there still.</param>
internal sealed class QueryRun(PlanBuilder builder, SqlContext context, ISqlEngine engine, IReadOnlyDictionary<string, string> parameters, int attempt)
{
    private readonly Dictionary<BoundScalarSubquery, KqlValue> scalars = [];
    private readonly Dictionary<IStoredRows, string> tables = [];
    private int lastTable;

    public SqlContext Context => context;

    public ISqlEngine Engine => engine;

    public IEnumerable<KqlValue[]> Read(PlanNode node, IReadOnlyList<PlanColumn> columns, IReadOnlyList<PlanOrder> order) =>
        engine.Read(Statement(node, columns, order), [.. columns.Select(c => c.Type)]);

    public string Statement(PlanNode node, IReadOnlyList<PlanColumn> columns, IReadOnlyList<PlanOrder> order, long? limit = null) =>
        new PlanWriter(this).Statement(node, columns, order, limit);

    /// <summary>The first value of the first row; null when there is none.</summary>
    public KqlValue Scalar(BoundScalarSubquery subquery)
    {
        if (!scalars.TryGetValue(subquery, out var value))
        {
            var rows = builder.Plan(subquery.Query);
            var first = new PlanSlice(rows.Node, Literals.Long(1), rows.Order, []);
            value = Read(first, [rows.Columns[0]], rows.Order).Select(r => (KqlValue?)r[0]).FirstOrDefault() ?? KqlValue.Null(subquery.Type);
            value = Conversion.To(value, subquery.Type);
            scalars.Add(subquery, value);
        }

        return value;
    }

    public KqlValue Evaluate(SqlArgument value) =>
        engine.Read($"SELECT {value.Sql} AS c0", [value.Type]).Select(r => r[0]).First();

    public KqlValue Parameter(BoundParameter parameter)
    {
        if (parameters.TryGetValue(parameter.Name, out var text))
        {
            return ParameterText.Read(text, parameter.Type)
                ?? throw new PlanRefusal($"The value of the parameter '{parameter.Name}' is no {Conversion.NameOf(parameter.Type)}.");
        }

        if (parameter.Default is null)
        {
            throw new PlanRefusal($"The parameter '{parameter.Name}' needs a value.");
        }

        var written = new ExpressionWriter(new PlanWriter(this), context, engine).Write(parameter.Default, _ => throw new PlanRefusal("A default must not depend on rows."));
        return written.IsConstant ? Literals.Value(written.Constant, written.Type) : Evaluate(written);
    }

    /// <summary>The table that holds these rows; made on first use.</summary>
    public string Stored(IStoredRows rows)
    {
        if (tables.TryGetValue(rows, out var table))
        {
            return table;
        }

        table = string.Create(CultureInfo.InvariantCulture, $"temp.main.\"kql${attempt}_{++lastTable}\"");
        switch (rows)
        {
            case MaterializedRows materialized:
                var names = string.Join(", ", materialized.Columns.Select((c, i) => $"c{c.Number} AS f{i}"));
                engine.Keep(table, $"SELECT {names} FROM ({Statement(materialized.Source, materialized.Columns, [])})");
                break;
            case GivenRows given:
                engine.Keep(table, given.Types, given.Rows);
                break;
            case OperatorRows made:
                engine.Keep(table, made.Types, OperatorRuns.Rows(this, made));
                break;
        }

        tables.Add(rows, table);
        return table;
    }
}
