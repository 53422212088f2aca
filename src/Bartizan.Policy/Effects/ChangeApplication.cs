using Bartizan.Policy.Aliases;
using Bartizan.Policy.Values;

namespace Bartizan.Policy.Effects;

/// <summary>Carries the operations of modify and append out on a resource's JSON, as the resource manager would on a request.</summary>
public static class ChangeApplication
{
    private const string EachElement = "[*]";

    /// <param name="resource">The whole resource, in the envelope that policies see.</param>
    /// <returns>The resource as it would be; the same where nothing changes.</returns>
    public static PolicyValue Apply(PolicyValue resource, IReadOnlyList<FieldChange> changes, AliasTable aliases)
    {
        ArgumentNullException.ThrowIfNull(resource);
        ArgumentNullException.ThrowIfNull(changes);
        ArgumentNullException.ThrowIfNull(aliases);
        return changes.Where(c => c.Applies).Aggregate(resource, (whole, change) => Apply(whole, change, aliases));
    }

    private static PolicyValue Apply(PolicyValue whole, FieldChange change, AliasTable aliases)
    {
        if (TagName.TryParse(change.Field, out var tag))
        {
            return Member("tags").Change(whole, tags => Member(tag).Change(tags, before => After(change, before)));
        }

        var field = FieldReference.Resolve(change.Field, aliases);
        var path = field.PathFor(PolicyResource.Of(whole));

        // A name that ends in [*] speaks of the array: an element is added to it, or every one that equals the value is taken away.
        if (change.Field.EndsWith(EachElement, StringComparison.Ordinal) && path.EndsInWildcard)
        {
            return AliasPath.Parse(path.Text[..^EachElement.Length]).Change(whole, array => WithElement(change, array));
        }

        return path.Change(whole, before => After(change, before));
    }

    private static PolicyValue After(FieldChange change, PolicyValue before) => change.Operation switch
    {
        "remove" => PolicyValue.Undefined,
        "add" when before.HasContent => before,
        _ => change.Value,
    };

    private static PolicyValue WithElement(FieldChange change, PolicyValue array)
    {
        var items = array.Elements ?? [];
        return change.Operation == "remove" ? change.Value.IsUndefined ? PolicyValue.EmptyArray : PolicyValue.Of([.. items.Where(i => !i.IsSameAs(change.Value))])
            : items.Any(i => i.IsSameAs(change.Value)) ? array
            : PolicyValue.Of([.. items, change.Value]);
    }

    private static AliasPath Member(string name) => AliasPath.OfMember(name);
}
