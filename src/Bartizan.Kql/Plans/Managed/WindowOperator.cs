using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Functions;

namespace Bartizan.Kql.Plans.Managed;

/// <summary>Passes rows on with the values of window functions behind their columns.</summary>
internal sealed class WindowOperator(int passed, IReadOnlyList<BoundCall> calls) : ManagedOperator
{
    public override string Name => string.Join(", ", calls.Select(c => c.Function));

    public override IEnumerable<KqlValue[]> Run(IReadOnlyList<IEnumerable<KqlValue[]>> inputs, OperatorContext context)
    {
        var states = calls.Select(c => Make(c)).ToArray();
        foreach (var row in inputs[0])
        {
            var result = new KqlValue[passed + states.Length];
            Array.Copy(row, result, passed);
            var at = passed;
            for (var i = 0; i < states.Length; i++)
            {
                var count = calls[i].Arguments.Count;
                result[passed + i] = Conversion.To(states[i].Next(row.AsSpan(at, count)), calls[i].Type);
                at += count;
            }

            yield return result;
        }
    }

    private static WindowState Make(BoundCall call) =>
        FunctionCatalog.ByKey(call.Function)?.Window is { } factory
            ? factory([.. call.Arguments.Select(a => a.Type)])
            : throw new PlanRefusal($"{call.Function} cannot be run yet.");
}
