using System.Collections.Frozen;
using Bartizan.Policy.Values;

namespace Bartizan.Policy.Expressions;

/// <summary>A function of the template language whose value depends on its arguments alone.</summary>
/// <param name="Body">
/// Gets arguments that are all defined, unless <paramref name="SeesUndefined"/>. Gives undefined for arguments of a kind it does
/// not take, and a <see cref="FailureValue"/> where the original ends the evaluation.
/// </param>
internal sealed record TemplateFunction(string Name, int Least, int Most, Func<PolicyValue[], PolicyValue> Body, bool SeesUndefined = false);

/// <summary>A value that a function could not make, with the reason; it never leaves the call.</summary>
internal sealed class FailureValue(string message) : PolicyValue
{
    public string Message { get; } = message;
}

/// <summary>Every function, by name in any case.</summary>
internal static class FunctionTable
{
    /// <summary>For functions that take any number of arguments.</summary>
    public const int Many = 1000;

    /// <summary>Functions of deployment templates that the policy language leaves out.</summary>
    private static readonly FrozenSet<string> NotInPolicies = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "copyIndex", "deployment", "environment", "extensionResourceId", "lambda", "lambdaVariables", "filter", "map", "reduce", "sort",
        "toObject", "listAccountSas", "listKeys", "listSecrets", "list", "managementGroup", "newGuid", "pickZones", "providers", "reference",
        "references", "resourceId", "subscriptionResourceId", "managementGroupResourceId", "tenantResourceId", "tenant", "variables", "deployer");

    private static readonly FrozenDictionary<string, TemplateFunction> Functions = new[]
    {
        LogicFunctions.All, ConversionFunctions.All, StringFunctions.All, CollectionFunctions.All, NumberFunctions.All, EncodingFunctions.All,
        TimeFunctions.All, NetworkFunctions.All, NameFunctions.All,
    }
    .SelectMany(family => family)
    .ToFrozenDictionary(f => f.Name, StringComparer.OrdinalIgnoreCase);

    public static TemplateFunction? Find(string name) => Functions.GetValueOrDefault(name);

    public static bool IsLeftOut(string name) =>
        NotInPolicies.Contains(name) || name.StartsWith("list", StringComparison.OrdinalIgnoreCase);

    public static IEnumerable<string> Names => Functions.Keys;
}
