using System.CommandLine;
using System.CommandLine.Invocation;
using Bartizan.Detection;
using Bartizan.Investigation;
using Bartizan.Portal;
using Bartizan.Posture;
using Bartizan.Response;
using Bartizan.Server.Api;
using Bartizan.Server.Auth;
using Bartizan.Server.Hosting;
using Bartizan.Store;

namespace Bartizan.Server;

/// <summary>The server, from its command line to its end.</summary>
internal static class Program
{
    /// <summary>What is under way when the server is told to stop gets this long to end.</summary>
    private static readonly TimeSpan Stopping = TimeSpan.FromSeconds(30);

    public static async Task<int> Main(string[] args)
    {
        var parsed = ServerCommand.Create(RunAsync).Parse(args);
        if (parsed.Action is ParseErrorAction)
        {
            await Console.Error.WriteLineAsync($"bartizan-server: {string.Join(" ", parsed.Errors.Select(e => e.Message))} See --help.");
            return ExitCodes.WrongUse;
        }

        return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = Stopping });
    }

    /// <summary>The rooms, in walking order, and what stands before them.</summary>
    internal static WebApplication Build(ServerOptions options, StoreOptions store, DataFolder folder, Home home, ServerCertificate certificate)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, ApplicationName = "bartizan-server" });
        ServerHost.Configure(builder, options, certificate);
        builder.Services
            .AddSingleton(certificate)
            .AddStore(folder)
            .AddPosture()
            .AddDetection()
            .AddInvestigation()
            .AddResponse()
            .AddAccess(store, home)
            .AddApi()
            .AddPortal();
        builder.Services.AddHostedService<PostureLoop>();
        builder.Services.AddHostedService<TermIndexLoop>();
        builder.Services.AddHostedService<Housekeeping>();
        PortalCalls.Add(builder.Services);

        var app = builder.Build();
        app.UsePortalSecurity();
        app.UseApiDialect();
        app.UseRouting();
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseApiGate();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.MapAccess();
        app.MapApi();
        app.MapPortal();
        return app;
    }

    private static async Task<int> RunAsync(ServerOptions options, CancellationToken cancellationToken)
    {
        using var start = new ServerStart(options, TimeProvider.System);
        if (await start.RunAsync(cancellationToken) is not { } problem)
        {
            return ExitCodes.Stopped;
        }

        await Console.Error.WriteLineAsync($"bartizan-server: {problem.Message}");
        return ExitCodes.Of(problem);
    }
}
