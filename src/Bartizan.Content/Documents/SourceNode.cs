using Bartizan.Foundation.Outcomes;

namespace Bartizan.Content.Documents;

/// <summary>A value in a YAML or JSON file, with the place where it stands.</summary>
public abstract record SourceNode(TextSpan Span)
{
    /// <summary>A tag of YAML's own making, such as <c>!Ref</c>; null where there is none.</summary>
    public string? Tag { get; init; }

    /// <summary>What kind of value it is, in words for messages.</summary>
    public abstract string Kind { get; }
}

/// <summary>A text, number, boolean or null. A quoted scalar is always text.</summary>
public sealed record SourceScalar(string Text, bool IsQuoted, TextSpan Span) : SourceNode(Span)
{
    public bool IsNull => !IsQuoted && Text is "" or "~" or "null" or "Null" or "NULL";

    public override string Kind => IsNull ? "nothing" : IsQuoted ? "a text" : $"'{(Text.Length > 40 ? Text[..40] + "…" : Text)}'";
}

public sealed record SourceList(IReadOnlyList<SourceNode> Items, TextSpan Span) : SourceNode(Span)
{
    public override string Kind => "a list";
}

/// <summary>Keys in the order written; a repeated key keeps its first value.</summary>
public sealed record SourceMap(IReadOnlyList<SourceEntry> Entries, TextSpan Span) : SourceNode(Span)
{
    public override string Kind => "a mapping";

    public SourceNode? this[string key] => Entries.FirstOrDefault(e => e.Key.Equals(key, StringComparison.OrdinalIgnoreCase))?.Value;
}

public sealed record SourceEntry(string Key, TextSpan KeySpan, SourceNode Value);
