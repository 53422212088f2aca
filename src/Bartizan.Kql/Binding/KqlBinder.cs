using Bartizan.Foundation.Outcomes;
using Bartizan.Kql.Binding.Symbols;
using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Syntax;

namespace Bartizan.Kql.Binding;

/// <summary>From text and schema to what the text means, with all that is wrong with it. Any text gives a program; none throws.</summary>
internal static class KqlBinder
{
    /// <summary>Longer texts are refused unread: no rule is near it.</summary>
    private const int MaxLength = 2_000_000;

    public static BoundProgram Bind(string text, ISchemaCatalog catalog, BindingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(catalog);
        if (text.Length > MaxLength)
        {
            return Refused([Diagnostic.Error("KS244", new TextSpan(0, 0), $"Query text size exceeds maximum safe limit of {MaxLength} characters. Parsing not performed.")]);
        }

        return Bind(SyntaxTree.Parse(text), catalog, options);
    }

    public static BoundProgram Bind(SyntaxTree tree, ISchemaCatalog catalog, BindingOptions? options = null)
    {
        var binder = new Binder(catalog, options ?? BindingOptions.Default);
        var results = binder.Statements.BindAll(tree.Root);

        // Where the grammar is broken, what comes after is a guess: only what is wrong before that is told, after the broken place itself.
        List<Diagnostic> diagnostics =
        [
            .. tree.Diagnostics.OrderBy(d => d.Span.Start),
            .. binder.Sink.All.Where(d => tree.Diagnostics.Count == 0 || Precedes(d, tree.Diagnostics)).OrderBy(d => d.Span.Start),
        ];
        if (results.Count == 0 && diagnostics.Count == 0)
        {
            diagnostics.Add(Diagnostic.Warning("BZ2005", new TextSpan(0, 0), "The text has no query.", "End it with a table, a pipe or an expression."));
        }

        return diagnostics.Exists(d => d.Severity == DiagnosticSeverity.Error)
            ? Refused(diagnostics)
            : new BoundProgram(results, binder.Statements.Settings, binder.Statements.Parameters, diagnostics);
    }

    private static bool Precedes(Diagnostic diagnostic, IReadOnlyList<Diagnostic> syntax) => diagnostic.Span.Start < syntax.Min(d => d.Span.Start);

    private static BoundProgram Refused(IReadOnlyList<Diagnostic> diagnostics) =>
        new([], new Dictionary<string, BoundExpression>(), [], diagnostics);
}
