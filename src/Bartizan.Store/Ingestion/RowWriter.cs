using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Bartizan.Content.Tables;
using Bartizan.Kql.Types;
using Bartizan.Store.Catalog;
using Bartizan.Store.Engines.DuckDb;

namespace Bartizan.Store.Ingestion;

/// <summary>
/// Writes JSON objects as rows of one table. A value that does not fit its column's type, and a property without a column, go to
/// <c>_Extra</c>; the record as a whole is refused only when it is no JSON object.
/// </summary>
#pragma warning disable CA1001 // The JSON writer writes to memory and holds nothing that needs disposal.
internal sealed class RowWriter
#pragma warning restore CA1001
{
    /// <summary>The refusal of a custom table's writer that means: extend the table, then add the record again.</summary>
    public const string NeedsColumns = "has properties that are not columns yet";

    private static readonly JsonReaderOptions strict = new() { MaxDepth = 64 };

    private readonly StoredTable table;
    private readonly List<RowChunk> full = [];
    private readonly ColumnNames names;
    private readonly bool grows;
    private readonly KqlType[] types;
    private readonly byte[] typeName;
    private readonly byte[] tenant;
    private readonly int time;
    private readonly int altTime;
    private readonly int type;
    private readonly int tenantId;
    private readonly int size;
    private readonly int billable;
    private readonly int received;
    private readonly int extra;
    private readonly ArrayBufferWriter<byte> extraBytes = new(1024);
    private readonly Utf8JsonWriter extraJson;
    private byte[] scratch = new byte[4096];
    private RowChunk? chunk;
    private bool hasExtra;
    private long rowTime;

    public RowWriter(StoredTable table, Guid workspaceId)
    {
        this.table = table;
        names = new ColumnNames(table.Columns, table.IsCustom);
        grows = table.IsCustom && table.Columns.Count < TableFile.MaxColumns;
        types = [.. table.Columns.Select(c => c.Type)];
        Columns = [.. table.Columns.Select(c => c.Name)];
        typeName = Encoding.UTF8.GetBytes(table.Name);
        tenant = Encoding.UTF8.GetBytes(workspaceId.ToString());
        time = Ordinal(StandardColumns.Time);
        altTime = table.TimeColumn != StandardColumns.Time ? Ordinal(table.TimeColumn) : Ordinal("Timestamp");
        type = Ordinal("Type");
        tenantId = Ordinal("TenantId");
        size = Ordinal("_BilledSize");
        billable = Ordinal("_IsBillable");
        received = Ordinal(StandardColumns.Received);
        extra = Ordinal(StandardColumns.Extra);
        extraJson = new Utf8JsonWriter(extraBytes, new JsonWriterOptions { SkipValidation = true });
    }

    public StoredTable Table => table;

    /// <summary>The names of the chunks' columns.</summary>
    public IReadOnlyList<string> Columns { get; }

    public long Rows { get; private set; }

    public long From { get; private set; } = long.MaxValue;

    public long To { get; private set; } = long.MinValue;

    /// <summary>What was odd about the last row although it was kept; null when nothing was.</summary>
    public string? Remark { get; private set; }

    /// <summary>Whether the last row had a property without a column.</summary>
    public bool SawUnknown { get; private set; }

    /// <summary>About how much memory the rows not yet taken hold.</summary>
    public long HeldBytes => full.Sum(c => c.HeldBytes) + (chunk?.HeldBytes ?? 0);

    /// <summary>Adds a row; otherwise says why not.</summary>
    public string? Add(ReadOnlySpan<byte> json, long now)
    {
        if (!Utf8.IsValid(json))
        {
            json = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json));
        }

        chunk ??= new RowChunk(types);
        Remark = null;
        SawUnknown = false;
        rowTime = 0;
        try
        {
            var refusal = Fill(json);
            if (refusal is null && SawUnknown && grows)
            {
                refusal = NeedsColumns;
            }

            if (refusal is not null)
            {
                Drop();
                return refusal;
            }
        }
        catch (JsonException e)
        {
            Drop();
            return $"is not well-formed JSON at byte {e.BytePositionInLine + 1}: {Reason(e.Message)}";
        }
        catch (InvalidOperationException)
        {
            // The reader says this of \ud800 and its like: half of a character.
            Drop();
            return "holds an escape that is not a character";
        }

        EndRow(json.Length, now);
        return null;
    }

    /// <summary>The rows written so far; the writer starts afresh.</summary>
    public IReadOnlyList<RowChunk> Take()
    {
        if (chunk is { Count: > 0 })
        {
            full.Add(chunk);
            chunk = null;
        }

        var taken = full.ToArray();
        foreach (var rows in taken)
        {
            rows.Complete();
        }

        full.Clear();
        Rows = 0;
        From = long.MaxValue;
        To = long.MinValue;
        return taken;
    }

    private static string Reason(string message)
    {
        var end = message.IndexOf(". ", StringComparison.Ordinal);
        return (end < 0 ? message : message[..end]).TrimEnd('.') + ".";
    }

    private int Ordinal(string name)
    {
        for (var i = 0; i < table.Columns.Count; i++)
        {
            if (table.Columns[i].Name == name)
            {
                return i;
            }
        }

        return ColumnNames.Unknown;
    }

    private string? Fill(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, strict);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return $"is not a JSON object but {Word(reader.TokenType)}";
        }

        var position = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueIsEscaped ? Encoding.UTF8.GetBytes(reader.GetString()!) : reader.ValueSpan;
            var column = names.Find(name, position++);
            reader.Read();
            if (column == ColumnNames.Unknown)
            {
                SawUnknown |= reader.TokenType != JsonTokenType.Null;
                Keep(name, ref reader, json);
            }
            else if (!TrySet(column, ref reader, json))
            {
                Remark = $"'{table.Columns[column].Name}' should be {types[column].ToString().ToLowerInvariant()}; the value is kept in _Extra";
                Keep(name, ref reader, json);
            }
        }

        reader.Read();
        return null;
    }

    private void EndRow(int length, long now)
    {
        if (!chunk!.IsSet(time))
        {
            if (altTime == ColumnNames.Unknown || !chunk.IsSet(altTime))
            {
                rowTime = now;
            }

            chunk.SetLong(time, rowTime);
        }

        if (altTime != ColumnNames.Unknown && !chunk.IsSet(altTime))
        {
            chunk.SetLong(altTime, rowTime);
        }

        if (!chunk.IsSet(tenantId))
        {
            chunk.SetText(tenantId, tenant);
        }

        chunk.SetText(type, typeName);
        chunk.SetReal(size, length);
        chunk.SetText(billable, "true"u8);
        chunk.SetLong(received, now);
        if (hasExtra)
        {
            extraJson.WriteEndObject();
            extraJson.Flush();
            chunk.SetText(extra, extraBytes.WrittenSpan);
            DropExtra();
        }

        chunk.EndRow();
        Rows++;
        From = Math.Min(From, rowTime);
        To = Math.Max(To, rowTime);
        if (chunk.IsFull)
        {
            full.Add(chunk);
            chunk = null;
        }
    }

    private void Drop()
    {
        chunk!.DropRow();
        if (hasExtra)
        {
            extraJson.Flush();
            DropExtra();
        }
    }

    private void DropExtra()
    {
        extraBytes.ResetWrittenCount();
        extraJson.Reset(extraBytes);
        hasExtra = false;
    }

    private bool TrySet(int column, ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        if (column == extra)
        {
            return false;
        }

        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return true;
            case JsonTokenType.String:
                return TrySetText(column, reader.ValueIsEscaped ? Unescape(ref reader) : reader.ValueSpan);
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                if (types[column] is not (KqlType.Dynamic or KqlType.String))
                {
                    return false;
                }

                chunk!.SetText(column, JsonText.Compact(Raw(ref reader, json), ref scratch));
                return true;
            default:
                return TrySetPlain(column, reader.TokenType, reader.ValueSpan);
        }
    }

    /// <summary>A number, true or false.</summary>
    private bool TrySetPlain(int column, JsonTokenType token, ReadOnlySpan<byte> text)
    {
        if (types[column] is KqlType.Dynamic or KqlType.String)
        {
            chunk!.SetText(column, text);
            return true;
        }

        if (token == JsonTokenType.Number && types[column] is KqlType.DateTime)
        {
            return JsonText.TryReadReal(text, out var number) && JsonText.TryReadEpoch(number, out var ticks) && SetTime(column, ticks);
        }

        if (token == JsonTokenType.Number && types[column] is KqlType.TimeSpan)
        {
            return JsonText.TryReadLong(text, out var ticks) && Set(column, ticks);
        }

        if (token is JsonTokenType.True or JsonTokenType.False && types[column] is KqlType.Int or KqlType.Long or KqlType.Real)
        {
            text = token == JsonTokenType.True ? "1"u8 : "0"u8;
        }

        return TrySetText(column, text);
    }

    private bool TrySetText(int column, ReadOnlySpan<byte> text)
    {
        switch (types[column])
        {
            case KqlType.String:
                chunk!.SetText(column, text);
                return true;
            case KqlType.Dynamic:
                SetDynamic(column, text);
                return true;
            case var _ when JsonText.Trim(text).IsEmpty:
                return true;
            case KqlType.DateTime:
                return JsonText.TryReadTime(text, out var at) && SetTime(column, at);
            case KqlType.TimeSpan:
                return JsonText.TryReadSpan(text, out var span) && Set(column, span);
            case KqlType.Long:
                return JsonText.TryReadLong(text, out var number) && Set(column, number);
            case KqlType.Int:
                if (!JsonText.TryReadLong(text, out number) || number != (int)number)
                {
                    return false;
                }

                chunk!.SetInt(column, (int)number);
                return true;
            case KqlType.Real:
                if (!JsonText.TryReadReal(text, out var real))
                {
                    return false;
                }

                chunk!.SetReal(column, real);
                return true;
            case KqlType.Bool:
                if (!JsonText.TryReadBool(text, out var flag))
                {
                    return false;
                }

                chunk!.SetBool(column, flag);
                return true;
            case KqlType.Guid:
                if (!JsonText.TryReadGuid(text, out var guid))
                {
                    return false;
                }

                chunk!.SetGuid(column, guid);
                return true;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>Sources often send an object as a text that holds JSON; it is stored as the object, as Log Analytics does.</summary>
    private void SetDynamic(int column, ReadOnlySpan<byte> text)
    {
        var trimmed = JsonText.Trim(text);
        if (trimmed is [(byte)'{', .., (byte)'}'] or [(byte)'[', .., (byte)']'] && IsJson(trimmed))
        {
            var copy = trimmed.ToArray();
            chunk!.SetText(column, JsonText.Compact(copy, ref scratch));
        }
        else if (text.Length > 0)
        {
            chunk!.SetText(column, JsonSerializer.SerializeToUtf8Bytes(Encoding.UTF8.GetString(text), IngestionJson.Default.String));
        }
    }

    private static bool IsJson(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text, strict);
        try
        {
            reader.Read();
            reader.Skip();
            return !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private bool SetTime(int column, long ticks)
    {
        if (column == time || (column == altTime && !chunk!.IsSet(time)))
        {
            rowTime = ticks;
        }

        return Set(column, ticks);
    }

    private bool Set(int column, long value)
    {
        chunk!.SetLong(column, value);
        return true;
    }

    private void Keep(ReadOnlySpan<byte> name, ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return;
        }

        if (!hasExtra)
        {
            hasExtra = true;
            extraJson.WriteStartObject();
        }

        extraJson.WritePropertyName(name);
        extraJson.WriteRawValue(JsonText.Compact(Raw(ref reader, json), ref scratch), skipInputValidation: true);
    }

    private static ReadOnlySpan<byte> Raw(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return json[start..(int)reader.BytesConsumed];
    }

    private ReadOnlySpan<byte> Unescape(ref Utf8JsonReader reader)
    {
        if (scratch.Length < reader.ValueSpan.Length)
        {
            scratch = new byte[reader.ValueSpan.Length];
        }

        return scratch.AsSpan(0, reader.CopyString(scratch));
    }

    private static string Word(JsonTokenType token) => token switch
    {
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a text",
        JsonTokenType.Number => "a number",
        JsonTokenType.Null => "null",
        _ => "true or false",
    };
}
