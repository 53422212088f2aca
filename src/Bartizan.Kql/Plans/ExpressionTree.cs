using Bartizan.Kql.Binding.Tree;

namespace Bartizan.Kql.Plans;

/// <summary>Walks expressions: children, and copies with some parts replaced. A part that is used twice stays one object.</summary>
internal static class ExpressionTree
{
    public static IEnumerable<BoundExpression> Children(BoundExpression expression) => expression switch
    {
        BoundCall call => call.Arguments,
        BoundElement element => [element.Call],
        BoundConvert convert => [convert.Value],
        BoundMember member => [member.Value],
        BoundIndex index => [index.Value, index.Index],
        BoundInTable inTable => [inTable.Value],
        PlanMembership membership => [membership.Value],
        BoundGraphLambda lambda => [lambda.Body],
        PlanManagedCall managed => managed.Arguments,
        _ => [],
    };

    /// <summary>True when some part fits. Each part is looked at once.</summary>
    public static bool Any(BoundExpression expression, Func<BoundExpression, bool> fits)
    {
        var seen = new HashSet<BoundExpression>();
        var open = new Stack<BoundExpression>([expression]);
        while (open.TryPop(out var next))
        {
            if (!seen.Add(next))
            {
                continue;
            }

            if (fits(next))
            {
                return true;
            }

            foreach (var child in Children(next))
            {
                open.Push(child);
            }
        }

        return false;
    }

    /// <summary>A copy in which the parts that <paramref name="replace"/> answers for are replaced (and not looked into).</summary>
    public static BoundExpression Rewrite(BoundExpression expression, Func<BoundExpression, BoundExpression?> replace)
    {
        var done = new Dictionary<BoundExpression, BoundExpression>();
        return Visit(expression);

        BoundExpression Visit(BoundExpression e)
        {
            if (!done.TryGetValue(e, out var result))
            {
                result = replace(e) ?? Copy(e);
                done[e] = result;
            }

            return result;
        }

        BoundExpression Copy(BoundExpression e)
        {
            switch (e)
            {
                case BoundCall call:
                    var arguments = call.Arguments.Select(Visit).ToList();
                    return Same(arguments, call.Arguments) ? call : call with { Arguments = arguments };
                case BoundElement element:
                    return Visit(element.Call) is BoundCall inner ? ReferenceEquals(inner, element.Call) ? element : element with { Call = inner } : element;
                case BoundConvert convert:
                    return Visit(convert.Value) is var value && ReferenceEquals(value, convert.Value) ? convert : convert with { Value = value };
                case BoundMember member:
                    return Visit(member.Value) is var bag && ReferenceEquals(bag, member.Value) ? member : member with { Value = bag };
                case BoundIndex index:
                    return index with { Value = Visit(index.Value), Index = Visit(index.Index) };
                case BoundInTable inTable:
                    return inTable with { Value = Visit(inTable.Value) };
                case PlanMembership membership:
                    return membership with { Value = Visit(membership.Value) };
                case PlanManagedCall managed:
                    return managed with { Arguments = [.. managed.Arguments.Select(Visit)] };
                case BoundGraphLambda lambda:
                    return lambda with { Body = Visit(lambda.Body) };
                default:
                    return e;
            }
        }
    }

    private static bool Same(List<BoundExpression> left, IReadOnlyList<BoundExpression> right)
    {
        for (var i = 0; i < left.Count; i++)
        {
            if (!ReferenceEquals(left[i], right[i]))
            {
                return false;
            }
        }

        return true;
    }
}
