using Bartizan.Policy.Expressions;
using Bartizan.Policy.Values;

namespace Bartizan.Policy.Effects;

/// <summary>The <c>then</c> of a rule, ready to be asked.</summary>
internal sealed class CompiledEffect
{
    /// <summary>The effect's name as written or as a parameter gives it.</summary>
    public required CompiledExpression Name { get; init; }

    /// <summary>The related resources an existence check asks for; null for other effects.</summary>
    public Func<Frame, RelatedQuery>? Related { get; init; }

    /// <summary>The type of those, where the text settles it.</summary>
    public string? RelatedType { get; init; }

    public Func<Frame, bool>? ExistenceCondition { get; init; }

    /// <summary>The details that tell a remedy what to do, worked out.</summary>
    public Func<Frame, PolicyValue>? Details { get; init; }

    public Func<Frame, IReadOnlyList<FieldChange>>? Changes { get; init; }

    public Func<Frame, DeploymentPlan>? Deployment { get; init; }
}
