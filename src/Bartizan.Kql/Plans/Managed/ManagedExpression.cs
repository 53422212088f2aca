using System.Diagnostics;
using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Functions;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Plans.Managed;

/// <summary>An expression as a delegate over the values of a row, for operators that run here and for constants.</summary>
internal static class ManagedExpression
{
    public delegate KqlValue RowBody(KqlValue[] row);

    /// <param name="slot">Where in the row a leaf's value stands; null for what the row does not hold.</param>
    /// <returns>Null when some part can only be computed by an engine.</returns>
    public static RowBody? Compile(BoundExpression expression, SqlContext context, Func<BoundExpression, int?> slot)
    {
        var made = new Dictionary<BoundExpression, RowBody?>();
        return Make(expression);

        RowBody? Make(BoundExpression e)
        {
            if (!made.TryGetValue(e, out var body))
            {
                body = slot(e) is { } at ? row => row[at] : Build(e);
                made[e] = body;
            }

            return body;
        }

        RowBody? Build(BoundExpression e)
        {
            switch (e)
            {
                case BoundLiteral literal:
                    var constant = Literals.Value(literal);
                    return _ => constant;
                case BoundConvert convert:
                    return Make(convert.Value) is { } inner ? row => Conversion.To(inner(row), convert.Type) : null;
                case BoundMember member:
                    return Make(member.Value) is { } bag ? row => DynamicAccess.Member(bag(row), member.Name) : null;
                case BoundIndex index:
                    return Make(index.Value) is { } array && Make(index.Index) is { } position ? row => DynamicAccess.Index(array(row), position(row)) : null;
                case BoundElement { Call: var call } element:
                    return Make(call) is { } several ? row => Conversion.To(DynamicAccess.Index(several(row), KqlValue.Long(element.Index)), element.Type) : null;
                case BoundCall call:
                    return Call(call);
                default:
                    return null;
            }
        }

        RowBody? Call(BoundCall call)
        {
            var arguments = new RowBody[call.Arguments.Count];
            for (var i = 0; i < arguments.Length; i++)
            {
                if (Make(call.Arguments[i]) is not { } argument)
                {
                    return null;
                }

                arguments[i] = argument;
            }

            return Apply(call, arguments, context);
        }
    }

    /// <summary>The value of an expression without leaves; null when it cannot be told here.</summary>
    public static KqlValue? Constant(BoundExpression expression, SqlContext context) =>
        ExpressionTree.Any(expression, e => e is BoundCall call && FunctionCatalog.ByKey(call.Function) is not { IsDeterministic: true } && !Surroundings.Knows(call.Function))
            ? null
            : Compile(expression, context, _ => null)?.Invoke([]);

    private static RowBody? Apply(BoundCall call, RowBody[] arguments, SqlContext context)
    {
        if (Surroundings.Knows(call.Function))
        {
            return row => Surroundings.Value(call.Function, Values(arguments, row), context);
        }

        switch (call.Function)
        {
            // Only as many arguments as decide are looked at.
            case "_and" when call.Arguments.All(a => a.Type == KqlType.Bool):
                return row => arguments[0](row) is { IsNull: false, AsBool: false } no ? no : Both(arguments, row);
            case "_or" when call.Arguments.All(a => a.Type == KqlType.Bool):
                return row => arguments[0](row) is { IsNull: false, AsBool: true } yes ? yes : Both(arguments, row);
        }

        if (FunctionCatalog.ByKey(call.Function) is not { } function)
        {
            return null;
        }

        if (function.Managed is { } body)
        {
            var propagates = function.Nulls == NullRule.Propagate;
            return row =>
            {
                var values = Values(arguments, row);
                return propagates && values.Any(v => v.IsNull) ? KqlValue.Null(call.Type) : Conversion.To(body(values), call.Type);
            };
        }

        if (function.Matcher is { } factory)
        {
            return row =>
            {
                var values = Values(arguments, row);
                return KqlValue.Bool(factory(values[1..]).IsMatch(System.Text.Encoding.UTF8.GetBytes(Conversion.ToText(values[0]))));
            };
        }

        return null;

        KqlValue Both(RowBody[] sides, KqlValue[] row) => FunctionCatalog.ByKey(call.Function)!.Managed!([sides[0](row), sides[1](row)]);
    }

    private static KqlValue[] Values(RowBody[] arguments, KqlValue[] row)
    {
        var values = new KqlValue[arguments.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = arguments[i](row);
        }

        return values;
    }
}

/// <summary>Functions whose value the query's surroundings give.</summary>
internal static class Surroundings
{
    public static bool Knows(string function) => function is "now" or "ago" or "current_database" or "current_cluster_endpoint" or "current_principal";

    public static KqlValue Value(string function, KqlValue[] arguments, SqlContext context) => function switch
    {
        "now" => arguments.Length == 0 ? KqlValue.DateTime(context.NowTicks) : Shifted(context.NowTicks, arguments[0], 1),
        "ago" => Shifted(context.NowTicks, arguments[0], -1),
        "current_database" => KqlValue.Text(context.Database),
        "current_cluster_endpoint" => KqlValue.Text(context.Cluster),
        "current_principal" => KqlValue.Text(context.Principal),
        _ => throw new UnreachableException(),
    };

    private static KqlValue Shifted(long now, KqlValue by, int sign)
    {
        if (by.IsNull)
        {
            return KqlValue.Null(KqlType.DateTime);
        }

        var ticks = unchecked(now + (sign * by.AsLong));
        return ticks is >= 0 and <= KqlTime.MaxTicks ? KqlValue.DateTime(ticks) : KqlValue.Null(KqlType.DateTime);
    }
}
