using Bartizan.Connectors.Azure;
using Bartizan.Connectors.Notifications;
using Bartizan.Content.Rules;
using Bartizan.Detection.Alerts;
using Bartizan.Foundation.Entities;
using Bartizan.Response.Notifications;
using Bartizan.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bartizan.Response.Tests.Notifications;

public sealed class AlertMailTests
{
    [Fact]
    public async Task Mail_goes_at_once_from_the_severity_on_that_was_asked_for_and_to_each_once()
    {
        using var bench = new Workbench();
        await using var smtp = new LoopbackSmtp();
        var mail = await MailAsync(bench, smtp, new("high@example.com", AlertSeverity.High, MailRhythm.AtOnce), new("all@example.com", AlertSeverity.Low, MailRhythm.AtOnce));
        await bench.RaiseAsync(Alert(0, AlertSeverity.High));
        Assert.Equal(0, await mail.SweepAsync(default));
        await bench.RaiseAsync(Alert(1, AlertSeverity.Medium));
        Assert.Equal(1, await mail.SweepAsync(default));
        await bench.RaiseAsync(Alert(2, AlertSeverity.High));
        Assert.Equal(2, await mail.SweepAsync(default));
        Assert.Equal(0, await mail.SweepAsync(default));
        Assert.Equal(["all@example.com", "high@example.com", "all@example.com"], smtp.Mail.Select(m => m.To));
        var (from, _, text) = smtp.Mail.ElementAt(1);
        Assert.Equal("bartizan@example.com", from);
        Assert.Contains("Subject: [High] Something happened", text, StringComparison.Ordinal);
        Assert.Contains("Host: web01", text, StringComparison.Ordinal);
        Assert.Contains("https://siem.example.com/alerts", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_server_that_is_away_loses_nothing_and_what_waited_goes_as_one_mail()
    {
        using var bench = new Workbench();
        await using var smtp = new LoopbackSmtp();
        var mail = await MailAsync(bench, smtp, new AlertRecipient("ana@example.com", AlertSeverity.Low, MailRhythm.AtOnce));
        await mail.SweepAsync(default);
        smtp.IsAway = true;
        await bench.RaiseAsync(Alert(1, AlertSeverity.Medium));
        Assert.Equal(0, await mail.SweepAsync(default));
        smtp.IsAway = false;
        Assert.Equal(0, await mail.SweepAsync(default));
        await bench.RaiseAsync(Alert(2, AlertSeverity.High));
        bench.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(1, await mail.SweepAsync(default));
        Assert.Contains("Subject: [High] 2 security alerts", Assert.Single(smtp.Mail).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_daily_digest_tells_in_the_morning_what_the_day_brought_also_after_a_restart()
    {
        using var bench = new Workbench();
        await using var smtp = new LoopbackSmtp();
        var daily = new AlertRecipient("bo@example.com", AlertSeverity.Medium, MailRhythm.Daily);
        await (await MailAsync(bench, smtp, daily)).SweepAsync(default);
        await bench.RaiseAsync(Alert(1, AlertSeverity.Medium));
        await bench.RaiseAsync(Alert(2, AlertSeverity.Low));
        await bench.RaiseAsync(Alert(3, AlertSeverity.High));
        bench.Time.Advance(TimeSpan.FromHours(18));
        var mail = await MailAsync(bench, smtp, daily);
        Assert.Equal(0, await mail.SweepAsync(default));
        bench.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, await mail.SweepAsync(default));
        await bench.RaiseAsync(Alert(4, AlertSeverity.High));
        Assert.Equal(0, await mail.SweepAsync(default));
        var text = Assert.Single(smtp.Mail).Message;
        Assert.Contains("Subject: [High] 2 security alerts", text, StringComparison.Ordinal);
        Assert.Contains("High: 1", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_name_of_an_alert_writes_no_headers_and_without_encryption_mail_stays_on_this_machine()
    {
        using var bench = new Workbench();
        await using var smtp = new LoopbackSmtp();
        var mail = await MailAsync(bench, smtp, new AlertRecipient("ana@example.com", AlertSeverity.Low, MailRhythm.AtOnce));
        await mail.SweepAsync(default);
        await bench.RaiseAsync(Alert(1, AlertSeverity.High) with { Name = "x\r\nBcc: eve@example.com\r\n.\r\nMAIL FROM:<eve@example.com>" });
        Assert.Equal(1, await mail.SweepAsync(default));
        Assert.DoesNotContain(Assert.Single(smtp.Mail).Message.ReplaceLineEndings("\n").Split("\n\n")[0].Split('\n'), l => l.StartsWith("Bcc:", StringComparison.OrdinalIgnoreCase));
        var sender = new MailSender(bench.Folder.Records, new Plain());
        Assert.Equal("properties.security", (await sender.PutAsync(Server(smtp) with { Host = "mail.example.com" }, null, "ana", default)).Problem?.Target);
        Assert.Equal("properties.password", (await sender.PutAsync(Server(smtp) with { UserName = "u" }, null, "ana", default)).Problem?.Target);
        Assert.Equal("properties.from", (await sender.PutAsync(Server(smtp) with { From = "nobody" }, null, "ana", default)).Problem?.Target);
    }

    private static MailServer Server(LoopbackSmtp smtp) => new("localhost", smtp.Port, MailSecurity.None, "bartizan@example.com", "", "", "https://siem.example.com");

    private static async Task<AlertMail> MailAsync(Workbench bench, LoopbackSmtp smtp, params AlertRecipient[] recipients)
    {
        var sender = new MailSender(bench.Folder.Records, new Plain());
        Assert.True((await sender.PutAsync(Server(smtp), null, "ana", default)).IsSuccess);
        return new AlertMail(bench.Folder.Records, bench.Alerts, new Fixed(recipients), sender, bench.Time, NullLogger<AlertMail>.Instance);
    }

    private static Alert Alert(int n, AlertSeverity severity) => Sample.Alert(new Entity(EntityKind.Host, [KeyValuePair.Create("HostName", "web01")])) with
    {
        Id = Guid.Parse($"7b0c62f4-5f13-4f14-9f9e-9a3c0d8f{n:D4}"),
        Severity = severity,
    };

    private sealed class Fixed(IReadOnlyList<AlertRecipient> all) : IAlertRecipients
    {
        public Task<IReadOnlyList<AlertRecipient>> AllAsync(CancellationToken cancellationToken) => Task.FromResult(all);
    }

    private sealed class Plain : ISecretSeal
    {
        public string Seal(string secret) => secret;

        public string Open(string sealedSecret) => sealedSecret;
    }
}
