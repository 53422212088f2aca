using System.Security.Cryptography.X509Certificates;
using Bartizan.Foundation.Outcomes;

namespace Bartizan.Server.Hosting;

/// <summary>The certificate in use. Files of the user's own are read again when they change, an issued one is renewed in time.</summary>
internal sealed class ServerCertificate : IDisposable
{
    private readonly ServerOptions options;
    private readonly LocalAuthority authority;
    private volatile X509Certificate2 current;
    private DateTime read;

    private ServerCertificate(ServerOptions options, LocalAuthority authority, X509Certificate2 first)
    {
        this.options = options;
        this.authority = authority;
        current = first;
        read = Changed();
    }

    public X509Certificate2 Current => current;

    public string AuthorityFile => options.CertificateFile ?? authority.AuthorityFile;

    public bool IsNewAuthority => authority.IsNew;

    public static Outcome<ServerCertificate> Open(ServerOptions options, TimeProvider time)
    {
        var authority = new LocalAuthority(options.DataFolder, time);
        return Read(options, authority).Then<ServerCertificate>(first => new ServerCertificate(options, authority, first));
    }

    /// <summary>Looks whether there is a newer certificate to use; the one before stays in use when the new one cannot be read.</summary>
    public Problem? Renew()
    {
        var changed = Changed();
        if (options.CertificateFile is not null && changed == read)
        {
            return null;
        }

        var next = Read(options, authority);
        if (!next.IsSuccess)
        {
            return next.Problem;
        }

        read = changed;
        current = next.Value;
        return null;
    }

    public void Dispose() => current.Dispose();

    private static Outcome<X509Certificate2> Read(ServerOptions options, LocalAuthority authority) => options.CertificateFile is { } file
        ? LocalAuthority.FromFiles(file, options.CertificateKeyFile)
        : authority.Certificate(options.Hosts);

    private DateTime Changed() => options.CertificateFile is { } file ? File.GetLastWriteTimeUtc(file) : default;
}
