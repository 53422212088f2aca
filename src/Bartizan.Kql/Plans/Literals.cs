using System.Globalization;
using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Functions;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Plans;

/// <summary>Between the constants of bound trees and the values of managed bodies.</summary>
internal static class Literals
{
    public static KqlValue Value(BoundLiteral literal) => Value(literal.Value, literal.Type);

    public static KqlValue Value(object? value, KqlType type) => value is null
        ? KqlValue.Null(type)
        : type switch
        {
            KqlType.Bool => KqlValue.Bool((bool)value),
            KqlType.Int => KqlValue.Int(Convert.ToInt32(value, CultureInfo.InvariantCulture)),
            KqlType.Long => KqlValue.Long(Convert.ToInt64(value, CultureInfo.InvariantCulture)),
            KqlType.Real => KqlValue.Real(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
            KqlType.DateTime => KqlValue.DateTime(Convert.ToInt64(value, CultureInfo.InvariantCulture)),
            KqlType.TimeSpan => KqlValue.TimeSpan(Convert.ToInt64(value, CultureInfo.InvariantCulture)),
            KqlType.Guid => KqlValue.Guid((Guid)value),
            KqlType.Decimal => KqlValue.Decimal(KqlDecimal.Parse((string)value)),
            KqlType.Dynamic => KqlValue.Dynamic((string)value),
            _ => KqlValue.Text(value as string ?? ""),
        };

    public static BoundLiteral Of(KqlValue value) => new(value.Type, Constant(value));

    /// <summary>The value as it stands in <see cref="BoundLiteral"/> and <see cref="SqlArgument.Constant"/>.</summary>
    public static object? Constant(KqlValue value) => value.IsNull
        ? null
        : value.Type switch
        {
            KqlType.Bool => value.AsBool,
            KqlType.Int => (int)value.AsLong,
            KqlType.Real => value.AsReal,
            KqlType.Guid => value.AsGuid,
            KqlType.Decimal => value.AsDecimal.ToString(),
            KqlType.String or KqlType.Dynamic => value.AsText,
            _ => value.AsLong,
        };

    public static BoundLiteral Long(long value) => new(KqlType.Long, value);
}
