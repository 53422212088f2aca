using System.Diagnostics.CodeAnalysis;
using System.Text;
using Bartizan.Kql.Types;

namespace Bartizan.Store.Ingestion;

/// <summary>
/// Finds the column for a property name without regard to case. Records of one source have their properties in the same order, so
/// the first guess is the column that followed last time.
/// </summary>
internal sealed class ColumnNames
{
    public const int Unknown = -1;

    /// <summary>Spellings remembered; a source that invents names must not fill the memory.</summary>
    private const int MaxSpellings = 8192;

    private readonly Dictionary<string, int> ordinals;
    private readonly Dictionary<byte[], int> spellings;
    private readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> bySpan;
    private readonly List<(byte[] Name, int Ordinal)> order = [];
    private readonly bool isCustom;

    public ColumnNames(IReadOnlyList<KqlColumn> columns, bool isCustom)
    {
        this.isCustom = isCustom;
        ordinals = columns.Select((c, i) => (c.Name, i)).ToDictionary(c => c.Name, c => c.i, StringComparer.OrdinalIgnoreCase);
        spellings = new Dictionary<byte[], int>(new BytesComparer());
        bySpan = spellings.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>The column for the property at <paramref name="position"/> of its record.</summary>
    public int Find(ReadOnlySpan<byte> name, int position)
    {
        if (position < order.Count && name.SequenceEqual(order[position].Name))
        {
            return order[position].Ordinal;
        }

        if (!bySpan.TryGetValue(name, out var kept, out var ordinal))
        {
            ordinal = Look(Encoding.UTF8.GetString(name));
            if (spellings.Count >= MaxSpellings)
            {
                return ordinal;
            }

            kept = name.ToArray();
            spellings.Add(kept, ordinal);
        }

        if (position < order.Count)
        {
            order[position] = (kept, ordinal);
        }
        else if (position == order.Count)
        {
            order.Add((kept, ordinal));
        }

        return ordinal;
    }

    /// <summary>A property's name as the name of a custom column: what KQL cannot write without brackets becomes an underscore.</summary>
    public static string Clean(string name)
    {
        var clean = string.Create(Math.Min(name.Length, 100), name, (span, n) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = char.IsAsciiLetterOrDigit(n[i]) ? n[i] : '_';
            }
        });
        return clean.Length == 0 || char.IsAsciiDigit(clean[0]) ? "_" + clean : clean;
    }

    private int Look(string name)
    {
        if (ordinals.TryGetValue(name, out var ordinal))
        {
            return ordinal;
        }

        // Exports from the portal head their time columns "TimeGenerated [UTC]".
        const string Zone = " [UTC]";
        if (name.EndsWith(Zone, StringComparison.Ordinal) && ordinals.TryGetValue(name[..^Zone.Length], out ordinal))
        {
            return ordinal;
        }

        return isCustom ? ordinals.GetValueOrDefault(Clean(name), Unknown) : Unknown;
    }

    private sealed class BytesComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode([DisallowNull] byte[] obj) => GetHashCode(obj.AsSpan());

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = default(HashCode);
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
