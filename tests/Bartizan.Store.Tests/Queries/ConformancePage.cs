using System.Text;
using Bartizan.Kql.Functions;
using Bartizan.Kql.Sql;
using Bartizan.Kql.Types;
using Bartizan.Store.Queries;

namespace Bartizan.Store.Tests.Queries;

/// <summary>
/// Writes <c>docs/conformance/kql.md</c> from the catalogues. Each function, operator and plugin is run on the engine while the page is written; what does
/// not run is listed as refused, with the reason that a user gets.
/// </summary>
internal sealed class ConformancePage(QueryRunner runner)
{
    private static readonly Dictionary<string, string> Calls = new(StringComparer.Ordinal)
    {
        ["percentile_tdigest"] = "percentile_tdigest(toscalar(T | summarize tdigest(v)), 50)",
    };

    private readonly List<string> refused = [];
    private string database = "";

    /// <summary>What the catalogues offer and the engine did not run.</summary>
    public IReadOnlyList<string> Refused => refused;

    public async Task<string> WriteAsync()
    {
        var page = new StringBuilder("""
            # KQL: what runs

            Written by `ConformancePageTests` (`BARTIZAN_ACCEPT=1` writes it anew; the test fails when it is stale). Each line was run on the embedded engine
            when the page was written: *SQL* is computed by the engine itself, *body* by managed code that the engine calls, *SQL or body* by SQL where the types
            of the arguments allow it. What is not here is refused with a diagnostic. [Documented examples](kql-examples.md) lists the examples of the language's
            documentation whose printed rows differ.

            ## Where the original is approximate or arbitrary

            - `dcount`, `dcountif`, `count_distinct`: exact, whatever the accuracy asked for; over dynamic and decimal values, and in `hll`, exact up to 2,048 different values and an estimate beyond.
            - `percentile` and its family over values: exact (nearest rank), where the original estimates. `tdigest` is an estimate.
            - `take`, `limit` without an order: rows as the engine has them. `take_any`, `arg_max` and `top` among equals: the first row in the order, where there is one.
            - `sort`: equal rows keep the order that they had. `sample`, `sample-distinct`, `rand`: by chance.
            - `make_list` follows the order of the rows; `make_set` gives values in no order.
            - `innerunique` joins keep the first row of each key on the left.
            - `top-hitters` is exact. `reduce`, `autocluster` and `diffpatterns` find patterns by a search of our own: the original's is not published.
            - `hash` gives the original's numbers for strings; ids of graph nodes are hashes of their keys.

            """);
        var answer = await runner.RunAsync(new QueryRequest("print current_database()"), CancellationToken.None);
        database = answer.TryGetValue(out var name, out _) ? (string)name.Rows[0][0]! : "";
        await Entries(page, "Operators", LanguageCatalog.Operators);
        await Entries(page, "Plugins", LanguageCatalog.Plugins);
        await Functions(page, "Scalar functions", FunctionKind.Scalar);
        await Functions(page, "Aggregates", FunctionKind.Aggregate);
        await Functions(page, "Window functions", FunctionKind.Window);
        await Functions(page, "Operators in expressions", FunctionKind.Operator);
        await Functions(page, "Functions that the binder replaces", FunctionKind.Language);
        return page.ToString();
    }

    private async Task Entries(StringBuilder page, string title, IReadOnlyList<LanguageEntry> entries)
    {
        page.Append($"\n## {title}\n\n| name | what it does |\n|---|---|\n");
        foreach (var entry in entries)
        {
            var problem = await Problem(LanguageCatalog.SampleTable + entry.Sample.Replace("{database}", database, StringComparison.Ordinal));
            if (problem is not null)
            {
                refused.Add($"{entry.Name}: {problem}");
            }

            page.Append($"| `{entry.Name}` | {(problem is null ? entry.Doc : $"refused: {problem}")} |\n");
        }
    }

    private async Task Functions(StringBuilder page, string title, FunctionKind kind)
    {
        page.Append($"\n## {title}\n\n| name | computed by | what it gives |\n|---|---|---|\n");
        foreach (var function in FunctionCatalog.All.Where(f => f.Kind == kind))
        {
            var problem = kind is FunctionKind.Operator or FunctionKind.Language ? null : await Problem(function);
            if (problem is not null)
            {
                refused.Add($"{function.Name}: {problem}");
            }

            var names = string.Join(", ", function.Aliases.Prepend(function.Name).Select(n => $"`{n}`"));
            var doc = (problem is null ? function.Doc : $"refused: {problem}").Replace("|", "\\|", StringComparison.Ordinal);
            page.Append($"| {names} | {How(function)} | {doc} |\n");
        }
    }

    private static string How(KqlFunction function) =>
        function.Kind == FunctionKind.Language ? "binder"
        : (function.DuckDb is not null, function.Managed is not null || function.Matcher is not null || function.Aggregate is not null || function.Window is not null) switch
        {
            (true, true) => "SQL or body",
            (true, false) => "SQL",
            (false, true) => "body",
            _ => "nothing",
        };

    /// <summary>Null when some way to call the function runs.</summary>
    private async Task<string?> Problem(KqlFunction function)
    {
        if (Calls.GetValueOrDefault(function.Name) is { } written)
        {
            return await Problem(LanguageCatalog.SampleTable + Query(function.Kind, written));
        }

        string? last = null;
        foreach (var signature in function.Signatures)
        {
            var arguments = signature.Parameters.Where(p => !p.IsOptional).SelectMany(p => Enumerable.Repeat(Argument(p, function.Kind), Math.Max(1, p.Min)));
            last = await Problem(LanguageCatalog.SampleTable + Query(function.Kind, $"{function.Name}({string.Join(", ", arguments)})"));
            if (last is null)
            {
                return null;
            }
        }

        return last;
    }

    private static string Query(FunctionKind kind, string call) => kind switch
    {
        FunctionKind.Aggregate => $"T | summarize {call}",
        FunctionKind.Window => $"T | sort by t asc | extend {call}",
        _ => $"print {call}",
    };

    private static string Argument(Parameter parameter, FunctionKind kind)
    {
        if (parameter.Values.Count > 0)
        {
            return $"'{parameter.Values[0]}'";
        }

        var ofColumn = kind != FunctionKind.Scalar && parameter.Style is ParameterStyle.Expression or ParameterStyle.Column or ParameterStyle.StarAllowed;
        return parameter.Style switch
        {
            ParameterStyle.Star => "*",
            ParameterStyle.TypeLiteral => "typeof(long)",
            _ when parameter.Accepts(KqlType.Long) => ofColumn ? "v" : "2",
            _ when parameter.Accepts(KqlType.Real) => "0.5",
            _ when parameter.Accepts(KqlType.String) => ofColumn ? "k" : "'a'",
            _ when parameter.Accepts(KqlType.DateTime) => ofColumn ? "t" : "datetime(2024-01-01)",
            _ when parameter.Accepts(KqlType.TimeSpan) => "1h",
            _ when parameter.Accepts(KqlType.Bool) => ofColumn ? "v > 1" : "true",
            _ when parameter.Accepts(KqlType.Dynamic) => ofColumn ? "d" : parameter.Shape == DynamicShape.Bag ? "dynamic({\"a\": 1})" : "dynamic([1, 2, 3, 4])",
            _ when parameter.Accepts(KqlType.Guid) => "guid(00000000-0000-0000-0000-000000000001)",
            _ => "decimal(1.5)",
        };
    }

    private async Task<string?> Problem(string query)
    {
        var answer = await runner.RunAsync(new QueryRequest(query), CancellationToken.None);
        return answer.TryGetValue(out _, out var problem) ? null : $"{problem.Message} ({problem.Code})";
    }
}
