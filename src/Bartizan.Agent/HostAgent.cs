using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Bartizan.Agent.Buffer;
using Bartizan.Agent.Sensors;
using Bartizan.Agent.Sensors.Linux;
using Bartizan.Agent.Uplink;
using Bartizan.Foundation.Outcomes;

namespace Bartizan.Agent;

/// <summary>One run of the agent: sensors fill the buffer, the uplink empties it, until it is told to stop.</summary>
internal sealed class HostAgent(AgentOptions options, TimeProvider time, Action<string> say)
{
    private static readonly TimeSpan requestTimeout = TimeSpan.FromMinutes(2);

    /// <summary>Runs until the token is cancelled; a problem when it could not begin.</summary>
    public async Task<Problem?> RunAsync(CancellationToken cancellationToken)
    {
        if (!Credential.Read(options.CredentialFile).TryGetValue(out var credential, out var problem) || !Sockets(options.AuthorityFile).TryGetValue(out var sockets, out problem))
        {
            return problem;
        }

        using var http = new HttpClient(sockets) { BaseAddress = options.Server, Timeout = requestTimeout };
        if (!Open().TryGetValue(out var buffer, out problem))
        {
            return problem;
        }

        using (buffer)
        {
            var host = HostIdentity.Read("/");
            var uplink = new EventUplink(http, new TokenSource(http, credential, time), buffer.AgentId, time);
            ISensor[] sensors = [new HeartbeatSensor(buffer.AgentId, () => HostIdentity.Read("/"), time), new SyslogSensor(options.Files, host.Computer, time)];
            say($"Sending to {options.Server} as agent {buffer.AgentId}; {buffer.WaitingRows()} rows wait, {buffer.DroppedRows} were dropped so far. Following {(options.Files.Count == 0 ? "no files" : string.Join(", ", options.Files))}.");
            try
            {
                await Task.WhenAll([.. sensors.Select(s => SenseAsync(s, buffer, cancellationToken)), new UplinkLoop(buffer, uplink.SendAsync, time, say).RunAsync(cancellationToken)]).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // Told to stop: what waits, waits on disk.
            }
        }

        return null;
    }

    private async Task SenseAsync(ISensor sensor, DiskBuffer buffer, CancellationToken cancellationToken)
    {
        var dropped = buffer.DroppedRows;
        while (true)
        {
            try
            {
                foreach (var batch in sensor.Read(buffer.PositionOf))
                {
                    buffer.Append(batch);
                    cancellationToken.ThrowIfCancellationRequested();
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                say($"A reading failed: {e.Message}");
            }

            if (buffer.DroppedRows > dropped)
            {
                dropped = buffer.DroppedRows;
                say($"The buffer is full; {dropped} rows have been dropped in all.");
            }

            await Task.Delay(sensor.Every, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private Outcome<DiskBuffer> Open()
    {
        try
        {
            return DiskBuffer.Open(options.DataFolder, options.BufferBytes, time);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Problem(ProblemKind.Unavailable, "DataFolderUnusable", $"The folder '{options.DataFolder}' cannot be used ({e.Message.TrimEnd('.')}); does another agent run over it?", "--data");
        }
    }

    private static Outcome<SocketsHttpHandler> Sockets(string? authorityFile)
    {
        var sockets = new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(10), UseCookies = false, AllowAutoRedirect = false };
        if (authorityFile is null)
        {
            return sockets;
        }

        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(authorityFile);
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(authorities);
            sockets.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
            return sockets;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            sockets.Dispose();
            return new Problem(ProblemKind.Invalid, "InvalidAuthority", $"The certificate '{authorityFile}' cannot be read ({e.Message.TrimEnd('.')}).", "--ca");
        }
    }
}
