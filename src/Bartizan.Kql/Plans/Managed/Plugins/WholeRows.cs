using Bartizan.Kql.Functions;

namespace Bartizan.Kql.Plans.Managed.Plugins;

/// <summary>identity: the rows as they are.</summary>
internal sealed class Identity : ManagedOperator
{
    public override string Name => "identity";

    public override IEnumerable<KqlValue[]> Run(IReadOnlyList<IEnumerable<KqlValue[]>> inputs, OperatorContext context) => inputs[0];
}

/// <summary>preview: the first rows.</summary>
internal sealed class Preview(PluginCall call) : ManagedOperator
{
    private readonly int count = (int)Math.Clamp(Conversion.To(call.Required(0), Types.KqlType.Long).AsLong, 0, int.MaxValue);

    public override string Name => "preview";

    public override IEnumerable<KqlValue[]> Run(IReadOnlyList<IEnumerable<KqlValue[]>> inputs, OperatorContext context) => inputs[0].Take(count);
}

/// <summary>estimate_rows_count: how many rows there are.</summary>
internal sealed class RowCount : ManagedOperator
{
    public override string Name => "estimate_rows_count";

    public override IEnumerable<KqlValue[]> Run(IReadOnlyList<IEnumerable<KqlValue[]>> inputs, OperatorContext context) => [[KqlValue.Long(inputs[0].LongCount())]];
}
