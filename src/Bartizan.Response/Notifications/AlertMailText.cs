using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Bartizan.Connectors.Notifications;
using Bartizan.Detection.Alerts;

namespace Bartizan.Response.Notifications;

/// <summary>What a mail about alerts says; pure. The same alerts to the same person are the same message.</summary>
public static class AlertMailText
{
    private const int MaxListed = 100;
    private const int MaxDescription = 600;
    private const int MaxEntities = 10;

    public static MailText Write(AlertRecipient recipient, IReadOnlyList<Alert> alerts, string? portal)
    {
        ArgumentNullException.ThrowIfNull(recipient);
        ArgumentNullException.ThrowIfNull(alerts);
        var worst = alerts.Max(a => a.Severity);
        var subject = alerts is [var only]
            ? $"[{only.Severity}] {only.Name}"
            : $"[{worst}] {alerts.Count.ToString(CultureInfo.InvariantCulture)} security alerts";
        var text = new StringBuilder();
        if (alerts.Count > 1)
        {
            foreach (var group in alerts.GroupBy(a => a.Severity).OrderByDescending(g => g.Key))
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"{group.Key}: {group.Count()}");
            }

            text.AppendLine();
        }

        foreach (var alert in alerts.OrderByDescending(a => a.Severity).ThenBy(a => a.Sequence).Take(MaxListed))
        {
            Append(text, alert);
        }

        if (alerts.Count > MaxListed)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{alerts.Count - MaxListed} more are in the portal.");
        }

        text.AppendLine(portal is null ? "Sent by Bartizan." : $"Sent by Bartizan. {portal.TrimEnd('/')}/alerts");
        var id = SHA256.HashData(Encoding.UTF8.GetBytes(recipient.Address.ToLowerInvariant() + "|" + string.Join('|', alerts.Select(a => a.Id.ToString("N")))));
        return new MailText(recipient.Address, subject, text.ToString(), Convert.ToHexStringLower(id.AsSpan(0, 16)));
    }

    private static void Append(StringBuilder text, Alert alert)
    {
        text.AppendLine(CultureInfo.InvariantCulture, $"{alert.Severity}: {alert.Name.ReplaceLineEndings(" ")}");
        text.AppendLine(CultureInfo.InvariantCulture, $"  {alert.StartTime.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z to {alert.EndTime.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z");
        if (alert.Description.Length > 0)
        {
            var description = alert.Description.ReplaceLineEndings(" ");
            text.AppendLine(CultureInfo.InvariantCulture, $"  {(description.Length > MaxDescription ? description[..MaxDescription] + "…" : description)}");
        }

        if (alert.Techniques.Count > 0)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  ATT&CK: {string.Join(", ", alert.Techniques)}");
        }

        foreach (var entity in alert.Entities.Take(MaxEntities))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {entity.Kind}: {entity.FriendlyName}");
        }

        text.AppendLine(CultureInfo.InvariantCulture, $"  {alert.Id:D}").AppendLine();
    }
}
