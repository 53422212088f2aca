using System.Text.Json.Nodes;

namespace Bartizan.Response.Playbooks.Expressions;

/// <summary>An expression of the workflow language, as a tree.</summary>
public abstract record Expression
{
    private Expression()
    {
    }

    public sealed record Literal(JsonNode? Value) : Expression;

    public sealed record Call(string Function, IReadOnlyList<Expression> Arguments) : Expression;

    /// <summary>A member or an item; a safe one is null where the target is.</summary>
    public sealed record Member(Expression Target, Expression Key, bool IsSafe) : Expression;

    /// <summary>Text with expressions in it.</summary>
    public sealed record Interpolation(IReadOnlyList<Expression> Parts) : Expression;
}

/// <summary>Why an expression could not be read or worked out; the action that holds it fails with this.</summary>
public sealed class ExpressionException(string message) : Exception(message);
