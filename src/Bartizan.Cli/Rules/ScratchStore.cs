using Bartizan.Connectors.Import;
using Bartizan.Content.Rules;
using Bartizan.Detection.Scheduling;
using Bartizan.Detection.Trials;
using Bartizan.Foundation.Outcomes;
using Bartizan.Store;
using Bartizan.Store.Ingestion;
using Bartizan.Store.Queries;

namespace Bartizan.Cli.Rules;

/// <summary>A store in memory for one piece of work, with rules run over it.</summary>
internal sealed class ScratchStore : IDisposable
{
    private readonly DataFolder folder;
    private readonly SortedSet<string> tables = new(StringComparer.Ordinal);

    private ScratchStore(DataFolder folder)
    {
        this.folder = folder;
        var queries = FolderQueries.Over(folder, TimeProvider.System);
        Runner = new RuleRunner(queries.RunAsync, TimeProvider.System);
        Replay = new RecordingReplay(queries.RunAsync, Runner);
        Trial = new RuleTrial(folder, Runner);
    }

    public RuleRunner Runner { get; }

    public RecordingReplay Replay { get; }

    public RuleTrial Trial { get; }

    public IReadOnlyCollection<string> Tables => tables;

    /// <summary>The folder <c>content</c>: the one named, or the one found above the program.</summary>
    public static Outcome<string> Content(DirectoryInfo? given)
    {
        if (given is not null)
        {
            return Directory.Exists(Path.Combine(given.FullName, "tables"))
                ? given.FullName
                : new Problem(ProblemKind.Invalid, "ContentNotFound", $"'{given.FullName}' is no content folder: it has no folder tables.", "--content");
        }

        for (var above = AppContext.BaseDirectory; above is not null; above = Path.GetDirectoryName(above))
        {
            if (Directory.Exists(Path.Combine(above, "content", "tables")))
            {
                return Path.Combine(above, "content");
            }
        }

        return new Problem(ProblemKind.Invalid, "ContentNotFound", "No folder content was found above the program; name it with --content.", "--content");
    }

    public static Outcome<ScratchStore> Open(string content) =>
        DataFolder.Open(new StoreOptions { ContentFolder = content, MemoryMegabytes = 4096 }, TimeProvider.System).Then<ScratchStore>(f => new ScratchStore(f));

    /// <summary>Takes a file in, of whatever shape; zips and gzips are unpacked.</summary>
    public async Task<Outcome<IngestionReceipt>> ImportAsync(string file, CancellationToken cancellationToken)
    {
        using var mapper = new ImportMapper(folder.Catalog, TimeProvider.System);
        try
        {
            await using var stream = File.OpenRead(file);
            var outcome = await folder.Ingestion.AppendAsync(mapper, stream, IngestionOptions.Default with { File = Path.GetFileName(file) }, cancellationToken).ConfigureAwait(false);
            if (outcome.IsSuccess)
            {
                tables.UnionWith(outcome.Value.Tables.Keys);
            }

            return outcome;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Problem(ProblemKind.NotFound, "FileNotReadable", $"{file}: {e.Message}", file);
        }
    }

    /// <summary>The rules of a file or a folder; what is wrong with them is told and leaves the rule out.</summary>
    public static IReadOnlyList<RuleDefinition> ReadRules(string path, TextWriter errors)
    {
        var files = Directory.Exists(path) ? RuleFile.ReadFolder(path).ToList() : [RuleFile.Read(Path.GetFileName(path), File.ReadAllText(path))];
        foreach (var diagnostic in files.SelectMany(f => f.Diagnostics))
        {
            errors.WriteLine(diagnostic);
        }

        return [.. files.SelectMany(f => f.Rules).Where(r => r.Kind is RuleKind.Scheduled or RuleKind.NRT)];
    }

    public void Dispose() => folder.Dispose();
}
