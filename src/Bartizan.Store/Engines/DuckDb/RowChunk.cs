using Bartizan.Kql.Types;

namespace Bartizan.Store.Engines.DuckDb;

/// <summary>
/// Up to 2,048 rows in the engine's own memory, filled value by value on any thread and then appended whole. What a row leaves
/// unset is the empty string, or NULL for other types; a column that no row sets takes no memory. A row can be taken back until it is ended.
/// </summary>
internal sealed unsafe class RowChunk : IDisposable
{
    private readonly Column[] columns;
    private readonly IReadOnlyList<KqlType> types;

    public RowChunk(IReadOnlyList<KqlType> types)
    {
        ArgumentNullException.ThrowIfNull(types);
        this.types = types;
        columns = new Column[types.Count];
    }

    public static int Capacity { get; } = (int)ChunkApi.VectorSize();

    public int Count { get; private set; }

    public bool IsFull => Count == Capacity;

    /// <summary>About how much memory the chunk holds.</summary>
    public long HeldBytes { get; private set; }

    /// <summary>Whether any row may have a value in this column.</summary>
    public bool Has(int column) => columns[column].Vector != 0;

    public void SetBool(int column, bool value) => *Slot(column) = value ? (byte)1 : (byte)0;

    public void SetInt(int column, int value) => *(int*)Slot(column) = value;

    public void SetLong(int column, long value) => *(long*)Slot(column) = value;

    public void SetReal(int column, double value) => *(double*)Slot(column) = value;

    /// <summary>UUIDs are 128-bit integers with the top bit turned, so that they sort as unsigned.</summary>
    public void SetGuid(int column, Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        var slot = (ulong*)Slot(column);
        slot[0] = System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        slot[1] = System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes) ^ (1UL << 63);
    }

    /// <summary>Text must be valid UTF-8; the engine trusts it.</summary>
    public void SetText(int column, ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty && types[column] is KqlType.String && !Has(column))
        {
            return;
        }

        var slot = Slot(column);
        if (utf8.Length <= 12)
        {
            // Short strings lie inside their 16 bytes: length, then the text, then zeros.
            *(uint*)slot = (uint)utf8.Length;
            var inline = new Span<byte>(slot + 4, 12);
            utf8.CopyTo(inline);
            inline[utf8.Length..].Clear();
            return;
        }

        HeldBytes += utf8.Length;
        fixed (byte* text = utf8)
        {
            ChunkApi.AssignString(columns[column].Vector, (ulong)Count, text, (ulong)utf8.Length);
        }
    }

    /// <summary>Whether the current row has a value in this column.</summary>
    public bool IsSet(int column) => columns[column].Filled > Count;

    public void EndRow() => Count++;

    /// <summary>Takes back what the current row has set.</summary>
    public void DropRow()
    {
        for (var i = 0; i < columns.Length; i++)
        {
            columns[i].Filled = Math.Min(columns[i].Filled, Count);
        }
    }

    /// <summary>Fills what was left unset; afterwards the chunk can only be appended.</summary>
    public void Complete()
    {
        DropRow();
        for (var i = 0; i < columns.Length; i++)
        {
            if (Has(i))
            {
                Fill(ref columns[i], Count);
            }
        }
    }

    /// <summary>Hands the rows with these columns to the engine.</summary>
    internal bool TryAppend(nint appender, IReadOnlyList<int> wanted)
    {
        var logical = stackalloc nint[wanted.Count];
        for (var i = 0; i < wanted.Count; i++)
        {
            logical[i] = ChunkApi.CreateLogicalType((int)EngineType.Of(types[wanted[i]]));
        }

        var chunk = ChunkApi.CreateDataChunk(logical, (ulong)wanted.Count);
        for (var i = 0; i < wanted.Count; i++)
        {
            ChunkApi.DestroyLogicalType(ref logical[i]);
            ref var column = ref columns[wanted[i]];
            Open(ref column, types[wanted[i]]);
            Fill(ref column, Count);
            ChunkApi.ReferVector(ChunkApi.GetVector(chunk, (ulong)i), column.Vector);
        }

        ChunkApi.SetSize(chunk, (ulong)Count);
        var isTaken = ChunkApi.AppendChunk(appender, chunk) == 0;
        ChunkApi.DestroyDataChunk(ref chunk);
        return isTaken;
    }

    public void Dispose()
    {
        for (var i = 0; i < columns.Length; i++)
        {
            if (Has(i))
            {
                ChunkApi.DestroyVector(ref columns[i].Vector);
                columns[i].Vector = 0;
            }
        }

        GC.SuppressFinalize(this);
    }

    ~RowChunk() => Dispose();

    private byte* Slot(int index)
    {
        ref var column = ref columns[index];
        Open(ref column, types[index]);
        if (column.Filled < Count)
        {
            Fill(ref column, Count);
        }

        column.Filled = Count + 1;
        if (column.Validity is not null)
        {
            column.Validity[Count >> 6] |= 1UL << (Count & 63);
        }

        return column.Values + ((long)Count * column.Width);
    }

    private void Open(ref Column column, KqlType type)
    {
        if (column.Vector != 0)
        {
            return;
        }

        var logical = ChunkApi.CreateLogicalType((int)EngineType.Of(type));
        column.Vector = ChunkApi.CreateVector(logical, (ulong)Capacity);
        ChunkApi.DestroyLogicalType(ref logical);
        column.Values = (byte*)ChunkApi.GetVectorValues(column.Vector);
        column.Width = EngineType.Width(type);
        column.IsText = type is KqlType.String;
        HeldBytes += (long)column.Width * Capacity;
    }

    /// <summary>Rows from the last one set up to <paramref name="end"/> get the column's "nothing".</summary>
    private static void Fill(ref Column column, int end)
    {
        if (column.Filled >= end)
        {
            return;
        }

        new Span<byte>(column.Values + ((long)column.Filled * column.Width), (end - column.Filled) * column.Width).Clear();
        if (!column.IsText)
        {
            if (column.Validity is null)
            {
                ChunkApi.EnsureValidityWritable(column.Vector);
                column.Validity = ChunkApi.GetValidity(column.Vector);
            }

            for (var row = column.Filled; row < end; row++)
            {
                column.Validity[row >> 6] &= ~(1UL << (row & 63));
            }
        }

        column.Filled = end;
    }

    private struct Column
    {
        public nint Vector;
        public byte* Values;
        public ulong* Validity;
        public int Width;
        public int Filled;
        public bool IsText;
    }
}
