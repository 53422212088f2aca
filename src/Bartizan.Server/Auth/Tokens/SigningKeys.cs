using System.Security.Cryptography;
using System.Text;
using Bartizan.Store;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Server;
using OpenIddict.Validation;

namespace Bartizan.Server.Auth.Tokens;

/// <summary>
/// The issuer's keys, sealed in <c>keys/</c>. A new signing key is made every 90 days; the one before stays long enough for every token that
/// it signed to run out.
/// </summary>
internal sealed class SigningKeys(StoreOptions store, IDataProtectionProvider protection, TimeProvider time)
    : IConfigureOptions<OpenIddictServerOptions>, IPostConfigureOptions<OpenIddictServerOptions>,
    IOptionsChangeTokenSource<OpenIddictServerOptions>, IDisposable
{
    private static readonly TimeSpan Life = TimeSpan.FromDays(90);

    private static readonly TimeSpan KeptAfter = TimeSpan.FromDays(30);

    private readonly IDataProtector seal = protection.CreateProtector("Bartizan.SigningKeys.v1");

    private CancellationTokenSource changed = new();
    private CancellationTokenSource checking = new();
    private string? newest;
    private string? signing;

    public string? Name => Options.DefaultName;

    private string Folder => Path.Combine(store.Folder ?? Path.GetTempPath(), "keys");

    public void Configure(OpenIddictServerOptions options)
    {
        var keys = Keys();
        signing = keys[0].KeyId;
        foreach (var key in keys)
        {
            options.SigningCredentials.Add(new SigningCredentials(key, SecurityAlgorithms.RsaSha256));
        }

        options.EncryptionCredentials.Add(new EncryptingCredentials(EncryptionKey(), SecurityAlgorithms.Aes256KW, SecurityAlgorithms.Aes256CbcHmacSha512));
    }

    /// <summary>The check of tokens copies the issuer's options, so it is told after the issuer.</summary>
    public IOptionsChangeTokenSource<OpenIddictValidationOptions> Checking => new CheckingSource(this);

    public void Dispose()
    {
        changed.Dispose();
        checking.Dispose();
    }

    /// <summary>OpenIddict has put the keys in an order of its own; the first is the one that signs.</summary>
    public void PostConfigure(string? name, OpenIddictServerOptions options)
    {
        var first = options.SigningCredentials.FindIndex(c => c.Kid == signing);
        if (first > 0)
        {
            var credentials = options.SigningCredentials[first];
            options.SigningCredentials.RemoveAt(first);
            options.SigningCredentials.Insert(0, credentials);
        }
    }

    public IChangeToken GetChangeToken() => new CancellationChangeToken(changed.Token);

    /// <summary>Makes a new key when the one in use has come of age; the issuer reads its options anew.</summary>
    public void Rotate()
    {
        var before = newest;
        Keys();
        if (newest != before)
        {
            using var issuer = Interlocked.Exchange(ref changed, new CancellationTokenSource());
            issuer.Cancel();
            using var check = Interlocked.Exchange(ref checking, new CancellationTokenSource());
            check.Cancel();
        }
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
            var file = Path.Combine(Folder, $"signing-{now.UtcDateTime:yyyyMMddHHmmss}-{Guid.CreateVersion7(now):N}.key");
            PrivateFile.Write(file, seal.Protect(fresh.ExportPkcs8PrivateKey()));
            files.Insert(0, (file, now.UtcDateTime));
        }

        newest = files[0].File;
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

    private sealed class CheckingSource(SigningKeys keys) : IOptionsChangeTokenSource<OpenIddictValidationOptions>
    {
        public string? Name => Options.DefaultName;

        public IChangeToken GetChangeToken() => new CancellationChangeToken(keys.checking.Token);
    }
}
