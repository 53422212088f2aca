using System.Text.Json;
using Bartizan.Content.Rules;
using Bartizan.Foundation.Outcomes;
using Bartizan.Response.Notifications;

namespace Bartizan.Server.Api.Posture;

/// <summary>A security contact as its properties say it, in the forms that Azure has had.</summary>
/// <param name="Least">From which severity on mail is wanted; null for none.</param>
internal sealed record SecurityContact(IReadOnlyList<string> Emails, IReadOnlyList<string> Roles, AlertSeverity? Least, MailRhythm Rhythm)
{
    private static readonly string[] knownRoles = ["AccountAdmin", "ServiceAdmin", "Owner", "Contributor"];

    /// <summary>The contact; what is no word of it is refused by name.</summary>
    public static Outcome<SecurityContact> Read(JsonElement p)
    {
        var emails = $"{Text(p, "emails")};{Text(p, "email")}".Split([';', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (emails.FirstOrDefault(e => !e.Contains('@', StringComparison.Ordinal) || e.Any(c => char.IsControl(c) || char.IsWhiteSpace(c))) is { } odd)
        {
            return Wrong("emails", $"'{odd}' is no mail address.");
        }

        var roles = new List<string>();
        if (Text(p, "alertsToAdmins") == "On")
        {
            roles.Add("Owner");
        }

        if (Member(p, "notificationsByRole") is { } byRole && Text(byRole, "state") is var state)
        {
            if (state is not (null or "On" or "Off" or "Passed"))
            {
                return Wrong("notificationsByRole", "notificationsByRole.state is On or Off.");
            }

            var named = Member(byRole, "roles") is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().Select(r => r.GetString() ?? "").ToList() : [];
            if (named.FirstOrDefault(r => !knownRoles.Contains(r, StringComparer.OrdinalIgnoreCase)) is { } unknown)
            {
                return Wrong("notificationsByRole", $"'{unknown}' is none of the roles {string.Join(", ", knownRoles)}.");
            }

            roles.AddRange(state == "On" ? named : []);
        }

        string? severity = null;
        if (Member(p, "notificationsSources") is { ValueKind: JsonValueKind.Array } sources)
        {
            severity = sources.EnumerateArray().Where(s => Text(s, "sourceType") == "Alert").Select(s => Text(s, "minimalSeverity")).FirstOrDefault();
        }
        else if (Member(p, "alertNotifications") is { ValueKind: JsonValueKind.Object } older)
        {
            severity = Text(older, "state") == "On" ? Text(older, "minimalSeverity") ?? "High" : null;
        }
        else if (Text(p, "alertNotifications") == "On")
        {
            severity = "High";
        }

        if (severity is not (null or "High" or "Medium" or "Low"))
        {
            return Wrong("notificationsSources", $"The least severity is High, Medium or Low, not '{severity}'.");
        }

        var isOff = Member(p, "isEnabled") is { ValueKind: JsonValueKind.False };
        MailRhythm? rhythm = Text(p, "digest") switch
        {
            null or "None" => MailRhythm.AtOnce,
            "Hourly" => MailRhythm.Hourly,
            "Daily" => MailRhythm.Daily,
            _ => null,
        };
        return rhythm is null
            ? Wrong("digest", "The digest (a property of this server) is None, Hourly or Daily.")
            : new SecurityContact(emails, roles, isOff || severity is null ? null : Enum.Parse<AlertSeverity>(severity), rhythm.Value);
    }

    private static JsonElement? Member(JsonElement p, string name) => p.ValueKind == JsonValueKind.Object && p.TryGetProperty(name, out var value) ? value : null;

    private static string? Text(JsonElement p, string name) => Member(p, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    private static Problem Wrong(string target, string message) => new(ProblemKind.Invalid, "InvalidInputJson", message, $"properties.{target}");
}
