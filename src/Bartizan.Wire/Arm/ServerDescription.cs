namespace Bartizan.Wire.Arm;

/// <summary>
/// Where this server keeps its own things: <c>GET /providers/Microsoft.Bartizan/server</c>. The workspace is the parent of every
/// <c>Microsoft.SecurityInsights</c> resource.
/// </summary>
/// <param name="WorkspaceId">The GUID that the query and ingestion APIs name the workspace by.</param>
/// <param name="User">Who is asking.</param>
public sealed record ServerDescription(
    string TenantId, string SubscriptionId, string ResourceGroup, string Workspace, string WorkspaceId, string Version, SignedInUser User)
{
    /// <summary>The ARM path of the workspace.</summary>
    public string WorkspacePath =>
        $"/subscriptions/{SubscriptionId}/resourceGroups/{ResourceGroup}/providers/Microsoft.OperationalInsights/workspaces/{Workspace}";
}

/// <summary>The caller, with the role names that hold for it somewhere.</summary>
public sealed record SignedInUser(string ObjectId, string Name, string? Email, string Kind, IReadOnlyList<string> Roles);

/// <summary>The answer of <c>GET /subscriptions</c>.</summary>
public sealed record SubscriptionPage(IReadOnlyList<SubscriptionEntry> Value);

/// <summary>One entry of <c>GET /subscriptions</c>.</summary>
public sealed record SubscriptionEntry(string Id, string SubscriptionId, string DisplayName, string State, string? TenantId);
