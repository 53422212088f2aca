using Bartizan.Content.Samples;
using Bartizan.Foundation.Outcomes;
using Bartizan.Store;
using Bartizan.Store.Ingestion;
using Bartizan.Store.Resources;

namespace Bartizan.Server.Hosting;

/// <summary>Loads the sample estate: its resources, and its day of events so that it ends now.</summary>
internal static class SampleLoading
{
    public static async Task<Outcome<LoadedSample>> LoadAsync(DataFolder folder, Home home, string content, TimeProvider time, CancellationToken cancellationToken)
    {
        SampleEstate estate;
        try
        {
            estate = SampleEstate.Open(Path.Combine(content, "sample"), time.GetUtcNow());
        }
        catch (DirectoryNotFoundException e)
        {
            return new Problem(ProblemKind.Invalid, "SampleNotFound", e.Message, "--sample");
        }

        var resources = 0;
        await using (var stream = estate.OpenResources())
        {
            var options = new ResourceImportOptions("resources.jsonl", "sample", home.GroupScope, _ => true);
            var receipt = await new ResourceImport(folder.Resources).RunAsync(stream, options, cancellationToken).ConfigureAwait(false);
            if (!receipt.IsSuccess)
            {
                return receipt.Problem;
            }

            resources = (int)(receipt.Value.Added + receipt.Value.Changed + receipt.Value.Unchanged);
        }

        long events = 0;
        foreach (var table in estate.Tables)
        {
            // Loaded once a day at most: started again, the sample does not double.
            var options = new IngestionOptions { Source = "sample", File = table, BatchId = $"sample {estate.End.UtcDateTime:yyyy-MM-dd}" };
            var receipt = await folder.Ingestion.AppendAsync(table, estate.ReadEvents(table), options, cancellationToken).ConfigureAwait(false);
            if (!receipt.IsSuccess)
            {
                return receipt.Problem;
            }

            events += receipt.Value.Accepted;
        }

        return new LoadedSample($"Sample estate: {resources} resources, {events:N0} events up to {estate.End.UtcDateTime:HH:mm} UTC.", events, estate.Start, estate.End);
    }
}

/// <summary>What was loaded, said in a sentence, and the day it covers. Started again on the same day there are no new events.</summary>
internal sealed record LoadedSample(string Text, long Events, DateTimeOffset Start, DateTimeOffset End);
