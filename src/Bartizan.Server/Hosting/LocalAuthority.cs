using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Bartizan.Foundation.Outcomes;

namespace Bartizan.Server.Hosting;

/// <summary>
/// The certificate that the server shows. Without one of the user's own, a certificate authority is made in the data folder at the first
/// start; its certificate is <c>ca.pem</c>, its key never leaves <c>tls/</c>.
/// </summary>
internal sealed class LocalAuthority(string folder, TimeProvider time)
{
    /// <summary>Browsers refuse server certificates that live longer than 398 days.</summary>
    private static readonly TimeSpan ServerLife = TimeSpan.FromDays(397);

    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(60);

    public string AuthorityFile { get; } = Path.Combine(folder, "ca.pem");

    private string Tls => Path.Combine(folder, "tls");

    /// <summary>True when the authority was made by this start, so that the user is told how to trust it.</summary>
    public bool IsNew { get; private set; }

    public Outcome<X509Certificate2> Certificate(IReadOnlyList<string> hosts)
    {
        try
        {
            PrivateFile.CreateFolder(Tls);
            using var authority = Authority();
            string[] names = ["localhost", "127.0.0.1", "::1", Dns.GetHostName(), .. hosts];
            return Usable(names, authority) ?? Issue(authority, names);
        }
        catch (CryptographicException e)
        {
            return new Problem(
                ProblemKind.Unavailable,
                "CertificateDamaged",
                $"The certificate authority in '{Tls}' cannot be read ({e.Message.TrimEnd('.')}); move '{Tls}' and '{AuthorityFile}' away to have a new one made.",
                Tls);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Problem(ProblemKind.Unavailable, "DataFolderNotWritable", $"The certificates in '{Tls}' cannot be written ({e.Message.TrimEnd('.')}).", Tls);
        }
    }

    public static Outcome<X509Certificate2> FromFiles(string certificate, string? key)
    {
        try
        {
            using var loaded = X509Certificate2.CreateFromPemFile(certificate, key);
            return Portable(loaded);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return new Problem(
                ProblemKind.Invalid,
                "InvalidCertificate",
                $"The certificate '{certificate}' with key '{key ?? certificate}' cannot be used ({e.Message.TrimEnd('.')}); give both as PEM files.",
                "--certificate");
        }
    }

    private X509Certificate2 Authority()
    {
        var keyFile = Path.Combine(Tls, "ca.key");
        if (File.Exists(AuthorityFile) && File.Exists(keyFile))
        {
            return X509Certificate2.CreateFromPemFile(AuthorityFile, keyFile);
        }

        IsNew = true;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=Bartizan local authority on {Dns.GetHostName()}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var now = time.GetUtcNow();
        var certificate = request.CreateSelfSigned(now.AddHours(-1), now.AddYears(10));
        PrivateFile.Write(keyFile, Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem()));
        PrivateFile.Write(AuthorityFile, Encoding.ASCII.GetBytes(certificate.ExportCertificatePem() + "\n"), isPublic: true);
        return certificate;
    }

    private X509Certificate2? Usable(string[] names, X509Certificate2 authority)
    {
        var file = Path.Combine(Tls, "server.pem");
        var keyFile = Path.Combine(Tls, "server.key");
        if (!File.Exists(file) || !File.Exists(keyFile))
        {
            return null;
        }

        using var kept = X509Certificate2.CreateFromPemFile(file, keyFile);
        var isOurs = kept.IssuerName.RawData.AsSpan().SequenceEqual(authority.SubjectName.RawData)
            && kept.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().FirstOrDefault()?.KeyIdentifier is { } issuer
            && authority.Extensions.OfType<X509SubjectKeyIdentifierExtension>().FirstOrDefault()?.SubjectKeyIdentifierBytes is { } subject
            && issuer.Span.SequenceEqual(subject.Span);
        return isOurs && kept.NotAfter.ToUniversalTime() - RenewBefore > time.GetUtcNow().UtcDateTime && names.All(n => kept.MatchesHostname(n, allowCommonName: false))
            ? Portable(kept)
            : null;
    }

    private X509Certificate2 Issue(X509Certificate2 authority, string[] names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names.Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (IPAddress.TryParse(name, out var address))
            {
                alternatives.AddIpAddress(address);
            }
            else
            {
                alternatives.AddDnsName(name);
            }
        }

        request.CertificateExtensions.Add(alternatives.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));
        var now = time.GetUtcNow();
        using var issued = request.Create(authority, now.AddHours(-1), now + ServerLife, RandomNumberGenerator.GetBytes(16));
        using var certificate = issued.CopyWithPrivateKey(key);
        PrivateFile.Write(Path.Combine(Tls, "server.key"), Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem()));
        PrivateFile.Write(Path.Combine(Tls, "server.pem"), Encoding.ASCII.GetBytes(certificate.ExportCertificatePem() + "\n"), isPublic: true);
        return Portable(certificate);
    }

    /// <summary>Windows serves TLS only with keys that came in by PKCS#12.</summary>
    private static X509Certificate2 Portable(X509Certificate2 certificate) =>
        X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
}
