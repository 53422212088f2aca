using System.Text.Json;
using System.Text.Json.Nodes;
using Bartizan.Content.Policies;
using Bartizan.Foundation.Outcomes;
using Bartizan.Foundation.Resources;
using Bartizan.Policy.Definitions;
using Bartizan.Policy.Evaluation;
using Bartizan.Posture.Assignments;
using Bartizan.Server.Api.Arm;
using Bartizan.Server.Auth.Roles;
using Bartizan.Wire.Arm;
using Bartizan.Wire.Posture;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;

namespace Bartizan.Server.Api.Posture;

/// <summary><c>Microsoft.Authorization/policyDefinitions</c> and <c>policySetDefinitions</c>, and our import of many of them.</summary>
internal static class PolicyDefinitionRoutes
{
    private const string Definitions = "policyDefinitions";
    private const string Initiatives = "policySetDefinitions";
    private const string Root = "/providers/Microsoft.Authorization/";

    /// <summary>One upload of definitions; Azure's whole published set is about 30 MB.</summary>
    private const int MaxImport = 128 * 1024 * 1024;

    public static void MapPolicyDefinitions(this IEndpointRouteBuilder routes)
    {
        foreach (var type in (string[])[Definitions, Initiatives])
        {
            var action = "Microsoft.Authorization/" + type;

            // Built-in definitions are the same for everybody; written ones are shown to those who may read their scope.
            routes.ArmList(Root + type, action + "/read", (ArmScope scope, Caller caller, ListQuery query, PolicyLibrary library) => List(type, scope, caller, query, library)).ForAnyCaller();
            routes.ArmGet(Root + type + "/{name}", action + "/read", (string name, ArmScope scope, Caller caller, PolicyLibrary library) => Get(type, name, scope, caller, library)).ForAnyCaller();
            routes.ArmPut(Root + type + "/{name}", action + "/write", (string name, [FromBody] JsonElement body, ArmScope scope, Caller caller, IfMatch match, AssignmentBook book, PolicyLibrary library, CancellationToken cancellationToken) =>
                PutAsync(type, name, body, scope, caller, match, book, library, cancellationToken));
            routes.ArmDelete(Root + type + "/{name}", action + "/delete", (string name, ArmScope scope, Caller caller, AssignmentBook book, PolicyLibrary library, CancellationToken cancellationToken) =>
                DeleteAsync(type, name, scope, caller, book, library, cancellationToken));
        }

        routes.ArmPost("/providers/Microsoft.Bartizan/policies", "Microsoft.Authorization/policyDefinitions/write", ImportAsync).AtTenant().WithMetadata(new RequestSizeLimitAttribute(MaxImport));
    }

    private static IResult List(string type, ArmScope scope, Caller caller, ListQuery query, PolicyLibrary library)
    {
        var visible = caller.Scopes($"Microsoft.Authorization/{type}/read");
        var all = Everything(type, library).Where(d => IsSeenAt(d.Id, scope.Id, visible)).OrderBy(d => d.Id, StringComparer.OrdinalIgnoreCase);
        var fields = new Dictionary<string, Func<Listed, object?>>(StringComparer.OrdinalIgnoreCase)
        {
            ["policyType"] = d => d.PolicyType,
            ["category"] = d => d.Category,
            ["displayName"] = d => d.DisplayName,
        };
        return FilterText.Read(query.Filter, fields).TryGetValue(out var holds, out var problem)
            ? ArmResults.Page([.. all.Where(holds).Select(d => Shape(type, d))], query)
            : ArmErrors.Result(problem);
    }

    private static IResult Get(string type, string name, ArmScope scope, Caller caller, PolicyLibrary library)
    {
        var id = PolicyIds.Of(scope.Id, type, name);
        var found = Everything(type, library).FirstOrDefault(d => d.Id.Equals(id, StringComparison.OrdinalIgnoreCase));
        return found is not null && IsSeenAt(found.Id, scope.Id, caller.Scopes($"Microsoft.Authorization/{type}/read"))
            ? ArmResults.Resource(Shape(type, found))
            : ArmErrors.Result(new Problem(ProblemKind.NotFound, type == Definitions ? "PolicyDefinitionNotFound" : "PolicySetDefinitionNotFound", $"There is no definition '{name}' at '{scope.Id}'."));
    }

    private static async Task<IResult> PutAsync(
        string type, string name, JsonElement body, ArmScope scope, Caller caller, IfMatch match, AssignmentBook book, PolicyLibrary library, CancellationToken cancellationToken)
    {
        if (scope.Id == ResourceId.Tenant)
        {
            return ArmErrors.Result(new Problem(ProblemKind.Invalid, "InvalidScope", "Definitions are written at a subscription or a management group; built-in ones are imported."));
        }

        var id = PolicyIds.Of(scope.Id, type, name);
        var json = JsonNode.Parse(body.GetRawText()) as JsonObject ?? [];
        json["id"] = id;
        json["name"] = name;
        json["type"] = "Microsoft.Authorization/" + type;
        if (json["properties"] is JsonObject properties)
        {
            properties["policyType"] = "Custom";
        }

        var text = json.ToJsonString();
        var checkedText = type == Definitions ? CheckDefinition(text, library) : CheckInitiative(text, library);
        if (!checkedText.TryGetValue(out var displayName, out var problem))
        {
            return ArmErrors.Result(problem);
        }

        var existed = Everything(type, library).Any(d => d.Id.Equals(id, StringComparison.OrdinalIgnoreCase));
        var records = type == Definitions ? book.Definitions : book.Initiatives;
        var outcome = await records.PutAsync(id, new StoredDefinition(id, name, displayName, "Custom", text), match.With(null), caller.Name, cancellationToken);
        if (!outcome.IsSuccess)
        {
            return ArmErrors.Result(outcome.Problem);
        }

        // Azure answers 201 to a definition whether it was new or not, and its command line takes nothing else.
        await library.ReloadAsync(cancellationToken);
        return ArmResults.Resource(Shape(type, Everything(type, library).First(d => d.Id.Equals(id, StringComparison.OrdinalIgnoreCase))), existed && type == Initiatives ? StatusCodes.Status200OK : StatusCodes.Status201Created);
    }

    private static async Task<IResult> DeleteAsync(
        string type, string name, ArmScope scope, Caller caller, AssignmentBook book, PolicyLibrary library, CancellationToken cancellationToken)
    {
        var id = PolicyIds.Of(scope.Id, type, name);
        var assigned = (await book.ListAssignmentsAsync(cancellationToken)).FirstOrDefault(a => a.DefinitionId.Equals(id, StringComparison.OrdinalIgnoreCase));
        var used = library.Initiatives.FirstOrDefault(i => i.Members.Any(m => m.DefinitionId.Equals(id, StringComparison.OrdinalIgnoreCase)));
        if ((assigned?.Id ?? used?.Id) is { } user)
        {
            return ArmErrors.Result(new Problem(ProblemKind.Conflict, "PolicyDefinitionInUse", $"'{user}' uses it; remove that first.", id));
        }

        var outcome = await (type == Definitions ? book.Definitions : book.Initiatives).DeleteAsync(id, null, caller.Name, cancellationToken);
        await library.ReloadAsync(cancellationToken);
        return ArmResults.Deleted(outcome);
    }

    private static async Task<IResult> ImportAsync([FromQuery] string? file, HttpContext context, Caller caller, PolicyImporter importer, CancellationToken cancellationToken)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = MaxImport;
        }

        using var reader = new StreamReader(context.Request.Body);
        var receipt = await importer.ImportAsync(file ?? "body", await reader.ReadToEndAsync(cancellationToken), caller.Name, cancellationToken);
        return ArmResults.Value(new PolicyImportReport(receipt.Definitions, receipt.Initiatives, [.. receipt.Refused.Select(r => new RefusedPolicy(r.Name, r.Reason))]));
    }

    private static Outcome<string> CheckDefinition(string text, PolicyLibrary library) => PolicyDefinition.Parse(text).Then(definition =>
    {
        var errors = PolicyCompiler.Check(definition, library.Pack.Aliases).Where(d => d.Severity == DiagnosticSeverity.Error).ToList();
        return errors.Count == 0
            ? definition.DisplayName ?? definition.Name ?? ""
            : (Outcome<string>)new Problem(ProblemKind.Invalid, errors[0].Code, errors[0].Message) { Diagnostics = errors };
    });

    private static Outcome<string> CheckInitiative(string text, PolicyLibrary library) => InitiativeDefinition.Parse(PostureShapes.Parse(text)).Then(initiative =>
    {
        var unknown = initiative.Members.FirstOrDefault(m => library.FindDefinition(m.DefinitionId) is null);
        return unknown is null
            ? initiative.DisplayName
            : (Outcome<string>)new Problem(ProblemKind.NotFound, "PolicyDefinitionNotFound", $"The definition '{unknown.DefinitionId}' is not known here; import or create it first.", "policyDefinitions");
    });

    private static IEnumerable<Listed> Everything(string type, PolicyLibrary library) => type == Definitions
        ? library.Definitions.Select(d => new Listed(d.Id, d.Name, d.DisplayName, d.PolicyType, d.Check.Categories.Count > 0 ? "Security Center" : null, d.Json))
        : library.Initiatives.Select(i => new Listed(i.Id, i.Name, i.DisplayName, i.PolicyType ?? "Custom", i.Category, i.Source));

    /// <summary>Built-in ones everywhere; written ones at their scope and below it.</summary>
    private static bool IsSeenAt(string id, ResourceId scope, CallerScopes visible)
    {
        var owner = ResourceId.TryParse(id, out var parsed) ? parsed.Parent ?? ResourceId.Tenant : ResourceId.Tenant;
        return owner == ResourceId.Tenant || (visible.Includes(owner) && (scope == ResourceId.Tenant || scope.IsWithin(owner) || owner.Type.Contains("managementGroups", StringComparison.OrdinalIgnoreCase)));
    }

    private static ArmResource<JsonElement> Shape(string type, Listed listed)
    {
        var json = PostureShapes.Parse(listed.Json);
        return new ArmResource<JsonElement>
        {
            Id = listed.Id,
            Name = listed.Name,
            Type = "Microsoft.Authorization/" + type,
            Properties = json.TryGetProperty("properties", out var properties) ? properties : json,
        };
    }

    private sealed record Listed(string Id, string Name, string DisplayName, string PolicyType, string? Category, string Json);
}
