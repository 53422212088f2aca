using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Bartizan.Policy.Values;

namespace Bartizan.Cli.Policy;

/// <summary>
/// <c>bartizan policy eval --batch</c>: one request a line, one answer a line, in the same order. A bad line gets an answer that
/// says so, and the run goes on.
/// </summary>
internal sealed class BatchRun(string folder, TimeProvider clock)
{
    /// <summary>Longer lines are not read; no resource comes near it.</summary>
    public const int MaxLineLength = 64 << 20;

    private static readonly JsonDocumentOptions LineOptions = new() { MaxDepth = PolicyJson.MaxDepth * 2, AllowDuplicateProperties = true };

    private static readonly JsonWriterOptions AnswerOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = PolicyJson.MaxDepth * 4 };

    private readonly BatchPolicies policies = new(folder);

    public void Run(Stream input, Stream output)
    {
        var lines = new BatchLines(input, MaxLineLength);
        var line = new ArrayBufferWriter<byte>(1 << 16);
        using var buffered = new BufferedStream(output, 1 << 16);
        var answer = new ArrayBufferWriter<byte>(1 << 12);
        using var writer = new Utf8JsonWriter(answer, AnswerOptions);
        while (lines.Next(line, out var isCut))
        {
            if (!isCut && line.WrittenSpan.Trim(" \t\r"u8).IsEmpty)
            {
                continue;
            }

            answer.ResetWrittenCount();
            writer.Reset();
            Answer(line.WrittenMemory, isCut).Write(writer);
            writer.Flush();
            buffered.Write(answer.WrittenSpan);
            buffered.WriteByte((byte)'\n');
        }
    }

    private BatchAnswer Answer(ReadOnlyMemory<byte> line, bool isCut)
    {
        if (isCut)
        {
            return BatchAnswer.Refused(FindId(line.Span), "parse", $"The line is longer than {MaxLineLength} bytes.");
        }

        JsonDocument document;
        try
        {
            var isMarked = line.Span.StartsWith(Encoding.UTF8.Preamble);
            document = JsonDocument.Parse(isMarked ? line[3..] : line, LineOptions);
        }
        catch (JsonException e)
        {
            return BatchAnswer.Refused(FindId(line.Span), "parse", $"The line is not JSON: {e.Message}");
        }

        using (document)
        {
            return new BatchRequest(document.RootElement, policies, clock).Answer();
        }
    }

    /// <summary>The id of a line that is not whole JSON, if it comes before the fault.</summary>
    private static PolicyValue FindId(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line, isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = LineOptions.MaxDepth }));
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && reader.ValueTextEquals("id"u8) && reader.Read())
                {
                    return reader.TokenType == JsonTokenType.String ? PolicyValue.Of(reader.GetString()!)
                        : reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number) ? PolicyValue.Of(number)
                        : PolicyValue.Null;
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return PolicyValue.Null;
        }

        return PolicyValue.Null;
    }
}
