using System.Diagnostics;
using Bartizan.Connectors.Import;
using Bartizan.Store;
using Bartizan.Store.Ingestion;
using Bartizan.Testing;

namespace Bartizan.Connectors.Tests.Import;

/// <summary>Real recordings of attacks, packed as they were published, into their tables.</summary>
public sealed class RecordingTests(ITestOutputHelper output)
{
    private const long SmallBytes = 400_000;

    [Fact]
    public async Task Small_recordings_land_whole() => await Import(f => f.Length < SmallBytes);

    /// <summary>585,000 events; about a minute. Run it by name.</summary>
    [Fact(Explicit = true)]
    public async Task All_recordings_land_whole() => await Import(_ => true);

    private async Task Import(Func<FileInfo, bool> chosen)
    {
        var folder = RepositoryRoot.Corpus("attacks/files");
        Assert.SkipWhen(folder is null, "The recordings lie in ../shared/corpora/attacks, which is not here.");
        var path = Path.Combine(Path.GetTempPath(), $"bartizan-{Guid.NewGuid():N}");
        using (var store = DataFolder.Open(new StoreOptions { Folder = path, ContentFolder = Path.Combine(RepositoryRoot.Path, "content") }, TimeProvider.System).Value)
        {
            using var mapper = new ImportMapper(store.Catalog, TimeProvider.System);
            var tables = new Dictionary<string, long>(StringComparer.Ordinal);
            var (accepted, rejected) = (0L, 0L);
            var watch = Stopwatch.StartNew();
            foreach (var file in new DirectoryInfo(folder).GetFiles().Where(chosen).OrderBy(f => f.Name, StringComparer.Ordinal))
            {
                await using var stream = file.OpenRead();
                var receipt = (await store.Ingestion.AppendAsync(mapper, stream, IngestionOptions.Default with { File = file.Name }, default)).Value;
                Assert.Null(receipt.Stopped);
                accepted += receipt.Accepted;
                rejected += receipt.Rejected;
                foreach (var (table, rows) in receipt.Tables)
                {
                    tables[table] = tables.GetValueOrDefault(table) + rows;
                }

                foreach (var problem in receipt.Problems.Take(3))
                {
                    output.WriteLine($"{problem.File} line {problem.Line}: {problem.Message}{(problem.IsKept ? " (kept)" : "")}");
                }
            }

            output.WriteLine($"{accepted:N0} accepted, {rejected:N0} rejected in {watch.Elapsed.TotalSeconds:F1} s");
            foreach (var (table, rows) in tables.OrderByDescending(t => t.Value))
            {
                output.WriteLine($"{rows,10:N0} {table}");
            }

            Assert.True(accepted > 5000, $"{accepted} accepted");
            Assert.Equal(0, rejected);
            Assert.True(tables["SecurityEvent"] > 0 && tables["DeviceProcessEvents"] > 0 && tables["LinuxAuditLog"] > 0 && tables["AWSCloudTrail"] > 0);
        }

        Directory.Delete(path, recursive: true);
    }
}
