using Bartizan.Kql.Plans;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Sql;

/// <summary>Writes joins. A text that an outer join leaves without a row is empty, not null.</summary>
internal sealed class JoinWriter(PlanWriter plans, ExpressionWriter expressions)
{
    public SelectBlock Write(PlanJoin join, IReadOnlyCollection<PlanColumn> needed, string alias)
    {
        var leftReads = PlanWriter.Union(needed.Where(join.Left.Columns.Contains), join.Keys.SelectMany(k => PlanWriter.Reads(k.Left)));
        var isHalf = join.Kind is PlanJoinKind.Semi or PlanJoinKind.Anti;
        var rightReads = PlanWriter.Union(isHalf ? [] : needed.Where(join.Right.Columns.Contains), join.Keys.SelectMany(k => PlanWriter.Reads(k.Right)));
        var left = plans.BlockOf(join.Left, leftReads).Text(leftReads);
        var right = plans.BlockOf(join.Right, rightReads).Text(rightReads);
        var condition = join.Keys.Count == 0
            ? join.Kind == PlanJoinKind.Cross ? "" : " ON true"
            : " ON " + string.Join(" AND ", join.Keys.Select(k =>
                $"{expressions.Write(k.Left, Plain).Sql} {(k.NullsMatch ? "IS NOT DISTINCT FROM" : "=")} {expressions.Write(k.Right, Plain).Sql}"));
        var word = join.Kind switch
        {
            PlanJoinKind.Inner => "JOIN",
            PlanJoinKind.Left => "LEFT JOIN",
            PlanJoinKind.Right => "RIGHT JOIN",
            PlanJoinKind.Full => "FULL JOIN",
            PlanJoinKind.Semi => "SEMI JOIN",
            PlanJoinKind.Anti => "ANTI JOIN",
            _ => "CROSS JOIN",
        };
        var block = new SelectBlock($"({left}) {alias}l {word} ({right}) {alias}r{condition}");
        Give(leftReads, join.Kind is PlanJoinKind.Right or PlanJoinKind.Full);
        if (!isHalf)
        {
            Give(rightReads, join.Kind is PlanJoinKind.Left or PlanJoinKind.Full);
        }

        return block;

        void Give(IEnumerable<PlanColumn> columns, bool mayLack)
        {
            foreach (var column in columns)
            {
                var lacks = mayLack && column.Type == KqlType.String;
                block.Set(column, lacks ? $"coalesce(c{column.Number}, '')" : $"c{column.Number}", true, !lacks);
            }
        }
    }

    private static Functions.SqlArgument Plain(PlanColumn column) => new($"c{column.Number}", column.Type);
}
