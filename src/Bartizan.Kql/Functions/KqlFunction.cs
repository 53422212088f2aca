namespace Bartizan.Kql.Functions;

/// <summary>What an entry of the catalogue is, which decides where a query may name it.</summary>
public enum FunctionKind
{
    /// <summary>One value from the values of one row.</summary>
    Scalar,

    /// <summary>One value from the rows of a group.</summary>
    Aggregate,

    /// <summary>One value from a row and those before or after it; needs serialized rows.</summary>
    Window,

    /// <summary>Named after <c>evaluate</c>: rows from rows.</summary>
    Plugin,

    /// <summary>A symbol or word of the language (<c>+</c>, <c>has</c>); its name here begins with an underscore.</summary>
    Operator,

    /// <summary>Replaced while binding (<c>column_ifexists</c>, <c>pack_all</c>, <c>materialize</c>) or read by the graph operators.</summary>
    Language,
}

/// <summary>What a function does with null arguments.</summary>
public enum NullRule
{
    /// <summary>Any null argument makes the result null ('' for a string); the body is not asked.</summary>
    Propagate,

    /// <summary>The body or the SQL decides.</summary>
    Handled,
}

/// <summary>
/// One function, aggregate, operator or plugin of the language: how it is called, what comes out, how the column is named, and how
/// it is computed. A SQL form may decline (null) for some argument types; the managed body then stands in.
/// </summary>
public sealed record KqlFunction
{
    /// <param name="signatures">Separated by semicolons, as <see cref="SignatureText"/> reads them: <c>(text:string, start:integer, length:integer?) -> string</c>.</param>
    public KqlFunction(string name, string signatures, string doc)
    {
        Name = name;
        Signatures = SignatureText.Parse(signatures);
        Doc = doc;
    }

    /// <summary>The canonical name; for operators a word that begins with an underscore.</summary>
    public string Name { get; }

    /// <summary>What bound calls carry: the name, unless an aggregate shares it with a scalar function.</summary>
    public string Key { get; init; } = "";

    public FunctionKind Kind { get; init; }

    public IReadOnlyList<Signature> Signatures { get; }

    /// <summary>One sentence for the conformance page and the editor.</summary>
    public string Doc { get; }

    /// <summary>Other spellings, most of them legacy.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    public NameRule Naming { get; init; } = NameRule.None;

    /// <summary>Names and types of the values, for a function that yields several (<c>series_fit_line</c>).</summary>
    public IReadOnlyList<Types.KqlColumn> Elements { get; init; } = [];

    public NullRule Nulls { get; init; }

    /// <summary>False where two calls with the same arguments may differ (<c>rand</c>, <c>new_guid</c>).</summary>
    public bool IsDeterministic { get; init; } = true;

    public SqlForm? DuckDb { get; init; }

    public SqlForm? ClickHouse { get; init; }

    public ScalarBody? Managed { get; init; }

    /// <summary>A predicate over the bytes of the first argument; made once for the other arguments.</summary>
    public TextMatcherFactory? Matcher { get; init; }

    public AggregateFactory? Aggregate { get; init; }

    public WindowFactory? Window { get; init; }

    /// <summary>True when some form of computing it is there (plugins and language forms are computed by their operators).</summary>
    public bool IsImplemented =>
        DuckDb is not null || Managed is not null || Matcher is not null || Aggregate is not null || Window is not null || Kind is FunctionKind.Language;
}
