using Bartizan.Foundation.Resources;

namespace Bartizan.Posture.Assignments;

/// <summary>Ids of policy resources.</summary>
public static class PolicyIds
{
    public static string Of(ResourceId scope, string type, string name)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return $"{(scope == ResourceId.Tenant ? "" : scope.Text)}/providers/Microsoft.Authorization/{type}/{name}";
    }
}
