using Bartizan.Foundation.Outcomes;
using Bartizan.Policy.Definitions;
using Bartizan.Policy.Expressions;

namespace Bartizan.Policy.Evaluation;

/// <summary>What is allowed but most likely not meant.</summary>
internal static class DefinitionRemarks
{
    public static IEnumerable<Diagnostic> Of(PolicyDefinition definition, CompileScope scope)
    {
        foreach (var (name, at) in scope.AskedParameters.Where(a => !definition.IsBareRule && definition.FindParameter(a.Key) is null))
        {
            var near = NearestName.Find(name, definition.Parameters.Select(p => p.Name));
            yield return Diagnostic.Warning("UndeclaredParameter", at, $"parameters('{name}') is read but not declared.", near is null ? null : $"Is '{near}' meant?");
        }

        foreach (var parameter in definition.Parameters.Where(p => !scope.AskedParameters.ContainsKey(p.Name) && !IsReadByDeployment(definition, p.Name)))
        {
            yield return Diagnostic.Warning("UnusedParameter", parameter.At, $"The parameter '{parameter.Name}' is declared but not read.");
        }

        foreach (var parameter in definition.Parameters.Where(p => p.AllowedValues.Count > 0 && p.DefaultValue.HasContent))
        {
            ParameterValues.Bind([parameter], new Dictionary<string, Values.PolicyValue> { [parameter.Name] = parameter.DefaultValue }, out var refusal);
            if (refusal is not null)
            {
                yield return Diagnostic.Warning("DefaultNotAllowed", parameter.At, $"The default of '{parameter.Name}' is not among its allowed values.");
            }
        }

        foreach (var (field, at) in scope.AskedFields.Where(f => f.Field.Name.Contains('/', StringComparison.Ordinal) && f.Field.Entries.Count == 0))
        {
            var near = NearestName.Find(field.Name, scope.Aliases.NamesLike(field.Name));
            yield return Diagnostic.Warning(
                "UnknownAlias",
                at,
                $"No alias table knows '{field.Name}'; its path is guessed by the default rule.",
                near is null ? null : $"Is '{near}' meant?");
        }
    }

    /// <summary>A deployment's template may read what the rule does not.</summary>
    private static bool IsReadByDeployment(PolicyDefinition definition, string name) =>
        definition.Rule.Details?.ToValue().ToString().Contains($"parameters('{name}')", StringComparison.OrdinalIgnoreCase) == true;
}
