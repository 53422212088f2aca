using Bartizan.Wire.Access;
using Bartizan.Wire.Arm;

namespace Bartizan.Portal.Tests.Screens;

/// <summary>People, roles and the audit log of the invented server.</summary>
internal static class InventedAccess
{
    private const string Authorization = "/providers/Microsoft.Authorization/";

    private static readonly DateTimeOffset Now = new(2026, 11, 24, 9, 42, 0, TimeSpan.Zero);
    private static readonly string[] Roles = ["Owner", "Reader", "Security Admin", "Microsoft Sentinel Responder"];
    private static readonly string[] Scopes = ["/", "/subscriptions/11111111-1111-1111-1111-111111111111", "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-shop"];

    public static object? Answer(Mood mood, string path) => path switch
    {
        _ when path.EndsWith("/Microsoft.Bartizan/people", StringComparison.Ordinal) => new ArmList<PersonEntry> { Value = [.. Enumerable.Range(0, Many(mood, 6, 400)).Select(Person)] },
        _ when path.EndsWith("/servicePrincipals", StringComparison.Ordinal) => new ArmList<ServicePrincipalEntry> { Value = [.. Enumerable.Range(0, Many(mood, 4, 200)).Select(Program)] },
        _ when path.EndsWith("/roleDefinitions", StringComparison.Ordinal) => new ArmList<ArmResource<RoleDefinitionProperties>> { Value = [.. Roles.Select(Role)] },
        _ when path.EndsWith("/roleAssignments", StringComparison.Ordinal) => new ArmList<ArmResource<RoleAssignmentProperties>> { Value = [.. Enumerable.Range(0, Many(mood, 9, 500)).Select(Assignment)] },
        _ when path.EndsWith("/auditLog", StringComparison.Ordinal) => new ArmList<AuditLogEntry> { Value = [.. Enumerable.Range(0, Many(mood, 40, 100)).Select(Entry)] },
        _ => null,
    };

    private static int Many(Mood mood, int usual, int full) => mood switch { Mood.Empty => 0, Mood.Full => full, _ => usual };

    private static PersonEntry Person(int i) => new(
        $"person-{i}", i == 0 ? "ana@example.org" : $"person{i}@example.org", i == 0 ? "Ana Example" : $"Person {i} Example", i % 5 == 3 ? "Locked" : i % 5 == 4 ? "Invited" : "Active", i % 3 == 0, i == 0,
        i % 5 == 4 ? [] : [new RoleAtScope(Roles[i % 4], Scopes[i % 3])]);

    private static ServicePrincipalEntry Program(int i) => new($"program-{i}", $"0193a5c0-1111-7000-8000-00000000000{i % 10}", $"build-server-{i}", [new RoleAtScope(Roles[(i + 1) % 4], Scopes[i % 3])]);

    private static ArmResource<RoleDefinitionProperties> Role(string name, int i) => new()
    {
        Id = $"{Authorization}roleDefinitions/role-{i}",
        Name = $"role-{i}",
        Properties = new RoleDefinitionProperties(name, "Sees what there is, and changes what the role is about.", [new RoleActions(["*/read", "Microsoft.Security/*"], ["Microsoft.Security/pricings/write"], [])]),
    };

    private static ArmResource<RoleAssignmentProperties> Assignment(int i) => new()
    {
        Id = $"{Scopes[i % 3].TrimEnd('/')}{Authorization}roleAssignments/{i}",
        Name = $"{i}",
        Properties = new RoleAssignmentProperties($"{Authorization}roleDefinitions/role-{i % 4}", i % 4 == 3 ? $"program-{i % 4}" : $"person-{i % 6}", i % 4 == 3 ? "ServicePrincipal" : "User", Scopes[i % 3], null, Now.AddDays(-i), "Ana Example"),
    };

    private static AuditLogEntry Entry(int i) => new(
        4_000 - i, Now.AddMinutes(-7 * i), i % 3 == 0 ? "ana@example.org" : "build-server-1", i % 4 == 0 ? "signIn/succeeded" : i % 4 == 1 ? "records/changed" : "records/added", i % 4 == 0 ? "person" : "incident",
        $"incident-{i}", """{"title":"Script downloaded and run from a temporary folder","status":"Active"}""");
}
