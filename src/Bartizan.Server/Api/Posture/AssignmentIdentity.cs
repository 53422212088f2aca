using System.Text.Json;
using System.Text.Json.Nodes;
using Bartizan.Foundation.Outcomes;

namespace Bartizan.Server.Api.Posture;

/// <summary>
/// The managed identity of an assignment, which Azure gives to what its definitions deploy. It is kept and given back with ids of its own; here the
/// server itself mends what an assignment says, so that nothing signs in as it.
/// </summary>
/// <param name="Json">As ARM writes it; null where there is none.</param>
internal sealed record AssignmentIdentity(string? Json)
{
    /// <summary>What the body asks for; a system-assigned identity keeps the principal that it had.</summary>
    public static Outcome<AssignmentIdentity> Read(JsonElement body, string? before, Home home)
    {
        if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty("identity", out var given) || given.ValueKind == JsonValueKind.Null)
        {
            return new AssignmentIdentity(Json: null);
        }

        var type = given.ValueKind == JsonValueKind.Object && given.TryGetProperty("type", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
        switch (type?.ToUpperInvariant())
        {
            case "NONE":
                return new AssignmentIdentity(Json: null);
            case "SYSTEMASSIGNED":
                var known = before is null ? null : JsonNode.Parse(before) as JsonObject;
                var principal = (string?)known?["principalId"] ?? Guid.CreateVersion7().ToString();
                return new AssignmentIdentity(new JsonObject { ["type"] = "SystemAssigned", ["principalId"] = principal, ["tenantId"] = home.TenantId.ToString() }.ToJsonString());
            case "USERASSIGNED" when given.TryGetProperty("userAssignedIdentities", out var identities) && identities.ValueKind == JsonValueKind.Object && identities.EnumerateObject().Count() == 1:
                return new AssignmentIdentity(given.GetRawText());
            default:
                return new Problem(
                    ProblemKind.Invalid, "InvalidIdentity", "identity.type is SystemAssigned, None, or UserAssigned with exactly one identity in userAssignedIdentities.", "identity");
        }
    }
}
