using System.Security.Cryptography;
using System.Text;
using Bartizan.Store;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Server;

namespace Bartizan.Server.Auth.Tokens;

/// <summary>
/// The issuer's keys, sealed in <c>keys/</c>. A new signing key is made every 90 days; the one before stays long enough for every token that
/// it signed to run out.
/// </summary>
internal sealed class SigningKeys(StoreOptions store, IDataProtectionProvider protection, TimeProvider time) : IConfigureOptions<OpenIddictServerOptions>
{
    private static readonly TimeSpan Life = TimeSpan.FromDays(90);

    private static readonly TimeSpan KeptAfter = TimeSpan.FromDays(30);

    private readonly IDataProtector seal = protection.CreateProtector("Bartizan.SigningKeys.v1");

    private string Folder => Path.Combine(store.Folder ?? Path.GetTempPath(), "keys");

    public void Configure(OpenIddictServerOptions options)
    {
        foreach (var key in Keys())
        {
            options.SigningCredentials.Add(new SigningCredentials(key, SecurityAlgorithms.RsaSha256));
        }

        options.EncryptionCredentials.Add(new EncryptingCredentials(EncryptionKey(), SecurityAlgorithms.Aes256KW, SecurityAlgorithms.Aes256CbcHmacSha512));
    }

    /// <summary>All keys that still verify, the one that signs first.</summary>
    private List<RsaSecurityKey> Keys()
    {
        PrivateFile.CreateFolder(Folder);
        var now = time.GetUtcNow();
        var files = Directory.GetFiles(Folder, "signing-*.key").OrderDescending(StringComparer.Ordinal)
            .Select(f => (File: f, Made: File.GetLastWriteTimeUtc(f))).Where(f => now.UtcDateTime - f.Made < Life + KeptAfter).Select(f => (f.File, f.Made)).ToList();
        if (files.Count == 0 || now.UtcDateTime - files[0].Made >= Life)
        {
            using var fresh = RSA.Create(2048);
            var file = Path.Combine(Folder, $"signing-{now.UtcDateTime:yyyyMMddHHmmss}.key");
            PrivateFile.Write(file, seal.Protect(fresh.ExportPkcs8PrivateKey()));
            files.Insert(0, (file, now.UtcDateTime));
        }

        return [.. files.Select(f => Read(f.File))];
    }

    private RsaSecurityKey Read(string file)
    {
        var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(seal.Unprotect(File.ReadAllBytes(file)), out _);
        var id = Convert.ToHexStringLower(SHA256.HashData(rsa.ExportSubjectPublicKeyInfo()))[..20];
        return new RsaSecurityKey(rsa) { KeyId = id };
    }

    private SymmetricSecurityKey EncryptionKey()
    {
        var file = Path.Combine(Folder, "encryption.key");
        if (!File.Exists(file))
        {
            PrivateFile.Write(file, seal.Protect(RandomNumberGenerator.GetBytes(32)));
        }

        var key = seal.Unprotect(File.ReadAllBytes(file));
        return new SymmetricSecurityKey(key) { KeyId = Convert.ToHexStringLower(SHA256.HashData([.. Encoding.ASCII.GetBytes("id"), .. key]))[..20] };
    }
}
