using Bartizan.Foundation.Outcomes;
using Bartizan.Kql.Syntax.Nodes;

namespace Bartizan.Kql.Syntax.Parsing;

/// <summary>One parse of one text: the token reader and the parsers of each part of the grammar, which call each other.</summary>
internal sealed class Parser
{
    private readonly string text;

    public Parser(string text)
    {
        this.text = text;
        Reader = new TokenReader(text);
        Names = new NameParser(Reader);
        Expressions = new ExpressionParser(this);
        Json = new JsonParser(this);
        Pipes = new PipeParser(this);
        Operators = new OperatorParser(this);
        Columns = new ColumnOperatorParser(this);
        Patterns = new PatternOperatorParser(this);
        Graphs = new GraphParser(this);
        Statements = new StatementParser(this);
    }

    public TokenReader Reader { get; }

    public NameParser Names { get; }

    public ExpressionParser Expressions { get; }

    public JsonParser Json { get; }

    public PipeParser Pipes { get; }

    public OperatorParser Operators { get; }

    public ColumnOperatorParser Columns { get; }

    public PatternOperatorParser Patterns { get; }

    public GraphParser Graphs { get; }

    public StatementParser Statements { get; }

    public SyntaxTree ParseQuery()
    {
        var root = Statements.ParseText();
        return new SyntaxTree(text, root, Reader.Diagnostics);
    }

    public ParameterListSyntax ParseParameterText() => Statements.ParseParameterList();

    public (FunctionBodySyntax Body, IReadOnlyList<Diagnostic> Diagnostics) ParseBodyText()
    {
        var body = Reader.Is("{") ? Statements.ParseFunctionBody() : Statements.ParseBareBody();
        return (body, Reader.Diagnostics);
    }
}
