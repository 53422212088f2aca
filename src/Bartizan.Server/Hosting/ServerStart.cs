using Bartizan.Connectors.Syslog;
using Bartizan.Detection.Scheduling;
using Bartizan.Foundation.Outcomes;
using Bartizan.Kql.Functions.Network;
using Bartizan.Server.Auth;
using Bartizan.Server.Auth.People;
using Bartizan.Store;
using Bartizan.Store.Catalog;
using Bartizan.Store.Queries;

namespace Bartizan.Server.Hosting;

/// <summary>One run of the server: opens the folder, listens, says where, waits for the end. Whatever stands in the way is one sentence.</summary>
internal sealed class ServerStart(ServerOptions options, TimeProvider time) : IDisposable
{
    private DataFolder? folder;
    private ServerCertificate? certificate;
    private WebApplication? app;
    private SyslogListener? syslog;

    public WebApplication App => app ?? throw new InvalidOperationException("The server has not been opened.");

    public string Address => ServerHost.Address(App);

    public string AuthorityFile => certificate!.AuthorityFile;

    /// <summary>The one-time link, where there is no administrator yet.</summary>
    public string? FirstAdministratorLink { get; private set; }

    /// <summary>Runs until it is told to stop; null, or what stood in the way.</summary>
    public async Task<Problem?> RunAsync(CancellationToken cancellationToken)
    {
        if (await OpenAsync(cancellationToken).ConfigureAwait(false) is { } problem)
        {
            return problem;
        }

        Tell();
        await App.WaitForShutdownAsync(cancellationToken).ConfigureAwait(false);
        App.Services.GetRequiredService<LocalCredential>().Remove();
        return null;
    }

    /// <summary>Everything up to listening.</summary>
    public async Task<Problem?> OpenAsync(CancellationToken cancellationToken)
    {
        if (!ContentFolder.Find(options.ContentFolder).TryGetValue(out var content, out var problem))
        {
            return problem;
        }

        if (ServerHost.FindTaken(options) is { } taken)
        {
            return taken;
        }

        var store = new StoreOptions { Folder = options.DataFolder, ContentFolder = content, WorkspaceName = Home.Workspace };
        if (Prepare(options.DataFolder) is { } unwritable)
        {
            return unwritable;
        }

        if (!Home.Open(options.DataFolder, time).TryGetValue(out var home, out problem))
        {
            return problem;
        }

        store.WorkspaceId = home.WorkspaceId;
        if (!DataFolder.Open(store, time).TryGetValue(out folder, out problem) || !ServerCertificate.Open(options, time).TryGetValue(out certificate, out problem))
        {
            return problem;
        }

        if (LoadPlaces() is { } unreadable)
        {
            return unreadable;
        }

        LoadedSample? sample = null;
        if (options.WithSample)
        {
            var loaded = await SampleLoading.LoadAsync(folder, home, content, time, cancellationToken).ConfigureAwait(false);
            if (!loaded.TryGetValue(out sample, out problem))
            {
                return problem;
            }

            Console.WriteLine(sample.Text);
        }

        app = Program.Build(options, store, folder, home, certificate);
        if (await app.Services.OpenAccessAsync(cancellationToken).ConfigureAwait(false) is { } damaged)
        {
            return damaged;
        }

        if (sample is { Events: > 0 })
        {
            // The day lies behind us: the rules' timetables would not look at it again.
            app.Services.GetRequiredService<RuleScheduler>().Ask(new TimeRange(sample.Start, sample.End));
        }

        return await ServerHost.ListenAsync(app, options, cancellationToken).ConfigureAwait(false) ?? ReceiveSyslog() ?? await WelcomeAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The location file of the data folder, when there is one.</summary>
    private Problem? LoadPlaces()
    {
        var file = Path.Combine(options.DataFolder, AddressPlaces.FileName);
        if (!File.Exists(file))
        {
            return null;
        }

        try
        {
            using var reader = File.OpenText(file);
            if (!AddressPlaces.Read(reader).TryGetValue(out var places, out var problem))
            {
                return problem;
            }

            IpLocations.Use(places.Find);
            Console.WriteLine($"{places.Count:N0} networks with their places read from {AddressPlaces.FileName}{(places.Skipped > 0 ? $", {places.Skipped:N0} lines left out" : "")}.");
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Problem(ProblemKind.Unavailable, "FileNotReadable", $"The file '{file}' cannot be read ({e.Message.TrimEnd('.')}).", file);
        }
    }

    public void Dispose()
    {
        syslog?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        if (app is not null)
        {
            app.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
        else
        {
            folder?.Dispose();
        }

        certificate?.Dispose();
    }

    private Problem? ReceiveSyslog()
    {
        if (options.Syslog is not { } place)
        {
            return null;
        }

        syslog = new SyslogListener(place, folder!.Ingestion, time, App.Services.GetRequiredService<ILogger<SyslogListener>>());
        return syslog.Start().Problem;
    }

    private async Task<Problem?> WelcomeAsync(CancellationToken cancellationToken)
    {
        var written = await App.Services.GetRequiredService<LocalCredential>().WriteAsync(Address, AuthorityFile, cancellationToken).ConfigureAwait(false);
        var code = App.Services.GetRequiredService<FirstAdministrator>().Offer();
        FirstAdministratorLink = code is null ? null : $"{Address}/first-administrator?code={code}";
        return written.Problem;
    }

    private void Tell()
    {
        var lines = new List<string> { "", $"Bartizan is ready at {Address}", "" };
        if (FirstAdministratorLink is { } link)
        {
            lines.AddRange(["Make the first administrator's account with this link (good once, until the server stops):", $"  {link}", ""]);
        }

        if (options.CertificateFile is null)
        {
            lines.AddRange(
            [
                $"The certificate comes from a local authority: {AuthorityFile}",
                "Until your browser trusts it, it will warn once. To trust it:",
                $"  Debian, Ubuntu   sudo cp {AuthorityFile} /usr/local/share/ca-certificates/bartizan.crt && sudo update-ca-certificates",
                $"  macOS            sudo security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain {AuthorityFile}",
                $"  Windows          certutil -addstore -f Root {AuthorityFile}",
                "  Firefox          Settings, Privacy & Security, View Certificates, Authorities, Import",
                "",
            ]);
        }

        if (syslog is not null)
        {
            lines.AddRange([$"Syslog and CEF are received over UDP and TCP at {syslog.LocalEndPoint}", ""]);
        }

        lines.Add($"On this machine the command line needs no login: ./bartizan score --data {options.DataFolder}");
        lines.Add("Stop with Ctrl+C.");
        Console.WriteLine(string.Join(Environment.NewLine, lines));
    }

    private static Problem? Prepare(string folder)
    {
        try
        {
            PrivateFile.CreateFolder(folder);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Problem(
                ProblemKind.Unavailable, "DataFolderNotWritable", $"The data folder '{folder}' cannot be made ({e.Message.TrimEnd('.')}); choose another with --data, or give this user the right.", folder);
        }
    }
}
