using Bartizan.Foundation.Outcomes;
using Bartizan.Policy.Definitions;
using Bartizan.Policy.Values;

namespace Bartizan.Policy.Evaluation;

/// <summary>The values that parameters have: given, else default, checked against what the declaration allows.</summary>
public static class ParameterValues
{
    /// <summary>Values for all declared parameters that have one, and those given beyond; names in any case.</summary>
    /// <param name="refusal">The first value that its declaration does not allow.</param>
    public static IReadOnlyDictionary<string, PolicyValue> Bind(
        IReadOnlyList<ParameterDefinition> declared, IReadOnlyDictionary<string, PolicyValue> given, out Problem? refusal)
    {
        ArgumentNullException.ThrowIfNull(declared);
        ArgumentNullException.ThrowIfNull(given);
        refusal = null;
        var values = new Dictionary<string, PolicyValue>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in given)
        {
            values[name] = value;
        }

        foreach (var parameter in declared)
        {
            if (!values.TryGetValue(parameter.Name, out var value) || value.IsUndefined)
            {
                values[parameter.Name] = parameter.DefaultValue;
                continue;
            }

            refusal ??= Check(parameter, value);
        }

        return values;
    }

    /// <summary>The parameters that have neither a value nor a default; an assignment must give them.</summary>
    public static IEnumerable<string> Missing(IReadOnlyList<ParameterDefinition> declared, IReadOnlyDictionary<string, PolicyValue> given) =>
        from p in declared
        where p.DefaultValue.IsUndefined && !given.Any(g => g.Key.Equals(p.Name, StringComparison.OrdinalIgnoreCase))
        select p.Name;

    private static Problem? Check(ParameterDefinition parameter, PolicyValue value)
    {
        if (!HasType(parameter.Type, value))
        {
            return Refusal(parameter, $"The parameter '{parameter.Name}' is of type {parameter.Type}; {value} is not.");
        }

        if (parameter.AllowedValues.Count == 0)
        {
            return null;
        }

        // An array may hold any selection of the allowed values, or be one of them.
        var isAllowed = IsAmong(parameter.AllowedValues, value)
            || (parameter.Type == ParameterType.Array && value is ArrayValue list && Array.TrueForAll(list.Items, i => IsAmong(parameter.AllowedValues, i)));
        return isAllowed
            ? null
            : Refusal(parameter, $"{value} is not an allowed value of the parameter '{parameter.Name}': {string.Join(", ", parameter.AllowedValues)}.");
    }

    private static bool IsAmong(IReadOnlyList<PolicyValue> allowed, PolicyValue value) => allowed.Any(a => Coercion.Equal(a, value));

    private static bool HasType(ParameterType type, PolicyValue value) => type switch
    {
        ParameterType.Array => value is ArrayValue,
        ParameterType.Object => value is ObjectValue,
        ParameterType.Boolean => Coercion.ToBoolean(value) is not null,
        ParameterType.Integer => value is NumberValue { IsInteger: true } || (value.AsText is { } t && Coercion.ToNumber(t) is { IsInteger: true }),
        ParameterType.Float => value is NumberValue || (value.AsText is { } t && Coercion.ToNumber(t) is not null),
        _ => value is StringValue or NumberValue or BooleanValue,
    };

    private static Problem Refusal(ParameterDefinition parameter, string message) =>
        new(ProblemKind.Invalid, "InvalidPolicyParameters", message, parameter.Name);
}
