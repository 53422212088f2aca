using System.Text.Json;
using System.Text.Json.Nodes;
using Bartizan.Foundation.Outcomes;
using Bartizan.Foundation.Resources;
using Bartizan.Server.Api.Arm;
using Bartizan.Server.Auth.Roles;
using Bartizan.Store.Resources;
using Microsoft.AspNetCore.Mvc;

namespace Bartizan.Server.Api.Tenancy;

/// <summary>Resource groups and resources of any type, from the inventory. What no other route takes comes here last.</summary>
internal static class ResourceRoutes
{
    private const string ReadGroups = "Microsoft.Resources/subscriptions/resourceGroups/read";
    private const string Group = "/subscriptions/{subscription}/resourceGroups/{group}";

    private const string DiagnosticSettings = "Microsoft.Insights/diagnosticSettings";

    /// <summary>Types whose clients take 200 alone for a new one.</summary>
    private static readonly string[] AlwaysOk =
        [SavedSearches.Type, "Microsoft.OperationalInsights/workspaces/linkedStorageAccounts", "Microsoft.OperationalInsights/workspaces/linkedServices"];

    public static void MapResources(this IEndpointRouteBuilder routes)
    {
        routes.ArmList("/subscriptions/{subscription}/resourceGroups", ReadGroups, GroupsAsync);

        // A group shows to whoever sees anything in it, so the handler asks.
        routes.MapMethods(Group, ["GET", "HEAD"], GroupAsync).ForAnyCaller();
        routes.ArmPut(Group, "Microsoft.Resources/subscriptions/resourceGroups/write", PutGroupAsync);
        routes.ArmPatch(Group, "Microsoft.Resources/subscriptions/resourceGroups/write", PatchGroupAsync);
        routes.ArmDelete(Group, "Microsoft.Resources/subscriptions/resourceGroups/delete", DeleteGroupAsync);
        routes.ArmPost(Group + "/exportTemplate", "Microsoft.Resources/subscriptions/resourceGroups/exportTemplate/action", ExportAsync).Partly("resources as they are kept, without parameters for their names");
        routes.ArmList("/subscriptions/{subscription}/resources", Inventory.Read, ResourcesAsync);
        routes.ArmList(Group + "/resources", Inventory.Read, ResourcesAsync);

        // The type, and so the action, is in the path: the handler asks.
        routes.MapMethods("/providers/{provider}/{**rest}", ["GET", "HEAD", "PUT", "PATCH", "POST", "DELETE"], AnyAsync).ForAnyCaller();
    }

    private static async Task<IResult> GroupsAsync(string subscription, Inventory inventory, Caller caller, ListQuery query, CancellationToken cancellationToken)
    {
        var groups = await inventory.GroupsAsync(ResourceId.Subscription(subscription), caller, cancellationToken);
        return ODataFilter.TryParse(query.Filter, out var filter, out var problem)
            ? ArmResults.Page(groups.Where(g => filter.Matches(name => Property(name, (string?)g["name"], "", (string?)g["location"], Tags(g), filter))).ToList(), query)
            : ArmErrors.Result(problem);
    }

    private static async Task<IResult> GroupAsync(string subscription, string group, HttpContext context, Inventory inventory, Caller caller, CancellationToken cancellationToken)
    {
        var found = (await inventory.GroupsAsync(ResourceId.Subscription(subscription), caller, cancellationToken))
            .FirstOrDefault(g => group.Equals((string?)g["name"], StringComparison.OrdinalIgnoreCase));
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return found is null ? Results.NotFound() : Results.NoContent();
        }

        return found is not null
            ? ArmResults.Value(found)
            : ArmErrors.Result(NoGroup(group));
    }

    private static Problem NoGroup(string group) => new(ProblemKind.NotFound, "ResourceGroupNotFound", $"Resource group '{group}' could not be found.");

    private static async Task<IResult> ResourcesAsync(ArmScope scope, Inventory inventory, Caller caller, ListQuery query, CancellationToken cancellationToken)
    {
        if (!ODataFilter.TryParse(query.Filter, out var filter, out var problem))
        {
            return ArmErrors.Result(problem);
        }

        var page = await inventory.ListAsync(
            scope.Id, filter.Required("resourceType") is { } type ? [type] : [], caller, new ResourceQuery { Take = query.Top, Continuation = query.Continuation, WantCount = query.WantsCount }, cancellationToken);
        var items = page.Items.Where(r => filter.Matches(name => Property(name, r.Name, r.Type, r.Location, r.Tags, filter, r.Id.ResourceGroup)))
            .Select(r => Inventory.Shape(r, withProperties: false)).ToList();
        return ArmResults.Page(items, page.Continuation, query, page.Count);
    }

    private static async Task<IResult> PutGroupAsync([FromBody] JsonObject body, ArmScope scope, InventoryWrites writes, Caller caller, CancellationToken cancellationToken)
    {
        var outcome = await writes.PutGroupAsync(scope.Id, body, caller, cancellationToken);
        return outcome.TryGetValue(out var put, out var problem)
            ? ArmResults.Value(Inventory.Shape(put.Resource, withProperties: true), put.IsNew ? StatusCodes.Status201Created : StatusCodes.Status200OK)
            : ArmErrors.Result(problem);
    }

    private static async Task<IResult> PatchGroupAsync([FromBody] JsonObject body, ArmScope scope, InventoryWrites writes, Caller caller, CancellationToken cancellationToken)
    {
        if (await writes.GroupLocationAsync(scope.Id, cancellationToken) is null)
        {
            return ArmErrors.Result(NoGroup(scope.Id.Name));
        }

        // A group has nothing but tags that could change.
        if (InventoryWrites.CheckTags(body["tags"]) is { } wrong)
        {
            return ArmErrors.Result(wrong);
        }

        var outcome = await writes.TagAsync(
            scope.Id, known => body["tags"] is JsonObject tags ? tags.ToDictionary(t => t.Key, t => (string?)t.Value ?? "", StringComparer.OrdinalIgnoreCase) : known, caller, cancellationToken);
        return outcome.IsSuccess
            ? ArmResults.Value(Inventory.Shape((await writes.FindTaggedAsync(scope.Id, cancellationToken))!, withProperties: true))
            : ArmErrors.Result(outcome.Problem);
    }

    private static async Task<IResult> DeleteGroupAsync(ArmScope scope, InventoryWrites writes, Caller caller, CancellationToken cancellationToken)
    {
        if (await writes.GroupLocationAsync(scope.Id, cancellationToken) is null)
        {
            return ArmErrors.Result(NoGroup(scope.Id.Name));
        }

        var outcome = await writes.DeleteAsync(scope.Id, caller, cancellationToken);
        return outcome.IsSuccess ? Results.Ok() : ArmErrors.Result(outcome.Problem);
    }

    /// <summary>The resources of a group that the caller may see, or those that the body names, as a template that deploys them again.</summary>
    private static async Task<IResult> ExportAsync([FromBody] JsonObject body, ArmScope scope, Inventory inventory, InventoryWrites writes, Caller caller, CancellationToken cancellationToken)
    {
        if (await writes.GroupLocationAsync(scope.Id, cancellationToken) is null)
        {
            return ArmErrors.Result(NoGroup(scope.Id.Name));
        }

        var wanted = (body["resources"] as JsonArray ?? []).Select(n => n is JsonValue v && v.TryGetValue<string>(out var text) ? text : "").ToList();
        var isAll = wanted.Count == 0 || wanted.Contains("*");
        var resources = new JsonArray();
        string? continuation = null;
        do
        {
            var page = await inventory.ListAsync(scope.Id, [], caller, new ResourceQuery { Take = ListQuery.MaxTop, Continuation = continuation }, cancellationToken);
            foreach (var resource in page.Items.Where(r => isAll || wanted.Contains(r.Id.Text, StringComparer.OrdinalIgnoreCase)))
            {
                resources.Add(GroupTemplate.Resource(resource));
            }

            continuation = page.Continuation;
        }
        while (continuation is not null && resources.Count < GroupTemplate.MaxResources);
        return continuation is null
            ? ArmResults.Value(new { template = GroupTemplate.Of(resources) })
            : ArmErrors.Result(new Problem(ProblemKind.Invalid, "ExportTemplateTooManyResources", $"A template has at most {GroupTemplate.MaxResources} resources; name those that are wanted in 'resources'.", "resources"));
    }

    private static async Task<IResult> AnyAsync(
        string provider, string? rest, ArmScope scope, HttpContext context, Inventory inventory, InventoryWrites writes, Caller caller, ListQuery query, CancellationToken cancellationToken)
    {
        var method = context.Request.Method;
        if (!HttpMethods.IsGet(method) && !HttpMethods.IsHead(method))
        {
            return await WriteAsync(provider, rest, scope, context, writes, caller, cancellationToken);
        }

        if (scope.Resource is { } id)
        {
            if (!caller.May($"{id.Type}/read", id))
            {
                return ArmErrors.Result(ArmGate.Refusal(caller, $"{id.Type}/read", id));
            }

            var found = await inventory.FindAsync(id, cancellationToken);
            return HttpMethods.IsHead(method) ? found is null ? Results.NotFound() : Results.NoContent()
                : found is not null ? ArmResults.Value(Inventory.Shape(found, withProperties: true))
                : ArmErrors.Result(NotFound(id));
        }

        // A collection: {provider}/{type}, or {provider}/{type}/{name}/{type}…
        var segments = (rest ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (segments.Length % 2 == 0)
        {
            return ArmErrors.Result(NotHere(provider, rest));
        }

        var type = string.Join('/', segments.Where((_, i) => i % 2 == 0).Prepend(provider));
        if (!caller.Scopes($"{type}/read").Reaches(scope.Id))
        {
            return ArmErrors.Result(ArmGate.Refusal(caller, $"{type}/read", scope.Id));
        }

        var below = segments.Length > 1 && ResourceId.TryParse(scope.Path[..scope.Path.LastIndexOf('/')], out var parent) ? parent : scope.Id;
        var page = await inventory.ListAsync(
            below, [type], caller, new ResourceQuery { View = null, Take = query.Top, Continuation = query.Continuation, WantCount = query.WantsCount }, cancellationToken);
        if (page.Items.Count == 0 && !await inventory.KnowsTypeAsync(type, cancellationToken) && !AzureLists.Contains(provider, rest))
        {
            return ArmErrors.Result(await inventory.KnowsProviderAsync(provider, cancellationToken)
                ? new Problem(ProblemKind.NotFound, "InvalidResourceType", $"The resource type '{string.Join('/', segments.Where((_, i) => i % 2 == 0))}' could not be found in the namespace '{provider}'.")
                : NotHere(provider, rest));
        }

        // Settings of diagnostics are asked for of one thing; those of what lies in it are its own.
        var items = type.Equals(DiagnosticSettings, StringComparison.OrdinalIgnoreCase) ? page.Items.Where(r => r.Id.Parent == scope.Id) : page.Items;
        return ArmResults.Page(items.Select(r => Inventory.Shape(r, withProperties: true)).ToList(), page.Continuation, query, page.Count);
    }

    private static async Task<IResult> WriteAsync(
        string provider, string? rest, ArmScope scope, HttpContext context, InventoryWrites writes, Caller caller, CancellationToken cancellationToken)
    {
        var method = context.Request.Method;
        if (HttpMethods.IsPost(method) || scope.Resource is not { } id || !InventoryWrites.Takes(id.Type))
        {
            return ArmErrors.Result(NotHere(provider, rest));
        }

        var action = $"{id.Type}/{(HttpMethods.IsDelete(method) ? "delete" : "write")}";
        if (!caller.May(action, id))
        {
            return ArmErrors.Result(ArmGate.Refusal(caller, action, id));
        }

        if (HttpMethods.IsDelete(method))
        {
            return ArmResults.Deleted(await writes.DeleteAsync(id, caller, cancellationToken));
        }

        if (await ReadBodyAsync(context, cancellationToken) is not { } body)
        {
            return ArmErrors.Result(new Problem(ProblemKind.Invalid, "InvalidRequestContent", "The body is not a JSON object that describes a resource."));
        }

        if (HttpMethods.IsPatch(method))
        {
            return ArmResults.Of(await writes.PatchAsync(id, body, caller, cancellationToken), found => Inventory.Shape(found, withProperties: true));
        }

        var outcome = await writes.PutAsync(id, body, caller, cancellationToken);
        return outcome.TryGetValue(out var put, out var problem)
            ? ArmResults.Value(Inventory.Shape(put.Resource, withProperties: true), put.IsNew && !AlwaysOk.Contains(id.Type, StringComparer.OrdinalIgnoreCase) ? StatusCodes.Status201Created : StatusCodes.Status200OK)
            : ArmErrors.Result(problem);
    }

    private static async Task<JsonObject?> ReadBodyAsync(HttpContext context, CancellationToken cancellationToken)
    {
        try
        {
            return await JsonNode.ParseAsync(context.Request.Body, cancellationToken: cancellationToken) as JsonObject is { } body && body.Count >= 0 ? body : null;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            // An object that names a property twice is no object either.
            return null;
        }
    }

    private static object? Property(
        string name, string? resource, string type, string? location, IReadOnlyDictionary<string, string> tags, ODataFilter filter, string? group = null) => name.ToLowerInvariant() switch
        {
            "name" => resource,
            "resourcetype" or "type" => type,
            "location" => location,
            "resourcegroup" => group,
            "tagname" => filter.Required("tagName") is { } wanted && tags.ContainsKey(wanted) ? wanted : null,
            "tagvalue" => filter.Required("tagName") is { } key ? tags.GetValueOrDefault(key) : null,
            _ => null,
        };

    private static Dictionary<string, string> Tags(JsonObject group) => (group["tags"] as JsonObject ?? []).ToDictionary(t => t.Key, t => (string?)t.Value ?? "", StringComparer.OrdinalIgnoreCase);

    internal static Problem NotFound(ResourceId id) => new(
        ProblemKind.NotFound,
        "ResourceNotFound",
        id.ResourceGroup is { } group
            ? $"The Resource '{id.Type}/{id.Name}' under resource group '{group}' was not found."
            : $"The Resource '{id.Type}/{id.Name}' was not found.");

    /// <summary>Azure's refusal, without Azure's quotation marks: by those its command line finds the namespace, registers it, waits and asks again, in vain.</summary>
    private static Problem NotHere(string provider, string? rest) => new(
        ProblemKind.Conflict,
        "MissingSubscriptionRegistration",
        $"The subscription is not registered to use namespace {provider} ({rest}): this server does not have that part of Azure. docs/conformance/api.md says what it has.");
}
