using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Functions;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Binding;

/// <summary>Conversions that the language makes by itself beyond widening: as the conversion function of the type would.</summary>
internal static class Coercion
{
    public static BoundExpression To(BoundExpression value, KqlType type)
    {
        if (value.Type == type || type == KqlType.Unknown || value.Type == KqlType.Unknown)
        {
            return value;
        }

        if (value is BoundLiteral { Value: null })
        {
            return new BoundLiteral(type, type == KqlType.String ? "" : null);
        }

        if (type == KqlType.Int && value is BoundLiteral { Value: long and >= int.MinValue and <= int.MaxValue } number)
        {
            return new BoundLiteral(KqlType.Int, (int)(long)number.Value);
        }

        return type != KqlType.Dynamic && !TypeRules.Widens(value.Type, type) && FunctionCatalog.FindScalar("to" + TypeRules.NameOf(type)) is { } conversion
            ? new BoundCall(conversion.Key, [value], type)
            : TypeRules.Convert(value, type);
    }

    /// <summary>The first column of a table as an array, for a table that stands where an array should.</summary>
    public static BoundExpression ToArray(BoundQuery table)
    {
        if (table.Shape.Columns.Count == 0 || FunctionCatalog.FindAggregate("make_list") is not { } list)
        {
            return Binder.Bad();
        }

        var column = new KqlColumn("list_", KqlType.Dynamic);
        var call = new BoundCall(list.Key, [RowScope.ColumnOf(table.Shape.Columns[0])], KqlType.Dynamic);
        return new BoundScalarSubquery(new BoundSummarize(table, new RowShape([column]), [], [new BoundAssignment(column, call)]), KqlType.Dynamic);
    }
}
