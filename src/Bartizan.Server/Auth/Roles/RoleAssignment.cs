using System.Text.Json.Serialization;
using Bartizan.Store.Records;

namespace Bartizan.Server.Auth.Roles;

/// <summary>A role given to somebody at a scope.</summary>
/// <param name="Name">A guid, unique in its scope.</param>
/// <param name="PrincipalId">The object id of a person, service principal or group.</param>
internal sealed record RoleAssignment(string Name, string PrincipalId, string PrincipalType, Guid RoleId, string Scope, string? Description)
{
    public static RecordKind<RoleAssignment> Kind { get; } = new(
        "roleAssignment", RoleJson.Default.RoleAssignment, RecordField.Text<RoleAssignment>("principalId", a => a.PrincipalId), RecordField.Text<RoleAssignment>("scope", a => a.Scope));

    public string Id => (Scope == "/" ? "" : Scope) + "/providers/Microsoft.Authorization/roleAssignments/" + Name;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RoleAssignment))]
internal sealed partial class RoleJson : JsonSerializerContext;
