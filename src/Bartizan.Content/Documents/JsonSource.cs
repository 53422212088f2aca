using System.Text;
using System.Text.Json;
using Bartizan.Foundation.Outcomes;

namespace Bartizan.Content.Documents;

/// <summary>A JSON text as a tree with places; comments and trailing commas are allowed, as editors write them.</summary>
internal static class JsonSource
{
    public static (SourceNode? Root, Diagnostic? Error) Read(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        var place = new Places(text);
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions
        {
            AllowTrailingCommas = true,
            CommentHandling = JsonCommentHandling.Skip,
            MaxDepth = SourceDocument.MaxDepth,
        });
        try
        {
            reader.Read();
            var root = Value(ref reader, place);
            while (reader.Read())
            {
                // Reading on finds what follows the value and must not.
            }

            return (root, null);
        }
        catch (JsonException e)
        {
            var message = e.Message.Split(" LineNumber:", 2)[0].TrimEnd('.');
            return (null, Diagnostic.Error("BC003", new TextSpan(place.Of(reader.BytesConsumed), 0), $"This is not well-formed JSON: {message}."));
        }
        catch (InvalidOperationException)
        {
            return (null, Diagnostic.Error("BC003", new TextSpan(place.Of(reader.TokenStartIndex), 0), "This is not well-formed JSON: a text holds a broken character."));
        }
    }

    private static SourceNode Value(ref Utf8JsonReader reader, Places places)
    {
        var start = places.Of(reader.TokenStartIndex);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var entries = new List<SourceEntry>();
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    var keySpan = TextSpan.FromBounds(places.Of(reader.TokenStartIndex), places.Of(reader.BytesConsumed));
                    var key = reader.GetString()!;
                    reader.Read();
                    entries.Add(new SourceEntry(key, keySpan, Value(ref reader, places)));
                }

                return new SourceMap(entries, TextSpan.FromBounds(start, places.Of(reader.BytesConsumed)));
            case JsonTokenType.StartArray:
                var items = new List<SourceNode>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    items.Add(Value(ref reader, places));
                }

                return new SourceList(items, TextSpan.FromBounds(start, places.Of(reader.BytesConsumed)));
            case JsonTokenType.String:
                return new SourceScalar(reader.GetString()!, true, TextSpan.FromBounds(start, places.Of(reader.BytesConsumed)));
            default:
                return new SourceScalar(
                    Encoding.UTF8.GetString(reader.ValueSpan), false, TextSpan.FromBounds(start, places.Of(reader.BytesConsumed)));
        }
    }

    /// <summary>Character index of a byte index; asked in rising order, so one pass over the text suffices.</summary>
    private sealed class Places(string text)
    {
        private long bytes;
        private int characters;

        public int Of(long byteIndex)
        {
            if (byteIndex < bytes)
            {
                (bytes, characters) = (0, 0);
            }

            while (bytes < byteIndex && characters < text.Length)
            {
                var rune = Rune.TryGetRuneAt(text, characters, out var r) ? r : Rune.ReplacementChar;
                bytes += rune.Utf8SequenceLength;
                characters += char.IsHighSurrogate(text[characters]) && rune.Utf16SequenceLength == 2 ? 2 : 1;
            }

            return characters;
        }
    }
}
