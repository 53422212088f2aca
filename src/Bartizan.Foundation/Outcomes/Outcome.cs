using System.Diagnostics.CodeAnalysis;

namespace Bartizan.Foundation.Outcomes;

/// <summary>Either a value or the <see cref="Problem"/> that stood in its way.</summary>
public readonly struct Outcome<T>
{
    private readonly T? value;

    private Outcome(T? value, Problem? problem)
    {
        this.value = value;
        Problem = problem;
    }

    /// <summary>Why there is no value; null when there is one.</summary>
    public Problem? Problem { get; }

    [MemberNotNullWhen(false, nameof(Problem))]
    public bool IsSuccess => Problem is null;

    /// <summary>The value; asking for it without one is a bug.</summary>
    public T Value => IsSuccess ? value! : throw new InvalidOperationException($"No value: {Problem.Code}: {Problem.Message}");

    public bool TryGetValue([MaybeNullWhen(false)] out T result, [NotNullWhen(false)] out Problem? problem)
    {
        result = value;
        problem = Problem;
        return IsSuccess;
    }

    public Outcome<TNext> Then<TNext>(Func<T, Outcome<TNext>> next)
    {
        ArgumentNullException.ThrowIfNull(next);
        return IsSuccess ? next(value!) : Problem;
    }

#pragma warning disable CA2225 // The operators are the constructors of this type; named twins would be a second way.
    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(Problem problem) => new(default, problem);
#pragma warning restore CA2225
}
