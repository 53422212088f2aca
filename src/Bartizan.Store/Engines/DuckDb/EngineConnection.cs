using DuckDB.NET.Data;

namespace Bartizan.Store.Engines.DuckDb;

/// <summary>A connection to the events database as the store's doors pass it on to <see cref="Sql"/>: what is behind it only the engine knows.</summary>
internal sealed class EngineConnection(DuckDBConnection inner) : IDisposable
{
    public DuckDBConnection Inner { get; } = inner;

    public void Dispose() => Inner.Dispose();
}
