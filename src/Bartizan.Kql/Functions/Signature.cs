using Bartizan.Kql.Types;

namespace Bartizan.Kql.Functions;

/// <summary>A set of types that a parameter accepts.</summary>
[Flags]
public enum TypeSet
{
    None = 0,
    Bool = 1 << KqlType.Bool,
    Int = 1 << KqlType.Int,
    Long = 1 << KqlType.Long,
    Real = 1 << KqlType.Real,
    Decimal = 1 << KqlType.Decimal,
    String = 1 << KqlType.String,
    DateTime = 1 << KqlType.DateTime,
    TimeSpan = 1 << KqlType.TimeSpan,
    Guid = 1 << KqlType.Guid,
    Dynamic = 1 << KqlType.Dynamic,
    Integer = Int | Long,
    Number = Integer | Real | Decimal,
    Summable = Number | DateTime | TimeSpan,
    Orderable = Summable | String | Bool | Guid,
    Any = Orderable | Dynamic,
}

/// <summary>What an argument may be, beyond its type.</summary>
public enum ParameterStyle
{
    Expression,

    /// <summary>Must not depend on the row.</summary>
    Constant,

    /// <summary>Must be written out.</summary>
    Literal,

    /// <summary>Must be a column's name.</summary>
    Column,

    /// <summary>May also be <c>*</c>.</summary>
    StarAllowed,

    /// <summary>Must be <c>*</c>.</summary>
    Star,

    /// <summary><c>typeof(long)</c>; reaches the implementation as the type's name.</summary>
    TypeLiteral,

    /// <summary>A tabular value.</summary>
    Table,

    /// <summary>A column of the first tabular argument.</summary>
    TableColumn,

    /// <summary>An aggregate call (<c>pivot</c>).</summary>
    Aggregate,
}

/// <summary>What a dynamic argument is expected to hold; the binder cannot see it, editors show it.</summary>
public enum DynamicShape
{
    Anything,
    Array,
    Bag,
}

/// <param name="Min">0 for an optional parameter.</param>
/// <param name="Max">How often it may be repeated. Neighbours with the same repetition repeat together (<c>case</c>, <c>bag_pack</c>).</param>
public sealed record Parameter(string Name, TypeSet Types, int Min = 1, int Max = 1)
{
    public ParameterStyle Style { get; init; }

    public DynamicShape Shape { get; init; }

    /// <summary>All arguments of the parameters so marked must come to one type (<c>iff</c>, <c>coalesce</c>).</summary>
    public bool SharesType { get; init; }

    /// <summary>Among arguments that come to one type a dynamic one takes the type of the others (<c>iff</c>, <c>case</c>).</summary>
    public bool FollowsOthers { get; init; }

    /// <summary>The words that a literal argument may be, in any case; none where any will do.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    public bool IsOptional => Min == 0;

    public bool IsRepeatable => Max > 1;

    public bool Accepts(KqlType type) => type is KqlType.Unknown || Types.HasFlag((TypeSet)(1 << (int)type));
}

/// <summary>How the type of the result follows from the arguments.</summary>
public enum ResultKind
{
    Fixed,

    /// <summary>The type of the argument <see cref="ResultRule.Index"/>.</summary>
    Argument,

    /// <summary>The same, int widened to long.</summary>
    Promoted,

    /// <summary>The widest numeric type among the arguments.</summary>
    Widest,

    /// <summary>The one type of the parameters that share it.</summary>
    Common,

    /// <summary>What the type literal in the last argument says.</summary>
    TypeLiteral,

    /// <summary>Several values: see <see cref="KqlFunction.Elements"/>, or the aggregate's own rule (<c>arg_max</c>, <c>take_any</c>, <c>percentiles</c>).</summary>
    Several,

    /// <summary>A tabular value.</summary>
    Table,
}

public readonly record struct ResultRule(ResultKind Kind, KqlType Type = KqlType.Unknown, int Index = 0);

/// <summary>One way to call a function.</summary>
public sealed record Signature(IReadOnlyList<Parameter> Parameters, ResultRule Result)
{
    public int MinArguments => Parameters.Sum(p => p.Min);

    public int MaxArguments => Parameters.Any(p => p.Max == int.MaxValue) ? int.MaxValue : Parameters.Sum(p => p.Max);
}

public enum NameRuleKind
{
    /// <summary><c>Column1</c> in project, <c>print_0</c> in print.</summary>
    None,

    /// <summary>The name that the first argument would have.</summary>
    FirstArgument,

    /// <summary><c>prefix_X</c>, where X is the first argument's name; <c>prefix_</c> where it has none.</summary>
    PrefixAndFirstArgument,

    /// <summary>The prefix alone.</summary>
    PrefixOnly,

    /// <summary>The name of the only argument; none when there are several.</summary>
    OnlyArgument,

    /// <summary>The text of the first argument where that names a column (<c>column_ifexists</c>).</summary>
    FirstArgumentValue,

    /// <summary><c>percentile_X_95</c>, one per percentile, with a point in the number as <c>_</c>; <c>percentile__95</c> where X has no name.</summary>
    Percentiles,

    /// <summary>
    /// <c>arg_max</c>: the first argument's name, then those of the others; without a name <c>max_</c> for the first and <c>max__arg2</c> for argument 2.
    /// </summary>
    ArgExtreme,

    /// <summary><c>argmax</c>: <c>max_X</c> for the first argument X, then <c>max_X_Y</c> for each other one Y; with <c>*</c> the same.</summary>
    ArgExtremePrefixed,

    /// <summary><c>take_any</c>: each argument's own name, <c>any_arg0</c> for argument 0 when it has none.</summary>
    EachArgument,

    /// <summary><c>any</c>: <c>any_X</c> for each argument X; without a name <c>any_</c> for an only argument, else <c>any_arg0</c>.</summary>
    EachArgumentPrefixed,

    /// <summary><c>X_sorted</c> for each array among the arguments (<c>array_sort_asc</c>); the word after the underscore is the rule's prefix.</summary>
    EachArgumentSuffixed,

    /// <summary><c>function_X_element</c> for functions that yield several values.</summary>
    Elements,
}

/// <summary>How an output column is named when the query does not say.</summary>
public readonly record struct NameRule(NameRuleKind Kind, string Prefix = "")
{
    public static NameRule None => default;

    public static NameRule FirstArgument => new(NameRuleKind.FirstArgument);

    public static NameRule Prefixed(string prefix) => new(NameRuleKind.PrefixAndFirstArgument, prefix);
}
