using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Functions;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Binding;

/// <summary>Which type widens to which, and the one type that several values share.</summary>
internal static class TypeRules
{
    public static string NameOf(KqlType type) => type.ToString().ToLowerInvariant();

    public static bool IsNumeric(KqlType type) => type is KqlType.Int or KqlType.Long or KqlType.Real or KqlType.Decimal;

    public static bool IsInteger(KqlType type) => type is KqlType.Int or KqlType.Long;

    public static bool IsSummable(KqlType type) => IsNumeric(type) || type is KqlType.DateTime or KqlType.TimeSpan;

    /// <summary>int, long, real, decimal: each widens to those after it.</summary>
    public static bool Widens(KqlType from, KqlType to) => IsNumeric(from) && IsNumeric(to) && Rank(from) < Rank(to);

    public static KqlType Widest(KqlType left, KqlType right) =>
        !IsNumeric(left) ? right : !IsNumeric(right) ? left : Rank(left) >= Rank(right) ? left : right;

    /// <summary>The common type of two, or null when there is none.</summary>
    public static KqlType? Common(KqlType left, KqlType right, bool orDynamic = false) => (left, right) switch
    {
        _ when left == right => left,
        (KqlType.Unknown, _) or (_, KqlType.Unknown) => KqlType.Unknown,
        (KqlType.Dynamic, _) or (_, KqlType.Dynamic) => KqlType.Dynamic,
        _ when Widens(left, right) => right,
        _ when Widens(right, left) => left,
        _ => orDynamic ? KqlType.Dynamic : null,
    };

    public static TypeSet SetOf(KqlType type) => (TypeSet)(1 << (int)type);

    /// <summary>The value as the wider type; a literal is turned at once.</summary>
    public static BoundExpression Convert(BoundExpression value, KqlType type)
    {
        if (value.Type == type || type == KqlType.Unknown || value.Type == KqlType.Unknown)
        {
            return value;
        }

        if (value is BoundLiteral { Value: var constant })
        {
            object? converted = (constant, type) switch
            {
                (null, _) => null,
                (int i, KqlType.Long) => (long)i,
                (int i, KqlType.Real) => (double)i,
                (long l, KqlType.Real) => (double)l,
                (int or long, KqlType.Decimal) => System.Convert.ToString(constant, System.Globalization.CultureInfo.InvariantCulture),
                _ => constant,
            };
            if (converted is null || !ReferenceEquals(converted, constant))
            {
                return new BoundLiteral(type, converted);
            }
        }

        return new BoundConvert(value, type);
    }

    /// <summary>True for what has one value for all rows.</summary>
    public static bool IsConstant(BoundExpression value)
    {
        var open = new Stack<BoundExpression>();
        open.Push(value);
        var seen = 0;
        while (open.TryPop(out var next) && seen++ < 10_000)
        {
            switch (next)
            {
                case BoundColumn or BoundScanState or BoundGraphProperty or BoundGraphVariable:
                    return false;
                case BoundInTable member:
                    open.Push(member.Value);
                    break;
                case BoundCall call:
                    foreach (var argument in call.Arguments)
                    {
                        open.Push(argument);
                    }

                    break;
                case BoundElement element:
                    open.Push(element.Call);
                    break;
                case BoundConvert convert:
                    open.Push(convert.Value);
                    break;
                case BoundMember part:
                    open.Push(part.Value);
                    break;
                case BoundIndex indexed:
                    open.Push(indexed.Value);
                    open.Push(indexed.Index);
                    break;
                default:
                    break;
            }
        }

        return true;
    }

    private static int Rank(KqlType type) => type switch
    {
        KqlType.Int => 1,
        KqlType.Long => 2,
        KqlType.Real => 3,
        KqlType.Decimal => 4,
        _ => 0,
    };
}
