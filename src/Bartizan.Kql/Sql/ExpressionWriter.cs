using System.Globalization;
using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Functions;
using Bartizan.Kql.Plans;
using Bartizan.Kql.Plans.Managed;
using Bartizan.Kql.Plans.Operators;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Sql;

/// <summary>Writes expressions as SQL: the engine's own form where the catalogue has one, else a call back into managed code.</summary>
internal sealed class ExpressionWriter(PlanWriter plans, SqlContext context, ISqlEngine engine)
{
    /// <summary>A statement past this length is refused; nothing a person writes comes near.</summary>
    private const int MaxLength = 8 * 1024 * 1024;

    /// <summary>A form that grows past this is given up for a managed call, which names each argument once.</summary>
    private const int LongForm = 4_000;

    public SqlArgument Write(BoundExpression expression, Func<PlanColumn, SqlArgument> columns, bool nullIsFalse = false)
    {
        var result = Make(expression, columns, nullIsFalse);
        return result.Sql.Length > MaxLength ? throw new PlanRefusal("An expression of the query grows too large when it is written out.") : result;
    }

    /// <summary>An aggregate call, or one of the values of one, over the rows of a group.</summary>
    public string Aggregate(BoundExpression expression, Func<PlanColumn, SqlArgument> columns, string order)
    {
        var (call, element) = expression switch
        {
            BoundElement e => (e.Call, e.Index),
            _ => ((BoundCall)expression, -1),
        };
        var function = FunctionCatalog.ByKey(call.Function) ?? throw new PlanRefusal($"{call.Function} cannot be run yet.");
        var arguments = call.Arguments.Select(a => Write(a, columns)).ToList();
        var over = OrderSensitive.Contains(function.Name) ? order : "";
        var sqlCall = new SqlCall(arguments, expression.Type, context, over)
        {
            Element = Math.Max(0, element),
            Managed = () => ManagedAggregate(function, call, expression.Type, arguments, over, element),
        };
        return function.DuckDb?.Invoke(sqlCall) ?? sqlCall.Managed();
    }

    /// <summary>Whether the order of the rows of a group shows in the aggregate's value.</summary>
    public static bool MindsOrder(BoundExpression aggregate)
    {
        var call = aggregate is BoundElement element ? element.Call : (BoundCall)aggregate;
        return FunctionCatalog.ByKey(call.Function) is { } function && OrderSensitive.Contains(function.Name);
    }

    public string Window(BoundCall call, Func<PlanColumn, SqlArgument> columns, string over)
    {
        var function = FunctionCatalog.ByKey(call.Function)!;
        var arguments = call.Arguments.Select(a => Write(a, columns)).ToList();
        var sqlCall = new SqlCall(arguments, call.Type, context, over) { Managed = () => throw new PlanRefusal($"{function.Name} cannot be run with these arguments.") };
        return function.DuckDb!.Invoke(sqlCall) ?? sqlCall.Managed();
    }

    private static readonly HashSet<string> OrderSensitive = new(StringComparer.Ordinal)
    {
        "make_list", "make_list_if", "make_list_with_nulls", "makelist", "make_bag", "make_bag_if", "make_dictionary",
    };

    private SqlArgument Make(BoundExpression expression, Func<PlanColumn, SqlArgument> columns, bool nullIsFalse)
    {
        switch (expression)
        {
            case PlanRef reference:
                return columns(reference.Column);
            case BoundLiteral literal:
                return Constant(Literals.Value(literal));
            case BoundScalarSubquery subquery:
                return Constant(plans.Scalar(subquery));
            case BoundParameter parameter:
                return Constant(plans.Parameter(parameter));
            case BoundConvert convert:
                return Convert(Make(convert.Value, columns, false), convert.Type);
            case BoundMember or BoundIndex:
                return Access(expression, columns);
            case BoundElement element:
                return Convert(Access(new BoundIndex(element.Call with { Type = KqlType.Dynamic }, Literals.Long(element.Index)), columns), element.Type);
            case PlanMembership membership:
                return Membership(membership, columns, nullIsFalse);
            case PlanManagedCall managed:
                return Managed(managed.Name, managed.Body, [.. managed.Arguments.Select(a => Make(a, columns, false))], managed.Type, propagates: false);
            case PlanEmptyAggregate empty:
                var nothing = Aggregate(empty.Aggregate, c => new SqlArgument($"(NULL::{SqlText.TypeOf(c.Type)})", c.Type), "");
                return new SqlArgument($"(SELECT {nothing} FROM (SELECT 1) WHERE false)", empty.Type);
            case BoundCall call:
                return Call(call, columns, nullIsFalse);
            default:
                throw new PlanRefusal($"{expression.GetType().Name[5..]} cannot be used here.");
        }
    }

    private SqlArgument Call(BoundCall call, Func<PlanColumn, SqlArgument> columns, bool nullIsFalse)
    {
        if (FunctionCatalog.ByKey(call.Function) is not { } function)
        {
            throw new PlanRefusal($"{call.Function} cannot be run yet.");
        }

        var deep = nullIsFalse && call.Function is "_and" or "_or";
        var arguments = call.Arguments.Select(a => Make(a, columns, deep && nullIsFalse)).ToList();
        if (Fold(call, function, arguments) is { } folded)
        {
            return folded;
        }

        if (call.Function is "_and" or "_or" && Decided(call, arguments) is { } decided)
        {
            return decided;
        }

        if (PathText.WholeNumber(call, this, columns) is { } whole)
        {
            var slow = Managed(function.Name, function.Managed!, arguments, call.Type, function.Nulls == NullRule.Propagate);
            var cast = $"try_cast({whole} AS {SqlText.TypeOf(call.Type)})";
            return new SqlArgument($"(CASE WHEN {cast}::VARCHAR = {whole} THEN {cast} ELSE {slow.Sql} END)", call.Type);
        }

        var (texts, types) = PathText.Shorten(function, call, arguments, this, columns);
        var sqlCall = new SqlCall(texts, call.Type, context)
        {
            NullIsFalse = nullIsFalse,
            Managed = () => ManagedSql(function, call.Type, types),
        };
        var sql = function.DuckDb?.Invoke(sqlCall);
        var longest = LongForm + texts.Sum(t => t.Sql.Length);
        if (sql is null || (sql.Length > longest && function.Managed is not null))
        {
            sql = sqlCall.Managed();
        }

        // A number that comes out where a moment is wanted is one that the context gave.
        return long.TryParse(sql, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var ticks) && call.Type is KqlType.DateTime or KqlType.TimeSpan
            ? Constant(Literals.Value(ticks, call.Type))
            : new SqlArgument(sql, call.Type);
    }

    private SqlArgument? Fold(BoundCall call, KqlFunction function, List<SqlArgument> arguments)
    {
        if (!arguments.All(a => a.IsConstant) || !(function.IsDeterministic || Surroundings.Knows(call.Function)) || function.Kind is FunctionKind.Aggregate or FunctionKind.Window)
        {
            return null;
        }

        var literals = call with { Arguments = [.. arguments.Select(a => new BoundLiteral(a.Type, a.Constant))] };
        return ManagedExpression.Compile(literals, context, _ => null)?.Invoke([]) is { } value ? Constant(Conversion.To(value, call.Type)) : null;
    }

    /// <summary>One constant side often decides a conjunction or disjunction, or drops out of it.</summary>
    private static SqlArgument? Decided(BoundCall call, List<SqlArgument> arguments)
    {
        var decisive = call.Function == "_or";
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] is { IsConstant: true, Constant: bool known })
            {
                return known == decisive ? arguments[i] : arguments.Count == 2 ? arguments[1 - i] : null;
            }
        }

        return null;
    }

    public static SqlArgument Constant(KqlValue value)
    {
        var constant = Literals.Constant(value);
        return new SqlArgument(SqlText.Literal(constant, value.Type), value.Type, true, constant);
    }

    public SqlArgument Convert(SqlArgument value, KqlType type)
    {
        if (value.Type == type || (type == KqlType.Unknown))
        {
            return value;
        }

        if (value.IsConstant)
        {
            return Constant(Conversion.To(Literals.Value(value.Constant, value.Type), type));
        }

        if (value.Type is KqlType.Int or KqlType.Long && type is KqlType.Long or KqlType.Real && value.Type != type)
        {
            return new SqlArgument($"({value.Sql}::{SqlText.TypeOf(type)})", type) { MayBeNull = value.MayBeNull };
        }

        return Managed("to" + Conversion.NameOf(type), a => Conversion.To(a[0], type), [value], type, propagates: false);
    }

    public SqlArgument Managed(string name, ScalarBody body, IReadOnlyList<SqlArgument> arguments, KqlType result, bool propagates, bool isVolatile = false)
    {
        var call = new ManagedCall
        {
            Name = name,
            Types = [.. arguments.Select(a => a.Type)],
            Constants = [.. arguments.Select(ValueOf)],
            Result = result,
            Propagates = propagates,
            Body = body,
        };
        return new SqlArgument(CallText(call, arguments, isVolatile), result);
    }

    public string Expansion(BoundExpression value, Func<PlanColumn, SqlArgument> columns, bool bagsAsArrays)
    {
        var argument = Write(value, columns);
        var call = new ManagedCall
        {
            Name = "mv-expand",
            Types = [argument.Type],
            Constants = [ValueOf(argument)],
            Result = KqlType.Dynamic,
            Expansion = v => DynamicAccess.Expand(v.Type == KqlType.Dynamic ? v : Conversion.To(v, KqlType.Dynamic), bagsAsArrays),
        };
        var managed = string.Create(CultureInfo.InvariantCulture, $"kql_list({engine.Register(call)}{(argument.IsConstant ? "" : ", " + argument.Sql)})");

        // Arrays are by far the most common, and the engine takes them apart faster; bags, single values and null are ours.
        return argument.IsConstant || argument.Type != KqlType.Dynamic
            ? managed
            : $"(CASE WHEN starts_with({argument.Sql}, '[') THEN CAST(from_json({argument.Sql}, '[\"JSON\"]') AS VARCHAR[]) ELSE {managed} END)";
    }

    private string ManagedSql(KqlFunction function, KqlType result, IReadOnlyList<SqlArgument> arguments)
    {
        if (function.Matcher is { } factory && arguments.Count > 0 && arguments.Skip(1).All(a => a.IsConstant) && !arguments[0].IsConstant)
        {
            var call = new ManagedCall
            {
                Name = function.Name,
                Types = [.. arguments.Select(a => a.Type)],
                Constants = [.. arguments.Select(ValueOf)],
                Result = result,
                Matcher = factory([.. arguments.Skip(1).Select(a => ValueOf(a)!.Value)]),
            };
            return CallText(call, arguments, isVolatile: false);
        }

        if (function.Managed is { } body)
        {
            return Managed(function.Name, body, arguments, result, function.Nulls == NullRule.Propagate, !function.IsDeterministic).Sql;
        }

        if (function.Matcher is { } made)
        {
            return Managed(
                function.Name,
                a => KqlValue.Bool(made(a[1..].ToArray()).IsMatch(System.Text.Encoding.UTF8.GetBytes(Conversion.ToText(a[0])))),
                arguments,
                result,
                propagates: false).Sql;
        }

        throw new PlanRefusal($"{function.Name} cannot be run yet with these arguments.");
    }

    private string ManagedAggregate(KqlFunction function, BoundCall call, KqlType result, List<SqlArgument> arguments, string order, int element)
    {
        if (function.Aggregate is not { } factory)
        {
            throw new PlanRefusal($"{function.Name} cannot be run yet.");
        }

        if (order.Length > 0)
        {
            return OrderedAggregate(function, call, result, arguments, order);
        }

        var managed = new ManagedCall
        {
            Name = function.Name,
            Types = [.. call.Arguments.Select(a => a.Type)],
            Constants = [.. arguments.Select(ValueOf)],
            Result = result,
            Aggregate = factory,
            Element = element,
        };
        var passed = string.Concat(arguments.Where(a => !a.IsConstant).Select(a => ", " + a.Sql));
        var sql = string.Create(CultureInfo.InvariantCulture, $"kql_agg_{Suffix(result)}({engine.Register(managed)}{passed}{(order.Length > 0 ? " " + order : "")})");
        var state = factory(managed.Types);
        var empty = Conversion.To(element < 0 ? state.Finish() : state.Finish(element), result);
        return empty.IsNull ? sql : $"coalesce({sql}, {Constant(empty).Sql})";
    }

    /// <summary>
    /// The engine sorts only for its own aggregates: the rows are gathered in order as JSON, and the aggregate reads them from there.
    /// </summary>
    private string OrderedAggregate(KqlFunction function, BoundCall call, KqlType result, List<SqlArgument> arguments, string order)
    {
        var parts = arguments.Select(a => $"coalesce({Convert(a, KqlType.Dynamic).Sql}, 'null')");
        var row = $"concat('[', {string.Join(", ',', ", parts)}, ']')";
        var factory = function.Aggregate!;
        IReadOnlyList<KqlType> types = [.. call.Arguments.Select(a => a.Type)];
        return Managed(
            function.Name,
            rows =>
            {
                var state = factory(types);
                foreach (var item in Json.Array(rows[0]) ?? [])
                {
                    state.Add([.. item.EnumerateArray().Select((v, i) => Conversion.To(Json.ToDynamic(v), types[i]))]);
                }

                return state.Finish();
            },
            [new SqlArgument($"concat('[', string_agg({row}, ',' {order}), ']')", KqlType.Dynamic)],
            result,
            propagates: false).Sql;
    }

    private string CallText(ManagedCall call, IReadOnlyList<SqlArgument> arguments, bool isVolatile)
    {
        var passed = string.Concat(arguments.Where(a => !a.IsConstant).Select(a => ", " + a.Sql));
        return string.Create(CultureInfo.InvariantCulture, $"kql_{(isVolatile ? "any_" : "")}{Suffix(call.Result)}({engine.Register(call)}{passed})");
    }

    private static string Suffix(KqlType type) => SqlText.TypeOf(type).ToLowerInvariant();

    private static KqlValue? ValueOf(SqlArgument argument) => argument.IsConstant ? Literals.Value(argument.Constant, argument.Type) : null;

    private SqlArgument Access(BoundExpression expression, Func<PlanColumn, SqlArgument> columns)
    {
        if (PathText.Of(expression) is { } path && Make(path.Root, columns, false) is { IsConstant: false, Type: KqlType.Dynamic } root)
        {
            return new SqlArgument($"nullif(json_extract({root.Sql}, {SqlText.Text(path.Path)})::VARCHAR, 'null')", KqlType.Dynamic);
        }

        return expression switch
        {
            BoundMember member => Managed("member", a => DynamicAccess.Member(a[0], member.Name), [Make(member.Value, columns, false)], KqlType.Dynamic, false),
            BoundIndex index => Managed("index", a => DynamicAccess.Index(a[0], a[1]), [Make(index.Value, columns, false), Make(index.Index, columns, false)], KqlType.Dynamic, false),
            _ => throw new PlanRefusal("This value cannot be reached into."),
        };
    }

    private SqlArgument Membership(PlanMembership membership, Func<PlanColumn, SqlArgument> columns, bool nullIsFalse)
    {
        var value = Make(membership.Value, columns, false);
        if (membership.Operator is "_has_any" or "_has_all")
        {
            var terms = Json.ArrayOf(plans.Values(membership.Table, membership.Of).Select(v => Json.Of(KqlValue.Text(Conversion.ToText(v)))));
            var function = FunctionCatalog.ByKey(membership.Operator)!;
            return new SqlArgument(ManagedSql(function, KqlType.Bool, [value, Constant(terms)]), KqlType.Bool) { MayBeNull = false };
        }

        var type = value.Type == membership.Of.Type ? value.Type : KqlType.String;
        value = Convert(value, type);
        var of = Convert(new SqlArgument($"c{membership.Of.Number}", membership.Of.Type), type);
        var fold = membership.Operator.EndsWith("_ci", StringComparison.Ordinal);
        var negated = membership.Operator.StartsWith("_not", StringComparison.Ordinal);
        var list = $"(SELECT {(fold ? $"lower({of.Sql})" : of.Sql)} FROM ({plans.Select(membership.Table, [membership.Of])}) WHERE c{membership.Of.Number} IS NOT NULL)";
        var test = $"({(fold ? $"lower({value.Sql})" : value.Sql)} {(negated ? "NOT IN" : "IN")} {list})";
        return value.MayBeNull && !(nullIsFalse && !negated)
            ? new SqlArgument($"coalesce({test}, {(negated ? "true" : "false")})", KqlType.Bool) { MayBeNull = false }
            : new SqlArgument(test, KqlType.Bool) { MayBeNull = false };
    }
}
