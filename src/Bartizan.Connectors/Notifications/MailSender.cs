using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Bartizan.Connectors.Azure;
using Bartizan.Foundation.Outcomes;
using Bartizan.Store.Records;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Bartizan.Connectors.Notifications;

/// <summary>Keeps which mail server there is, and sends mail by it.</summary>
public sealed class MailSender(RecordStore store, ISecretSeal seal)
{
    private const int MaxText = 500;
    private static readonly TimeSpan timeout = TimeSpan.FromSeconds(30);

    private readonly RecordSet<MailServer> records = store.Open(MailServer.Kind);

    public Task<Record<MailServer>?> FindAsync(CancellationToken cancellationToken) => records.FindAsync(MailServer.Name, cancellationToken);

    /// <param name="password">Null keeps the one that is known, as long as host and user stay the same.</param>
    public async Task<Outcome<Record<MailServer>>> PutAsync(MailServer server, string? password, string author, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(server);
        if (server.Host is not { Length: > 0 and <= MaxText } || Uri.CheckHostName(server.Host) == UriHostNameType.Unknown || server.Port is < 1 or > ushort.MaxValue)
        {
            return Wrong("host", "A mail server has the name of a host and a port from 1 to 65535.");
        }

        if (!IsAddress(server.From, out _))
        {
            return Wrong("from", $"'{server.From}' is no mail address.");
        }

        if (server.UserName.Length > MaxText || (server.Portal is { } portal && !(Uri.TryCreate(portal, UriKind.Absolute, out var link) && link.Scheme == Uri.UriSchemeHttps)))
        {
            return Wrong("portal", "The portal is an https address.");
        }

        if (server.Security == MailSecurity.None && !IsThisMachine(server.Host))
        {
            return Wrong("security", "What alerts say travels encrypted, or not beyond this machine: use StartTls or Tls.");
        }

        var known = (await FindAsync(cancellationToken).ConfigureAwait(false))?.Value;
        if (password is null && server.UserName.Length > 0 && !(known is not null && known.Host == server.Host && known.UserName == server.UserName))
        {
            return Wrong("password", "A user who signs in at the mail server has a password; it is given anew where host or user change.");
        }

        var sealedPassword = server.UserName.Length == 0 ? "" : password is null ? known!.SealedPassword : seal.Seal(password);
        return await records.PutAsync(MailServer.Name, server with { SealedPassword = sealedPassword }, null, author, cancellationToken).ConfigureAwait(false);
    }

    public Task<Outcome<bool>> DeleteAsync(string author, CancellationToken cancellationToken) => records.DeleteAsync(MailServer.Name, null, author, cancellationToken);

    /// <summary>Hands a message to the mail server; that it will be delivered nobody can say. Refused where there is no server.</summary>
    public async Task<Outcome<bool>> SendAsync(MailText mail, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(mail);
        if ((await FindAsync(cancellationToken).ConfigureAwait(false))?.Value is not { } server)
        {
            return new Problem(ProblemKind.NotFound, "NoMailServer", "No mail server is set up.", "mailServers/default");
        }

        if (!IsAddress(mail.To, out var to))
        {
            return Wrong("to", $"'{mail.To}' is no mail address.");
        }

        try
        {
            using var message = new MimeMessage { Subject = OneLine(mail.Subject), MessageId = $"{mail.Id}@bartizan", Body = new TextPart("plain") { Text = mail.Body } };
            message.From.Add(MailboxAddress.Parse(server.From));
            message.To.Add(to);
            message.Headers.Add("Auto-Submitted", "auto-generated");

            using var client = new SmtpClient { Timeout = (int)timeout.TotalMilliseconds };
            await client.ConnectAsync(
                server.Host, server.Port,
                server.Security switch { MailSecurity.Tls => SecureSocketOptions.SslOnConnect, MailSecurity.StartTls => SecureSocketOptions.StartTls, _ => SecureSocketOptions.None },
                cancellationToken).ConfigureAwait(false);
            if (server.UserName.Length > 0)
            {
                await client.AuthenticateAsync(server.UserName, seal.Open(server.SealedPassword), cancellationToken).ConfigureAwait(false);
            }

            await client.SendAsync(message, cancellationToken).ConfigureAwait(false);
            await client.DisconnectAsync(quit: true, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Problem(ProblemKind.Unavailable, "MailNotSent", $"{server.Host} did not answer within {timeout.TotalSeconds} seconds.");
        }
        catch (Exception e) when (e is ServiceNotConnectedException or ProtocolException or CommandException or MailKit.Security.AuthenticationException
            or SslHandshakeException or SocketException or IOException or NotSupportedException or TimeoutException or CryptographicException)
        {
            return new Problem(ProblemKind.Unavailable, "MailNotSent", $"{server.Host} did not take the mail: {e.Message}");
        }
    }

    /// <summary>A subject is one line, whatever an event wrote into the name of an alert.</summary>
    private static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));

    /// <summary>The parser takes a bare name for somebody of this machine; mail of ours goes to a domain.</summary>
    private static bool IsAddress(string text, [NotNullWhen(true)] out MailboxAddress? address) => MailboxAddress.TryParse(text, out address) && address.Address.Contains('@', StringComparison.Ordinal);

    private static bool IsThisMachine(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    private static Problem Wrong(string target, string message) => new(ProblemKind.Invalid, "InvalidMailServer", message, $"properties.{target}");
}
