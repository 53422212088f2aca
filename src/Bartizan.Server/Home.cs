using System.Text.Json;
using System.Text.Json.Serialization;
using Bartizan.Foundation.Outcomes;
using Bartizan.Foundation.Resources;

namespace Bartizan.Server;

/// <summary>Who this installation is: its tenant, and the subscription and workspace that exist from the first start on.</summary>
internal sealed record Home(Guid TenantId, Guid SubscriptionId, Guid WorkspaceId)
{
    public const string ResourceGroup = "bartizan";

    public const string Workspace = "bartizan";

    public const string Location = "local";

    /// <summary>The root management group, which is named as the tenant and holds every subscription.</summary>
    [JsonIgnore]
    public ResourceId RootGroup { get; } = ResourceId.Parse($"/providers/Microsoft.Management/managementGroups/{TenantId}");

    [JsonIgnore]
    public ResourceId SubscriptionScope { get; } = ResourceId.Subscription(SubscriptionId.ToString());

    [JsonIgnore]
    public ResourceId GroupScope { get; } = ResourceId.Parse($"/subscriptions/{SubscriptionId}/resourceGroups/{ResourceGroup}");

    [JsonIgnore]
    public ResourceId WorkspaceScope { get; } =
        ResourceId.Parse($"/subscriptions/{SubscriptionId}/resourceGroups/{ResourceGroup}/providers/Microsoft.OperationalInsights/workspaces/{Workspace}");

    /// <summary>Reads the identity that the data folder holds, or gives it one.</summary>
    public static Outcome<Home> Open(string folder, TimeProvider time)
    {
        var file = Path.Combine(folder, "home.json");
        try
        {
            if (!File.Exists(file))
            {
                var now = time.GetUtcNow();
                var home = new Home(Guid.CreateVersion7(now), Guid.CreateVersion7(now), Guid.CreateVersion7(now));
                PrivateFile.Write(file, JsonSerializer.SerializeToUtf8Bytes(home, HomeJson.Default.Home));
                return home;
            }

            return JsonSerializer.Deserialize(File.ReadAllBytes(file), HomeJson.Default.Home) is { } found && found.TenantId != Guid.Empty
                ? found
                : Damaged(file, "it is empty");
        }
        catch (JsonException e)
        {
            return Damaged(file, e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Problem(
                ProblemKind.Unavailable, "DataFolderNotWritable", $"The file '{file}' cannot be used ({e.Message.TrimEnd('.')}); give this user the right to it.", file);
        }
    }

    private static Problem Damaged(string file, string why) => new(
        ProblemKind.Unavailable,
        "DataFolderDamaged",
        $"The file '{file}' that says who this installation is cannot be read ({why.TrimEnd('.')}); restore it from a backup, or move it away to be given a new identity.",
        file);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(Home))]
internal sealed partial class HomeJson : JsonSerializerContext;
