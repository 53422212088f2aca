using System.Text.Json.Serialization;
using Bartizan.Store.Records;

namespace Bartizan.Connectors.Notifications;

/// <summary>How the way to a mail server is protected.</summary>
public enum MailSecurity
{
    /// <summary>Not at all; on this machine only.</summary>
    None,

    /// <summary>Encrypted after STARTTLS, or not used.</summary>
    StartTls,

    /// <summary>Encrypted from the first byte.</summary>
    Tls,
}

/// <summary>The server that takes our mail, and whom it comes from.</summary>
/// <param name="SealedPassword">The password of <paramref name="UserName"/>, sealed; empty where nobody signs in.</param>
/// <param name="Portal">The address of this server as people reach it, for links in mail; null for none.</param>
public sealed record MailServer(string Host, int Port, MailSecurity Security, string From, string UserName, string SealedPassword, string? Portal)
{
    /// <summary>The name under which the one server is kept.</summary>
    public const string Name = "default";

    internal static RecordKind<MailServer> Kind { get; } = new("mailServers", MailServerJson.Default.MailServer) { AuditsValues = false };
}

/// <summary>A message to be sent, as plain text.</summary>
/// <param name="Id">Says the same message again when it is sent twice.</param>
public sealed record MailText(string To, string Subject, string Body, string Id);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(MailServer))]
internal sealed partial class MailServerJson : JsonSerializerContext;
