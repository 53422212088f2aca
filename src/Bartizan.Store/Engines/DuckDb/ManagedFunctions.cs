using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Bartizan.Kql.Functions;
using Bartizan.Kql.Sql;
using Bartizan.Kql.Types;

namespace Bartizan.Store.Engines.DuckDb;

/// <summary>
/// The functions through which the engine calls managed code. There is one per result type; which function of the catalogue is meant,
/// and its constants, is told by a number that stands as first argument and is known for as long as its query runs.
/// </summary>
internal static unsafe class ManagedFunctions
{
    private static readonly ConcurrentDictionary<long, ManagedCall> Calls = new();
    private static long lastCall;

    private static readonly (string Suffix, EngineType.Id Id)[] Results =
    [
        ("boolean", EngineType.Id.Boolean), ("integer", EngineType.Id.Integer), ("bigint", EngineType.Id.BigInt),
        ("double", EngineType.Id.Double), ("varchar", EngineType.Id.Varchar), ("uuid", EngineType.Id.Uuid),
    ];

    public static long Add(ManagedCall call)
    {
        var number = Interlocked.Increment(ref lastCall);
        Calls[number] = call;
        return number;
    }

    public static void Remove(long number) => Calls.TryRemove(number, out _);

    public static ManagedCall? Find(long number) => Calls.GetValueOrDefault(number);

    /// <summary>Makes the functions known to an instance, once.</summary>
    public static void Register(nint connection)
    {
        foreach (var (suffix, id) in Results)
        {
            var result = ChunkApi.CreateLogicalType((int)id);
            Scalar(connection, "kql_" + suffix, result, isVolatile: false, &Invoke);
            Scalar(connection, "kql_any_" + suffix, result, isVolatile: true, &Invoke);
            ManagedAggregates.Register(connection, "kql_agg_" + suffix, result);
            ChunkApi.DestroyLogicalType(ref result);
        }

        var text = ChunkApi.CreateLogicalType((int)EngineType.Id.Varchar);
        var list = FunctionApi.CreateListType(text);
        Scalar(connection, "kql_list", list, isVolatile: false, &Expand);
        ChunkApi.DestroyLogicalType(ref list);
        ChunkApi.DestroyLogicalType(ref text);
    }

    private static void Scalar(nint connection, string name, nint result, bool isVolatile, delegate* unmanaged[Cdecl]<nint, nint, nint, void> body)
    {
        var function = FunctionApi.CreateScalar();
        var number = ChunkApi.CreateLogicalType((int)EngineType.Id.BigInt);
        var any = ChunkApi.CreateLogicalType(FunctionApi.AnyType);
        FunctionApi.SetScalarName(function, name);
        FunctionApi.AddScalarParameter(function, number);
        FunctionApi.SetScalarRest(function, any);
        FunctionApi.SetScalarResult(function, result);
        FunctionApi.SetScalarSeesNulls(function);
        if (isVolatile)
        {
            FunctionApi.SetScalarVolatile(function);
        }

        FunctionApi.SetScalarBody(function, body);
        var failed = FunctionApi.RegisterScalar(connection, function);
        FunctionApi.DestroyScalar(ref function);
        ChunkApi.DestroyLogicalType(ref number);
        ChunkApi.DestroyLogicalType(ref any);
        if (failed != 0)
        {
            throw new InvalidOperationException($"The engine did not take the function {name}.");
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Invoke(nint info, nint chunk, nint result)
    {
#pragma warning disable CA1031 // An exception must not cross into the engine; it becomes the query's error.
        try
        {
            var rows = (int)FunctionApi.ChunkSize(chunk);
            if (rows > 0 && CallOf(chunk) is { } call)
            {
                if (call.Matcher is not null && call.Types[0] == KqlType.String)
                {
                    Match(call.Matcher, chunk, rows, result);
                }
                else
                {
                    Compute(call, chunk, rows, result);
                }
            }
        }
        catch (Exception e)
        {
            FunctionApi.SetScalarError(info, e.Message);
        }
#pragma warning restore CA1031
    }

    private static void Match(TextMatcher matcher, nint chunk, int rows, nint result)
    {
        var text = new VectorReader(ChunkApi.GetVector(chunk, 1), KqlType.String);
        var output = (byte*)ChunkApi.GetVectorValues(result);
        for (var row = 0; row < rows; row++)
        {
            output[row] = matcher.IsMatch(text.IsValid(row) ? text.Utf8(row) : []) ? (byte)1 : (byte)0;
        }
    }

    private static void Compute(ManagedCall call, nint chunk, int rows, nint result)
    {
        var arguments = Arguments(call, chunk, 1);
        var values = new KqlValue[call.Types.Count];
        var writer = new VectorWriter(result, call.Result);
        for (var row = 0; row < rows; row++)
        {
            var anyNull = Fill(call, arguments, values, row);
            var value = call.Propagates && anyNull
                ? KqlValue.Null(call.Result)
                : call.Matcher is { } matcher
                    ? KqlValue.Bool(matcher.IsMatch(System.Text.Encoding.UTF8.GetBytes(Conversion.ToText(values[0]))))
                    : call.Body!(values);
            writer.Set(row, value);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Expand(nint info, nint chunk, nint result)
    {
#pragma warning disable CA1031 // As above.
        try
        {
            var rows = (int)FunctionApi.ChunkSize(chunk);
            if (rows == 0 || CallOf(chunk) is not { } call)
            {
                return;
            }

            var arguments = Arguments(call, chunk, 1);
            var values = new KqlValue[1];
            var lists = new IReadOnlyList<string?>[rows];
            var total = 0UL;
            for (var row = 0; row < rows; row++)
            {
                Fill(call, arguments, values, row);
                lists[row] = call.Expansion!(values[0]);
                total += (ulong)lists[row].Count;
            }

            _ = FunctionApi.ListReserve(result, total);
            _ = FunctionApi.ListSetSize(result, total);
            var entries = (ulong*)ChunkApi.GetVectorValues(result);
            var child = FunctionApi.ListChild(result);
            var writer = new VectorWriter(child, KqlType.Dynamic);
            var at = 0;
            for (var row = 0; row < rows; row++)
            {
                entries[row * 2] = (ulong)at;
                entries[(row * 2) + 1] = (ulong)lists[row].Count;
                foreach (var item in lists[row])
                {
                    writer.Set(at++, KqlValue.Dynamic(item));
                }
            }
        }
        catch (Exception e)
        {
            FunctionApi.SetScalarError(info, e.Message);
        }
#pragma warning restore CA1031
    }

    /// <summary>Readers for the arguments that the engine passes, after the number.</summary>
    public static VectorReader[] Arguments(ManagedCall call, nint chunk, int first)
    {
        var readers = new VectorReader[call.Types.Count];
        var at = first;
        for (var i = 0; i < readers.Length; i++)
        {
            if (call.Constants[i] is null)
            {
                readers[i] = new VectorReader(ChunkApi.GetVector(chunk, (ulong)at++), call.Types[i]);
            }
        }

        return readers;
    }

    /// <summary>True when one of the values is null.</summary>
    public static bool Fill(ManagedCall call, VectorReader[] arguments, KqlValue[] values, int row)
    {
        var anyNull = false;
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = call.Constants[i] ?? arguments[i][row];
            anyNull |= values[i].IsNull;
        }

        return anyNull;
    }

    public static ManagedCall CallOf(nint chunk)
    {
        var number = *(long*)ChunkApi.GetVectorValues(ChunkApi.GetVector(chunk, 0));
        return Find(number) ?? throw new InvalidOperationException("A call of a query that has ended.");
    }
}
