using Bartizan.Kql.Functions;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Plans.Managed;

/// <summary>
/// An operator whose rows are made here rather than by the engine: rows in, rows out. It sees the rows of each input in that input's
/// order, one at a time where it can, and the engine keeps what it yields. Inside <c>partition</c> and <c>mv-apply</c> it is run once per group.
/// </summary>
internal abstract class ManagedOperator
{
    /// <summary>The name in explanations.</summary>
    public abstract string Name { get; }

    /// <param name="inputs">One sequence of rows per input; each can be read once. The array of a row is fresh.</param>
    /// <returns>Rows with as many values as the operator has output columns.</returns>
    public abstract IEnumerable<KqlValue[]> Run(IReadOnlyList<IEnumerable<KqlValue[]>> inputs, OperatorContext context);
}

/// <summary>What an operator may know while it runs.</summary>
/// <param name="MaxHeldRows">How many rows it may keep in memory before it must give up with <see cref="QueryLimitException"/>.</param>
internal sealed record OperatorContext(SqlContext Surroundings, CancellationToken Cancellation, long MaxHeldRows = 20_000_000);

/// <summary>A query has reached a limit on what it may use; caught where queries are run and said as a problem.</summary>
public sealed class QueryLimitException : Exception
{
    public QueryLimitException(string message)
        : base(message)
    {
    }

    public QueryLimitException()
    {
    }

    public QueryLimitException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

/// <summary>What plugins with an open shape answer when they are asked for their columns.</summary>
internal interface IOpenShape
{
    /// <summary>Reads the rows of the inputs to say which columns the operator will give for them.</summary>
    RowShape Discover(IReadOnlyList<IEnumerable<KqlValue[]>> inputs, OperatorContext context);
}
