using System.Text.Json.Serialization;
using Bartizan.Content.Rules;
using Bartizan.Store.Records;

namespace Bartizan.Response.Notifications;

/// <summary>How often somebody wants mail.</summary>
public enum MailRhythm
{
    /// <summary>As alerts are raised.</summary>
    AtOnce,

    /// <summary>At most one mail an hour, on the hour.</summary>
    Hourly,

    /// <summary>At most one mail a day, at 7:00 UTC.</summary>
    Daily,
}

/// <summary>Who wants to hear of alerts, from which severity on.</summary>
public sealed record AlertRecipient(string Address, AlertSeverity Least, MailRhythm Rhythm);

/// <summary>Says who wants mail, as settings and roles stand now.</summary>
public interface IAlertRecipients
{
    Task<IReadOnlyList<AlertRecipient>> AllAsync(CancellationToken cancellationToken);
}

/// <summary>Up to which alert somebody has had mail, and when the last was sent.</summary>
public sealed record MailPosition(string Address, long Sequence, DateTimeOffset Sent)
{
    internal static RecordKind<MailPosition> Kind { get; } = new("mailPositions", MailJson.Default.MailPosition) { AuditsValues = false };
}

[JsonSerializable(typeof(MailPosition))]
internal sealed partial class MailJson : JsonSerializerContext;
