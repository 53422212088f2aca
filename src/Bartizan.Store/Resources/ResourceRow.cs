using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Bartizan.Foundation.Resources;
using Bartizan.Kql.Types;

namespace Bartizan.Store.Resources;

/// <summary>How a resource lies in the store: the columns of Azure Resource Graph, and beside them what only we keep.</summary>
internal static class ResourceRow
{
    /// <summary>Columns of the views, in order.</summary>
    public static IReadOnlyList<KqlColumn> ViewColumns { get; } =
    [
        new("id", KqlType.String), new("name", KqlType.String), new("type", KqlType.String), new("tenantId", KqlType.String),
        new("kind", KqlType.String), new("location", KqlType.String), new("resourceGroup", KqlType.String), new("subscriptionId", KqlType.String),
        new("managedBy", KqlType.String), new("sku", KqlType.Dynamic), new("plan", KqlType.Dynamic), new("properties", KqlType.Dynamic),
        new("tags", KqlType.Dynamic), new("identity", KqlType.Dynamic), new("zones", KqlType.Dynamic), new("extendedLocation", KqlType.Dynamic),
        new("environment", KqlType.String), new("accountId", KqlType.String), new("record", KqlType.Dynamic),
    ];

    public const string Table = "store.resources";

    public const string History = "store.resource_history";

    /// <summary>By type and name of a resource: members that its properties have beside their own, kept once for all that share them.</summary>
    public const string Shared = "store.resource_shared";

    /// <summary>Stored columns: key, view, hash, then those of the views, source and the time of the last change.</summary>
    public static string Ddl => "key VARCHAR, view VARCHAR, hash VARCHAR, "
        + string.Join(", ", ViewColumns.Select(c => $"\"{c.Name}\" VARCHAR")) + ", source VARCHAR, changed_at BIGINT";

    public static int ColumnCount => ViewColumns.Count + 5;

    /// <summary>Behind key, view and hash.</summary>
    private const int FirstViewColumn = 3;

    public static string Key(ResourceId id) => id.Text.ToLowerInvariant();

    public static ResourceView ViewOf(string type)
    {
        if (type.StartsWith("Microsoft.Security/", StringComparison.OrdinalIgnoreCase))
        {
            return ResourceView.SecurityResources;
        }

        if (type.StartsWith("Microsoft.Authorization/policy", StringComparison.OrdinalIgnoreCase)
            || type.StartsWith("Microsoft.PolicyInsights/", StringComparison.OrdinalIgnoreCase))
        {
            return ResourceView.PolicyResources;
        }

        return type.ToLowerInvariant() is "microsoft.resources/subscriptions" or "microsoft.resources/subscriptions/resourcegroups"
            or "microsoft.resources/resourcegroups" or "microsoft.management/managementgroups"
            ? ResourceView.ResourceContainers
            : ResourceView.Resources;
    }

    public static string Hash(Resource resource)
    {
        var text = $"{resource.Id}\n{resource.Name}\n{resource.Type}\n{resource.Location}\n{resource.Environment}\n{resource.AccountId}\n{Tags(resource)}\n{resource.Record.GetRawText()}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];
    }

    public static object?[] Values(Resource resource, string hash, string source, DateTimeOffset now) =>
    [
        Key(resource.Id), ViewOf(resource.Type).ToString(), hash,
        resource.Id.Text, resource.Name, resource.Type.ToLowerInvariant(), Text(resource, "tenantId"), Text(resource, "kind"), resource.Location,
        (resource.Id.ResourceGroup ?? "").ToLowerInvariant(), resource.Id.SubscriptionId ?? "", Text(resource, "managedBy"),
        Part(resource, "sku"), Part(resource, "plan"), Part(resource, "properties"), Tags(resource), Part(resource, "identity"), Part(resource, "zones"),
        Part(resource, "extendedLocation"), resource.Environment.ToString(), resource.AccountId, SaysMore(resource) ? Compact(resource.Record) : null, source, now.UtcTicks,
    ];

    /// <summary>A version of the past is its record; the columns that are parts of it are not kept again.</summary>
    public static object?[] HistoryValues(object?[] row)
    {
        if (row[^3] is null)
        {
            return row;
        }

        var past = (object?[])row.Clone();
        for (var i = 0; i < ViewColumns.Count; i++)
        {
            if (ViewColumns[i] is { Type: KqlType.Dynamic, Name: not ("tags" or "record") })
            {
                past[i + FirstViewColumn] = null;
            }
        }

        return past;
    }

    /// <summary>From <see cref="ReadColumns"/>.</summary>
    public static Resource Read(IReadOnlyList<object?> row)
    {
        var (id, name, type) = ((string)row[0]!, (string)row[1]!, (string)row[2]!);
        var record = row[7] is string text ? Parse(text) : JsonSerializer.SerializeToElement(
            new Dictionary<string, JsonElement>
            {
                ["id"] = JsonSerializer.SerializeToElement(id, ResourceJson.Default.String),
                ["name"] = JsonSerializer.SerializeToElement(name, ResourceJson.Default.String),
                ["type"] = JsonSerializer.SerializeToElement(type, ResourceJson.Default.String),
                ["properties"] = Parse((string)row[8]!),
            },
            ResourceJson.Default.DictionaryStringJsonElement);
        return new Resource(ResourceId.Parse(id), name, TypeOf(record, type), (string)row[3]!, Enum.Parse<CloudEnvironment>((string)row[4]!), (string)row[5]!, record)
        {
            Tags = row[6] is string tags ? JsonSerializer.Deserialize(tags, ResourceJson.Default.DictionaryStringString)! : [],
        };
    }

    /// <summary>The columns that <see cref="Read"/> takes.</summary>
    public const string ReadColumns = "id, name, type, location, environment, accountId, tags, record, CASE WHEN record IS NULL THEN properties END";

    /// <summary>How many these are.</summary>
    public const int ReadCount = 9;

    /// <summary>Whether the record holds anything that the columns do not.</summary>
    private static bool SaysMore(Resource resource) =>
        resource.Record.ValueKind != JsonValueKind.Object || Find(resource, "properties") is not { ValueKind: JsonValueKind.Object }
        || resource.Record.EnumerateObject().Any(m => m.Name switch
        {
            "id" => m.Value.ValueKind != JsonValueKind.String || !m.Value.ValueEquals(resource.Id.Text),
            "name" => m.Value.ValueKind != JsonValueKind.String || !m.Value.ValueEquals(resource.Name),
            "type" => m.Value.ValueKind != JsonValueKind.String || !m.Value.ValueEquals(resource.Type.ToLowerInvariant()),
            "properties" => false,
            _ => true,
        });

    private static JsonElement Parse(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    /// <summary>The stored type is in lower case, for queries; the record has its own spelling.</summary>
    private static string TypeOf(JsonElement record, string stored) =>
        record.ValueKind == JsonValueKind.Object && record.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String
        && stored.Equals(type.GetString(), StringComparison.OrdinalIgnoreCase)
            ? type.GetString()!
            : stored;

    private static string? Tags(Resource resource) =>
        resource.Tags.Count == 0 ? null : JsonSerializer.Serialize(new SortedDictionary<string, string>(resource.Tags.ToDictionary(), StringComparer.Ordinal), ResourceJson.Default.SortedDictionaryStringString);

    private static string Text(Resource resource, string name) =>
        Find(resource, name) is { ValueKind: JsonValueKind.String } value ? value.GetString()! : "";

    private static string? Part(Resource resource, string name) => Find(resource, name) is { ValueKind: not JsonValueKind.Null } value ? Compact(value) : null;

    private static JsonElement? Find(Resource resource, string name) =>
        resource.Record.ValueKind == JsonValueKind.Object && resource.Record.TryGetProperty(name, out var value) ? value : null;

    private static string Compact(JsonElement value) => JsonSerializer.Serialize(value, ResourceJson.Default.JsonElement);
}
