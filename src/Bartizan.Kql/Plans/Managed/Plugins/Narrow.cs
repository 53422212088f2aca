using Bartizan.Kql.Functions;

namespace Bartizan.Kql.Plans.Managed.Plugins;

/// <summary>narrow: a row for each cell, with the number of its row, the name of its column and its value as text.</summary>
internal sealed class Narrow(PluginCall call) : ManagedOperator
{
    private readonly IReadOnlyList<string> names = [.. call.Source.Shape.Columns.Select(c => c.Name)];

    public override string Name => "narrow";

    public override IEnumerable<KqlValue[]> Run(IReadOnlyList<IEnumerable<KqlValue[]>> inputs, OperatorContext context)
    {
        var number = 0L;
        foreach (var row in inputs[0])
        {
            for (var i = 0; i < names.Count; i++)
            {
                yield return [KqlValue.Long(number), KqlValue.Text(names[i]), KqlValue.Text(Conversion.ToText(row[i]))];
            }

            number++;
        }
    }
}
