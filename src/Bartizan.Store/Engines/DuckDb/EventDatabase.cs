using System.Collections.Concurrent;
using Bartizan.Foundation.Outcomes;
using DuckDB.NET.Data;

namespace Bartizan.Store.Engines.DuckDb;

/// <summary>
/// The events database: any number of readers, one writer. All writing happens on one thread, so that statements never conflict and
/// small appends that arrive together share one commit, which is one flush to disk.
/// </summary>
internal sealed class EventDatabase : IDisposable
{
    /// <summary>Enough to hide the flush behind the parsing, small enough to stay far from the engine's memory limit.</summary>
    private const int MaxQueued = 64;

    private const int MaxGroup = 256;

    private readonly BlockingCollection<Work> queue = new(MaxQueued);
    private readonly Thread writer;
    private EngineConnection connection;

    private EventDatabase(DuckDbInstance instance)
    {
        Instance = instance;
        connection = new EngineConnection(instance.Connect());
        writer = new Thread(Run) { Name = "event writer", IsBackground = true };
        writer.Start();
    }

    public DuckDbInstance Instance { get; }

    /// <summary>How full the writer's queue is, for callers that would rather be refused than wait.</summary>
    public bool IsBusy => queue.Count >= MaxQueued - 1;

    public static Outcome<EventDatabase> Open(string? file, StoreOptions options) =>
        DuckDbInstance.Open(file, options).Then<EventDatabase>(instance => new EventDatabase(instance));

    public EngineConnection Connect() => new(Instance.Connect());

    /// <summary>Runs work on the writer's thread, in a transaction of its own.</summary>
    public async Task<T> WriteAsync<T>(Func<EngineConnection, T> work, CancellationToken cancellationToken)
    {
        T? result = default;
        var item = new Work(c => result = work(c), null);
        await SubmitAsync(item, cancellationToken).ConfigureAwait(false);
        return result!;
    }

    /// <summary>Appends chunks of rows, and whatever belongs to them, durably. The chunks are disposed of in any case.</summary>
    public async Task AppendAsync(RowAppend rows, CancellationToken cancellationToken)
    {
        using (rows)
        {
            await SubmitAsync(new Work(rows.Write, rows), cancellationToken).ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        queue.CompleteAdding();
        writer.Join();
        connection.Dispose();
        queue.Dispose();
        Instance.Dispose();
    }

    private async Task SubmitAsync(Work item, CancellationToken cancellationToken)
    {
        if (!queue.TryAdd(item))
        {
            // The queue is full: wait off the caller's thread.
            await Task.Run(() => queue.Add(item, cancellationToken), cancellationToken).ConfigureAwait(false);
        }

        await item.Done.Task.ConfigureAwait(false);
    }

    private void Run()
    {
        var group = new List<Work>();
        foreach (var first in queue.GetConsumingEnumerable())
        {
            group.Clear();
            group.Add(first);
            while (first.Rows is not null && group.Count < MaxGroup && queue.TryTake(out var next))
            {
                group.Add(next);
                if (next.Rows is null)
                {
                    break;
                }
            }

            // Work that is not an append ends a group and runs alone.
            var alone = group.Count > 1 && group[^1].Rows is null ? group[^1] : null;
            if (alone is not null)
            {
                group.RemoveAt(group.Count - 1);
            }

            RunGroup(group);
            if (alone is not null)
            {
                RunGroup([alone]);
            }
        }
    }

    private void RunGroup(List<Work> group)
    {
        try
        {
            group.ForEach(w => w.Rows?.Prepare(connection));
            Sql.Execute(connection, "BEGIN TRANSACTION");
            group.ForEach(w => w.Run(connection));
            Sql.Execute(connection, "COMMIT");
            group.ForEach(w => w.Done.SetResult());
        }
#pragma warning disable CA1031 // Whatever went wrong belongs to the callers whose work it was; the writer goes on.
        catch (Exception e)
        {
            Reset();
            if (group.Count == 1)
            {
                group[0].Done.SetException(e);
                return;
            }

            // One of them is at fault: each gets its own transaction.
            group.ForEach(w => RunGroup([w]));
        }
#pragma warning restore CA1031
    }

    private void Reset()
    {
        try
        {
            Sql.Execute(connection, "ROLLBACK");
        }
        catch (DuckDBException)
        {
            connection.Dispose();
            connection = Connect();
        }
    }

    private sealed record Work(Action<EngineConnection> Run, RowAppend? Rows)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
