namespace Bartizan.Kql.Syntax.Tokens;

/// <summary>What a token is by its spelling alone. Keywords are identifiers: the parser knows from the place what a word means.</summary>
internal enum SyntaxTokenKind
{
    EndOfText,
    Identifier,
    StringLiteral,
    LongLiteral,
    RealLiteral,
    TimeSpanLiteral,

    /// <summary>A type's name with its value in parentheses: <c>datetime(2020-01-01)</c>, <c>int(5)</c>, <c>bool(null)</c>.</summary>
    TypedLiteral,
    Punctuation,

    /// <summary>A line that begins with <c>#</c>, read by tools and not by the language.</summary>
    Directive,

    /// <summary>Characters that begin no token.</summary>
    Bad,
}
