using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace Bartizan.Server.Auth;

/// <summary>How the portal, which runs in this process, says on whose behalf it calls the API: a sealed ticket that lives for a minute.</summary>
internal sealed class PortalTickets(IDataProtectionProvider protection)
{
    public const string Scheme = "PortalTicket";

    private readonly ITimeLimitedDataProtector seal = protection.CreateProtector("Bartizan.PortalTicket.v1").ToTimeLimitedDataProtector();

    public string Issue(string objectId, string name) => seal.Protect($"{objectId}\n{name}", TimeSpan.FromMinutes(1));

    public (string ObjectId, string Name)? Read(string ticket)
    {
        try
        {
            var parts = seal.Unprotect(ticket).Split('\n', 2);
            return (parts[0], parts[1]);
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return null;
        }
    }
}

/// <summary>Reads <c>Authorization: PortalTicket …</c>.</summary>
internal sealed class PortalTicketHandler(
    PortalTickets tickets, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(PortalTickets.Scheme + " ", StringComparison.Ordinal))
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        if (tickets.Read(header[(PortalTickets.Scheme.Length + 1)..]) is not { } who)
        {
            return Task.FromResult(AuthenticateResult.Fail("The portal's ticket is not valid."));
        }

        var identity = new ClaimsIdentity([new("oid", who.ObjectId), new(ClaimTypes.Name, who.Name)], PortalTickets.Scheme);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), PortalTickets.Scheme)));
    }
}
