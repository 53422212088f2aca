using System.Runtime.InteropServices;

namespace Bartizan.Store.Engines.DuckDb;

/// <summary>The engine's C functions for registering functions and aggregates that it calls back.</summary>
internal static unsafe partial class FunctionApi
{
    public const int AnyType = 34;

    private const string Library = "duckdb";

    [LibraryImport(Library, EntryPoint = "duckdb_create_scalar_function")]
    public static partial nint CreateScalar();

    [LibraryImport(Library, EntryPoint = "duckdb_destroy_scalar_function")]
    public static partial void DestroyScalar(ref nint function);

    [LibraryImport(Library, EntryPoint = "duckdb_scalar_function_set_name", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void SetScalarName(nint function, string name);

    [LibraryImport(Library, EntryPoint = "duckdb_scalar_function_add_parameter")]
    public static partial void AddScalarParameter(nint function, nint type);

    [LibraryImport(Library, EntryPoint = "duckdb_scalar_function_set_varargs")]
    public static partial void SetScalarRest(nint function, nint type);

    [LibraryImport(Library, EntryPoint = "duckdb_scalar_function_set_return_type")]
    public static partial void SetScalarResult(nint function, nint type);

    [LibraryImport(Library, EntryPoint = "duckdb_scalar_function_set_special_handling")]
    public static partial void SetScalarSeesNulls(nint function);

    [LibraryImport(Library, EntryPoint = "duckdb_scalar_function_set_volatile")]
    public static partial void SetScalarVolatile(nint function);

    [LibraryImport(Library, EntryPoint = "duckdb_scalar_function_set_function")]
    public static partial void SetScalarBody(nint function, delegate* unmanaged[Cdecl]<nint, nint, nint, void> body);

    [LibraryImport(Library, EntryPoint = "duckdb_scalar_function_set_error", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void SetScalarError(nint call, string message);

    [LibraryImport(Library, EntryPoint = "duckdb_register_scalar_function")]
    public static partial int RegisterScalar(nint connection, nint function);

    [LibraryImport(Library, EntryPoint = "duckdb_create_aggregate_function")]
    public static partial nint CreateAggregate();

    [LibraryImport(Library, EntryPoint = "duckdb_destroy_aggregate_function")]
    public static partial void DestroyAggregate(ref nint function);

    [LibraryImport(Library, EntryPoint = "duckdb_create_aggregate_function_set", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint CreateAggregateSet(string name);

    [LibraryImport(Library, EntryPoint = "duckdb_destroy_aggregate_function_set")]
    public static partial void DestroyAggregateSet(ref nint set);

    [LibraryImport(Library, EntryPoint = "duckdb_add_aggregate_function_to_set")]
    public static partial int AddToSet(nint set, nint function);

    [LibraryImport(Library, EntryPoint = "duckdb_register_aggregate_function_set")]
    public static partial int RegisterAggregates(nint connection, nint set);

    [LibraryImport(Library, EntryPoint = "duckdb_aggregate_function_set_name", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void SetAggregateName(nint function, string name);

    [LibraryImport(Library, EntryPoint = "duckdb_aggregate_function_add_parameter")]
    public static partial void AddAggregateParameter(nint function, nint type);

    [LibraryImport(Library, EntryPoint = "duckdb_aggregate_function_set_return_type")]
    public static partial void SetAggregateResult(nint function, nint type);

    [LibraryImport(Library, EntryPoint = "duckdb_aggregate_function_set_special_handling")]
    public static partial void SetAggregateSeesNulls(nint function);

    [LibraryImport(Library, EntryPoint = "duckdb_aggregate_function_set_functions")]
    public static partial void SetAggregateBody(
        nint function,
        delegate* unmanaged[Cdecl]<nint, ulong> size,
        delegate* unmanaged[Cdecl]<nint, nint*, void> initialize,
        delegate* unmanaged[Cdecl]<nint, nint, nint**, void> update,
        delegate* unmanaged[Cdecl]<nint, nint**, nint**, ulong, void> combine,
        delegate* unmanaged[Cdecl]<nint, nint**, nint, ulong, ulong, void> finish);

    [LibraryImport(Library, EntryPoint = "duckdb_aggregate_function_set_destructor")]
    public static partial void SetAggregateDestructor(nint function, delegate* unmanaged[Cdecl]<nint**, ulong, void> destroy);

    [LibraryImport(Library, EntryPoint = "duckdb_aggregate_function_set_error", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void SetAggregateError(nint call, string message);

    [LibraryImport(Library, EntryPoint = "duckdb_create_list_type")]
    public static partial nint CreateListType(nint element);

    [LibraryImport(Library, EntryPoint = "duckdb_list_vector_get_child")]
    public static partial nint ListChild(nint vector);

    [LibraryImport(Library, EntryPoint = "duckdb_list_vector_reserve")]
    public static partial int ListReserve(nint vector, ulong capacity);

    [LibraryImport(Library, EntryPoint = "duckdb_list_vector_set_size")]
    public static partial int ListSetSize(nint vector, ulong size);

    [LibraryImport(Library, EntryPoint = "duckdb_data_chunk_get_size")]
    public static partial ulong ChunkSize(nint chunk);

    [LibraryImport(Library, EntryPoint = "duckdb_data_chunk_get_column_count")]
    public static partial ulong ChunkColumns(nint chunk);

    [LibraryImport(Library, EntryPoint = "duckdb_vector_get_column_type")]
    public static partial nint VectorType(nint vector);

    [LibraryImport(Library, EntryPoint = "duckdb_get_type_id")]
    public static partial int TypeId(nint type);
}
