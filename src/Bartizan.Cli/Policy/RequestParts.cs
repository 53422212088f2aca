using System.Globalization;
using Bartizan.Policy.Definitions;
using Bartizan.Policy.Expressions;
using Bartizan.Policy.Values;

namespace Bartizan.Cli.Policy;

/// <summary>The parts of a request that are read alike from files and from batch lines.</summary>
internal static class RequestParts
{
    /// <summary>
    /// Values by name. A parameter file's <c>{"parameters": {…}}</c> and <c>{"value": …}</c> are taken off, the latter where the
    /// declared type leaves no doubt.
    /// </summary>
    public static Dictionary<string, PolicyValue> Parameters(PolicyValue given, PolicyDefinition? definition)
    {
        var values = new Dictionary<string, PolicyValue>(StringComparer.OrdinalIgnoreCase);
        var inner = given.Member("parameters");
        var isFile = inner.MemberNames is not null && given.Member("$schema").HasContent;
        var source = isFile ? inner : given;
        foreach (var name in source.MemberNames ?? [])
        {
            var value = source.Member(name);
            var isWrapped = value.MemberNames is ["value"] && (isFile || definition?.FindParameter(name) is { Type: not ParameterType.Object });
            values[name] = isWrapped ? value.Member("value") : value;
        }

        return values;
    }

    /// <summary>
    /// What surrounds the resource. Where it does not say, the time is the clock's, and the request's api-version is the one that
    /// the resource is in.
    /// </summary>
    public static EvaluationContext Context(PolicyValue given, string? apiVersion, TimeProvider clock)
    {
        var context = EvaluationContext.From(given);
        return new EvaluationContext
        {
            ResourceGroup = context.ResourceGroup,
            Subscription = context.Subscription,
            RequestContext = context.RequestContext.HasContent || apiVersion is null ? context.RequestContext : PolicyValue.Of("apiVersion", PolicyValue.Of(apiVersion)),
            Policy = context.Policy,
            Claims = context.Claims,
            UtcNow = context.UtcNow.HasContent
                ? context.UtcNow
                : PolicyValue.Of(clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture)),
        };
    }
}
