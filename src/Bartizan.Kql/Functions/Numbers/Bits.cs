using System.Numerics;

namespace Bartizan.Kql.Functions.Numbers;

/// <summary>Bits of whole numbers, as 64-bit two's complement.</summary>
internal static class Bits
{
    private const string Pair = "(value1:integer, value2:integer) -> long";

    public static IEnumerable<KqlFunction> All() =>
    [
        Two("binary_and", Pair, "The bits that both numbers have.", (a, b) => a & b, (x, y) => $"({x} & {y})"),
        Two("binary_or", Pair, "The bits that at least one of the numbers has.", (a, b) => a | b, (x, y) => $"({x} | {y})"),
        Two("binary_xor", Pair, "The bits that just one of the numbers has.", (a, b) => a ^ b, (x, y) => $"xor({x}, {y})"),
        Two("binary_shift_left", "(value:integer, shift:integer) -> long", "The bits moved left, by the shift modulo 64; null for a negative shift.", (a, n) => n < 0 ? null : a << (int)(n % 64), null),
        Two("binary_shift_right", "(value:integer, shift:integer) -> long", "The bits moved right with the sign kept, by the shift modulo 64; null for a negative shift.", (a, n) => n < 0 ? null : a >> (int)(n % 64), null),
        new("binary_not", "(value:integer) -> long", "The bits turned over.")
        {
            Naming = NameRule.FirstArgument,
            DuckDb = c => $"(~({c[0]})::BIGINT)",
            Managed = a => KqlValue.Long(~a[0].AsLong),
        },
        new("bitset_count_ones", "(value:integer) -> long", "How many bits of the number are set.")
        {
            Naming = NameRule.FirstArgument,
            Managed = a => KqlValue.Long((long)BitOperations.PopCount((ulong)a[0].AsLong)),
        },
    ];

    private static KqlFunction Two(string name, string signature, string doc, Func<long, long, long?> compute, Func<string, string, string>? sql) => new(name, signature, doc)
    {
        Naming = NameRule.FirstArgument,
        DuckDb = c => c.AllOf(TypeSet.Integer) ? sql?.Invoke($"({c[0]})::BIGINT", $"({c[1]})::BIGINT") : null,
        Managed = a => KqlValue.Long(compute(a[0].AsLong, a[1].AsLong)),
    };
}
