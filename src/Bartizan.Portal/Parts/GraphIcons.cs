using System.Text.Json;
using FluentIcon = Microsoft.FluentUI.AspNetCore.Components.Icon;
using Icons = Microsoft.FluentUI.AspNetCore.Components.Icons;

namespace Bartizan.Portal.Parts;

/// <summary>One drawing and one hue for each kind of node; the graph and the lists share them.</summary>
internal static class GraphIcons
{
    private static readonly Dictionary<string, (FluentIcon Icon, string Hue)> Kinds = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Incident"] = (new Icons.Filled.Size24.Warning(), "ent-other"),
        ["SecurityAlert"] = (new Icons.Filled.Size24.ShieldError(), "ent-other"),
        ["Account"] = (new Icons.Filled.Size24.Person(), "ent-account"),
        ["SecurityGroup"] = (new Icons.Filled.Size24.People(), "ent-account"),
        ["Host"] = (new Icons.Filled.Size24.Desktop(), "ent-host"),
        ["Ip"] = (new Icons.Filled.Size24.Globe(), "ent-ip"),
        ["Url"] = (new Icons.Filled.Size24.Link(), "ent-url"),
        ["DnsResolution"] = (new Icons.Filled.Size24.GlobeSearch(), "ent-url"),
        ["File"] = (new Icons.Filled.Size24.Document(), "ent-file"),
        ["FileHash"] = (new Icons.Filled.Size24.Fingerprint(), "ent-file"),
        ["Process"] = (new Icons.Filled.Size24.WindowApps(), "ent-process"),
        ["RegistryKey"] = (new Icons.Filled.Size24.Key(), "ent-process"),
        ["RegistryValue"] = (new Icons.Filled.Size24.Key(), "ent-process"),
        ["Malware"] = (new Icons.Filled.Size24.Bug(), "ent-url"),
        ["AzureResource"] = (new Icons.Filled.Size24.Cloud(), "ent-cloud"),
        ["CloudApplication"] = (new Icons.Filled.Size24.Apps(), "ent-cloud"),
        ["Mailbox"] = (new Icons.Filled.Size24.Mail(), "ent-account"),
        ["MailMessage"] = (new Icons.Filled.Size24.Mail(), "ent-account"),
        ["IoTDevice"] = (new Icons.Filled.Size24.Router(), "ent-host"),
        ["Other"] = (new Icons.Filled.Size24.Circle(), "ent-other"),
    };

    /// <summary>All drawings, for the canvas, by kind.</summary>
    public static string Json { get; } = JsonSerializer.Serialize(
        Kinds.ToDictionary(k => k.Key, k => new { body = k.Value.Icon.Content, size = (int)k.Value.Icon.Size }));

    public static FluentIcon Of(string kind) => Find(kind).Icon;

    public static string HueOf(string kind) => Find(kind).Hue;

    /// <summary>The spelling that <see cref="Json"/> has.</summary>
    public static string Key(string kind) => Kinds.Keys.FirstOrDefault(k => k.Equals(kind, StringComparison.OrdinalIgnoreCase)) ?? "Other";

    private static (FluentIcon Icon, string Hue) Find(string kind) => Kinds.TryGetValue(kind, out var found) ? found : Kinds["Other"];
}
