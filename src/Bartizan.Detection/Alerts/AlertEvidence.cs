using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Bartizan.Detection.Entities;

namespace Bartizan.Detection.Alerts;

/// <summary>
/// The rows an alert was raised for, as they were then, with the query, the window and the engine that found them.
/// <see cref="Hash"/> covers all of it, so that a change afterwards shows.
/// </summary>
public sealed record AlertEvidence
{
    /// <summary>Rows frozen with one alert; how many there were in all is kept beside.</summary>
    public const int MaxRows = 500;

    /// <summary>Characters of JSON frozen with one alert.</summary>
    public const int MaxCharacters = 1_000_000;

    public required Guid AlertId { get; init; }

    public required string Query { get; init; }

    public required DateTimeOffset Start { get; init; }

    public required DateTimeOffset End { get; init; }

    public required string Engine { get; init; }

    public required IReadOnlyList<EvidenceColumn> Columns { get; init; }

    /// <summary>A JSON array of rows, each an array in the order of the columns.</summary>
    public required string Rows { get; init; }

    public required int FrozenRows { get; init; }

    public required long TotalRows { get; init; }

    /// <summary>SHA-256, in lower-case hexadecimal.</summary>
    public string Hash { get; init; } = "";

    public bool IsIntact => Hash == HashOf(this);

    public static AlertEvidence Freeze(Guid alertId, RuleRows rows, long totalRows, string query, DateTimeOffset start, DateTimeOffset end, string engine)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var (json, frozen) = Write(rows);
        var evidence = new AlertEvidence
        {
            AlertId = alertId,
            Query = query,
            Start = start,
            End = end,
            Engine = engine,
            Columns = [.. rows.Columns.Select(c => new EvidenceColumn(c.Name, c.Type.ToString().ToLowerInvariant()))],
            Rows = json,
            FrozenRows = frozen,
            TotalRows = totalRows,
        };
        return evidence with { Hash = HashOf(evidence) };
    }

    private static (string Json, int Rows) Write(RuleRows rows)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartArray();
        var frozen = 0;
        foreach (var row in rows.Rows.Take(MaxRows))
        {
            json.WriteStartArray();
            for (var i = 0; i < row.Length; i++)
            {
                WriteCell(json, row[i]);
            }

            json.WriteEndArray();
            frozen++;
            json.Flush();
            if (buffer.WrittenCount > MaxCharacters)
            {
                break;
            }
        }

        json.WriteEndArray();
        json.Flush();
        return (Encoding.UTF8.GetString(buffer.WrittenSpan), frozen);
    }

    private static void WriteCell(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case bool truth:
                json.WriteBooleanValue(truth);
                break;
            case int or long or short or byte:
                json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case double number when double.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            case decimal number:
                json.WriteNumberValue(number);
                break;
            default:
                json.WriteStringValue(RuleRows.TextOf(value));
                break;
        }
    }

    private static string HashOf(AlertEvidence e)
    {
        var text = string.Join('\n',
            e.AlertId.ToString("D"), e.Query, e.Start.UtcDateTime.ToString("O", CultureInfo.InvariantCulture), e.End.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
            e.Engine, string.Join(',', e.Columns.Select(c => $"{c.Name}:{c.Type}")), e.FrozenRows.ToString(CultureInfo.InvariantCulture),
            e.TotalRows.ToString(CultureInfo.InvariantCulture), e.Rows);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}

public sealed record EvidenceColumn(string Name, string Type);
