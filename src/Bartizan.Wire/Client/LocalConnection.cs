namespace Bartizan.Wire.Client;

/// <summary>What a running server leaves in its data folder for command lines on the same machine; only its owner can read it.</summary>
/// <param name="AuthorityFile">The certificate of the local authority, in PEM.</param>
public sealed record LocalConnection(string Url, string TenantId, string ClientId, string ClientSecret, string AuthorityFile, int ProcessId)
{
    public const string FileName = "local-administrator.json";
}
