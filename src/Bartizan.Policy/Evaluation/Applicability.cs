using Bartizan.Policy.Conditions;
using Bartizan.Policy.Definitions;
using Bartizan.Policy.Expressions;

namespace Bartizan.Policy.Evaluation;

/// <summary>
/// Whether a definition is about a resource at all: its conditions on type, kind and name decide, and all others count as met.
/// A resource that a definition is not about is neither compliant nor not.
/// </summary>
internal static class Applicability
{
    public static ConstraintSyntax Reduce(ConstraintSyntax constraint) => Reduce(constraint, isNegated: false);

    private static ConstraintSyntax Reduce(ConstraintSyntax constraint, bool isNegated) => constraint switch
    {
        AllOfSyntax all => all with { Constraints = [.. all.Constraints.Select(c => Reduce(c, isNegated))] },
        AnyOfSyntax any => any with { Constraints = [.. any.Constraints.Select(c => Reduce(c, isNegated))] },
        NotSyntax not => not with { Constraint = Reduce(not.Constraint, !isNegated) },
        ConditionSyntax { Left: FieldOperandSyntax { Expression: null, Name: var name } } when name.ToLowerInvariant() is "type" or "kind" or "name" => constraint,
        _ when isNegated => new AnyOfSyntax(constraint.Path, constraint.Span, []),
        _ => new AllOfSyntax(constraint.Path, constraint.Span, []),
    };

    /// <summary>The types a rule can hold for, or null when it names none; lets an evaluation skip what it cannot be about.</summary>
    public static IReadOnlySet<string>? TypesOf(ConstraintSyntax constraint, CompileScope scope)
    {
        switch (constraint)
        {
            case ConditionSyntax { Left: FieldOperandSyntax { Expression: null, Name: var name }, Operator: Operator.Equals or Operator.In } c
                when name.Equals("type", StringComparison.OrdinalIgnoreCase):
                return new ValueCompiler(scope).Compile(c.Right).Constant is { } types ? Texts(types) : null;
            case AllOfSyntax all:
                return all.Constraints.Select(c => TypesOf(c, scope)).FirstOrDefault(t => t is not null);
            case AnyOfSyntax { Constraints.Count: > 0 } any:
                var branches = any.Constraints.Select(c => TypesOf(c, scope)).ToList();
                return branches.Contains(null) ? null : branches.SelectMany(b => b!).ToHashSet(StringComparer.OrdinalIgnoreCase);
            default:
                return null;
        }
    }

    private static HashSet<string>? Texts(Values.PolicyValue value)
    {
        var texts = value is Values.ArrayValue list ? list.Items.Select(i => i.AsText).ToList() : [value.AsText];
        return texts.Contains(null) ? null : texts.Select(t => t!).ToHashSet(StringComparer.OrdinalIgnoreCase);
    }
}
