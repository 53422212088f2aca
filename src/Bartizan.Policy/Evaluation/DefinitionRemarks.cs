using Bartizan.Foundation.Outcomes;
using Bartizan.Policy.Definitions;
using Bartizan.Policy.Expressions;

namespace Bartizan.Policy.Evaluation;

/// <summary>What is allowed but most likely not meant.</summary>
internal static class DefinitionRemarks
{
    public static IEnumerable<Diagnostic> Of(PolicyDefinition definition, CompileScope scope)
    {
        foreach (var name in scope.AskedParameters.Where(n => !definition.IsBareRule && definition.FindParameter(n) is null).Order(StringComparer.Ordinal))
        {
            yield return Diagnostic.Warning("UndeclaredParameter", definition.Rule.If.Span, $"parameters('{name}') is read but not declared.");
        }

        foreach (var parameter in definition.Parameters.Where(p => !scope.AskedParameters.Contains(p.Name)))
        {
            yield return Diagnostic.Warning("UnusedParameter", definition.Rule.If.Span, $"The parameter '{parameter.Name}' is declared but not read.");
        }

        foreach (var alias in scope.AskedFields.Where(f => f.Name.Contains('/', StringComparison.Ordinal) && f.Entries.Count == 0))
        {
            yield return Diagnostic.Warning(
                "UnknownAlias", definition.Rule.If.Span, $"No alias table knows '{alias.Name}'; its path is guessed by the default rule.");
        }
    }
}
