using System.Runtime.InteropServices;

namespace Bartizan.Store.Engines.DuckDb;

/// <summary>The engine's C functions for running one statement and reading its rows chunk by chunk as they come.</summary>
internal static unsafe partial class QueryApi
{
    private const string Library = "duckdb";

    [LibraryImport(Library, EntryPoint = "duckdb_prepare", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Prepare(nint connection, string sql, out nint statement);

    [LibraryImport(Library, EntryPoint = "duckdb_prepare_error")]
    private static partial byte* PrepareError(nint statement);

    [LibraryImport(Library, EntryPoint = "duckdb_destroy_prepare")]
    public static partial void DestroyPrepare(ref nint statement);

    [LibraryImport(Library, EntryPoint = "duckdb_execute_prepared_streaming")]
    public static partial int Execute(nint statement, Result* result);

    [LibraryImport(Library, EntryPoint = "duckdb_fetch_chunk")]
    public static partial nint FetchChunk(Result result);

    [LibraryImport(Library, EntryPoint = "duckdb_result_error")]
    private static partial byte* ResultError(Result* result);

    [LibraryImport(Library, EntryPoint = "duckdb_destroy_result")]
    public static partial void DestroyResult(Result* result);

    [LibraryImport(Library, EntryPoint = "duckdb_interrupt")]
    public static partial void Interrupt(nint connection);

    [LibraryImport(Library, EntryPoint = "duckdb_appender_create_ext", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int CreateAppender(nint connection, string? catalog, string? schema, string table, out nint appender);

    public static string? ErrorOf(nint statement) => Marshal.PtrToStringUTF8((nint)PrepareError(statement));

    public static string? ErrorOf(Result* result) => Marshal.PtrToStringUTF8((nint)ResultError(result));

    /// <summary>The engine's own layout; only its address and copies of it are of use.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Result
    {
        public ulong Columns;
        public ulong Rows;
        public ulong Changed;
        public nint ColumnList;
        public nint Error;
        public nint Inner;
    }
}
