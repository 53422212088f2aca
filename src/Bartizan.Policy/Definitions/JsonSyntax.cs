using Bartizan.Foundation.Outcomes;
using Bartizan.Policy.Values;

namespace Bartizan.Policy.Definitions;

/// <summary>JSON with its places in the text, so that every remark about a definition can point at a line.</summary>
internal abstract record JsonSyntax(TextSpan Span)
{
    public string? Text => (this as JsonScalar)?.Value.AsText;

    public PolicyValue ToValue() => this switch
    {
        JsonScalar scalar => scalar.Value,
        JsonList list => new ArrayValue([.. list.Items.Select(i => i.ToValue())]),
        JsonObject o => new ObjectValue([.. o.Members.Select(m => m.Name)], [.. o.Members.Select(m => m.Value.ToValue())]),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}

internal sealed record JsonScalar(TextSpan Span, PolicyValue Value) : JsonSyntax(Span);

internal sealed record JsonList(TextSpan Span, IReadOnlyList<JsonSyntax> Items) : JsonSyntax(Span);

internal sealed record JsonMember(string Name, TextSpan NameSpan, JsonSyntax Value);

internal sealed record JsonObject(TextSpan Span, IReadOnlyList<JsonMember> Members) : JsonSyntax(Span)
{
    public JsonMember? Find(string name) => Members.FirstOrDefault(m => m.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The second of two members with the same name, in any case.</summary>
    public JsonMember? FindDoubled()
    {
        HashSet<string> seen = new(StringComparer.OrdinalIgnoreCase);
        return Members.FirstOrDefault(m => !seen.Add(m.Name));
    }
}
