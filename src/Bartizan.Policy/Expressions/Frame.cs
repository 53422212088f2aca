using Bartizan.Policy.Aliases;
using Bartizan.Policy.Values;

namespace Bartizan.Policy.Expressions;

/// <summary>The state of one evaluation. Reused by the caller's thread, never shared.</summary>
internal sealed class Frame(PolicyResource primary, EvaluationContext context, int slots)
{
    /// <summary>
    /// No evaluation visits more array elements, in counts and in what functions and operators walk, than this; beyond it, the
    /// evaluation says so and ends.
    /// </summary>
    public const int MaxSteps = 10_000_000;

    private long steps;

    /// <summary>The resource the policy is evaluated for.</summary>
    public PolicyResource Primary { get; } = primary;

    /// <summary>The resource that conditions read: the same, or a related one while an existence condition is tested.</summary>
    public PolicyResource Subject { get; set; } = primary;

    public EvaluationContext Context { get; } = context;

    /// <summary>The elements that the counts around a condition are at.</summary>
    public PolicyValue[] Slots { get; } = slots == 0 ? [] : new PolicyValue[slots];

    /// <summary>Why the evaluation failed; the first reason stays.</summary>
    public string? Error { get; private set; }

    /// <summary>Takes notes of what was tested and read, when somebody asked for them.</summary>
    public EvidenceLog? Evidence { get; init; }

    public PolicyValue Fail(string message)
    {
        Error ??= message;
        return PolicyValue.Undefined;
    }

    /// <summary>Counts one visited element; false when the limit is reached or the evaluation has failed.</summary>
    public bool CanStep() => CanWalk(1);

    /// <summary>Counts what is about to be walked; false when the limit is reached or the evaluation has failed.</summary>
    public bool CanWalk(long weight)
    {
        if (Error is null && (steps += weight) <= MaxSteps)
        {
            return true;
        }

        Fail($"The evaluation would visit more than {MaxSteps} array elements.");
        return false;
    }
}
