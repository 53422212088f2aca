using Bartizan.Policy.Values;

namespace Bartizan.Policy.Expressions;

/// <summary>An expression ready to run, or the value it always has.</summary>
internal sealed class CompiledExpression
{
    private readonly Func<Frame, PolicyValue>? run;

    private CompiledExpression(Func<Frame, PolicyValue>? run, PolicyValue? constant)
    {
        this.run = run;
        Constant = constant;
    }

    /// <summary>The value, when it depends on nothing that an evaluation brings.</summary>
    public PolicyValue? Constant { get; }

    public bool IsAbsent => Constant is { IsUndefined: true };

    public static CompiledExpression Of(PolicyValue constant) => new(null, constant);

    public static CompiledExpression Of(Func<Frame, PolicyValue> run) => new(run, null);

    public PolicyValue Evaluate(Frame frame) => Constant ?? run!(frame);
}
