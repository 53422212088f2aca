using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Bartizan.Foundation.Outcomes;
using Bartizan.Foundation.Resources;
using Bartizan.Server.Api.Arm;
using Bartizan.Server.Auth.Roles;
using Bartizan.Store.Records;
using Bartizan.Wire.Arm;
using Microsoft.AspNetCore.Mvc;

namespace Bartizan.Server.Api.Posture;

/// <summary>
/// What Azure's clients configure under <c>Microsoft.Security</c> of a scope: plans, contacts, provisioning, switches. They are kept as they were sent and
/// given back. Plans switch nothing here: everything is on, and nothing is charged for.
/// </summary>
internal static class SecuritySettingRoutes
{
    private const string Root = "/providers/Microsoft.Security/";
    private const string NoPlans = "kept and given back; no plan switches anything on or off here";

    private static readonly string[] Plans =
    [
        "VirtualMachines", "SqlServers", "AppServices", "StorageAccounts", "SqlServerVirtualMachines", "KubernetesService", "ContainerRegistry", "KeyVaults", "Dns", "Arm",
        "OpenSourceRelationalDatabases", "CosmosDbs", "Containers", "CloudPosture", "Api", "AI",
    ];

    private static readonly Family[] Families =
    [
        new("pricings", Plans, () => new JsonObject { ["pricingTier"] = "Free", ["freeTrialRemainingTime"] = "P30D" }, CheckPricing) { Missing = NoPlans },
        new("autoProvisioningSettings", ["default"], () => new JsonObject { ["autoProvision"] = "Off" }, p => OneOf(p, "autoProvision", "On", "Off")) { Missing = "kept and given back; no agent is installed by it" },
        new("settings", ["MCAS", "WDATP", "WDATP_EXCLUDE_LINUX_PUBLIC_PREVIEW", "WDATP_UNIFIED_SOLUTION", "Sentinel"], () => new JsonObject { ["enabled"] = false }, p => Flag(p, "enabled"))
        {
            KindOf = name => name.Equals("Sentinel", StringComparison.OrdinalIgnoreCase) ? "AlertSyncSettings" : "DataExportSettings",
            Missing = "kept and given back; no data goes to those products",
        },
        new("advancedThreatProtectionSettings", ["current"], () => new JsonObject { ["isEnabled"] = false }, p => Flag(p, "isEnabled")) { Missing = NoPlans },
        new("securityContacts", null, () => [], p => SecurityContact.Read(JsonSerializer.SerializeToElement(p)).Problem) { Missing = "mail goes to contacts of the home subscription, where its alerts are" },
        new("workspaceSettings", null, () => [], p => p["workspaceId"] is JsonValue v && v.TryGetValue<string>(out var id) && ResourceId.TryParse(id, out _) ? null : Wrong("workspaceId", "the resource id of a workspace"))
        {
            Missing = "kept and given back; events are stored in the server's own workspace",
        },
    ];

    public static void MapSecuritySettings(this IEndpointRouteBuilder routes)
    {
        foreach (var family in Families)
        {
            var action = $"Microsoft.Security/{family.Type}/";
            routes.ArmGet(Root + family.Type, action + "read", (ArmScope scope, RecordStore store, ListQuery query, CancellationToken stop) => ListAsync(family, scope, store, query, stop)).Partly(family.Missing);
            routes.ArmGet(Root + family.Type + "/{name}", action + "read", (string name, ArmScope scope, RecordStore store, CancellationToken stop) => GetAsync(family, name, scope, store, stop)).Partly(family.Missing);
            routes.ArmPut(
                Root + family.Type + "/{name}", action + "write",
                (string name, [FromBody] JsonObject body, ArmScope scope, RecordStore store, Caller caller, CancellationToken stop) => PutAsync(family, name, body, scope, store, caller, stop)).Partly(family.Missing);
            if (family.Names is null)
            {
                routes.ArmDelete(
                    Root + family.Type + "/{name}", action + "delete",
                    (string name, ArmScope scope, RecordStore store, Caller caller, CancellationToken stop) => DeleteAsync(family, name, scope, store, caller, stop)).Partly(family.Missing);
            }
        }
    }

    private static async Task<IResult> ListAsync(Family family, ArmScope scope, RecordStore store, ListQuery query, CancellationToken cancellationToken)
    {
        var kept = new Dictionary<string, SecuritySetting>(StringComparer.OrdinalIgnoreCase);
        await foreach (var record in store.Open(SecuritySetting.Kind).EnumerateAsync(RecordQuery.All, cancellationToken))
        {
            if (record.Value.Type == family.Type && record.Value.Scope.Equals(scope.Id.Text, StringComparison.OrdinalIgnoreCase))
            {
                kept[record.Value.Name] = record.Value;
            }
        }

        return ArmResults.Page((family.Names ?? [.. kept.Keys.Order(StringComparer.OrdinalIgnoreCase)]).Select(n => Shape(family, scope, kept.GetValueOrDefault(n) ?? Default(family, scope, n))).ToList(), query);
    }

    private static async Task<IResult> GetAsync(Family family, string name, ArmScope scope, RecordStore store, CancellationToken cancellationToken)
    {
        var found = await store.Open(SecuritySetting.Kind).FindAsync(IdOf(family, scope, name), cancellationToken);
        return found is not null ? ArmResults.Value(Shape(family, scope, found.Value))
            : family.NameOf(name) is { } known && family.Names is not null ? ArmResults.Value(Shape(family, scope, Default(family, scope, known)))
            : NotFound(family, name);
    }

    private static async Task<IResult> PutAsync(Family family, string name, JsonObject body, ArmScope scope, RecordStore store, Caller caller, CancellationToken cancellationToken)
    {
        if (family.NameOf(name) is not { } known)
        {
            return NotFound(family, name);
        }

        var properties = (body["properties"] as JsonObject)?.DeepClone().AsObject() ?? [];
        if (family.Check(properties) is { } wrong)
        {
            return ArmErrors.Result(wrong);
        }

        var setting = new SecuritySetting(scope.Id.Text, family.Type, known, JsonSerializer.SerializeToElement(properties));
        var saved = await store.Open(SecuritySetting.Kind).PutAsync(IdOf(family, scope, known), setting, null, caller.Name, cancellationToken);
        return ArmResults.Of(saved, r => Shape(family, scope, r.Value));
    }

    /// <summary>Azure answers 204 whether there was one or not, and its clients insist on it.</summary>
    private static async Task<IResult> DeleteAsync(Family family, string name, ArmScope scope, RecordStore store, Caller caller, CancellationToken cancellationToken)
    {
        var outcome = await store.Open(SecuritySetting.Kind).DeleteAsync(IdOf(family, scope, name), null, caller.Name, cancellationToken);
        return outcome.IsSuccess ? Results.NoContent() : ArmErrors.Result(outcome.Problem);
    }

    private static IResult NotFound(Family family, string name) => ArmErrors.Result(new Problem(
        ProblemKind.NotFound, "ResourceNotFound",
        family.Names is null ? $"There is no '{name}' in {family.Type}." : $"There is no '{name}' in {family.Type}; there are {string.Join(", ", family.Names)}.", name));

    private static string IdOf(Family family, ArmScope scope, string name) => $"{scope.Id.Text.TrimEnd('/')}{Root}{family.Type}/{name}".ToLowerInvariant();

    private static SecuritySetting Default(Family family, ArmScope scope, string name) => new(scope.Id.Text, family.Type, name, JsonSerializer.SerializeToElement(family.Default()));

    private static ArmResource<JsonElement> Shape(Family family, ArmScope scope, SecuritySetting setting) => new()
    {
        Id = $"{scope.Id.Text.TrimEnd('/')}{Root}{family.Type}/{setting.Name}",
        Name = setting.Name,
        Type = "Microsoft.Security/" + family.Type,
        Kind = family.KindOf(setting.Name),
        Properties = setting.Properties,
    };

    private static Problem? CheckPricing(JsonObject properties)
    {
        if (OneOf(properties, "pricingTier", "Free", "Standard") is { } wrong)
        {
            return wrong;
        }

        properties["freeTrialRemainingTime"] ??= properties["pricingTier"]!.GetValue<string>() == "Free" ? "P30D" : "PT0S";
        return null;
    }

    /// <summary>In any case when it is sent, in Azure's when it is kept.</summary>
    private static Problem? OneOf(JsonObject properties, string name, params string[] values)
    {
        var given = properties[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
        if (Array.Find(values, v => v.Equals(given, StringComparison.OrdinalIgnoreCase)) is not { } known)
        {
            return Wrong(name, string.Join(" or ", values));
        }

        properties[name] = known;
        return null;
    }

    private static Problem? Flag(JsonObject properties, string name) => properties[name] is JsonValue value && value.TryGetValue<bool>(out _) ? null : Wrong(name, "true or false");

    private static Problem Wrong(string name, string wanted) => new(ProblemKind.Invalid, "InvalidInputJson", $"properties.{name} is {wanted}.", name);

    /// <param name="Names">The fixed members; null for a family that clients add to.</param>
    private sealed record Family(string Type, string[]? Names, Func<JsonObject> Default, Func<JsonObject, Problem?> Check)
    {
        public Func<string, string?> KindOf { get; init; } = _ => null;

        public required string Missing { get; init; }

        public string? NameOf(string name) => Names is null ? name : Array.Find(Names, n => n.Equals(name, StringComparison.OrdinalIgnoreCase));
    }
}

/// <summary>One setting of a scope.</summary>
internal sealed record SecuritySetting(string Scope, string Type, string Name, JsonElement Properties)
{
    public static RecordKind<SecuritySetting> Kind { get; } = new("securitySetting", SecuritySettingJson.Default.SecuritySetting, RecordField.Text<SecuritySetting>("scope", s => s.Scope));
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SecuritySetting))]
internal sealed partial class SecuritySettingJson : JsonSerializerContext;
