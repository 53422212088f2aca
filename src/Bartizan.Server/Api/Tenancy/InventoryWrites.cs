using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Bartizan.Foundation.Outcomes;
using Bartizan.Foundation.Resources;
using Bartizan.Server.Auth.Roles;
using Bartizan.Store.Records;
using Bartizan.Store.Resources;

namespace Bartizan.Server.Api.Tenancy;

/// <summary>
/// Resources, groups, tags and locks that a client writes: they become observed resources of the inventory, so that policies judge them as they judge all
/// others. What is written is kept as it was sent; its id, name and type are the address's, whatever the body says.
/// </summary>
internal sealed partial class InventoryWrites(ResourceStore resources, Inventory inventory, SavedSearches searches, Home home, AuditLog audit)
{
    public const string GroupType = "Microsoft.Resources/resourceGroups";

    public const string LockType = "Microsoft.Authorization/locks";

    private const int MaxTags = 50;

    /// <summary>Namespaces whose things are this server's own; nothing is put among them by the way.</summary>
    private static readonly System.Buffers.SearchValues<char> NotInTagNames = System.Buffers.SearchValues.Create("<>%&\\?/");

    private static readonly HashSet<string> Own = new(StringComparer.OrdinalIgnoreCase)
    {
        "Microsoft.Authorization", "Microsoft.Bartizan", "Microsoft.Management", "Microsoft.PolicyInsights", "Microsoft.ResourceGraph", "Microsoft.Resources", "Microsoft.Security",
        "Microsoft.SecurityInsights", "Microsoft.Subscription",
    };

    private static readonly string[] Writable =
        ["location", "tags", "kind", "sku", "identity", "properties", "plan", "zones", "managedBy", "extendedLocation", "scale", "placement"];

    /// <summary>Whether anything of this type can be written here as a resource.</summary>
    public static bool Takes(string type) =>
        type.Equals(LockType, StringComparison.OrdinalIgnoreCase)
        || (NamespacePattern().IsMatch(type[..Math.Max(0, type.IndexOf('/', StringComparison.Ordinal))]) && !Own.Contains(type[..type.IndexOf('/', StringComparison.Ordinal)]));

    /// <summary>Writes a whole resource; the flag says that it is new.</summary>
    public async Task<Outcome<(Resource Resource, bool IsNew)>> PutAsync(ResourceId id, JsonObject body, Caller caller, CancellationToken cancellationToken)
    {
        var before = await inventory.FindAsync(id, cancellationToken).ConfigureAwait(false);
        if (await CheckPlaceAsync(id, cancellationToken).ConfigureAwait(false) is { } misplaced)
        {
            return misplaced;
        }

        if (CheckBody(id, body, before) is { } wrong)
        {
            return wrong;
        }

        if (await LockOnAsync(id, "ReadOnly", "write", cancellationToken).ConfigureAwait(false) is { } locked)
        {
            return locked;
        }

        var record = Shape(id, body);
        if (searches.Check(id, Properties(record)) is { } taken)
        {
            return taken;
        }

        record["location"] ??= before?.Location is { Length: > 0 } known ? known : null;
        return (await KeepAsync(id, record, before is null ? "create" : "update", caller, cancellationToken).ConfigureAwait(false), before is null);
    }

    /// <summary>Changes the parts that the body names: objects are merged, everything else is replaced.</summary>
    public async Task<Outcome<Resource>> PatchAsync(ResourceId id, JsonObject body, Caller caller, CancellationToken cancellationToken)
    {
        if (await inventory.FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } before)
        {
            return ResourceRoutes.NotFound(id);
        }

        if (CheckBody(id, body, before) is { } wrong)
        {
            return wrong;
        }

        if (await LockOnAsync(id, "ReadOnly", "write", cancellationToken).ConfigureAwait(false) is { } locked)
        {
            return locked;
        }

        var record = Inventory.Shape(before, withProperties: true);
        foreach (var (name, value) in body.Where(p => Writable.Contains(p.Key, StringComparer.OrdinalIgnoreCase)))
        {
            // Tags are replaced as a whole, as in Azure.
            record[name] = name == "tags" || record[name] is not JsonObject known || value is not JsonObject change ? value?.DeepClone() : Merge(known, change);
        }

        return searches.Check(id, Properties(record)) is { } taken ? taken : await KeepAsync(id, record, "update", caller, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes a resource or a group with all that lies in it; false when there was none.</summary>
    public async Task<Outcome<bool>> DeleteAsync(ResourceId id, Caller caller, CancellationToken cancellationToken)
    {
        if (id == home.WorkspaceScope || id == home.GroupScope)
        {
            return new Problem(ProblemKind.Conflict, "ScopeLocked", $"'{id}' is where this server keeps its own things; it cannot be removed.", id.Text);
        }

        if (await LockOnAsync(id, null, "delete", cancellationToken).ConfigureAwait(false) is { } locked)
        {
            return locked;
        }

        // Findings may still be on their way for what is gone; they make nothing be there.
        var isThere = await inventory.FindAsync(id, cancellationToken).ConfigureAwait(false) is not null
            || (id.Type == "Microsoft.Resources/subscriptions/resourceGroups" && await GroupLocationAsync(id, cancellationToken).ConfigureAwait(false) is not null);
        var within = new List<ResourceId> { id };
        string? continuation = null;
        do
        {
            var page = await resources.ListAsync(new ResourceQuery { Scope = id, View = null, Take = 1000, Continuation = continuation }, cancellationToken).ConfigureAwait(false);
            within.AddRange(page.Items.Select(r => r.Id));
            continuation = page.Continuation;
        }
        while (continuation is not null);

        var removed = await resources.RemoveAsync(within, caller.Name, cancellationToken).ConfigureAwait(false);
        within.ForEach(searches.Forget);
        if (removed > 0)
        {
            await audit.AppendAsync(caller.Name, "resources/delete", id.Type, id.Text, $"{removed} removed", cancellationToken).ConfigureAwait(false);
        }

        return isThere;
    }

    /// <summary>Sets the tags of a resource, a group or a subscription.</summary>
    public async Task<Outcome<IReadOnlyDictionary<string, string>>> TagAsync(
        ResourceId id, Func<Dictionary<string, string>, Dictionary<string, string>> change, Caller caller, CancellationToken cancellationToken)
    {
        var found = await FindTaggedAsync(id, cancellationToken).ConfigureAwait(false);
        if (found is null)
        {
            return ResourceRoutes.NotFound(id);
        }

        var tags = change(new Dictionary<string, string>(found.Tags, StringComparer.OrdinalIgnoreCase));
        if (CheckTags(new JsonObject(tags.Select(t => KeyValuePair.Create(t.Key, (JsonNode?)t.Value)))) is { } wrong)
        {
            return wrong;
        }

        var record = Inventory.Shape(found, withProperties: true);
        record["tags"] = new JsonObject(tags.Select(t => KeyValuePair.Create(t.Key, (JsonNode?)t.Value)));
        await KeepAsync(id, record, "tag", caller, cancellationToken).ConfigureAwait(false);
        return tags;
    }

    /// <summary>What bears tags at a scope; a group that only its resources name bears none yet.</summary>
    public async Task<Resource?> FindTaggedAsync(ResourceId id, CancellationToken cancellationToken)
    {
        if (await inventory.FindAsync(id, cancellationToken).ConfigureAwait(false) is { } found)
        {
            return found;
        }

        if (id.Type == "Microsoft.Resources/subscriptions")
        {
            var known = id.SubscriptionId == home.SubscriptionId.ToString()
                || (await resources.SubscriptionIdsAsync(cancellationToken).ConfigureAwait(false)).Contains(id.SubscriptionId!, StringComparer.OrdinalIgnoreCase);
            return known ? Make(id, new JsonObject { ["id"] = id.Text, ["name"] = id.Name, ["type"] = id.Type }) : null;
        }

        return id.Type == "Microsoft.Resources/subscriptions/resourceGroups" && await GroupLocationAsync(id, cancellationToken).ConfigureAwait(false) is { } location
            ? Make(id, Group(id, location))
            : null;
    }

    /// <summary>Where a group is; null when there is no such group.</summary>
    public async Task<string?> GroupLocationAsync(ResourceId group, CancellationToken cancellationToken)
    {
        if (await inventory.FindAsync(group, cancellationToken).ConfigureAwait(false) is { } kept)
        {
            return kept.Location;
        }

        var named = await resources.GroupsAsync(ResourceId.Subscription(group.SubscriptionId!), cancellationToken).ConfigureAwait(false);
        return named.FirstOrDefault(g => g.Name.Equals(group.Name, StringComparison.OrdinalIgnoreCase)) is { Name: not null } found ? found.Location : null;
    }

    /// <summary>Makes a group, or gives it other tags; it stays where it is.</summary>
    public async Task<Outcome<(Resource Resource, bool IsNew)>> PutGroupAsync(ResourceId id, JsonObject body, Caller caller, CancellationToken cancellationToken)
    {
        if (!GroupNamePattern().IsMatch(id.Name) || id.Name.EndsWith('.'))
        {
            return new Problem(ProblemKind.Invalid, "InvalidResourceGroup", $"The provided resource group name '{id.Name}' has these invalid characters or ends in a period: letters, digits, '-', '_', '(', ')' and '.' may be used, at most 90.", "resourceGroupName");
        }

        var at = await GroupLocationAsync(id, cancellationToken).ConfigureAwait(false);
        var location = Place(Text(body, "location"));
        if (location is null && at is null)
        {
            return new Problem(ProblemKind.Invalid, "LocationRequired", "The location property is required for this definition.", "location");
        }

        if (at is { Length: > 0 } && location is not null && !Place(at)!.Equals(location, StringComparison.OrdinalIgnoreCase))
        {
            return new Problem(
                ProblemKind.Conflict, "InvalidResourceGroupLocation",
                $"Invalid resource group location '{location}'. The Resource group already exists in location '{at}'.", "location");
        }

        if (CheckTags(body["tags"]) is { } wrong)
        {
            return wrong;
        }

        var record = Group(id, location ?? at!);
        record["tags"] = body["tags"]?.DeepClone();
        record["managedBy"] = body["managedBy"]?.DeepClone();
        return (await KeepAsync(id, record, at is null ? "create" : "update", caller, cancellationToken).ConfigureAwait(false), at is null);
    }

    public static Problem? CheckTags(JsonNode? tags)
    {
        if (tags is null)
        {
            return null;
        }

        if (tags is not JsonObject all || all.Any(t => t.Value is not (null or JsonValue) || (t.Value is JsonValue v && v.GetValueKind() != JsonValueKind.String)))
        {
            return new Problem(ProblemKind.Invalid, "InvalidRequestContent", "'tags' is an object of texts.", "tags");
        }

        return all.Count > MaxTags ? new Problem(ProblemKind.Invalid, "TagsLimitExceeded", $"A resource has at most {MaxTags} tags; these are {all.Count}.", "tags")
            : all.FirstOrDefault(t => t.Key.Length is 0 or > 512 || t.Key.AsSpan().ContainsAny(NotInTagNames)) is { Key: not null } name
                ? new Problem(ProblemKind.Invalid, "InvalidTagNameCharacters", $"The tag name '{name.Key}' is empty, longer than 512 characters, or has one of the characters <>%&\\?/.", "tags")
            : all.FirstOrDefault(t => ((string?)t.Value)?.Length > 256) is { Key: not null } value
                ? new Problem(ProblemKind.Invalid, "TagValueTooLong", $"The value of the tag '{value.Key}' is longer than 256 characters.", "tags")
            : null;
    }

    private static JsonObject Group(ResourceId id, string location) => new()
    {
        ["id"] = id.Text,
        ["name"] = id.Name,
        ["type"] = GroupType,
        ["location"] = location,
        ["properties"] = new JsonObject { ["provisioningState"] = "Succeeded" },
    };

    private static string? Text(JsonObject body, string name) => body[name] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;

    /// <summary>"West Europe" and "westeurope" are one place.</summary>
    private static string? Place(string? location) => location?.Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();

    private static JsonObject Shape(ResourceId id, JsonObject body)
    {
        var record = new JsonObject { ["id"] = id.Text, ["name"] = id.Name, ["type"] = id.Type };
        foreach (var (name, value) in body)
        {
            if (Array.Find(Writable, w => w.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } known)
            {
                record[known] = value?.DeepClone();
            }
        }

        if (Place(Text(record, "location")) is { } place)
        {
            record["location"] = place;
        }

        return record;
    }

    private static JsonElement Properties(JsonObject record) => JsonSerializer.SerializeToElement(record["properties"] ?? new JsonObject());

    private static JsonObject Merge(JsonObject known, JsonObject change)
    {
        var merged = (JsonObject)known.DeepClone();
        foreach (var (name, value) in change)
        {
            merged[name] = merged[name] is JsonObject inner && value is JsonObject deeper ? Merge(inner, deeper) : value?.DeepClone();
        }

        return merged;
    }

    private Problem? CheckBody(ResourceId id, JsonObject body, Resource? before)
    {
        if (id.Type.Equals(LockType, StringComparison.OrdinalIgnoreCase))
        {
            return body["properties"] is JsonObject p && Text(p, "level") is { } level && (level.Equals("CanNotDelete", StringComparison.OrdinalIgnoreCase) || level.Equals("ReadOnly", StringComparison.OrdinalIgnoreCase))
                ? null
                : new Problem(ProblemKind.Invalid, "InvalidLockLevel", "A lock's properties.level is CanNotDelete or ReadOnly.", "properties.level");
        }

        if (id == home.WorkspaceScope && body["properties"] is JsonObject settings && settings["retentionInDays"] is not null)
        {
            return new Problem(ProblemKind.Invalid, "RetentionNotSupported", "This server keeps events until they are removed by hand; retentionInDays cannot be set.", "properties.retentionInDays");
        }

        // A resource of a group has a place of its own; a child has its parent's, an extension none.
        var isTracked = id.ResourceGroup is not null && id.Type.Count(c => c == '/') == 1 && id.Parent?.Type == "Microsoft.Resources/subscriptions/resourceGroups";
        return isTracked && before is null && Text(body, "location") is null
            ? new Problem(ProblemKind.Invalid, "LocationRequired", "The location property is required for this definition.", "location")
            : body["properties"] is not (null or JsonObject)
                ? new Problem(ProblemKind.Invalid, "InvalidRequestContent", "'properties' is an object.", "properties")
                : CheckTags(body["tags"]);
    }

    /// <summary>What holds a resource must be there: its group, or its parent.</summary>
    private async Task<Problem?> CheckPlaceAsync(ResourceId id, CancellationToken cancellationToken)
    {
        if (id.SubscriptionId is null)
        {
            return id.Type.Equals(LockType, StringComparison.OrdinalIgnoreCase) ? null : new Problem(ProblemKind.Invalid, "InvalidScope", $"'{id}' lies in no subscription; resources of this type do.");
        }

        if (id.ResourceGroup is { } group)
        {
            var at = ResourceId.Parse($"/subscriptions/{id.SubscriptionId}/resourceGroups/{group}");
            if (await GroupLocationAsync(at, cancellationToken).ConfigureAwait(false) is null)
            {
                return new Problem(ProblemKind.NotFound, "ResourceGroupNotFound", $"Resource group '{group}' could not be found.");
            }
        }

        return id.Parent is { IsScope: false } parent && await inventory.FindAsync(parent, cancellationToken).ConfigureAwait(false) is null
            ? new Problem(ProblemKind.NotFound, "ParentResourceNotFound", $"Failed to perform 'write' on resource(s) of type '{id.Type}', because the parent resource '{parent}' could not be found.")
            : null;
    }

    /// <summary>A lock at or above a resource that forbids the act; its own removal is never forbidden by it.</summary>
    private async Task<Problem?> LockOnAsync(ResourceId id, string? level, string act, CancellationToken cancellationToken)
    {
        if (id.SubscriptionId is null || id.Type.Equals(LockType, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var locks = await resources.ListAsync(
            new ResourceQuery { Scope = ResourceId.Subscription(id.SubscriptionId), View = null, Types = [LockType], Take = 1000 }, cancellationToken).ConfigureAwait(false);
        var found = locks.Items.FirstOrDefault(l => (id.IsWithin(l.Id.Parent!) || (act == "delete" && l.Id.Parent!.IsWithin(id)))
            && (level is null || (l.Record.TryGetProperty("properties", out var p) && p.TryGetProperty("level", out var held) && level.Equals(held.GetString(), StringComparison.OrdinalIgnoreCase))));
        return found is null ? null : new Problem(
            ProblemKind.Conflict, "ScopeLocked",
            $"The scope '{id}' cannot perform {act} operation because following scope(s) are locked: '{found.Id.Parent}'. Please remove the lock and try again.");
    }

    private Resource Make(ResourceId id, JsonObject record) => new(
        id, id.Name, id.Type, Text(record, "location") ?? "", CloudEnvironment.Azure, id.SubscriptionId ?? home.TenantId.ToString(),
        JsonSerializer.SerializeToElement<JsonNode>(record))
    {
        Tags = record["tags"] is JsonObject tags ? tags.ToDictionary(t => t.Key, t => (string?)t.Value ?? "", StringComparer.Ordinal) : [],
    };

    private async Task<Resource> KeepAsync(ResourceId id, JsonObject record, string act, Caller caller, CancellationToken cancellationToken)
    {
        foreach (var empty in record.Where(p => p.Value is null).Select(p => p.Key).ToList())
        {
            record.Remove(empty);
        }

        var made = Make(id, record);
        await resources.UpsertAsync([made], caller.Name, cancellationToken).ConfigureAwait(false);
        searches.Keep(id, Properties(record));
        await audit.AppendAsync(caller.Name, "resources/" + act, id.Type, id.Text, "", cancellationToken).ConfigureAwait(false);
        return made;
    }

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9]*(\.[A-Za-z][A-Za-z0-9]*)+$")]
    private static partial Regex NamespacePattern();

    [GeneratedRegex(@"^[\w\-().]{1,90}$")]
    private static partial Regex GroupNamePattern();
}
