using Bartizan.Policy.Values;

namespace Bartizan.Policy.Expressions;

/// <summary>A template expression as written between <c>[</c> and <c>]</c>. Positions count from the start of the string that holds it.</summary>
internal abstract record ExpressionSyntax(int Position);

internal sealed record LiteralSyntax(int Position, PolicyValue Value) : ExpressionSyntax(Position);

internal sealed record NameSyntax(int Position, string Name) : ExpressionSyntax(Position);

internal sealed record CallSyntax(int Position, string Function, IReadOnlyList<ExpressionSyntax> Arguments) : ExpressionSyntax(Position);

internal sealed record MemberSyntax(int Position, ExpressionSyntax Target, string Member) : ExpressionSyntax(Position);

internal sealed record IndexSyntax(int Position, ExpressionSyntax Target, ExpressionSyntax Index) : ExpressionSyntax(Position);

/// <summary>What is wrong with an expression, and at which character of it.</summary>
internal sealed record ExpressionFault(int Position, string Message);
