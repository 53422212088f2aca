using Bartizan.Foundation.Outcomes;
using Bartizan.Kql.Binding;
using Bartizan.Kql.Binding.Symbols;
using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Functions;
using Bartizan.Kql.Plans;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Sql;

/// <summary>A text that is parsed and bound against a catalogue: what is wrong with it, what it gives, and the way to run it. Reusable.</summary>
public sealed class CompiledQuery
{
    private readonly BoundProgram program;
    private readonly string text;
    private readonly ISchemaCatalog catalog;

    private CompiledQuery(string text, ISchemaCatalog catalog, BoundProgram program)
    {
        this.text = text;
        this.catalog = catalog;
        this.program = program;
    }

    public IReadOnlyList<Diagnostic> Diagnostics => program.Diagnostics;

    public bool HasErrors => program.HasErrors;

    /// <summary>The columns of each result, as far as the text and the schema tell; an open shape has more.</summary>
    public IReadOnlyList<RowShape> Shapes => [.. program.Results.Select(r => r.Shape)];

    public static CompiledQuery Compile(string text, ISchemaCatalog catalog) =>
        new(text, catalog, KqlBinder.Bind(text, catalog, BindingOptions.Default));

    /// <summary>
    /// Does what must be done before the last statements can run, and gives these. Shapes that only the rows can tell are found on the way.
    /// </summary>
    public Outcome<ResultStatements> Prepare(QuerySettings settings, ISqlEngine engine)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(engine);
        var current = program;
        var shapes = new Dictionary<string, RowShape>(StringComparer.Ordinal);
        try
        {
            while (true)
            {
                try
                {
                    return new ResultStatements(new QueryPlanning(current, settings, engine, shapes.Count).Statements());
                }
                catch (OpenShapeException open) when (shapes.Count < 16 && !shapes.ContainsKey(open.Key))
                {
                    shapes[open.Key] = open.Discover();
                }
                catch (PlanKnownShape known) when (shapes.Count < 16 && !shapes.ContainsKey(known.Key))
                {
                    shapes[known.Key] = known.Shape;
                }

                current = KqlBinder.Bind(text, catalog, new BindingOptions { KnownShapes = shapes });
                if (current.HasErrors)
                {
                    return Refused(current.Diagnostics);
                }
            }
        }
        catch (PlanRefusal refusal)
        {
            return new Problem(ProblemKind.NotSupported, "NotSupported", refusal.Message);
        }
        catch (KeyNotFoundException) when (shapes.Count > 0)
        {
            // Plugins whose columns only the rows can tell, one after another, may name a column otherwise once an earlier one's are known.
            return new Problem(
                ProblemKind.NotSupported, "NotSupported", "Several plugins with columns that depend on the rows follow each other here, and their columns cannot be told apart; name them with project between the plugins.");
        }
    }

    public Problem? Refusal => HasErrors ? Refused(Diagnostics) : null;

    private static Problem Refused(IReadOnlyList<Diagnostic> diagnostics)
    {
        var first = diagnostics.First(d => d.Severity == DiagnosticSeverity.Error);
        return new Problem(ProblemKind.Invalid, first.Code, first.Message) { Diagnostics = diagnostics };
    }
}

/// <summary>What a run of a query is told.</summary>
public sealed record QuerySettings(SqlContext Context)
{
    /// <summary>More rows of a result than these will not be read; null for all.</summary>
    public long? MaxRows { get; init; }

    /// <summary>Values for <c>declare query_parameters</c>, as KQL literals or plain text.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();
}

/// <summary>One statement for each result of a query, the first one being the main result.</summary>
public sealed record ResultStatements(IReadOnlyList<ResultStatement> Items);

/// <summary>The last statement of one result: its columns stand in order under names of the engine's.</summary>
public sealed record ResultStatement(string Name, IReadOnlyList<KqlColumn> Columns, string Sql)
{
    /// <summary>What <c>render</c> asked for; null without one.</summary>
    public ChartRequest? Chart { get; init; }

    /// <summary>True where the query defines the order of the rows.</summary>
    public bool IsOrdered { get; init; }
}

/// <summary><c>render kind with (…)</c>.</summary>
public sealed record ChartRequest(string Kind, IReadOnlyDictionary<string, string> Properties);
