using Bartizan.Content.Rules;
using Bartizan.Detection.Alerts;
using Bartizan.Foundation.Entities;

namespace Bartizan.Detection.Fusion;

/// <summary>An alert as the correlator sees it.</summary>
/// <param name="TypeKey">What kind of alert it is: the rule.</param>
public sealed record Signal(
    Guid Id, string Provider, string TypeKey, string Name, IReadOnlyList<string> Tactics, IReadOnlyList<string> Techniques, AlertSeverity Severity,
    DateTimeOffset Start, DateTimeOffset End, IReadOnlyList<SignalEntity> Entities)
{
    public static Signal Of(Alert alert)
    {
        ArgumentNullException.ThrowIfNull(alert);
        return new Signal(
            alert.Id, alert.ProductName, alert.RuleId.ToString("D"), alert.Name, alert.Tactics, alert.Techniques, alert.Severity, alert.StartTime, alert.EndTime,
            [.. alert.Entities.Where(e => e.Keys.Count > 0).Select(e => new SignalEntity(e.Keys[0].Text, e.Kind, e.IsStrong, e.FriendlyName, IsPrivate(e), NameKey(e))).DistinctBy(e => e.Key)]);
    }

    private static string? NameKey(Entity entity) => entity.Kind switch
    {
        EntityKind.Account when !EntityIdentity.IsBuiltIn(entity) && entity["Name"] is { } name => $"account|name|{name.ToUpperInvariant()}",
        EntityKind.Host when (entity["HostName"] ?? entity["NetBiosName"]) is { } name => $"host|name|{name.ToUpperInvariant()}",
        _ => null,
    };

    private static bool IsPrivate(Entity entity) =>
        entity.Kind == EntityKind.IP && entity.Fields.TryGetValue("Address", out var text) && System.Net.IPAddress.TryParse(text, out var address) && address.GetAddressBytes() is var b
        && (b.Length == 4 ? b[0] is 10 or 127 || (b[0] == 192 && b[1] == 168) || (b[0] == 172 && b[1] is >= 16 and < 32) : address.IsIPv6LinkLocal || address.IsIPv6UniqueLocal);
}

/// <summary>An entity of a signal, by its best identifier.</summary>
/// <param name="NameKey">
/// The bare name of an account or a host. Two directories know one person by different identifiers, and the name they share ties weakly;
/// identifiers of the same kind that differ (two domains, two suffixes) are two persons.
/// </param>
public sealed record SignalEntity(string Key, EntityKind Kind, bool IsStrong, string Name, bool IsPrivate = false, string? NameKey = null)
{
    /// <summary>Which fields the identifier is made of: the second part of the key.</summary>
    internal string FieldSet => Key.Split('|') is [_, var fields, ..] ? fields : "";

    /// <summary>How much sharing such an entity says, before its rarity.</summary>
    internal double Weight => (IsStrong ? 1 : 0.4) * Kind switch
    {
        EntityKind.Account or EntityKind.Process or EntityKind.FileHash or EntityKind.Host => 1,
        EntityKind.Mailbox => 0.9,
        EntityKind.AzureResource or EntityKind.RegistryKey => 0.8,
        EntityKind.URL => 0.7,
        EntityKind.IP when IsPrivate => 0.3,
        EntityKind.IP or EntityKind.DNS => 0.6,
        EntityKind.CloudApplication => 0.2,
        _ => 0.5,
    };
}
