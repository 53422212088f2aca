using Bartizan.Kql.Functions;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Tests.Functions.Aggregates;

/// <summary>Runs an aggregate over rows written as C# values, whole and in two halves that are merged.</summary>
internal static class Rows
{
    public static AggregateState State(string name, params KqlValue[][] rows)
    {
        var function = FunctionCatalog.FindAggregate(name);
        Assert.NotNull(function);
        var types = rows.Length > 0 ? rows[0].Select(v => v.Type).ToList() : [KqlType.Long];
        var whole = function.Aggregate!(types);
        foreach (var row in rows)
        {
            whole.Add(row);
        }

        var (first, second) = (function.Aggregate(types), function.Aggregate(types));
        for (var i = 0; i < rows.Length; i++)
        {
            (i < rows.Length / 2 ? first : second).Add(rows[i]);
        }

        first.Merge(second);
        Assert.Equal(Text(whole.Finish()), Text(first.Finish()));
        return whole;
    }

    public static string Of(string name, params KqlValue[][] rows) => Text(State(name, rows).Finish());

    public static string Scalar(string name, params KqlValue[] arguments) => Text(FunctionCatalog.FindScalar(name)!.Managed!(arguments));

    public static string Text(KqlValue value) =>
        value.IsNull ? "null" : value.Type == KqlType.Real ? Math.Round(value.AsReal, 9).ToString("R", System.Globalization.CultureInfo.InvariantCulture) : Conversion.ToText(value);

    public static KqlValue[][] Column(params long?[] values) => [.. values.Select(v => new[] { KqlValue.Long(v) })];

    public static KqlValue[][] Column(IEnumerable<long> values) => [.. values.Select(v => new[] { KqlValue.Long(v) })];

    public static KqlValue[][] Json(params string[] values) => [.. values.Select(v => new[] { KqlValue.Dynamic(v) })];

    public static KqlValue[][] Texts(params string[] values) => [.. values.Select(v => new[] { KqlValue.Text(v) })];
}
