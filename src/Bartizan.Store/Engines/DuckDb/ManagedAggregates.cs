using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Bartizan.Kql.Functions;
using Bartizan.Kql.Sql;

namespace Bartizan.Store.Engines.DuckDb;

/// <summary>
/// Aggregates that the engine calls back. The engine keeps one pointer per group: a handle to the group's running value, none while no row
/// has come.
/// </summary>
internal static unsafe class ManagedAggregates
{
    private const int MostArguments = 24;

    public static void Register(nint connection, string name, nint result)
    {
        var set = FunctionApi.CreateAggregateSet(name);
        for (var count = 0; count <= MostArguments; count++)
        {
            Add(set, name, result, count);
        }

        var failed = FunctionApi.RegisterAggregates(connection, set);
        FunctionApi.DestroyAggregateSet(ref set);
        if (failed != 0)
        {
            throw new InvalidOperationException($"The engine did not take the aggregate {name}.");
        }
    }

    private static void Add(nint set, string name, nint result, int count)
    {
        var function = FunctionApi.CreateAggregate();
        var number = ChunkApi.CreateLogicalType((int)EngineType.Id.BigInt);
        var any = ChunkApi.CreateLogicalType(FunctionApi.AnyType);
        FunctionApi.SetAggregateName(function, name);
        FunctionApi.AddAggregateParameter(function, number);
        for (var i = 0; i < count; i++)
        {
            FunctionApi.AddAggregateParameter(function, any);
        }

        FunctionApi.SetAggregateResult(function, result);
        FunctionApi.SetAggregateSeesNulls(function);
        FunctionApi.SetAggregateBody(function, &Size, &Initialize, &Update, &Combine, &Finish);
        FunctionApi.SetAggregateDestructor(function, &Destroy);
        var failed = FunctionApi.AddToSet(set, function);
        FunctionApi.DestroyAggregate(ref function);
        ChunkApi.DestroyLogicalType(ref number);
        ChunkApi.DestroyLogicalType(ref any);
        if (failed != 0)
        {
            throw new InvalidOperationException($"The engine did not take the aggregate {name} with {count} arguments.");
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static ulong Size(nint info) => (ulong)sizeof(nint);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Initialize(nint info, nint* state) => *state = 0;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Update(nint info, nint chunk, nint** states)
    {
#pragma warning disable CA1031 // An exception must not cross into the engine; it becomes the query's error.
        try
        {
            var rows = (int)FunctionApi.ChunkSize(chunk);
            if (rows == 0)
            {
                return;
            }

            var call = ManagedFunctions.CallOf(chunk);
            var arguments = ManagedFunctions.Arguments(call, chunk, 1);
            var values = new Kql.Functions.KqlValue[call.Types.Count];
            var isOneText = values.Length == 1 && call.Types[0] == Kql.Types.KqlType.String && call.Constants[0] is null && arguments[0].IsText;
            for (var row = 0; row < rows; row++)
            {
                var state = Group(states[row], call).State;
                if (isOneText && arguments[0].IsValid(row) && state.TryAddText(arguments[0].Utf8(row)))
                {
                    continue;
                }

                ManagedFunctions.Fill(call, arguments, values, row);
                state.Add(values);
            }
        }
        catch (Exception e)
        {
            FunctionApi.SetAggregateError(info, e.Message);
        }
#pragma warning restore CA1031
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Combine(nint info, nint** sources, nint** targets, ulong count)
    {
#pragma warning disable CA1031 // As above.
        try
        {
            for (var i = 0UL; i < count; i++)
            {
                if (*sources[i] != 0)
                {
                    var source = (GroupValue)GCHandle.FromIntPtr(*sources[i]).Target!;
                    Group(targets[i], source.Call).State.Merge(source.State);
                }
            }
        }
        catch (Exception e)
        {
            FunctionApi.SetAggregateError(info, e.Message);
        }
#pragma warning restore CA1031
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Finish(nint info, nint** states, nint result, ulong count, ulong offset)
    {
#pragma warning disable CA1031 // As above.
        try
        {
            VectorWriter writer = default;
            var isMade = false;
            for (var i = 0UL; i < count; i++)
            {
                var group = *states[i] == 0 ? null : (GroupValue)GCHandle.FromIntPtr(*states[i]).Target!;
                if (!isMade)
                {
                    // Without any row the result's type is unknown here, and all that can be written is null.
                    writer = new VectorWriter(result, group?.Call.Result ?? Kql.Types.KqlType.Long);
                    isMade = group is not null;
                }

                if (group is null)
                {
                    writer.SetNull((int)(offset + i));
                    continue;
                }

                writer.Set((int)(offset + i), group.Call.Element < 0 ? group.State.Finish() : group.State.Finish(group.Call.Element));
            }
        }
        catch (Exception e)
        {
            FunctionApi.SetAggregateError(info, e.Message);
        }
#pragma warning restore CA1031
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Destroy(nint** states, ulong count)
    {
        for (var i = 0UL; i < count; i++)
        {
            if (*states[i] != 0)
            {
                GCHandle.FromIntPtr(*states[i]).Free();
                *states[i] = 0;
            }
        }
    }

    private static GroupValue Group(nint* state, ManagedCall call)
    {
        if (*state != 0)
        {
            return (GroupValue)GCHandle.FromIntPtr(*state).Target!;
        }

        var made = new GroupValue(call, call.Aggregate!(call.Types));
        *state = GCHandle.ToIntPtr(GCHandle.Alloc(made));
        return made;
    }

    private sealed record GroupValue(ManagedCall Call, AggregateState State);
}
