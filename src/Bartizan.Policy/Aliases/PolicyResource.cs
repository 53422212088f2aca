using System.Text.Json;
using Bartizan.Policy.Values;

namespace Bartizan.Policy.Aliases;

/// <summary>A resource read once, for any number of evaluations.</summary>
public sealed class PolicyResource
{
    private PolicyValue? fullName;

    private PolicyResource(PolicyValue root, string? apiVersion)
    {
        Root = root;
        Type = root.Member("type").AsText;
        Id = root.Member("id").AsText;
        ApiVersion = apiVersion ?? root.Member("apiVersion").AsText;
        HasProperties = root.Member("properties") is ObjectValue;
    }

    public string? Id { get; }

    public string? Type { get; }

    /// <summary>The version whose shape the resource has; null where nobody said.</summary>
    public string? ApiVersion { get; }

    public PolicyValue Root { get; }

    internal bool HasProperties { get; }

    /// <summary>The name with the names of its parents, as <c>server/database</c>.</summary>
    internal PolicyValue FullName => fullName ??= ReadFullName();

    public static PolicyResource Parse(JsonElement resource, string? apiVersion = null) => new(PolicyJson.FromElement(resource), apiVersion);

    public static PolicyResource Of(PolicyValue resource, string? apiVersion = null)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return new PolicyResource(resource, apiVersion);
    }

    private PolicyValue ReadFullName()
    {
        var given = Root.Member("fullName");
        if (given.HasContent)
        {
            return given;
        }

        var provider = Id?.LastIndexOf("/providers/", StringComparison.OrdinalIgnoreCase) ?? -1;
        if (provider < 0)
        {
            return Root.Member("name");
        }

        var segments = Id![(provider + "/providers/".Length)..].Split('/', StringSplitOptions.RemoveEmptyEntries);
        return PolicyValue.Of(string.Join('/', segments.Skip(1).Where((_, i) => i % 2 == 1)));
    }
}
