using Bartizan.Foundation.Outcomes;
using Bartizan.Policy.Expressions;

namespace Bartizan.Policy.Definitions;

/// <summary>The <c>if</c> of a rule, a <c>where</c> or an existence condition. <paramref name="Path"/> is a JSON pointer within the rule.</summary>
internal abstract record ConstraintSyntax(string Path, TextSpan Span);

internal sealed record AllOfSyntax(string Path, TextSpan Span, IReadOnlyList<ConstraintSyntax> Constraints) : ConstraintSyntax(Path, Span);

internal sealed record AnyOfSyntax(string Path, TextSpan Span, IReadOnlyList<ConstraintSyntax> Constraints) : ConstraintSyntax(Path, Span);

internal sealed record NotSyntax(string Path, TextSpan Span, ConstraintSyntax Constraint) : ConstraintSyntax(Path, Span);

internal sealed record ConditionSyntax(string Path, TextSpan Span, OperandSyntax Left, Operator Operator, ValueSyntax Right)
    : ConstraintSyntax(Path, Span);

/// <summary>The left side of a condition.</summary>
internal abstract record OperandSyntax(TextSpan Span);

/// <summary>A field by its name, or by an expression that makes the name.</summary>
internal sealed record FieldOperandSyntax(TextSpan Span, string Name, ExpressionSyntax? Expression) : OperandSyntax(Span);

internal sealed record ValueOperandSyntax(TextSpan Span, ValueSyntax Value) : OperandSyntax(Span);

/// <summary>A count over the elements of a field or of a value; one of the two is given.</summary>
internal sealed record CountOperandSyntax(
    TextSpan Span, FieldOperandSyntax? Field, ValueSyntax? Value, string? Name, ConstraintSyntax? Where) : OperandSyntax(Span);

/// <summary>A JSON value that may be, or hold, expressions.</summary>
/// <param name="Expression">Set when the whole value is one expression.</param>
internal sealed record ValueSyntax(JsonSyntax Json, ExpressionSyntax? Expression);
