using System.Runtime.CompilerServices;
using Bartizan.Foundation.Outcomes;
using Bartizan.Kql.Binding.Symbols;
using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Binding;

/// <summary>One binding of one text: the binders of each part of the language, which call each other, and the limits they share.</summary>
internal sealed class Binder
{
    private const int MaxDepth = 400;

    // A function that calls another twice doubles the work at each level; nobody writes a query this large by hand.
    private const int MaxWork = 2_000_000;

    private int depth;
    private int work;
    private bool isTooLarge;
    private int nextName;

    public Binder(ISchemaCatalog database, BindingOptions options)
    {
        Database = database;
        Options = options;
        Expressions = new ExpressionBinder(this);
        Operators = new OperatorBinder(this);
        Calls = new CallBinder(this);
        Language = new LanguageCalls(this);
        Functions = new FunctionBinder(this);
        Statements = new StatementBinder(this);
        Tables = new TableBinder(this);
        Pipes = new PipeBinder(this);
        Graphs = new GraphBinder(this);
        Plugins = new PluginBinder(this);
    }

    public ISchemaCatalog Database { get; }

    /// <summary>The number of the next column without a name; it goes on through the whole query.</summary>
    public int NextDefaultColumn { get; set; } = 1;

    public BindingOptions Options { get; }

    public DiagnosticSink Sink { get; private set; } = new();

    public ExpressionBinder Expressions { get; }

    public OperatorBinder Operators { get; }

    public CallBinder Calls { get; }

    public LanguageCalls Language { get; }

    public FunctionBinder Functions { get; }

    public StatementBinder Statements { get; }

    public TableBinder Tables { get; }

    public PipeBinder Pipes { get; }

    public GraphBinder Graphs { get; }

    public PluginBinder Plugins { get; }

    public void Report(string code, TextSpan span, string message, string? hint = null) => Sink.Add(Diagnostic.Error(code, span, message, hint));

    public void Warn(string code, TextSpan span, string message, string? hint = null) => Sink.Add(Diagnostic.Warning(code, span, message, hint));

    /// <summary>Binds into a sink of its own, for texts whose errors are told elsewhere or not at all.</summary>
    public T Apart<T>(Func<T> bind, out DiagnosticSink sink)
    {
        var outer = Sink;
        Sink = sink = new DiagnosticSink();
        try
        {
            return bind();
        }
        finally
        {
            Sink = outer;
        }
    }

    /// <summary>Goes one level deeper; false, with an error, when that is too deep or too much. A true answer is paid back with <see cref="Leave"/>.</summary>
    public bool TryEnter(TextSpan span)
    {
        if (isTooLarge)
        {
            return false;
        }

        if (++work > MaxWork)
        {
            isTooLarge = true;
            Report("BZ2001", span, "The query is too large once its functions are put in.", "Use materialize() for what is used several times, or fewer nested functions.");
            return false;
        }

        if (depth >= MaxDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            Report("BZ1001", span, "The query is nested too deeply.", "Name inner parts with let statements.");
            return false;
        }

        depth++;
        return true;
    }

    public void Leave() => depth--;

    /// <summary>Counts work that is not nested, such as the columns of a union; false when it is too much.</summary>
    public bool TryWork(int amount, TextSpan span)
    {
        work += amount;
        if (work <= MaxWork || isTooLarge)
        {
            return !isTooLarge;
        }

        isTooLarge = true;
        Report("BZ2001", span, "The query is too large once its functions are put in.", "Use fewer tables or columns.");
        return false;
    }

    public string NewName(string prefix) => prefix + (nextName++).ToString(System.Globalization.CultureInfo.InvariantCulture);

    public static BoundExpression Bad() => new BoundLiteral(KqlType.Unknown, null);

    public static BoundQuery BadTable() => new BoundEmpty(new RowShape([], IsOpen: true));
}
