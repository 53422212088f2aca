namespace Bartizan.Wire.Access;

/// <summary>Asks for a service principal with a role; without a role Reader, without a scope the whole tenant.</summary>
public sealed record ServicePrincipalRequest(string? Name, string? Role, string? Scope);

/// <summary>A service principal and the roles it holds.</summary>
public sealed record ServicePrincipalEntry(string ObjectId, string AppId, string Name, IReadOnlyList<RoleAtScope> Roles);

/// <summary>A role by name, and where it holds.</summary>
public sealed record RoleAtScope(string Role, string Scope);

/// <summary>A service principal with its secret, which is told this once.</summary>
public sealed record ServicePrincipalCreated(ServicePrincipalEntry Principal, string Secret, string TenantId, string SubscriptionId);
