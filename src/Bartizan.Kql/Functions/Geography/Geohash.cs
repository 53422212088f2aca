using Bartizan.Kql.Types;

namespace Bartizan.Kql.Functions.Geography;

/// <summary>Geohash cells: base-32 digits that halve longitude and latitude in turn.</summary>
internal static class Geohash
{
    private const string Digits = "0123456789bcdefghjkmnpqrstuvwxyz";

    public static IEnumerable<KqlFunction> All() =>
    [
        new("geo_point_to_geohash", "(longitude:number, latitude:number, accuracy:number?) -> string", "The geohash cell of a point, of 1 to 18 digits.")
        {
            Nulls = NullRule.Handled,
            Managed = a => GeoJson.Point(a[0], a[1]) is not null && Level(a, 2, 5, 1, 18) is { } digits ? KqlValue.Text(Encode(a[0].AsReal, a[1].AsReal, digits)) : KqlValue.Text(""),
        },
        new("geo_geohash_to_central_point", "(geohash:string) -> dynamic", "The centre of a geohash cell.")
        {
            Managed = a => Box(a[0].AsText) is var (west, south, east, north)
                ? KqlValue.Dynamic($"{{\"type\":\"Point\",\"coordinates\":{GeoJson.Pair((west + east) / 2, (south + north) / 2)}}}")
                : KqlValue.Null(KqlType.Dynamic),
        },
        new("geo_geohash_to_polygon", "(geohash:string) -> dynamic", "The outline of a geohash cell.")
        {
            Managed = a => Box(a[0].AsText) is var (west, south, east, north)
                ? KqlValue.Dynamic(GeoJson.RingText([(west, south), (east, south), (east, north), (west, north), (west, south)]))
                : KqlValue.Null(KqlType.Dynamic),
        },
        new("geo_geohash_neighbors", "(geohash:string) -> dynamic", "The cells around a geohash cell.")
        {
            Managed = Neighbors,
        },
    ];

    /// <summary>An optional level; null when it is null or out of range.</summary>
    internal static int? Level(ReadOnlySpan<KqlValue> a, int at, int standard, int from, int to) =>
        a.Length <= at ? standard : a[at].IsNull || !(a[at].AsReal >= from && a[at].AsReal <= to) ? null : (int)a[at].AsReal;

    private static string Encode(double longitude, double latitude, int length)
    {
        Span<char> digits = stackalloc char[length];
        double west = -180, east = 180, south = -90, north = 90;
        for (var i = 0; i < length; i++)
        {
            var digit = 0;
            for (var bit = 0; bit < 5; bit++)
            {
                if (((i * 5) + bit) % 2 == 0)
                {
                    var middle = (west + east) / 2;
                    digit = (digit << 1) | (longitude >= middle ? 1 : 0);
                    (west, east) = longitude >= middle ? (middle, east) : (west, middle);
                }
                else
                {
                    var middle = (south + north) / 2;
                    digit = (digit << 1) | (latitude >= middle ? 1 : 0);
                    (south, north) = latitude >= middle ? (middle, north) : (south, middle);
                }
            }

            digits[i] = Digits[digit];
        }

        return new string(digits);
    }

    private static (double West, double South, double East, double North)? Box(string hash)
    {
        if (hash.Length is 0 or > 18)
        {
            return null;
        }

        double west = -180, east = 180, south = -90, north = 90;
        for (var i = 0; i < hash.Length; i++)
        {
            var digit = Digits.IndexOf(char.ToLowerInvariant(hash[i]), StringComparison.Ordinal);
            if (digit < 0)
            {
                return null;
            }

            for (var bit = 0; bit < 5; bit++)
            {
                var isHigh = ((digit >> (4 - bit)) & 1) == 1;
                if (((i * 5) + bit) % 2 == 0)
                {
                    var middle = (west + east) / 2;
                    (west, east) = isHigh ? (middle, east) : (west, middle);
                }
                else
                {
                    var middle = (south + north) / 2;
                    (south, north) = isHigh ? (middle, north) : (south, middle);
                }
            }
        }

        return (west, south, east, north);
    }

    private static KqlValue Neighbors(ReadOnlySpan<KqlValue> a)
    {
        if (Box(a[0].AsText) is not var (west, south, east, north))
        {
            return KqlValue.Null(KqlType.Dynamic);
        }

        var cells = new List<string>();
        foreach (var (dx, dy) in ((int, int)[])[(-1, -1), (-1, 1), (1, -1), (0, 1), (-1, 0), (1, 1), (1, 0), (0, -1)])
        {
            var latitude = ((south + north) / 2) + (dy * (north - south));
            if (Math.Abs(latitude) <= 90)
            {
                var longitude = Math.IEEERemainder(((west + east) / 2) + (dx * (east - west)), 360);
                cells.Add(Json.Quote(Encode(longitude, latitude, a[0].AsText.Length)));
            }
        }

        return Json.ArrayOf(cells.Distinct());
    }
}
