namespace Bartizan.Kql.Syntax.Nodes;

internal abstract record StatementSyntax : SyntaxNode;

internal sealed record QueryTextSyntax(IReadOnlyList<StatementSyntax> Statements) : SyntaxNode;

internal sealed record ExpressionStatementSyntax(ExpressionSyntax Expression) : StatementSyntax;

internal sealed record LetStatementSyntax(NameSyntax Name, ExpressionSyntax Value) : StatementSyntax;

internal sealed record SetStatementSyntax(NameSyntax Name, ExpressionSyntax? Value) : StatementSyntax;

internal sealed record QueryParametersStatementSyntax(ParameterListSyntax Parameters) : StatementSyntax;

internal sealed record AliasStatementSyntax(NameSyntax Name, ExpressionSyntax Database) : StatementSyntax;

internal sealed record RestrictStatementSyntax(IReadOnlyList<ExpressionSyntax> Targets) : StatementSyntax;

/// <summary><c>declare pattern name = (p:string)[path:string] { ("a").["b"] = { … }; }</c>; without a body it is only a name.</summary>
internal sealed record PatternStatementSyntax(
    NameSyntax Name, IReadOnlyList<ParameterSyntax> Parameters, ParameterSyntax? Path, IReadOnlyList<PatternCaseSyntax> Cases) : StatementSyntax;

internal sealed record PatternCaseSyntax(
    IReadOnlyList<ExpressionSyntax> Arguments, ExpressionSyntax? Path, FunctionBodySyntax Body) : SyntaxNode;
