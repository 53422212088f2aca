using Bartizan.Policy.Values;

namespace Bartizan.Policy.Conditions;

/// <summary>Locations are equal however they are written: <c>East US 2</c> is <c>eastus2</c>.</summary>
internal static class LocationName
{
    public static PolicyValue Normalize(PolicyValue value) => value switch
    {
        StringValue { Text: var text } when text.Contains(' ', StringComparison.Ordinal) => PolicyValue.Of(text.Replace(" ", "", StringComparison.Ordinal)),
        ArrayValue list => new ArrayValue([.. list.Items.Select(Normalize)]),
        _ => value,
    };
}
