namespace Bartizan.Wire.Access;

/// <summary>Asks for an account; without a role it may do nothing yet, without a scope the role holds in the whole tenant.</summary>
public sealed record PersonRequest(string? UserName, string? DisplayName, string? Role, string? Scope);

/// <summary>Somebody with a local account.</summary>
/// <param name="State">Active, Invited (no password chosen yet) or Locked.</param>
/// <param name="HasAuthenticator">Whether signing in asks for a second factor.</param>
public sealed record PersonEntry(string ObjectId, string UserName, string DisplayName, string State, bool HasAuthenticator, bool IsMe, IReadOnlyList<RoleAtScope> Roles);

/// <summary>A link by which a person chooses a password; good once, for a day.</summary>
public sealed record PersonInvited(PersonEntry Person, string Link);

/// <summary>One entry of the audit log.</summary>
public sealed record AuditLogEntry(long Number, DateTimeOffset At, string Author, string Action, string Kind, string Target, string Detail);

/// <summary>Whether every entry of the audit log still is what was written.</summary>
/// <param name="Entries">How many were read.</param>
/// <param name="Fault">Which entry does not follow from the one before it, and why; null where all do.</param>
public sealed record AuditVerification(bool IsWhole, long Entries, string? Fault);

/// <summary><c>Microsoft.Authorization/roleDefinitions</c>: what the portal shows of it.</summary>
public sealed record RoleDefinitionProperties(string RoleName, string? Description, IReadOnlyList<RoleActions> Permissions);

public sealed record RoleActions(IReadOnlyList<string> Actions, IReadOnlyList<string> NotActions, IReadOnlyList<string> DataActions);

/// <summary><c>Microsoft.Authorization/roleAssignments</c>.</summary>
/// <param name="PrincipalType">User or ServicePrincipal; told by the server.</param>
public sealed record RoleAssignmentProperties(string RoleDefinitionId, string PrincipalId, string? PrincipalType, string? Scope, string? Description, DateTimeOffset? CreatedOn, string? CreatedBy);
