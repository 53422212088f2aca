using System.Buffers;
using System.Text.Json;

namespace Bartizan.Agent.Sensors;

/// <summary>Rows as JSON, one a line.</summary>
internal sealed class RowLines
{
    private readonly ArrayBufferWriter<byte> lines = new();

    public int Count { get; private set; }

    public int Length => lines.WrittenCount;

    public ReadOnlyMemory<byte> Bytes => lines.WrittenMemory.ToArray();

    public void Add(Action<Utf8JsonWriter> fields)
    {
        using (var json = new Utf8JsonWriter(lines))
        {
            json.WriteStartObject();
            fields(json);
            json.WriteEndObject();
        }

        lines.Write("\n"u8);
        Count++;
    }
}
