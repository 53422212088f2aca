using System.Text.Json.Serialization;
using Bartizan.Connectors.Azure;
using Bartizan.Connectors.Taxii;
using Bartizan.Detection.ThreatIntelligence;
using Bartizan.Foundation.Outcomes;
using Bartizan.Store.Records;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bartizan.Response.ThreatFeeds;

/// <summary>A TAXII collection that is read again and again.</summary>
/// <param name="Through">Objects added up to this moment have been read.</param>
/// <param name="Taken">Indicators written so far.</param>
public sealed record TaxiiFeed(
    string Name, string ApiRoot, string CollectionId, string UserName, string SealedPassword, int EveryMinutes, int LookbackDays, bool IsEnabled,
    DateTimeOffset? Through = null, DateTimeOffset? LastPoll = null, long Taken = 0, string? Problem = null)
{
    internal static RecordKind<TaxiiFeed> Kind { get; } = new("taxiiFeeds", TaxiiFeedJson.Default.TaxiiFeed) { AuditsValues = false };
}

/// <summary>Keeps the feeds and reads those that are due; what was read stands written before the feed moves on, so a crash loses nothing.</summary>
public sealed partial class TaxiiFeeds(RecordStore records, ISecretSeal seal, TaxiiClient client, IndicatorStore indicators, TimeProvider time, ILogger<TaxiiFeeds> logger) : BackgroundService
{
    private const int MaxFeeds = 50;
    private const int MaxPages = 200;
    private static readonly TimeSpan pause = TimeSpan.FromMinutes(1);

    private readonly RecordSet<TaxiiFeed> feeds = records.Open(TaxiiFeed.Kind);

    public Task<Record<TaxiiFeed>?> FindAsync(string name, CancellationToken cancellationToken) => feeds.FindAsync(name, cancellationToken);

    public async Task<IReadOnlyList<Record<TaxiiFeed>>> AllAsync(CancellationToken cancellationToken) =>
        (await feeds.ListAsync(new RecordQuery { Take = MaxFeeds }, cancellationToken).ConfigureAwait(false)).Value.Items;

    public Task<Outcome<bool>> DeleteAsync(string name, string author, CancellationToken cancellationToken) => feeds.DeleteAsync(name, null, author, cancellationToken);

    /// <param name="password">Null keeps the one that is known, as long as server and user stay the same.</param>
    public async Task<Outcome<Record<TaxiiFeed>>> PutAsync(TaxiiFeed feed, string? password, string author, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(feed);
        if (!Uri.TryCreate(feed.ApiRoot, UriKind.Absolute, out var address) || !TaxiiClient.IsAllowed(address))
        {
            return Wrong("apiRoot", $"'{feed.ApiRoot}' is no https address of an API root.");
        }

        if (feed.CollectionId.Length is 0 or > 200 || feed.EveryMinutes is < 1 or > 1440 || feed.LookbackDays is < 0 or > 3650)
        {
            return Wrong("collectionId", "A feed has a collectionId, is read every 1 to 1440 minutes and begins 0 (with all there is) to 3650 days back.");
        }

        var known = (await FindAsync(feed.Name, cancellationToken).ConfigureAwait(false))?.Value;
        if (known is null && (await AllAsync(cancellationToken).ConfigureAwait(false)).Count >= MaxFeeds)
        {
            return Wrong("name", $"There are at most {MaxFeeds} feeds.");
        }

        var isSame = known is not null && known.ApiRoot == feed.ApiRoot && known.UserName == feed.UserName;
        if (password is null && feed.UserName.Length > 0 && !isSame)
        {
            return Wrong("password", "A user has a password; it is given anew where server or user change.");
        }

        var kept = isSame && known!.CollectionId == feed.CollectionId ? known : null;
        return await feeds.PutAsync(
            feed.Name,
            feed with
            {
                SealedPassword = feed.UserName.Length == 0 ? "" : password is null ? known!.SealedPassword : seal.Seal(password),
                Through = kept?.Through,
                LastPoll = null,
                Taken = kept?.Taken ?? 0,
            },
            null, author, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads every feed that is due; returns how many indicators were written.</summary>
    public async Task<long> PollDueAsync(CancellationToken cancellationToken)
    {
        var taken = 0L;
        foreach (var record in await AllAsync(cancellationToken).ConfigureAwait(false))
        {
            var now = time.GetUtcNow();
            if (record.Value.IsEnabled && !(record.Value.LastPoll is { } last && now - last < TimeSpan.FromMinutes(record.Value.EveryMinutes)))
            {
                taken += await PollAsync(record.Value, now, cancellationToken).ConfigureAwait(false);
            }
        }

        return taken;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(false);
            try
            {
                await PollDueAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                LogRound(logger, e);
            }
        }
    }

    private async Task<long> PollAsync(TaxiiFeed feed, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var collection = new TaxiiSource(new Uri(feed.ApiRoot), feed.CollectionId, feed.UserName, feed.SealedPassword.Length == 0 ? "" : seal.Open(feed.SealedPassword));
        var after = feed.Through ?? (feed.LookbackDays > 0 ? now.AddDays(-feed.LookbackDays) : null);
        var (taken, through, problem, next) = (0L, feed.Through, (Problem?)null, (string?)null);
        for (var page = 0; page < MaxPages; page++)
        {
            if (!(await client.ReadAsync(collection, after, next, cancellationToken).ConfigureAwait(false)).TryGetValue(out var read, out problem)
                || !IndicatorImport.ReadStix(read.Objects, feed.Name, now).TryGetValue(out var imported, out problem)
                || !(await indicators.ImportAsync(imported.Indicators, $"TAXII feed {feed.Name}", cancellationToken).ConfigureAwait(false)).TryGetValue(out var count, out problem))
            {
                LogFailed(logger, feed.Name, problem.Message);
                break;
            }

            taken += count;
            through = read.AddedLast ?? through;
            if (read.Next is null || read.Count == 0)
            {
                break;
            }

            next = read.Next;
        }

        await feeds.UpdateAsync(
            feed.Name, f => f with { Through = through, LastPoll = now, Taken = f.Taken + taken, Problem = problem?.Message }, "taxii", cancellationToken).ConfigureAwait(false);
        return taken;
    }

    private static Problem Wrong(string target, string message) => new(ProblemKind.Invalid, "InvalidFeed", message, $"properties.{target}");

    [LoggerMessage(Level = LogLevel.Warning, Message = "The feed '{Feed}' could not be read and is tried again: {Reason}")]
    private static partial void LogFailed(ILogger logger, string feed, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "A round of feeds failed; the next one begins in a minute.")]
    private static partial void LogRound(ILogger logger, Exception exception);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TaxiiFeed))]
internal sealed partial class TaxiiFeedJson : JsonSerializerContext;
