using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bartizan.Agent.Buffer;

/// <summary>What the buffer must know beside its batches: who this agent is, what was sent, where each sensor stands, what was lost.</summary>
internal sealed record BufferState
{
    /// <summary>Names the batches of this agent; made once.</summary>
    public required Guid AgentId { get; init; }

    /// <summary>All batches up to this number have arrived, or were dropped or refused.</summary>
    public long SentThrough { get; init; }

    public IReadOnlyDictionary<string, string> Positions { get; init; } = new Dictionary<string, string>();

    /// <summary>Rows that were dropped because the buffer was full.</summary>
    public long DroppedRows { get; init; }

    /// <summary>Rows that the server would not take.</summary>
    public long RefusedRows { get; init; }

    public static BufferState? Read(string file)
    {
        try
        {
            return File.Exists(file) ? JsonSerializer.Deserialize(File.ReadAllBytes(file), BufferJson.Default.BufferState) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Written beside and moved into place, so that there is always a whole one.</summary>
    public void Write(string file)
    {
        var beside = file + ".new";
        using (var stream = new FileStream(beside, FileMode.Create, FileAccess.Write))
        {
            stream.Write(JsonSerializer.SerializeToUtf8Bytes(this, BufferJson.Default.BufferState));
            stream.Flush(flushToDisk: true);
        }

        File.Move(beside, file, overwrite: true);
    }
}

[JsonSerializable(typeof(BufferState))]
internal sealed partial class BufferJson : JsonSerializerContext;
