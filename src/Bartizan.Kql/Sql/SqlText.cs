using System.Globalization;
using System.Text;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Sql;

/// <summary>Names, types and constants in DuckDB's SQL.</summary>
internal static class SqlText
{
    public static string Quote(string name) => "\"" + name.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    public static string TypeOf(KqlType type) => type switch
    {
        KqlType.Bool => "BOOLEAN",
        KqlType.Int => "INTEGER",
        KqlType.Long or KqlType.DateTime or KqlType.TimeSpan => "BIGINT",
        KqlType.Real => "DOUBLE",
        KqlType.Guid => "UUID",
        _ => "VARCHAR",
    };

    public static string Literal(object? value, KqlType type)
    {
        switch (value)
        {
            case null:
                return type == KqlType.String ? "''" : $"(NULL::{TypeOf(type)})";
            case bool flag:
                return flag ? "true" : "false";
            // In parentheses: the cast binds before the sign, and the least number has no positive.
            case int number when type == KqlType.Int:
                return string.Create(CultureInfo.InvariantCulture, $"(({number})::INTEGER)");
            case int or long:
                return string.Create(CultureInfo.InvariantCulture, $"(({Convert.ToInt64(value, CultureInfo.InvariantCulture)})::BIGINT)");
            case double real:
                return double.IsFinite(real)
                    ? $"({real.ToString("R", CultureInfo.InvariantCulture)}::DOUBLE)"
                    : $"('{(double.IsNaN(real) ? "nan" : real > 0 ? "inf" : "-inf")}'::DOUBLE)";
            case Guid guid:
                return $"('{guid:D}'::UUID)";
            default:
                return Text((string)value);
        }
    }

    /// <summary>A text constant; the statement itself cannot hold a zero character.</summary>
    public static string Text(string value)
    {
        value = Whole(value);
        if (!value.Contains('\0', StringComparison.Ordinal))
        {
            return $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";
        }

        return $"({string.Join(" || chr(0) || ", value.Split('\0').Select(p => $"'{p.Replace("'", "''", StringComparison.Ordinal)}'"))})";
    }

    // Half a surrogate pair has no UTF-8 form.
    private static string Whole(string value) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(value));
}
