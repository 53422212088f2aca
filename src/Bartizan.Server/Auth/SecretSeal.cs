using Bartizan.Connectors.Azure;
using Microsoft.AspNetCore.DataProtection;

namespace Bartizan.Server.Auth;

/// <summary>Seals secrets with this installation's keys.</summary>
internal sealed class SecretSeal(IDataProtectionProvider protection) : ISecretSeal
{
    private readonly IDataProtector seal = protection.CreateProtector("Bartizan.Secrets.v1");

    public string Seal(string secret) => seal.Protect(secret);

    public string Open(string sealedSecret) => seal.Unprotect(sealedSecret);
}
