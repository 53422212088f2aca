using Bartizan.Kql.Syntax.Tokens;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Syntax.Nodes;

internal abstract record ExpressionSyntax : SyntaxNode;

/// <summary>A name: <c>x</c>, <c>['x y']</c>, or with wildcards where those may stand. <paramref name="Text"/> is without brackets and quotes.</summary>
internal sealed record NameSyntax(string Text, bool IsBracketed, bool HasWildcard) : ExpressionSyntax
{
    public bool IsMissing => Text.Length == 0;
}

/// <summary>Nothing stands where an expression should; the parser has said so.</summary>
internal sealed record MissingSyntax : ExpressionSyntax;

/// <summary>A lone <c>*</c>.</summary>
internal sealed record StarSyntax : ExpressionSyntax;

/// <summary>A literal; the value is represented as in the bound tree. Adjacent strings are one literal.</summary>
internal sealed record LiteralSyntax(KqlType Type, object? Value) : ExpressionSyntax;

/// <summary><c>dynamic(…)</c>, as compact JSON text; null for <c>dynamic(null)</c>.</summary>
internal sealed record DynamicSyntax(string? Json) : ExpressionSyntax;

/// <summary><c>typeof(string)</c> or <c>typeof(a:string, b:long)</c>.</summary>
internal sealed record TypeofSyntax(KqlType? Type, SchemaSyntax? Schema) : ExpressionSyntax;

internal sealed record UnarySyntax(SyntaxToken Operator, ExpressionSyntax Operand) : ExpressionSyntax;

internal sealed record BinarySyntax(ExpressionSyntax Left, SyntaxToken Operator, ExpressionSyntax Right) : ExpressionSyntax;

/// <summary><c>x in (…)</c>, <c>has_any</c> and <c>has_all</c> with a list in parentheses.</summary>
internal sealed record ListOperatorSyntax(ExpressionSyntax Left, SyntaxToken Operator, IReadOnlyList<ExpressionSyntax> Items) : ExpressionSyntax;

internal sealed record BetweenSyntax(ExpressionSyntax Left, SyntaxToken Operator, ExpressionSyntax From, ExpressionSyntax To) : ExpressionSyntax;

internal sealed record ParenthesizedSyntax(ExpressionSyntax Inner) : ExpressionSyntax;

internal sealed record CallSyntax(NameSyntax Name, IReadOnlyList<ExpressionSyntax> Arguments) : ExpressionSyntax;

/// <summary><c>target.name</c> or <c>target.['name']</c>.</summary>
internal sealed record MemberSyntax(ExpressionSyntax Target, NameSyntax Name) : ExpressionSyntax;

/// <summary><c>database("x").table("y")</c>: a call on what stands before it.</summary>
internal sealed record MemberCallSyntax(ExpressionSyntax Target, CallSyntax Call) : ExpressionSyntax;

internal sealed record ElementSyntax(ExpressionSyntax Target, ExpressionSyntax Index) : ExpressionSyntax;

/// <summary><c>name = value</c>, or <c>(a, b) = value</c> with several names.</summary>
internal sealed record NamedSyntax(IReadOnlyList<NameSyntax> Names, bool IsTuple, ExpressionSyntax Value) : ExpressionSyntax;

/// <summary><c>key asc nulls first</c>; what is not written is null.</summary>
internal sealed record OrderedSyntax(ExpressionSyntax Key, bool? IsDescending, bool? NullsFirst) : ExpressionSyntax;

/// <summary>A source and the operators after it.</summary>
internal sealed record PipeSyntax(ExpressionSyntax Source, IReadOnlyList<QueryOperatorSyntax> Operators) : ExpressionSyntax;

/// <summary>An operator that stands at the head of a pipe, without a source: <c>union</c>, <c>print</c>, <c>search</c>, …</summary>
internal sealed record OperatorSourceSyntax(QueryOperatorSyntax Operator) : ExpressionSyntax;

/// <summary><c>(a:int, b:string)</c>, also with <c>*</c> for further columns.</summary>
internal sealed record SchemaSyntax(IReadOnlyList<ColumnDeclarationSyntax> Columns, bool HasStar) : SyntaxNode;

internal sealed record ColumnDeclarationSyntax(NameSyntax Name, KqlType Type, SyntaxToken TypeToken) : SyntaxNode;

internal sealed record DataTableSyntax(SchemaSyntax Schema, IReadOnlyList<ExpressionSyntax> Values) : ExpressionSyntax;

internal sealed record ExternalDataSyntax(
    SchemaSyntax Schema, IReadOnlyList<ExpressionSyntax> Sources, IReadOnlyList<OperatorParameterSyntax> Properties) : ExpressionSyntax;

/// <summary><c>inline_external_table (schema) …</c>: parsed to its end, refused when it is bound.</summary>
internal sealed record InlineExternalTableSyntax(SchemaSyntax Schema) : ExpressionSyntax;

/// <summary><c>entity_group [a, b]</c>.</summary>
internal sealed record EntityGroupSyntax(IReadOnlyList<ExpressionSyntax> Members) : ExpressionSyntax;

/// <summary><c>(parameters) { body }</c> or <c>view () { body }</c>.</summary>
internal sealed record FunctionDeclarationSyntax(bool IsView, ParameterListSyntax Parameters, FunctionBodySyntax Body) : ExpressionSyntax;

internal sealed record ParameterListSyntax(IReadOnlyList<ParameterSyntax> Parameters) : SyntaxNode;

/// <summary>A parameter: scalar with a type and perhaps a default, or tabular with a schema.</summary>
internal sealed record ParameterSyntax(NameSyntax Name, KqlType? Type, SchemaSyntax? Schema, ExpressionSyntax? Default) : SyntaxNode;

internal sealed record FunctionBodySyntax(IReadOnlyList<StatementSyntax> Statements, ExpressionSyntax? Result) : SyntaxNode;
