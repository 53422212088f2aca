using System.Text.Json;
using Bartizan.Foundation.Outcomes;
using Bartizan.Foundation.Resources;
using Bartizan.Store.Ingestion;

namespace Bartizan.Store.Resources;

/// <summary>How a stream of resources is taken in.</summary>
/// <param name="File">For messages.</param>
/// <param name="Source">Who brings them; kept in the history.</param>
/// <param name="Connectors">The resource group whose security connectors hold resources of other clouds.</param>
/// <param name="May">Whether the caller may write a resource with this id; others are refused, each by itself.</param>
public sealed record ResourceImportOptions(string File, string Source, ResourceId Connectors, Func<ResourceId, bool> May)
{
    public IngestionLimits Limits { get; init; } = new() { RecordBytes = 4 * 1024 * 1024 };
}

/// <summary>What became of a stream of resources. What is counted in Added and Changed is on disk.</summary>
public sealed record ResourceImportReceipt
{
    public long Added { get; init; }

    public long Changed { get; init; }

    public long Unchanged { get; init; }

    public long Rejected { get; init; }

    /// <summary>The first refusals, with file and line.</summary>
    public IReadOnlyList<IngestionProblem> Problems { get; init; } = [];

    /// <summary>Why the reading ended before the stream did, or null.</summary>
    public Problem? Stopped { get; init; }
}

/// <summary>
/// Takes in resources from files: JSON objects a line each, an array, lists as APIs answer them (<c>value</c>, <c>data</c>), and what gzip or
/// zip pack of these.
/// </summary>
public sealed class ResourceImport(ResourceStore store)
{
    private const int Batch = 500;

    public async Task<Outcome<ResourceImportReceipt>> RunAsync(Stream stream, ResourceImportOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var run = new Run(store, options);
        var file = options.File;
        try
        {
            await foreach (var (name, content) in PackedSource.OpenAsync(stream, options.File, options.Limits, cancellationToken).ConfigureAwait(false))
            {
                file = name;
                await using (content.ConfigureAwait(false))
                {
                    await run.ReadAsync(name, content, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch (IngestionStop stop)
        {
            run.Stopped = stop.Problem;
        }
        catch (InvalidDataException e)
        {
            run.Stopped = new Problem(ProblemKind.Invalid, "DamagedArchive", $"'{file}' cannot be unpacked: {e.Message}", file);
        }

        await run.WriteAsync(cancellationToken).ConfigureAwait(false);
        return run.Stopped is { } stopped && run.IsEmpty ? stopped : run.Receipt();
    }

    private sealed class Run(ResourceStore store, ResourceImportOptions options)
    {
        private readonly List<Resource> waiting = [];
        private readonly List<IngestionProblem> problems = [];
        private long added;
        private long changed;
        private long unchanged;
        private long rejected;

        public Problem? Stopped { get; set; }

        public bool IsEmpty => added + changed + unchanged + rejected == 0;

        public async Task ReadAsync(string file, Stream content, CancellationToken cancellationToken)
        {
            var reader = new RecordReader(content, RecordForm.Json, options.Limits.RecordBytes);
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                var fault = reader.Fault ?? Take(file, reader.Line, reader.Record);
                if (fault is not null && reader.Fault is null && await reader.TryExtendAsync(cancellationToken).ConfigureAwait(false))
                {
                    fault = Take(file, reader.Line, reader.Record);
                }

                if (fault is not null)
                {
                    Reject(file, reader.Line, fault);
                }

                if (waiting.Count >= Batch)
                {
                    await WriteAsync(cancellationToken).ConfigureAwait(false);
                }
            }
        }

        public async Task WriteAsync(CancellationToken cancellationToken)
        {
            if (waiting.Count == 0)
            {
                return;
            }

            var receipt = await store.UpsertAsync(waiting, options.Source, cancellationToken).ConfigureAwait(false);
            added += receipt.Added;
            changed += receipt.Changed;

            // The same resource twice in one batch counts as the same.
            unchanged += waiting.Count - receipt.Added - receipt.Changed;
            waiting.Clear();
        }

        public ResourceImportReceipt Receipt() => new()
        {
            Added = added,
            Changed = changed,
            Unchanged = unchanged,
            Rejected = rejected,
            Problems = problems,
            Stopped = Stopped,
        };

        /// <summary>What was wrong with the record as a whole, or null.</summary>
        private string? Take(string file, long line, ReadOnlyMemory<byte> record)
        {
            JsonElement element;
            try
            {
                using var document = JsonDocument.Parse(record);
                element = document.RootElement.Clone();
            }
            catch (JsonException e)
            {
                return $"is not well-formed JSON at byte {e.BytePositionInLine + 1}";
            }

            // A list as Resource Graph or ARM answers it, on one line.
            if (element.ValueKind == JsonValueKind.Object && !element.TryGetProperty("id", out _)
                && (element.TryGetProperty("data", out var list) || element.TryGetProperty("value", out list)) && list.ValueKind == JsonValueKind.Array)
            {
                foreach (var item in list.EnumerateArray())
                {
                    if (Add(item) is { } fault)
                    {
                        Reject(file, line, fault);
                    }
                }

                return null;
            }

            return Add(element);
        }

        private string? Add(JsonElement element)
        {
            var read = ResourceShape.Read(element, options.Connectors);
            if (!read.IsSuccess)
            {
                return read.Problem.Message;
            }

            if (!options.May(read.Value.Id))
            {
                return $"lies at '{read.Value.Id}', where the caller may not write";
            }

            waiting.Add(read.Value);
            return null;
        }

        private void Reject(string file, long line, string reason)
        {
            rejected++;
            if (problems.Count < options.Limits.ToldProblems)
            {
                problems.Add(new IngestionProblem(file, line, reason, IsKept: false));
            }
        }
    }
}
