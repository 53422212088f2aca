using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Functions;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Plans.Managed.Plugins;

/// <summary>A call of a plugin while it is planned: its rows, and its arguments by place and by name.</summary>
internal sealed class PluginCall(PlanBuilder builder, BoundEvaluate evaluate)
{
    private readonly List<BoundPluginArgument> positional = [.. evaluate.Arguments.Where(a => a.Name is null)];

    public PlanBuilder Builder => builder;

    public RowShape Shape => evaluate.Shape;

    public PlanRows Source { get; private set; } = evaluate.Source is null ? throw new PlanRefusal($"The plugin {evaluate.Plugin} needs rows before it.") : builder.Plan(evaluate.Source);

    public int Count => positional.Count;

    /// <summary>All arguments in order, those with names among them.</summary>
    public IReadOnlyList<BoundPluginArgument> Arguments => evaluate.Arguments;

    /// <summary>Where in a row of the source the column of this argument stands; an expression is computed as a further column.</summary>
    public int Column(int index)
    {
        if (Argument(index).Value is not { } value)
        {
            throw new PlanRefusal($"The plugin {evaluate.Plugin} expects a column as argument {index + 1}.");
        }

        if (value is BoundColumn column)
        {
            for (var i = 0; i < Source.Shape.Columns.Count; i++)
            {
                if (Source.Shape.Columns[i].Name == column.Name)
                {
                    return i;
                }
            }
        }

        return Computed(value);
    }

    public int Computed(BoundExpression value)
    {
        var (rows, columns) = builder.Compute(Source, [("", value)]);
        Source = rows with { Shape = new RowShape([.. Source.Shape.Columns, new KqlColumn("", value.Type)]), Columns = [.. Source.Columns, columns[0]] };
        return Source.Columns.Count - 1;
    }

    public bool IsColumn(int index) => index < positional.Count && positional[index].Value is BoundColumn;

    public BoundExpression? Expression(int index) => index < positional.Count ? positional[index].Value : null;

    public BoundQuery Table(int index) => Argument(index).Table ?? throw new PlanRefusal($"The plugin {evaluate.Plugin} expects a table as argument {index + 1}.");

    /// <summary>A value that does not depend on rows; null when it is not given.</summary>
    public KqlValue? Constant(int index, string name = "")
    {
        var value = evaluate.Arguments.FirstOrDefault(a => a.Name is not null && a.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.Value ?? (index < positional.Count ? positional[index].Value : null);
        return value is null ? null
            : ManagedExpression.Constant(value, builder.Context) ?? throw new PlanRefusal($"Argument {index + 1} of the plugin {evaluate.Plugin} must be known before the rows.");
    }

    public KqlValue Required(int index) =>
        Constant(index) is { IsNull: false } value ? value : throw new PlanRefusal($"The plugin {evaluate.Plugin} expects a value as argument {index + 1}.");

    private BoundPluginArgument Argument(int index) =>
        index < positional.Count ? positional[index] : throw new PlanRefusal($"The plugin {evaluate.Plugin} expects at least {index + 1} arguments.");
}
