using Bartizan.Kql.Binding.Symbols;
using Bartizan.Kql.Functions;
using Bartizan.Kql.Sql;
using Bartizan.Kql.Types;
using DuckDB.NET.Data;

namespace Bartizan.Store.Engines.DuckDb;

/// <summary>What the engine says about a statement of ours that it would not run.</summary>
internal sealed class EngineException(string message) : Exception(message);

/// <summary>Is shown one text; the bytes are the engine's and do not outlast the call.</summary>
internal delegate void TextVisit(int column, ReadOnlySpan<byte> utf8);

/// <summary>
/// A connection for one query, inside one transaction that may only read (tables of the session aside). Cancellation interrupts the
/// statement at once. Used by one thread at a time.
/// </summary>
internal sealed class QuerySession : ISqlEngine, IDisposable
{
    private readonly DuckDBConnection connection;
    private readonly nint handle;
    private readonly List<long> calls = [];
    private readonly Func<TableSymbol, TermCondition?, string?> restriction;
    private readonly CancellationTokenRegistration interruption;

    public QuerySession(DuckDbInstance instance, Func<TableSymbol, TermCondition?, string?> restriction, CancellationToken cancellation)
    {
        connection = instance.Connect();
        this.restriction = restriction;
        Cancellation = cancellation;
        handle = connection.NativeConnection.DangerousGetHandle();
        Execute("BEGIN TRANSACTION READ ONLY");
        interruption = cancellation.Register(() => QueryApi.Interrupt(handle));
    }

    public CancellationToken Cancellation { get; }

    public long Register(ManagedCall call)
    {
        var number = ManagedFunctions.Add(call);
        calls.Add(number);
        return number;
    }

    public string? Restriction(TableSymbol table, TermCondition? terms) => restriction(table, terms);

    public FunctionRows? Rows(FunctionSymbol function, IReadOnlyList<KqlValue> arguments) => Functions(function, arguments);

    public IReadOnlyList<KqlValue[]>? External(ExternalSource source) => ExternalData(source, Cancellation);

    /// <summary>What reads sources outside; none may be read unless something is given here.</summary>
    public Func<ExternalSource, CancellationToken, IReadOnlyList<KqlValue[]>?> ExternalData { get; init; } = (_, _) => null;

    /// <summary>Where the rows of saved functions without a body come from.</summary>
    public Func<FunctionSymbol, IReadOnlyList<KqlValue>, FunctionRows?> Functions { get; init; } = (_, _) => null;

    public IEnumerable<KqlValue[]> Read(string sql, IReadOnlyList<KqlType> types)
    {
        foreach (var chunk in Chunks(sql))
        {
            var readers = new VectorReader[types.Count];
            for (var i = 0; i < readers.Length; i++)
            {
                readers[i] = new VectorReader(ChunkApi.GetVector(chunk, (ulong)i), types[i]);
            }

            var rows = (int)FunctionApi.ChunkSize(chunk);
            for (var row = 0; row < rows; row++)
            {
                var values = new KqlValue[readers.Length];
                for (var i = 0; i < readers.Length; i++)
                {
                    values[i] = readers[i][row];
                }

                yield return values;
            }
        }
    }

    /// <summary>The texts of a statement as their bytes, column by column of each chunk; nulls are left out.</summary>
    public void ReadTexts(string sql, IReadOnlyList<KqlType> types, TextVisit visit)
    {
        foreach (var chunk in Chunks(sql))
        {
            var rows = (int)FunctionApi.ChunkSize(chunk);
            for (var column = 0; column < types.Count; column++)
            {
                var texts = new VectorReader(ChunkApi.GetVector(chunk, (ulong)column), types[column]);
                for (var row = 0; row < rows; row++)
                {
                    if (texts.IsValid(row))
                    {
                        visit(column, texts.Utf8(row));
                    }
                }
            }
        }
    }

    public void Keep(string table, string sql) => Execute($"CREATE TEMP TABLE {Bare(table)} AS {sql}");

    public void Keep(string table, IReadOnlyList<KqlType> types, IEnumerable<KqlValue[]> rows)
    {
        // The statement that the rows come from occupies the connection until it is read to its end.
        var chunks = new List<RowChunk>();
        try
        {
            Fill(chunks, types, rows);
            var columns = string.Join(", ", types.Select((t, i) => $"f{i} {EngineType.Sql(t)}"));
            Execute($"CREATE TEMP TABLE {Bare(table)} ({columns})");
            Append(table, chunks, [.. Enumerable.Range(0, types.Count)]);
        }
        finally
        {
            chunks.ForEach(c => c.Dispose());
        }
    }

    public void Dispose()
    {
        interruption.Dispose();
        calls.ForEach(ManagedFunctions.Remove);
        connection.Dispose();
    }

    private void Execute(string sql)
    {
        foreach (var _ in Chunks(sql))
        {
        }
    }

    private IEnumerable<nint> Chunks(string sql)
    {
        Cancellation.ThrowIfCancellationRequested();
        using var statement = new Statement(handle, sql, Cancellation);
        while (true)
        {
            Cancellation.ThrowIfCancellationRequested();
            var chunk = statement.Next();
            if (chunk == 0)
            {
                yield break;
            }

            try
            {
                yield return chunk;
            }
            finally
            {
                ChunkApi.DestroyDataChunk(ref chunk);
            }
        }
    }

    private void Fill(List<RowChunk> chunks, IReadOnlyList<KqlType> types, IEnumerable<KqlValue[]> rows)
    {
        RowChunk? current = null;
        foreach (var row in rows)
        {
            if (current is null || current.IsFull)
            {
                Cancellation.ThrowIfCancellationRequested();
                current?.Complete();
                current = new RowChunk(types);
                chunks.Add(current);
            }

            for (var i = 0; i < row.Length; i++)
            {
                Set(current, i, types[i], row[i]);
            }

            current.EndRow();
        }

        current?.Complete();
    }

    private static void Set(RowChunk chunk, int column, KqlType type, KqlValue value)
    {
        value = Conversion.To(value, type);
        if (value.IsNull)
        {
            return;
        }

        switch (type)
        {
            case KqlType.Bool:
                chunk.SetBool(column, value.AsBool);
                break;
            case KqlType.Int:
                chunk.SetInt(column, (int)value.AsLong);
                break;
            case KqlType.Long or KqlType.DateTime or KqlType.TimeSpan:
                chunk.SetLong(column, value.AsLong);
                break;
            case KqlType.Real:
                chunk.SetReal(column, value.AsReal);
                break;
            case KqlType.Guid:
                chunk.SetGuid(column, value.AsGuid);
                break;
            default:
                chunk.SetText(column, System.Text.Encoding.UTF8.GetBytes(type == KqlType.Decimal ? value.AsDecimal.ToString() : value.AsText));
                break;
        }
    }

    private void Append(string table, List<RowChunk> chunks, int[] columns)
    {
        var created = QueryApi.CreateAppender(handle, "temp", "main", Bare(table).Trim('"'), out var appender);
        try
        {
            if (created != 0 || chunks.Any(c => !c.TryAppend(appender, columns)) || ChunkApi.CloseAppender(appender) != 0)
            {
                throw new EngineException($"Rows in between could not be kept: {ChunkApi.ErrorOf(appender)}");
            }
        }
        finally
        {
            _ = ChunkApi.DestroyAppender(ref appender);
        }
    }

    private static string Bare(string table) => table[(table.LastIndexOf('.') + 1)..];

    /// <summary>A statement that runs, and its rows as they come.</summary>
    private sealed unsafe class Statement : IDisposable
    {
        private readonly CancellationToken cancellation;
        private nint statement;
        private QueryApi.Result result;

        public Statement(nint connection, string sql, CancellationToken cancellation)
        {
            this.cancellation = cancellation;
            try
            {
                if (QueryApi.Prepare(connection, sql, out statement) != 0)
                {
                    throw Failed(QueryApi.ErrorOf(statement), sql);
                }

                fixed (QueryApi.Result* address = &result)
                {
                    if (QueryApi.Execute(statement, address) != 0)
                    {
                        throw Failed(QueryApi.ErrorOf(address), sql);
                    }
                }
            }
            catch
            {
                Dispose();
                throw;
            }
        }

        public nint Next()
        {
            var chunk = QueryApi.FetchChunk(result);
            if (chunk == 0)
            {
                fixed (QueryApi.Result* address = &result)
                {
                    if (QueryApi.ErrorOf(address) is { Length: > 0 } error)
                    {
                        throw Failed(error, "");
                    }
                }
            }

            return chunk;
        }

        public void Dispose()
        {
            fixed (QueryApi.Result* address = &result)
            {
                QueryApi.DestroyResult(address);
            }

            QueryApi.DestroyPrepare(ref statement);
        }

        private Exception Failed(string? message, string sql) => cancellation.IsCancellationRequested
            ? new OperationCanceledException(cancellation)
            : new EngineException($"{message}{(sql.Length > 0 ? "\n" + sql : "")}");
    }
}
