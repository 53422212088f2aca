using Bartizan.Foundation.Outcomes;
using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Syntax.Nodes;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Binding;

/// <summary>join and lookup: the right table, the keys, and the columns of both sides with unique names.</summary>
internal sealed class JoinBinder(Binder binder)
{
    public BoundJoin Join(BoundQuery source, JoinSyntax join, Scope scope)
    {
        var left = new RowScope(source);
        var right = new RowScope(binder.Tables.Bind(join.Right, scope.WithoutRow()));
        var kind = Kind(join, "innerunique");
        var keys = Keys(join, left, right, scope);
        var columns = new List<(KqlColumn Column, BoundJoinSide Side)>();
        if (kind is not (BoundJoinKind.RightSemi or BoundJoinKind.RightAnti))
        {
            columns.AddRange(left.Shape.Columns.Select(c => (c, BoundJoinSide.Left)));
        }

        if (kind is not (BoundJoinKind.LeftSemi or BoundJoinKind.LeftAnti))
        {
            columns.AddRange(right.Shape.Columns.Select(c => (c, BoundJoinSide.Right)));
        }

        return Finish(left, right, kind, keys, columns);
    }

    public BoundJoin Lookup(BoundQuery source, JoinSyntax join, Scope scope)
    {
        var left = new RowScope(source);
        var right = new RowScope(binder.Tables.Bind(join.Right, scope.WithoutRow()));
        var kind = Kind(join, "leftouter");
        if (kind is not (BoundJoinKind.Inner or BoundJoinKind.LeftOuter))
        {
            binder.Report("KS140", join.Parameter("kind")!.Value.Span, "The expression must be one of the values: inner, leftouter", "A join has the other kinds.");
        }

        var keys = Keys(join, left, right, scope);
        var keyColumns = keys.Select(k => k.Right).OfType<BoundColumn>().Select(c => c.Name).ToHashSet(StringComparer.Ordinal);
        var columns = left.Shape.Columns.Select(c => (c, BoundJoinSide.Left))
            .Concat(right.Shape.Columns.Where(c => !keyColumns.Contains(c.Name)).Select(c => (c, BoundJoinSide.Right)));
        return Finish(left, right, kind, keys, [.. columns]);
    }

    private static BoundJoin Finish(RowScope left, RowScope right, BoundJoinKind kind, List<BoundJoinKey> keys, List<(KqlColumn Column, BoundJoinSide Side)> columns)
    {
        var names = new UniqueNames();
        foreach (var (column, _) in columns)
        {
            names.Reserve(column.Name);
        }

        var first = new HashSet<string>(StringComparer.Ordinal);
        var output = columns.ConvertAll(c => new BoundJoinColumn(
            first.Add(c.Column.Name) ? c.Column : c.Column with { Name = names.Add(c.Column.Name) }, c.Side, c.Column.Name));
        var isOpen = (columns.Exists(c => c.Side == BoundJoinSide.Left) && left.IsOpen) || (columns.Exists(c => c.Side == BoundJoinSide.Right) && right.IsOpen)
            || (columns.Count == 0 && (left.IsOpen || right.IsOpen));
        return new BoundJoin(left.Source, right.Source, kind, keys, output, new RowShape([.. output.Select(o => o.Column)], isOpen));
    }

    private BoundJoinKind Kind(JoinSyntax join, string fallback)
    {
        var text = join.ParameterText("kind") ?? fallback;
        BoundJoinKind? kind = text switch
        {
            "innerunique" => BoundJoinKind.InnerUnique,
            "inner" => BoundJoinKind.Inner,
            "leftouter" => BoundJoinKind.LeftOuter,
            "rightouter" => BoundJoinKind.RightOuter,
            "fullouter" => BoundJoinKind.FullOuter,
            "leftsemi" => BoundJoinKind.LeftSemi,
            "rightsemi" => BoundJoinKind.RightSemi,
            "leftanti" or "anti" or "leftantisemi" => BoundJoinKind.LeftAnti,
            "rightanti" or "rightantisemi" => BoundJoinKind.RightAnti,
            _ => null,
        };
        if (kind is null)
        {
            var span = join.Parameter("kind")!.Value.Span;
            binder.Report("KS140", span, "The expression must be one of the values: innerunique, inner, leftouter, rightouter, fullouter, leftsemi, leftanti, rightsemi, rightanti", NearestName.Find(text, ["innerunique", "inner", "leftouter", "rightouter", "fullouter", "leftsemi", "leftanti", "rightsemi", "rightanti"]) is { } near ? $"Did you mean '{near}'?" : null);
        }

        return kind ?? BoundJoinKind.Inner;
    }

    private List<BoundJoinKey> Keys(JoinSyntax join, RowScope left, RowScope right, Scope scope)
    {
        var keys = new List<BoundJoinKey>();
        var inner = scope.WithRow(left) with { Right = right };
        if (join.OnOrWhere?.Text == "where")
        {
            binder.Report("BZ2003", join.OnOrWhere.Span, "The clause 'join … where' is not supported.", "Write on with the columns that are equal.");
            return keys;
        }

        foreach (var condition in join.Conditions)
        {
            Key(condition, left, right, inner, keys);
        }

        return keys;
    }

    private void Key(ExpressionSyntax condition, RowScope left, RowScope right, Scope inner, List<BoundJoinKey> keys)
    {
        while (condition is ParenthesizedSyntax parenthesized)
        {
            condition = parenthesized.Inner;
        }

        switch (condition)
        {
            case MissingSyntax:
                return;
            case BinarySyntax { Operator.Text: "and" } both:
                if (binder.TryEnter(both.Span))
                {
                    Key(both.Left, left, right, inner, keys);
                    Key(both.Right, left, right, inner, keys);
                    binder.Leave();
                }

                return;
            case BinarySyntax { Operator.Text: "==" } equality:
                var from = Operand(equality.Left, "$left", inner);
                var to = Operand(equality.Right, "$right", inner);
                if (from is not null && to is not null)
                {
                    Add(from, to, equality.Span, keys);
                }

                return;
            case NameSyntax name:
                Common(name, left, right, keys);
                return;
            default:
                binder.Report("KS182", condition.Span, "The join condition must be either the name of a column common to both tables or in the form $left.<column> == $right.<column>.");
                return;
        }
    }

    private BoundExpression? Operand(ExpressionSyntax syntax, string side, Scope inner)
    {
        while (syntax is ParenthesizedSyntax parenthesized)
        {
            syntax = parenthesized.Inner;
        }

        if (syntax is not MemberSyntax { Target: NameSyntax { Text: var target } } || target != side)
        {
            binder.Report("KS183", syntax.Span, $"The join condition operand must be: {side}.<column>");
            return null;
        }

        return binder.Expressions.Bind(syntax, inner) is ScalarMeaning scalar ? scalar.Value : null;
    }

    private void Common(NameSyntax name, RowScope left, RowScope right, List<BoundJoinKey> keys)
    {
        var from = left.Find(name.Text) ?? (left.IsOpen ? left.Infer(name.Text) : null);
        var to = right.Find(name.Text) ?? (right.IsOpen ? right.Infer(name.Text) : null);
        if (from is null && to is null)
        {
            var near = NearestName.Find(name.Text, left.Shape.Columns.Select(c => c.Name).Intersect(right.Shape.Columns.Select(c => c.Name)));
            binder.Report("KS142", name.Span, $"The name '{name.Text}' does not refer to any known column, table, variable or function.", near is null ? null : $"Did you mean '{near}'?");
        }
        else if (from is null || to is null)
        {
            binder.Report("KS145", name.Span, $"The column '{name.Text}' must exist on both sides of the join.", $"It is only on the {(to is null ? "left" : "right")} side.");
        }
        else if (from.Type != to.Type && from.Type != KqlType.Unknown && to.Type != KqlType.Unknown)
        {
            binder.Report("KS227", name.Span, $"The common column '{name.Text}' must have the same type on both sides of the join.", $"It is {TypeRules.NameOf(from.Type)} on the left and {TypeRules.NameOf(to.Type)} on the right.");
        }
        else
        {
            Add(RowScope.ColumnOf(from), RowScope.ColumnOf(to), name.Span, keys);
        }
    }

    private void Add(BoundExpression left, BoundExpression right, TextSpan span, List<BoundJoinKey> keys)
    {
        if (left.Type == KqlType.Dynamic || right.Type == KqlType.Dynamic)
        {
            binder.Report("KS241", span, "Join keys cannot be dynamic", "Convert the key before the join, for example with tostring().");
            return;
        }

        if (TypeRules.Common(left.Type, right.Type) is not { } common)
        {
            binder.Report("KS242", span, $"Inconsistent data types for join keys: ({TypeRules.NameOf(left.Type)}, {TypeRules.NameOf(right.Type)})");
            return;
        }

        keys.Add(new BoundJoinKey(TypeRules.Convert(left, common), TypeRules.Convert(right, common)));
    }
}
