using Bartizan.Server.Auth.Tokens;
using OpenIddict.Abstractions;

namespace Bartizan.Server.Hosting;

/// <summary>What a server that runs for months must do now and then: renew its certificate and signing key, forget tokens that have run out.</summary>
internal sealed partial class Housekeeping(
    ServerCertificate certificate, SigningKeys keys, IServiceScopeFactory scopes, TimeProvider time, ILogger<Housekeeping> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan TokensKept = TimeSpan.FromHours(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await WaitAsync(timer, stoppingToken).ConfigureAwait(false))
        {
            if (certificate.Renew() is { } problem)
            {
                NotRenewed(problem.Message);
            }

            keys.Rotate();
            await ForgetAsync(stoppingToken).ConfigureAwait(false);
        }
    }

    private static async Task<bool> WaitAsync(PeriodicTimer timer, CancellationToken cancellationToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task ForgetAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var tokens = scope.ServiceProvider.GetRequiredService<IOpenIddictTokenManager>();
            await tokens.PruneAsync(time.GetUtcNow() - TokensKept, cancellationToken).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // The edge of a background loop: it goes on, and the log has the fault.
        catch (Exception e) when (e is not OperationCanceledException)
        {
            NotPruned(e);
        }
#pragma warning restore CA1031
    }

    [LoggerMessage(LogLevel.Error, "The certificate could not be renewed: {Reason}")]
    private partial void NotRenewed(string reason);

    [LoggerMessage(LogLevel.Error, "Tokens that have run out could not be removed")]
    private partial void NotPruned(Exception exception);
}
