using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Bartizan.Foundation.Outcomes;

namespace Bartizan.Store.Catalog;

/// <summary>
/// Where addresses lie, from a file that the operator supplies: comma-separated, with a header that names <c>network</c> (or <c>start</c> and
/// <c>end</c>), <c>country</c>, <c>state</c>, <c>city</c>, <c>latitude</c>, <c>longitude</c>; or without one, in the order start, end, continent, country,
/// state, city, latitude, longitude. About 50 bytes of memory a line, and each place once.
/// </summary>
public sealed class AddressPlaces
{
    /// <summary>The name of the file in the data folder.</summary>
    public const string FileName = "geoip.csv";

    private static readonly string[] headless = ["start", "end", "continent", "country", "state", "city", "latitude", "longitude"];

    private readonly UInt128[] starts;
    private readonly UInt128[] ends;
    private readonly string[] places;

    private AddressPlaces(List<(UInt128 Start, UInt128 End, string Place)> ranges)
    {
        ranges.Sort((a, b) => a.Start.CompareTo(b.Start) is var byStart && byStart != 0 ? byStart : b.End.CompareTo(a.End));
        starts = [.. ranges.Select(r => r.Start)];
        ends = [.. ranges.Select(r => r.End)];
        places = [.. ranges.Select(r => r.Place)];
    }

    public int Count => starts.Length;

    /// <summary>Lines that could not be read.</summary>
    public int Skipped { get; private init; }

    public static Outcome<AddressPlaces> Read(TextReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var ranges = new List<(UInt128, UInt128, string)>();
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        string[]? columns = null;
        var skipped = 0;
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            var fields = Fields(line);
            if (columns is null)
            {
                var isHeader = !char.IsAsciiDigit(fields[0].TrimStart('\uFEFF') is { Length: > 0 } first ? first[0] : 'x') && !fields[0].Contains(':', StringComparison.Ordinal);
                columns = isHeader ? [.. fields.Select(f => f.Trim().TrimStart('\uFEFF').ToLowerInvariant())] : headless;
                if (isHeader)
                {
                    if (!columns.Contains("network") && !(columns.Contains("start") && columns.Contains("end")))
                    {
                        return new Problem(ProblemKind.Invalid, "InvalidFile", "The header names neither network nor start and end.", FileName);
                    }

                    continue;
                }
            }

            if (Range(columns, fields) is not { } range)
            {
                skipped++;
                continue;
            }

            var place = Place(columns, fields);
            ranges.Add((range.Start, range.End, known.TryGetValue(place, out var same) ? same : known[place] = place));
        }

        return new AddressPlaces(ranges) { Skipped = skipped };
    }

    /// <summary>The place of an address as a bag of country, state, city, latitude and longitude; null when it is not known. Of networks in one another the closest counts.</summary>
    public string? Find(string address)
    {
        if (!IPAddress.TryParse(address, out var parsed))
        {
            return null;
        }

        var value = Number(parsed);
        var at = Array.BinarySearch(starts, value);
        at = at < 0 ? ~at - 1 : LastOf(at);

        // A network that holds others begins before them; there are few levels.
        for (var steps = 0; at >= 0 && steps < 64; at--, steps++)
        {
            if (ends[at] >= value)
            {
                return places[at];
            }
        }

        return null;
    }

    private int LastOf(int at)
    {
        while (at + 1 < starts.Length && starts[at + 1] == starts[at])
        {
            at++;
        }

        return at;
    }

    private static (UInt128 Start, UInt128 End)? Range(string[] columns, List<string> fields)
    {
        if (Field(columns, fields, "network") is { Length: > 0 } network)
        {
            if (!IPNetwork.TryParse(network, out var parsed))
            {
                return null;
            }

            var start = Number(parsed.BaseAddress);
            var bits = 128 - (parsed.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? parsed.PrefixLength + 96 : parsed.PrefixLength);
            return (start, bits == 128 ? UInt128.MaxValue : start + ((UInt128.One << bits) - 1));
        }

        return IPAddress.TryParse(Field(columns, fields, "start"), out var from) && IPAddress.TryParse(Field(columns, fields, "end"), out var to) && Number(to) >= Number(from) ? (Number(from), Number(to)) : null;
    }

    private static string Place(string[] columns, List<string> fields)
    {
        var place = new Dictionary<string, object?>();
        foreach (var (name, other) in new[] { ("country", "country_iso_code"), ("state", "region"), ("city", "city_name") })
        {
            if (Field(columns, fields, name) is { Length: > 0 } text || (text = Field(columns, fields, other)) is { Length: > 0 })
            {
                place[name] = text;
            }
        }

        foreach (var name in new[] { "latitude", "longitude" })
        {
            if (double.TryParse(Field(columns, fields, name), NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            {
                place[name] = number;
            }
        }

        return JsonSerializer.Serialize(place, AddressPlaceJson.Default.DictionaryStringObject);
    }

    private static string? Field(string[] columns, List<string> fields, string name) => Array.IndexOf(columns, name) is >= 0 and var at && at < fields.Count ? fields[at].Trim() : null;

    private static UInt128 Number(IPAddress address)
    {
        var bytes = (address.IsIPv4MappedToIPv6 || address.AddressFamily == AddressFamily.InterNetworkV6 ? address : address.MapToIPv6()).GetAddressBytes();
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    private static List<string> Fields(string line)
    {
        var fields = new List<string>();
        var field = new System.Text.StringBuilder();
        var isQuoted = false;
        foreach (var c in line)
        {
            if (c == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (c == ',' && !isQuoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else
            {
                field.Append(c);
            }
        }

        fields.Add(field.ToString());
        return fields;
    }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(Dictionary<string, object?>))]
[System.Text.Json.Serialization.JsonSerializable(typeof(string))]
[System.Text.Json.Serialization.JsonSerializable(typeof(double))]
internal sealed partial class AddressPlaceJson : System.Text.Json.Serialization.JsonSerializerContext;
