using Bartizan.Foundation.Outcomes;
using Bartizan.Policy.Aliases;
using Bartizan.Policy.Values;

namespace Bartizan.Policy.Expressions;

/// <summary>Reads fields, from the resource or from the element that a count around the place is at.</summary>
internal static class FieldReader
{
    /// <summary>
    /// The <c>field()</c> function: always of the resource under evaluation, null where nothing is there, an array of all values
    /// where the name has <c>[*]</c>.
    /// </summary>
    public static Func<Frame, PolicyValue> AsFunction(CompileScope scope, string name, TextSpan at)
    {
        var field = scope.Field(name, at);
        if (field.Wildcards > 0 && scope.Bound(name, int.MaxValue) is { } level)
        {
            return FromLevel(field, level, collect: true, ofPrimary: true);
        }

        return f => ReadAll(field, f.Primary, f);
    }

    public static PolicyValue ReadAll(FieldReference field, PolicyResource resource, Frame frame)
    {
        if (field.Wildcards == 0)
        {
            return field.Read(resource) is { IsUndefined: false } value ? value : PolicyValue.Null;
        }

        var values = new List<PolicyValue>();
        return frame.CanWalk(field.PathFor(resource).Collect(resource.Root, values)) ? new ArrayValue([.. values]) : PolicyValue.Undefined;
    }

    /// <summary>The part of a field's path below a count's element.</summary>
    /// <param name="collect">Whether all values are wanted as an array, else the first stretch of the path is read.</param>
    public static Func<Frame, PolicyValue> FromLevel(FieldReference field, CountLevel level, bool collect, bool ofPrimary) => f =>
    {
        var rest = field.PathFor(ofPrimary ? f.Primary : f.Subject).After(level.Wildcards);
        var element = f.Slots[level.Slot];
        if (!collect)
        {
            return rest.Wildcards == 0 ? rest.Read(element) : rest.ReadToFirstWildcard(element);
        }

        var values = new List<PolicyValue>();
        return f.CanWalk(rest.Collect(element, values)) ? new ArrayValue([.. values]) : PolicyValue.Undefined;
    };
}
