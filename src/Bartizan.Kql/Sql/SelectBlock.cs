using System.Text;
using Bartizan.Kql.Functions;
using Bartizan.Kql.Plans;

namespace Bartizan.Kql.Sql;

/// <summary>
/// One SELECT as far as it is written: what it reads, keeps and gives. Columns that are more than a name, and clauses that end a SELECT,
/// make the next operation start a new one around it.
/// </summary>
internal sealed class SelectBlock(string? from)
{
    private readonly Dictionary<PlanColumn, (string Sql, bool MayBeNull, bool IsSimple)> items = [];
    private readonly List<string> conditions = [];

    /// <summary>Columns that must be given whether they are needed or not, in front: the keys of a group.</summary>
    public IReadOnlyList<PlanColumn> Keys { get; set; } = [];

    public bool IsGrouped { get; set; }

    public string Modifier { get; set; } = "";

    public string Tail { get; set; } = "";

    /// <summary>True when nothing more can be filtered or computed in this SELECT.</summary>
    public bool IsClosed => IsGrouped || Modifier.Length > 0 || Tail.Length > 0 || HasWindow;

    public bool HasWindow { get; set; }

    public IEnumerable<PlanColumn> Columns => items.Keys;

    public bool Has(PlanColumn column) => items.ContainsKey(column);

    public bool IsSimple(PlanColumn column) => items.TryGetValue(column, out var item) && item.IsSimple;

    public void Set(PlanColumn column, string sql, bool mayBeNull, bool isSimple) => items[column] = (sql, mayBeNull, isSimple);

    public void Where(string condition) => conditions.Add(condition);

    public SqlArgument Argument(PlanColumn column)
    {
        if (!items.TryGetValue(column, out var item))
        {
            throw new InvalidOperationException($"Column {column} is not read here.");
        }

        return new SqlArgument(item.Sql, column.Type) { MayBeNull = item.MayBeNull && column.Type != Types.KqlType.String };
    }

    /// <summary>The whole statement, giving these columns under their numbers.</summary>
    public string Text(IReadOnlyList<PlanColumn> needed)
    {
        var given = Keys.Concat(needed).Distinct().ToList();
        var text = new StringBuilder("SELECT ").Append(Modifier);
        var list = given.Select(c => items[c].Sql == $"c{c.Number}" ? items[c].Sql : $"{items[c].Sql} AS c{c.Number}").ToList();
        text.Append(list.Count == 0 ? IsGrouped ? "count(*) AS n" : "1 AS n" : string.Join(", ", list));
        if (from is not null)
        {
            text.Append(" FROM ").Append(from);
        }

        if (conditions.Count > 0)
        {
            text.Append(" WHERE ").AppendJoin(" AND ", conditions);
        }

        if (IsGrouped && Keys.Count > 0)
        {
            text.Append(" GROUP BY ").AppendJoin(", ", Enumerable.Range(1, Keys.Count));
        }

        return text.Append(Tail).ToString();
    }
}
