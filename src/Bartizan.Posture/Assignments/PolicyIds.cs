using Bartizan.Foundation.Resources;

namespace Bartizan.Posture.Assignments;

/// <summary>Ids of policy resources.</summary>
public static class PolicyIds
{
    public static string Of(ResourceId scope, string type, string name) => Of(scope, "Microsoft.Authorization", type, name);

    public static string Of(ResourceId scope, string provider, string type, string name)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return $"{(scope == ResourceId.Tenant ? "" : scope.Text)}/providers/{provider}/{type}/{name}";
    }
}
