using Bartizan.Kql.Types;

namespace Bartizan.Store.Engines.DuckDb;

/// <summary>
/// Up to 2,048 rows in the engine's own memory, filled value by value on any thread and then appended whole. What a row leaves
/// unset is the empty string, or NULL for other types. A row can be taken back until it is ended.
/// </summary>
internal sealed unsafe class RowChunk : IDisposable
{
    private readonly Column[] columns;
    private nint chunk;

    public RowChunk(IReadOnlyList<KqlType> types)
    {
        ArgumentNullException.ThrowIfNull(types);
        columns = new Column[types.Count];
        var logical = stackalloc nint[types.Count];
        for (var i = 0; i < types.Count; i++)
        {
            logical[i] = ChunkApi.CreateLogicalType((int)EngineType.Of(types[i]));
        }

        chunk = ChunkApi.CreateDataChunk(logical, (ulong)types.Count);
        for (var i = 0; i < types.Count; i++)
        {
            ChunkApi.DestroyLogicalType(ref logical[i]);
            var vector = ChunkApi.GetVector(chunk, (ulong)i);
            columns[i] = new Column
            {
                Vector = vector,
                Values = (byte*)ChunkApi.GetVectorValues(vector),
                Width = EngineType.Width(types[i]),
                IsText = types[i] is KqlType.String,
            };
            HeldBytes += (long)columns[i].Width * Capacity;
        }
    }

    public static int Capacity { get; } = (int)ChunkApi.VectorSize();

    public int Count { get; private set; }

    public bool IsFull => Count == Capacity;

    /// <summary>About how much memory the chunk holds.</summary>
    public long HeldBytes { get; private set; }

    internal nint Handle => chunk;

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

    /// <summary>Fills what was left unset and fixes the size; afterwards the chunk can only be appended.</summary>
    public void Complete()
    {
        DropRow();
        for (var i = 0; i < columns.Length; i++)
        {
            Fill(ref columns[i], Count);
        }

        ChunkApi.SetSize(chunk, (ulong)Count);
    }

    public void Dispose()
    {
        if (chunk != 0)
        {
            ChunkApi.DestroyDataChunk(ref chunk);
            chunk = 0;
        }

        GC.SuppressFinalize(this);
    }

    ~RowChunk() => Dispose();

    private byte* Slot(int index)
    {
        ref var column = ref columns[index];
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
