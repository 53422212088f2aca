using Bartizan.Foundation.Outcomes;
using Bartizan.Policy.Values;

namespace Bartizan.Policy.Definitions;

/// <summary>Reads the <c>parameters</c> of a definition or initiative.</summary>
internal sealed class ParameterReader(List<Diagnostic> diagnostics)
{
    public IReadOnlyList<ParameterDefinition> Read(JsonSyntax? json)
    {
        if (json is not JsonObject declared)
        {
            return [];
        }

        if (declared.FindDoubled() is { } doubled)
        {
            Refuse(doubled.NameSpan, $"The parameter '{doubled.Name}' is declared twice.");
        }

        return [.. declared.Members.Select(ReadOne).OfType<ParameterDefinition>()];
    }

    private ParameterDefinition? ReadOne(JsonMember member)
    {
        if (member.Value is not JsonObject o)
        {
            Refuse(member.Value.Span, $"The parameter '{member.Name}' is declared by an object with a type.");
            return null;
        }

        if (o.FindDoubled() is { } doubled)
        {
            Refuse(doubled.NameSpan, $"'{doubled.Name}' is given twice.");
            return null;
        }

        var typeText = o.Find("type")?.Value.Text;
        var type = ParameterType.String;
        if (typeText is not null && (!Enum.TryParse(typeText, ignoreCase: true, out type) || !char.IsLetter(typeText[0])))
        {
            Refuse(o.Find("type")!.Value.Span, $"'{typeText}' is not a type; String, Array, Object, Boolean, Integer, Float and DateTime are.");
            return null;
        }

        var metadata = o.Find("metadata")?.Value.ToValue() ?? PolicyValue.Undefined;
        return new ParameterDefinition(member.Name, type, o.Find("defaultValue")?.Value.ToValue() ?? PolicyValue.Undefined)
        {
            AllowedValues = o.Find("allowedValues")?.Value is JsonList allowed ? [.. allowed.Items.Select(i => i.ToValue())] : [],
            DisplayName = metadata.Member("displayName").AsText,
            Description = metadata.Member("description").AsText,
            At = member.NameSpan,
            StrongType = metadata.Member("strongType").AsText,
        };
    }

    private void Refuse(TextSpan span, string message) => diagnostics.Add(Diagnostic.Error("InvalidPolicyParameters", span, message));
}
