using Bartizan.Foundation.Outcomes;
using Bartizan.Kql.Syntax.Nodes;
using Bartizan.Kql.Syntax.Parsing;

namespace Bartizan.Kql.Syntax;

/// <summary>A text as a tree that prints back to the same text, and what is wrong with its grammar. Any text has a tree.</summary>
internal sealed record SyntaxTree(string Text, QueryTextSyntax Root, IReadOnlyList<Diagnostic> Diagnostics)
{
    public static SyntaxTree Parse(string text) => new Parser(text).ParseQuery();

    /// <summary>Reads the parameter list of a saved function: <c>(name:string, top:long=10)</c>.</summary>
    public static ParameterListSyntax ParseParameters(string text) => new Parser(text).ParseParameterText();

    /// <summary>Reads the body of a saved function, with or without its braces.</summary>
    public static (FunctionBodySyntax Body, IReadOnlyList<Diagnostic> Diagnostics) ParseBody(string text) => new Parser(text).ParseBodyText();
}
