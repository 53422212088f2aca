using System.Text;
using System.Text.Json;
using Bartizan.Foundation.Outcomes;
using Bartizan.Policy.Values;

namespace Bartizan.Policy.Definitions;

/// <summary>Reads JSON text to a tree that knows where everything stood.</summary>
internal static class JsonSyntaxReader
{
    /// <summary>A definition nested deeper than this is refused, by this reader and so by all that walk its tree.</summary>
    public const int MaxDepth = 256;

    public static JsonSyntax? Read(string text, out Diagnostic? fault)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var offsets = new ByteOffsets(text, bytes.Length);
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = MaxDepth });
        fault = null;
        try
        {
            reader.Read();
            var tree = ReadValue(ref reader, offsets);
            reader.Read();
            return tree;
        }
        catch (JsonException e)
        {
            var at = offsets.ToCharacter(OffsetOf(bytes, e));
            var message = e.Message;
            var tail = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
            fault = Diagnostic.Error("InvalidJson", new TextSpan(Math.Min(at, Math.Max(0, text.Length - 1)), 1), tail < 0 ? message : message[..tail]);
            return null;
        }
    }

    private static JsonSyntax ReadValue(ref Utf8JsonReader reader, ByteOffsets offsets)
    {
        var start = offsets.ToCharacter((int)reader.TokenStartIndex);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var members = new List<JsonMember>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var nameSpan = SpanOf(ref reader, offsets);
                    var name = reader.GetString()!;
                    reader.Read();
                    members.Add(new JsonMember(name, nameSpan, ReadValue(ref reader, offsets)));
                }

                return new JsonObject(TextSpan.FromBounds(start, offsets.ToCharacter((int)reader.BytesConsumed)), members);
            case JsonTokenType.StartArray:
                var items = new List<JsonSyntax>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    items.Add(ReadValue(ref reader, offsets));
                }

                return new JsonList(TextSpan.FromBounds(start, offsets.ToCharacter((int)reader.BytesConsumed)), items);
            default:
                return new JsonScalar(SpanOf(ref reader, offsets), Scalar(ref reader));
        }
    }

    private static PolicyValue Scalar(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => PolicyValue.Of(reader.GetString()!),
        JsonTokenType.Number => reader.TryGetInt64(out var whole) ? PolicyValue.Of(whole) : PolicyValue.Of(reader.GetDouble()),
        JsonTokenType.True => PolicyValue.True,
        JsonTokenType.False => PolicyValue.False,
        _ => PolicyValue.Null,
    };

    /// <summary>The token's own place; what the reader consumed with it may be more, as the colon behind a name.</summary>
    private static TextSpan SpanOf(ref Utf8JsonReader reader, ByteOffsets offsets)
    {
        var start = (int)reader.TokenStartIndex;
        var quotes = reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName ? 2 : 0;
        return TextSpan.FromBounds(offsets.ToCharacter(start), offsets.ToCharacter(start + reader.ValueSpan.Length + quotes));
    }

    private static int OffsetOf(byte[] bytes, JsonException e)
    {
        var line = e.LineNumber ?? 0;
        var start = 0;
        while (line > 0 && Array.IndexOf(bytes, (byte)'\n', start) is var next && next >= 0)
        {
            start = next + 1;
            line--;
        }

        return (int)Math.Min(bytes.Length, start + (e.BytePositionInLine ?? 0));
    }

    /// <summary>From places in UTF-8 to places in the text; the two are the same for ASCII.</summary>
    private sealed class ByteOffsets
    {
        private readonly int[]? characters;

        public ByteOffsets(string text, int byteCount)
        {
            if (byteCount == text.Length)
            {
                return;
            }

            characters = new int[byteCount + 1];
            int at = 0, position = 0;
            foreach (var rune in text.EnumerateRunes())
            {
                for (var i = 0; i < rune.Utf8SequenceLength; i++)
                {
                    characters[at++] = position;
                }

                position += rune.Utf16SequenceLength;
            }

            characters[byteCount] = text.Length;
        }

        public int ToCharacter(int offset) => characters is null ? offset : characters[Math.Min(offset, characters.Length - 1)];
    }
}
