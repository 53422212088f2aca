using System.Text.Json;
using System.Text.Json.Nodes;
using Bartizan.Foundation.Outcomes;
using Bartizan.Foundation.Resources;
using Bartizan.Posture.Assignments;
using Bartizan.Server.Api.Arm;
using Bartizan.Server.Auth.Roles;
using Bartizan.Store.Records;
using Bartizan.Wire.Arm;
using Microsoft.AspNetCore.Mvc;

namespace Bartizan.Server.Api.Posture;

/// <summary><c>Microsoft.PolicyInsights/attestations</c>: what a person says of a resource where a definition's effect is manual.</summary>
internal static class AttestationRoutes
{
    private const string Type = "Microsoft.PolicyInsights/attestations";
    private const string Root = "/providers/" + Type;

    private static readonly Dictionary<string, Func<StoredAttestation, object?>> Fields = new(StringComparer.OrdinalIgnoreCase)
    {
        ["policyAssignmentId"] = a => a.PolicyAssignmentId,
        ["policyDefinitionReferenceId"] = a => Text(a, "policyDefinitionReferenceId"),
        ["complianceState"] = a => Text(a, "complianceState") ?? nameof(AttestedState.Unknown),
        ["owner"] = a => Text(a, "owner"),
    };

    public static void MapAttestations(this IEndpointRouteBuilder routes)
    {
        routes.ArmList(Root, Type + "/read", ListAsync);
        routes.ArmGet(Root + "/{name}", Type + "/read", GetAsync);
        routes.ArmPut(Root + "/{name}", Type + "/write", PutAsync);
        routes.ArmDelete(Root + "/{name}", Type + "/delete", DeleteAsync);
    }

    private static async Task<IResult> ListAsync(ArmScope scope, Caller caller, ListQuery query, AssignmentBook book, CancellationToken cancellationToken)
    {
        if (!FilterText.Read(query.Filter, Fields).TryGetValue(out var holds, out var problem))
        {
            return ArmErrors.Result(problem);
        }

        var visible = caller.Scopes(Type + "/read");
        var found = new List<ArmResource<JsonElement>>();
        await foreach (var record in book.Attestations.EnumerateAsync(RecordQuery.All, cancellationToken))
        {
            var resource = ResourceId.Parse(record.Value.Scope);
            if (resource.IsWithin(scope.Id) && visible.Includes(resource) && holds(record.Value))
            {
                found.Add(Shape(record));
            }
        }

        return ArmResults.Page([.. found.OrderBy(f => f.Id, StringComparer.OrdinalIgnoreCase)], query);
    }

    private static async Task<IResult> GetAsync(string name, ArmScope scope, AssignmentBook book, CancellationToken cancellationToken) =>
        await book.Attestations.FindAsync(IdOf(scope, name), cancellationToken) is { } found
            ? ArmResults.Resource(Shape(found))
            : ArmErrors.Result(new Problem(ProblemKind.NotFound, "AttestationNotFound", $"There is no attestation '{name}' at '{scope.Id}'."));

    private static async Task<IResult> PutAsync(
        string name, [FromBody] JsonElement body, ArmScope scope, Caller caller, IfMatch match, AssignmentBook book, CancellationToken cancellationToken)
    {
        var existed = await book.Attestations.FindAsync(IdOf(scope, name), cancellationToken) is not null;
        var properties = body.ValueKind == JsonValueKind.Object && body.TryGetProperty("properties", out var given) ? given : body;
        var outcome = await book.AttestAsync(scope.Id, name, properties, match.With(null), caller.Name, cancellationToken);
        return outcome.TryGetValue(out var record, out var problem)
            ? ArmResults.Resource(Shape(record), existed ? StatusCodes.Status200OK : StatusCodes.Status201Created)
            : ArmErrors.Result(problem);
    }

    private static async Task<IResult> DeleteAsync(string name, ArmScope scope, Caller caller, AssignmentBook book, CancellationToken cancellationToken) =>
        ArmResults.Deleted(await book.Attestations.DeleteAsync(IdOf(scope, name), null, caller.Name, cancellationToken));

    private static string IdOf(ArmScope scope, string name) => PolicyIds.Of(scope.Id, "Microsoft.PolicyInsights", "attestations", name);

    private static string? Text(StoredAttestation attestation, string property) =>
        PostureShapes.Parse(attestation.Json).TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static ArmResource<JsonElement> Shape(Record<StoredAttestation> record)
    {
        var properties = JsonNode.Parse(record.Value.Json)!.AsObject();
        properties["provisioningState"] = "Succeeded";
        properties["lastComplianceStateChangeAt"] = JsonValue.Create(record.Value.StateChangedAt);
        return new ArmResource<JsonElement>
        {
            Id = record.Value.Id,
            Name = record.Value.Name,
            Type = Type,
            Properties = JsonSerializer.SerializeToElement(properties),
            SystemData = new SystemData(null, null, record.CreatedAt, record.UpdatedBy, "User", record.UpdatedAt),
        };
    }
}
