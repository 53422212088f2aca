using Bartizan.Posture.Evaluation;

namespace Bartizan.Server.Hosting;

/// <summary>Keeps findings and score up to date while the server runs.</summary>
internal sealed class PostureLoop(PostureWatch watch) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(() => watch.RunAsync(stoppingToken), stoppingToken);
}
