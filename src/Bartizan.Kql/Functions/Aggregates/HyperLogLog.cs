using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Bartizan.Kql.Functions.Aggregates;

/// <summary>
/// Counts distinct hashes in bounded memory: exactly up to <see cref="ExactLimit"/>, by HyperLogLog registers beyond. As a dynamic value it is
/// <c>[[limit, precision], [hashes as text], [registers in base64]]</c>.
/// </summary>
internal sealed class HyperLogLog(int precision)
{
    public const int ExactLimit = 2048;

    private HashSet<ulong>? hashes = [];
    private byte[]? registers;

    /// <summary>Bits of the hash that choose a register.</summary>
    public int Precision { get; private set; } = precision;

    /// <summary>Kusto's accuracy levels 0 to 4: 1.6%, 0.8%, 0.4%, 0.28% and 0.2% standard error.</summary>
    public static int PrecisionOf(long accuracy) => accuracy switch { <= 0 => 12, 1 => 14, 2 => 16, 3 => 17, _ => 18 };

    public void Add(ulong hash)
    {
        if (hashes is null)
        {
            Register(hash);
            return;
        }

        if (hashes.Add(hash) && hashes.Count > ExactLimit)
        {
            Spill();
        }
    }

    public void Merge(HyperLogLog other)
    {
        if (other.Precision < Precision)
        {
            if (registers is not null)
            {
                registers = Folded(registers, Precision, other.Precision);
            }

            Precision = other.Precision;
        }

        if (other.hashes is not null)
        {
            foreach (var hash in other.hashes)
            {
                Add(hash);
            }

            return;
        }

        if (registers is null)
        {
            Spill();
        }

        var theirs = Folded(other.registers!, other.Precision, Precision);
        for (var i = 0; i < registers!.Length; i++)
        {
            registers[i] = Math.Max(registers[i], theirs[i]);
        }
    }

    /// <summary>Ertl's estimator over the histogram of the registers; it needs no table of corrections.</summary>
    public long Count()
    {
        if (hashes is not null)
        {
            return hashes.Count;
        }

        var q = 64 - Precision;
        double m = registers!.Length;
        Span<int> histogram = stackalloc int[66];
        histogram.Clear();
        foreach (var register in registers)
        {
            histogram[Math.Min((int)register, q + 1)]++;
        }

        var z = m * Tau(1 - (histogram[q + 1] / m));
        for (var k = q; k >= 1; k--)
        {
            z = 0.5 * (z + histogram[k]);
        }

        z += m * Sigma(histogram[0] / m);
        return (long)Math.Round(m * m / (2 * Math.Log(2) * z));
    }

    /// <summary>How many values all have seen; null when one of them no longer knows its values one by one.</summary>
    public static long? CountShared(IReadOnlyList<HyperLogLog> sketches) =>
        sketches.All(s => s.hashes is not null) ? sketches[0].hashes!.LongCount(h => sketches.All(s => s.hashes!.Contains(h))) : null;

    public string ToJson()
    {
        var header = string.Create(CultureInfo.InvariantCulture, $"[[{ExactLimit},{Precision}],[");
        return hashes is not null
            ? $"{header}{string.Join(',', hashes.Select(h => $"\"{unchecked((long)h).ToString(CultureInfo.InvariantCulture)}\""))}],[]]"
            : $"{header}],[\"{Convert.ToBase64String(registers!)}\"]]";
    }

    /// <summary>Null when the value is no sketch.</summary>
    public static HyperLogLog? Read(KqlValue value)
    {
        if (Json.Array(value) is not [{ ValueKind: JsonValueKind.Array } head, { ValueKind: JsonValueKind.Array } exact, { ValueKind: JsonValueKind.Array } dense]
            || head.GetArrayLength() != 2 || head[1].ValueKind != JsonValueKind.Number || !head[1].TryGetInt32(out var precision) || precision is < 4 or > 18)
        {
            return null;
        }

        var sketch = new HyperLogLog(precision);
        foreach (var item in exact.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.String || !long.TryParse(item.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var hash))
            {
                return null;
            }

            sketch.Add(unchecked((ulong)hash));
        }

        if (dense.GetArrayLength() == 0)
        {
            return sketch;
        }

        if (dense[0].ValueKind != JsonValueKind.String || !dense[0].TryGetBytesFromBase64(out var bytes) || bytes.Length != 1 << precision)
        {
            return null;
        }

        sketch.Merge(new HyperLogLog(precision) { hashes = null, registers = bytes });
        return sketch;
    }

    private void Spill()
    {
        var seen = hashes!;
        hashes = null;
        registers = new byte[1 << Precision];
        foreach (var hash in seen)
        {
            Register(hash);
        }
    }

    private void Register(ulong hash)
    {
        var index = (int)(hash >> (64 - Precision));
        var rank = (byte)(BitOperations.LeadingZeroCount((hash << Precision) | (1UL << (Precision - 1))) + 1);
        if (rank > registers![index])
        {
            registers[index] = rank;
        }
    }

    /// <summary>The registers that a lower precision would have: several of the old fall together, their low index bits becoming part of the rank.</summary>
    private static byte[] Folded(byte[] registers, int from, int to)
    {
        if (from == to)
        {
            return registers;
        }

        var folded = new byte[1 << to];
        var bits = from - to;
        for (var i = 0; i < registers.Length; i++)
        {
            if (registers[i] == 0)
            {
                continue;
            }

            var low = i & ((1 << bits) - 1);
            var rank = low == 0 ? bits + registers[i] : bits - BitOperations.Log2((uint)low);
            folded[i >> bits] = (byte)Math.Max(folded[i >> bits], rank);
        }

        return folded;
    }

    private static double Sigma(double x)
    {
        if (x >= 1)
        {
            return double.PositiveInfinity;
        }

        double y = 1, z = x, before;
        do
        {
            x *= x;
            before = z;
            z += x * y;
            y += y;
        }
        while (z != before);
        return z;
    }

    private static double Tau(double x)
    {
        if (x is <= 0 or >= 1)
        {
            return 0;
        }

        double y = 1, z = 1 - x, before;
        do
        {
            x = Math.Sqrt(x);
            before = z;
            y *= 0.5;
            z -= (1 - x) * (1 - x) * y;
        }
        while (z != before);
        return z / 3;
    }
}
