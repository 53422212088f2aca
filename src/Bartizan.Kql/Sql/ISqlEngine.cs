using Bartizan.Kql.Functions;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Sql;

/// <summary>A function, predicate or aggregate that the engine calls back, made for one query. Constants are held here and are not passed.</summary>
public sealed class ManagedCall
{
    public required string Name { get; init; }

    /// <summary>Types of all arguments, constants too.</summary>
    public required IReadOnlyList<KqlType> Types { get; init; }

    /// <summary>For each argument its value, or null where the engine passes it.</summary>
    public required IReadOnlyList<KqlValue?> Constants { get; init; }

    public required KqlType Result { get; init; }

    /// <summary>True when a null argument makes the result null without asking.</summary>
    public bool Propagates { get; init; }

    public ScalarBody? Body { get; init; }

    /// <summary>Over the first argument; the others are constants.</summary>
    public TextMatcher? Matcher { get; init; }

    public AggregateFactory? Aggregate { get; init; }

    /// <summary>Of an aggregate that yields several values, the one to give; -1 for the whole.</summary>
    public int Element { get; init; } = -1;

    /// <summary>The elements of a list, each dynamic text or null.</summary>
    public Func<KqlValue, IReadOnlyList<string?>>? Expansion { get; init; }
}

/// <summary>What a saved function without a body gives: its columns, which an open shape leaves to the rows, and the rows.</summary>
public sealed record FunctionRows(RowShape Shape, IReadOnlyList<KqlValue[]> Rows);

/// <summary>What <c>externaldata</c> asks for.</summary>
/// <param name="Properties">What stands in <c>with (…)</c>: format, ignoreFirstRecord and such.</param>
public sealed record ExternalSource(RowShape Shape, IReadOnlyList<string> Addresses, IReadOnlyDictionary<string, string> Properties);

/// <summary>
/// What a query needs of a database while it runs. A real seam: the embedded engine, one that only explains, and the cluster's.
/// Calls come one after the other.
/// </summary>
public interface ISqlEngine
{
    /// <summary>Makes a call known; the number stands as first argument in SQL.</summary>
    long Register(ManagedCall call);

    /// <summary>The rows of a statement, as they come.</summary>
    IEnumerable<KqlValue[]> Read(string sql, IReadOnlyList<KqlType> types);

    /// <summary>Keeps the rows of a statement as a table of this session.</summary>
    void Keep(string table, string sql);

    /// <summary>Keeps rows as a table of this session; its columns are f0, f1, ….</summary>
    void Keep(string table, IReadOnlyList<KqlType> types, IEnumerable<KqlValue[]> rows);

    /// <summary>A condition over a table's columns that every read of it must hold, as SQL; null where there is none.</summary>
    /// <param name="terms">Words that this read's rows must hold: the engine may leave rows out that cannot.</param>
    string? Restriction(Binding.Symbols.TableSymbol table, TermCondition? terms);

    /// <summary>The rows of a saved function without a body; null where nothing provides them, and then it has none.</summary>
    FunctionRows? Rows(Binding.Symbols.FunctionSymbol function, IReadOnlyList<KqlValue> arguments);

    /// <summary>The rows of <c>externaldata</c>; null where its sources may not be read.</summary>
    IReadOnlyList<KqlValue[]>? External(ExternalSource source);

    CancellationToken Cancellation { get; }
}
