using Bartizan.Policy.Values;

namespace Bartizan.Content.Policies;

/// <summary>
/// IAM lets one statement, action, resource or principal stand for a list of one, and a document be an object or its text. Here they
/// are always lists in an object; <c>Principals</c> is the flat list of all that a statement names, <c>IsPublic</c> whether it lets in
/// callers that nobody named.
/// </summary>
internal static class AwsPolicyDocument
{
    private const int MaxText = 64 * 1024;

    private static readonly string[] OneOrMany = ["Action", "NotAction", "Resource", "NotResource"];

    /// <summary>The same value with every policy document in it normalised; the same instance where there is none.</summary>
    public static PolicyValue Normalize(PolicyValue value)
    {
        if (value.AsText is { } text)
        {
            return Document(text) ?? value;
        }

        if (value.Elements is { } items)
        {
            var inner = items.Select(Normalize).ToList();
            return inner.Zip(items).All(p => ReferenceEquals(p.First, p.Second)) ? value : PolicyValue.Of(inner);
        }

        if (value.MemberNames is null)
        {
            return value;
        }

        var isDocument = value.Member("Statement") is { } s && (s.Elements ?? [s]).Any(e => e.Member("Effect").AsText is not null);
        var members = ForeignShape.Members(value).ToList();
        var changed = members.ConvertAll(m => (m.Name, Value: isDocument && m.Name == "Statement" ? Statements(m.Value) : Normalize(m.Value)));
        return changed.Zip(members).All(p => ReferenceEquals(p.First.Value, p.Second.Value)) ? value : PolicyValue.Of(changed);
    }

    private static PolicyValue? Document(string text) =>
        text.Length <= MaxText && text.AsSpan().TrimStart().StartsWith("{") && text.Contains("\"Statement\"", StringComparison.Ordinal) && PolicyJson.TryParse(text) is { MemberNames: not null } parsed
            ? Normalize(parsed)
            : null;

    private static PolicyValue Statements(PolicyValue value) => PolicyValue.Of([.. (value.Elements ?? [value]).Select(Statement)]);

    private static PolicyValue Statement(PolicyValue statement)
    {
        if (statement.MemberNames is null)
        {
            return statement;
        }

        var members = ForeignShape.Members(statement)
            .Select(m => (m.Name, OneOrMany.Contains(m.Name) ? Many(m.Value) : m.Name is "Principal" or "NotPrincipal" ? Principal(m.Value) : m.Value))
            .ToList();
        if (statement.Member("Principal").HasContent || statement.Member("NotPrincipal").HasContent)
        {
            var principals = PolicyValue.Of([.. ForeignShape.Members(Principal(statement.Member("Principal"))).SelectMany(p => p.Value.Elements!).Where(p => p.HasContent)]);
            members.Add(("Principals", principals));
            members.Add(("IsPublic", PolicyValue.Of(AwsPrincipals.IsPublic(statement, principals))));
        }

        return PolicyValue.Of(members);
    }

    private static PolicyValue Many(PolicyValue value) => value.Elements is null ? PolicyValue.Of([value]) : value;

    private static PolicyValue Principal(PolicyValue value) => value.MemberNames is null
        ? PolicyValue.Of("AWS", Many(value))
        : PolicyValue.Of([.. ForeignShape.Members(value).Select(m => (m.Name, Many(m.Value)))]);
}
