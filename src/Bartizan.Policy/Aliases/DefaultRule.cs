namespace Bartizan.Policy.Aliases;

/// <summary>Where an alias leads that no table knows: what follows its last slash, under <c>properties</c> unless it is part of the envelope.</summary>
internal static class DefaultRule
{
    private static readonly HashSet<string> Envelope = new(StringComparer.OrdinalIgnoreCase)
    {
        "name", "type", "location", "tags", "kind", "id", "identity", "sku", "plan", "zones", "managedBy", "etag", "extendedLocation",
        "systemData", "apiVersion", "fullName", "scope",
    };

    public static string PathOf(string alias)
    {
        var rest = alias[(alias.LastIndexOf('/') + 1)..];
        return IsEnvelope(rest) ? rest : "properties." + rest;
    }

    public static bool IsEnvelope(string path)
    {
        var end = path.AsSpan().IndexOfAny('.', '[');
        return Envelope.Contains(end < 0 ? path : path[..end]);
    }
}
