using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Bartizan.Kql.Functions.Aggregates;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Functions.Hashing;

/// <summary>Hashes of values. xxHash64 takes the bytes a value is kept in, the cryptographic ones those of its text.</summary>
internal static class Hashes
{
    public static IEnumerable<KqlFunction> All() =>
    [
        Mod("hash", "A number that stands for the value (xxHash64); with a second argument its remainder by that."),
        Mod("hash_xxhash64", "The xxHash64 of the value; with a second argument its remainder by that."),
        new("hash_combine", "(source:any*) -> long", "One hash made of several.")
        {
            Managed = a => Combined(a, hashed: true),
        },
        new("hash_many", "(source:scalar*) -> long", "One hash made of those of several values.")
        {
            Managed = a => Combined(a, hashed: false),
        },
        Text("hash_md5", "The MD5 hash of the value's text, in hexadecimal digits.", MD5Of, "md5"),
        Text("hash_sha1", "The SHA-1 hash of the value's text, in hexadecimal digits.", Sha1Of, null),
        Text("hash_sha256", "The SHA-256 hash of the value's text, in hexadecimal digits.", SHA256.HashData, "sha256"),
    ];

    internal static long Of(KqlValue value)
    {
        Span<byte> bytes = stackalloc byte[16];
        switch (value.Type)
        {
            case KqlType.Int or KqlType.Long or KqlType.DateTime or KqlType.TimeSpan:
                BinaryPrimitives.WriteInt64LittleEndian(bytes, value.AsLong);
                bytes = bytes[..8];
                break;
            case KqlType.Real:
                BinaryPrimitives.WriteDoubleLittleEndian(bytes, value.AsReal);
                bytes = bytes[..8];
                break;
            case KqlType.Bool:
                bytes[0] = value.AsBool ? (byte)1 : (byte)0;
                bytes = bytes[..1];
                break;
            case KqlType.Guid:
                _ = value.AsGuid.TryWriteBytes(bytes);
                break;
            default:
                return (long)ValueHash.Of(Encoding.UTF8.GetBytes(Conversion.ToText(value)));
        }

        return (long)ValueHash.Of(bytes);
    }

    private static KqlFunction Mod(string name, string doc) => new(name, "(source:scalar, mod:integer?) -> long", doc)
    {
        Managed = a =>
        {
            var hash = Of(a[0]);
            return a.Length == 1 ? KqlValue.Long(hash)
                : a[1].AsLong is > 0 and var mod ? KqlValue.Long(hash % mod is var rest && rest < 0 ? rest + mod : rest)
                : KqlValue.Null(KqlType.Long);
        },
    };

    private static KqlFunction Text(string name, string doc, Func<byte[], byte[]> hash, string? sql) => new(name, "(source:scalar) -> string", doc)
    {
        DuckDb = sql is null ? null : c => c.TypeOf(0) == KqlType.String ? $"{sql}({c[0]})" : null,
        Managed = a => KqlValue.Text(Convert.ToHexStringLower(hash(Encoding.UTF8.GetBytes(Conversion.ToText(a[0]))))),
    };

    /// <summary>How Kusto mixes is not published, and its pages advise against keeping the result; any good mix will do.</summary>
    private static KqlValue Combined(ReadOnlySpan<KqlValue> values, bool hashed)
    {
        var mix = 0UL;
        foreach (var value in values)
        {
            var hash = (ulong)(hashed && value.Type is KqlType.Int or KqlType.Long ? value.AsLong : Of(value));
            mix ^= unchecked(hash + 0x9E3779B97F4A7C15 + (mix << 6) + (mix >> 2));
        }

        return KqlValue.Long((long)mix);
    }

#pragma warning disable CA5351, CA5350 // The query language has these functions, for comparing with published hashes.
    private static byte[] MD5Of(byte[] bytes) => MD5.HashData(bytes);

    private static byte[] Sha1Of(byte[] bytes) => SHA1.HashData(bytes);
#pragma warning restore CA5351, CA5350
}
