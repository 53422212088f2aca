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

/// <summary><c>Microsoft.Authorization/policyAssignments</c> and <c>policyExemptions</c>, at any scope.</summary>
internal static class PolicyAssignmentRoutes
{
    private const string Assignments = "Microsoft.Authorization/policyAssignments";
    private const string Exemptions = "Microsoft.Authorization/policyExemptions";

    public static void MapPolicyAssignments(this IEndpointRouteBuilder routes)
    {
        routes.ArmList("/providers/" + Assignments, Assignments + "/read", ListAssignmentsAsync);
        routes.ArmGet("/providers/" + Assignments + "/{name}", Assignments + "/read", GetAssignmentAsync);
        routes.ArmPut("/providers/" + Assignments + "/{name}", Assignments + "/write", PutAssignmentAsync);
        routes.ArmDelete("/providers/" + Assignments + "/{name}", Assignments + "/delete", DeleteAssignmentAsync);
        routes.ArmList("/providers/" + Exemptions, Exemptions + "/read", ListExemptionsAsync);
        routes.ArmGet("/providers/" + Exemptions + "/{name}", Exemptions + "/read", GetExemptionAsync);
        routes.ArmPut("/providers/" + Exemptions + "/{name}", Exemptions + "/write", PutExemptionAsync);
        routes.ArmDelete("/providers/" + Exemptions + "/{name}", Exemptions + "/delete", DeleteExemptionAsync);
    }

    private static async Task<IResult> ListAssignmentsAsync(ArmScope scope, Caller caller, ListQuery query, AssignmentBook book, CancellationToken cancellationToken)
    {
        var found = new List<ArmResource<JsonElement>>();
        await foreach (var record in book.Assignments.EnumerateAsync(RecordQuery.All, cancellationToken))
        {
            if (IsSeen(record.Value.Scope, scope, caller.Scopes(Assignments + "/read"), query.Filter))
            {
                found.Add(Shape(record));
            }
        }

        return ArmResults.Page([.. found.OrderBy(f => f.Id, StringComparer.OrdinalIgnoreCase)], query);
    }

    private static async Task<IResult> ListExemptionsAsync(ArmScope scope, Caller caller, ListQuery query, AssignmentBook book, CancellationToken cancellationToken)
    {
        var found = new List<ArmResource<JsonElement>>();
        await foreach (var record in book.Exemptions.EnumerateAsync(RecordQuery.All, cancellationToken))
        {
            if (IsSeen(record.Value.Scope, scope, caller.Scopes(Exemptions + "/read"), query.Filter))
            {
                found.Add(Shape(record));
            }
        }

        return ArmResults.Page([.. found.OrderBy(f => f.Id, StringComparer.OrdinalIgnoreCase)], query);
    }

    private static async Task<IResult> GetAssignmentAsync(string name, ArmScope scope, AssignmentBook book, CancellationToken cancellationToken) =>
        await book.Assignments.FindAsync(PolicyIds.Of(scope.Id, "policyAssignments", name), cancellationToken) is { } found
            ? ArmResults.Resource(Shape(found))
            : ArmErrors.Result(new Problem(ProblemKind.NotFound, "PolicyAssignmentNotFound", $"There is no assignment '{name}' at '{scope.Id}'."));

    private static async Task<IResult> GetExemptionAsync(string name, ArmScope scope, AssignmentBook book, CancellationToken cancellationToken) =>
        await book.Exemptions.FindAsync(PolicyIds.Of(scope.Id, "policyExemptions", name), cancellationToken) is { } found
            ? ArmResults.Resource(Shape(found))
            : ArmErrors.Result(new Problem(ProblemKind.NotFound, "PolicyExemptionNotFound", $"There is no exemption '{name}' at '{scope.Id}'."));

    private static async Task<IResult> PutAssignmentAsync(
        string name, [FromBody] JsonElement body, ArmScope scope, Caller caller, IfMatch match, AssignmentBook book, Home home, CancellationToken cancellationToken)
    {
        var location = body.ValueKind == JsonValueKind.Object && body.TryGetProperty("location", out var place) && place.ValueKind == JsonValueKind.String ? place.GetString() : null;
        var before = await book.Assignments.FindAsync(PolicyIds.Of(scope.Id, "policyAssignments", name), cancellationToken);
        if (!AssignmentIdentity.Read(body, before?.Value.Identity, home).TryGetValue(out var identity, out var wrong))
        {
            return ArmErrors.Result(wrong);
        }

        var outcome = await book.AssignAsync(scope.Id, name, Properties(body), location, identity.Json, match.With(null), caller.Name, cancellationToken);

        // Azure answers 201 whether it was new or not.
        return outcome.TryGetValue(out var record, out var problem) ? ArmResults.Resource(Shape(record), StatusCodes.Status201Created) : ArmErrors.Result(problem);
    }

    private static async Task<IResult> PutExemptionAsync(
        string name, [FromBody] JsonElement body, ArmScope scope, Caller caller, IfMatch match, AssignmentBook book, CancellationToken cancellationToken)
    {
        var existed = await book.Exemptions.FindAsync(PolicyIds.Of(scope.Id, "policyExemptions", name), cancellationToken) is not null;
        var outcome = await book.ExemptAsync(scope.Id, name, Properties(body), match.With(null), caller.Name, cancellationToken);
        return outcome.TryGetValue(out var record, out var problem)
            ? ArmResults.Resource(Shape(record), existed ? StatusCodes.Status200OK : StatusCodes.Status201Created)
            : ArmErrors.Result(problem);
    }

    private static async Task<IResult> DeleteAssignmentAsync(string name, ArmScope scope, Caller caller, AssignmentBook book, CancellationToken cancellationToken)
    {
        var id = PolicyIds.Of(scope.Id, "policyAssignments", name);
        var found = await book.Assignments.FindAsync(id, cancellationToken);
        var outcome = await book.Assignments.DeleteAsync(id, null, caller.Name, cancellationToken);
        return outcome.IsSuccess && found is not null ? ArmResults.Resource(Shape(found)) : ArmResults.Deleted(outcome);
    }

    private static async Task<IResult> DeleteExemptionAsync(string name, ArmScope scope, Caller caller, AssignmentBook book, CancellationToken cancellationToken) =>
        ArmResults.Deleted(await book.Exemptions.DeleteAsync(PolicyIds.Of(scope.Id, "policyExemptions", name), null, caller.Name, cancellationToken));

    /// <summary>A list at a scope has what holds there: its own, those above, and those below; <c>atScope()</c> leaves out those below.</summary>
    private static bool IsSeen(string assignmentScope, ArmScope asked, CallerScopes visible, string? filter)
    {
        var scope = ResourceId.Parse(assignmentScope);
        var isAbove = asked.Id.IsWithin(scope);
        var isBelow = scope.IsWithin(asked.Id) && filter?.Contains("atScope()", StringComparison.OrdinalIgnoreCase) != true;
        return (isAbove || isBelow) && (visible.Includes(scope) || (isAbove && visible.Includes(asked.Id)));
    }

    private static JsonElement Properties(JsonElement body) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty("properties", out var properties) ? properties : body;

    private static ArmResource<JsonElement> Shape(Record<StoredAssignment> record) => new()
    {
        Id = record.Value.Id,
        Name = record.Value.Name,
        Type = Assignments,
        Location = record.Value.Location,
        Identity = record.Value.Identity is { } identity ? PostureShapes.Parse(identity) : null,
        Properties = WithScope(record.Value.Json, record.Value.Scope),
        SystemData = System(record.UpdatedBy, record.CreatedAt, record.UpdatedAt),
    };

    private static ArmResource<JsonElement> Shape(Record<StoredExemption> record) => new()
    {
        Id = record.Value.Id,
        Name = record.Value.Name,
        Type = Exemptions,
        Properties = PostureShapes.Parse(record.Value.Json),
        SystemData = System(record.UpdatedBy, record.CreatedAt, record.UpdatedAt),
    };

    /// <summary>The scope is part of the id; clients read it from the properties, where Azure repeats it.</summary>
    private static JsonElement WithScope(string json, string scope)
    {
        if (JsonNode.Parse(json) is not JsonObject properties)
        {
            return PostureShapes.Parse(json);
        }

        properties["scope"] = scope;
        return JsonSerializer.SerializeToElement(properties);
    }

    private static SystemData System(string by, DateTimeOffset created, DateTimeOffset updated) => new(null, null, created, by, "User", updated);
}
