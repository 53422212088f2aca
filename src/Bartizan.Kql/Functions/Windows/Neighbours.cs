using System.Globalization;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Functions.Windows;

/// <summary>prev and next: values of other rows of a serialized table.</summary>
internal static class Neighbours
{
    public static IEnumerable<KqlFunction> All() =>
    [
        Of("prev", "lag", "The value of a row before this one; null, or the default, where there is none."),
        Of("next", "lead", "The value of a row after this one; null, or the default, where there is none."),
    ];

    private static KqlFunction Of(string name, string sqlName, string doc) => new(name, "(column:any, offset:integer?, default:any?!) -> $0", doc)
    {
        Kind = FunctionKind.Window,
        Nulls = NullRule.Handled,
        DuckDb = c => Sql(c, sqlName),
        Window = name == "prev" ? types => new Backward(types[0]) : null,
    };

    private static string Sql(SqlCall c, string sqlName)
    {
        var offset = c.Count < 2 ? "1" : c.Arguments[1] is { IsConstant: true, Constant: long or int } constant ? Convert.ToInt64(constant.Constant, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture) : c[1];
        var standard = c.Count > 2 && !(c.Arguments[2].IsConstant && c.Arguments[2].Constant is null) ? c[2] : c.Result == KqlType.String ? "''" : null;
        return $"{sqlName}({c[0]}, {offset}{(standard is null ? "" : $", {standard}")}) OVER ({c.Over})";
    }

    private sealed class Backward(KqlType type) : WindowState
    {
        private const int MostRows = 1 << 20;

        private readonly List<KqlValue> seen = [];

        public override KqlValue Next(ReadOnlySpan<KqlValue> row)
        {
            var offset = row.Length > 1 && !row[1].IsNull ? row[1].AsLong : 1;
            seen.Add(row[0]);
            var at = seen.Count - 1 - offset;
            var value = at >= 0 && at < seen.Count ? seen[(int)at]
                : row.Length > 2 && !row[2].IsNull ? Conversion.To(row[2], type)
                : KqlValue.Null(type);
            if (seen.Count > 2 * MostRows)
            {
                seen.RemoveRange(0, MostRows);
            }

            return value;
        }
    }
}
