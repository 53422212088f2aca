using System.Text.Json;
using Bartizan.Wire.Detection;

namespace Bartizan.Portal.Parts;

/// <summary>How entities are shown.</summary>
internal static class EntityText
{
    public static string NameOf(EntityDocument entity) =>
        entity.Properties.ValueKind == JsonValueKind.Object && entity.Properties.TryGetProperty("friendlyName", out var name) && name.GetString() is { Length: > 0 } text ? text : entity.Kind;

    /// <summary>The identifiers as pairs, without what the heading says already.</summary>
    public static IEnumerable<(string Name, string Value)> FieldsOf(EntityDocument entity)
    {
        if (entity.Properties.ValueKind != JsonValueKind.Object)
        {
            yield break;
        }

        foreach (var member in entity.Properties.EnumerateObject())
        {
            if (member.Name is not ("friendlyName" or "additionalData") && member.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False)
            {
                yield return (Words(member.Name), member.Value.ToString());
            }
        }
    }

    public static string KindName(string kind) => kind switch
    {
        "Ip" or "IP" => "IP address",
        "FileHash" => "File hash",
        "AzureResource" => "Cloud resource",
        "DnsResolution" => "Domain",
        "CloudApplication" => "Application",
        "SecurityAlert" => "Alert",
        "RegistryKey" => "Registry key",
        "RegistryValue" => "Registry value",
        _ => kind,
    };

    /// <summary><c>ntDomain</c> as <c>Nt domain</c>.</summary>
    public static string Words(string name) =>
        string.Concat(name.Select((c, i) => i == 0 ? char.ToUpperInvariant(c).ToString() : char.IsUpper(c) && char.IsLower(name[i - 1]) ? $" {char.ToLowerInvariant(c)}" : c.ToString()));
}
