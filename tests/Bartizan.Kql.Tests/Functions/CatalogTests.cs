using Bartizan.Kql.Functions;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Tests.Functions;

public class CatalogTests
{
    private const int CallsPerSignature = 200;

    private static readonly KqlValue[] Pool =
    [
        .. Enum.GetValues<KqlType>().Where(t => t != KqlType.Unknown).Select(KqlValue.Null),
        KqlValue.Bool(true), KqlValue.Bool(false),
        KqlValue.Int(0), KqlValue.Int(-1), KqlValue.Int(int.MinValue), KqlValue.Int(int.MaxValue), KqlValue.Int(3),
        KqlValue.Long(0), KqlValue.Long(-1), KqlValue.Long(long.MinValue), KqlValue.Long(long.MaxValue), KqlValue.Long(2), KqlValue.Long(64),
        KqlValue.Real(0), KqlValue.Real(-0.5), KqlValue.Real(double.NaN), KqlValue.Real(double.PositiveInfinity), KqlValue.Real(double.NegativeInfinity), KqlValue.Real(1e308), KqlValue.Real(1e-308),
        KqlValue.Decimal(KqlDecimal.Parse("1.5")), KqlValue.Decimal(KqlDecimal.Parse("-9e6000")), KqlValue.Decimal(KqlDecimal.Zero),
        .. ((string[])["", "a", "\0", "/", "\\", "::", "1.2.3.4", "256.1.1.1/99", "fe80::1%eth0/64", "http://u:p@h:99/p?q=1&q#f", "<a><b/></a>", "<a", "{\"a\":[1]}", "[", "((", "(a)|b", "$.a[0]", "\uD800", "\uD83D\uDE00x",
            "2020-01-01T00:00:00Z", "1.02:03:04", "9223372036854775808", "0x1F", "%zz%41", "H4sIAAAAAAAA", "====", "eyJ4IjoxfQ==", "xn--", "xn--a.b", "-", "typeof", "long", "year", "nanosecond", "Europe/Paris", "yyyy", "regex",
            new string('x', 5000), new string('(', 5000)]).Select(KqlValue.Text),
        KqlValue.DateTime(0L), KqlValue.DateTime(KqlTime.MaxTicks), KqlValue.DateTime(637_000_000_000_000_000L),
        KqlValue.TimeSpan(0L), KqlValue.TimeSpan(long.MinValue), KqlValue.TimeSpan(long.MaxValue), KqlValue.TimeSpan(-36_000_000_000L),
        KqlValue.Guid(System.Guid.Empty), KqlValue.Guid(new System.Guid("01234567-89ab-cdef-0123-456789abcdef")),
        .. ((string[])["{}", "[]", "\"\"", "\"text\"", "1", "1.5", "true", "1e999", "123456789012345678901234567890", "[1,2,3]", "[null,\"b\",1,{}]", "[\"1.2.3.4\",\"10.0.0.0/8\"]", "{\"a\":1,\"a\":2}", "{\"a\":{\"b\":[1]}}", "[[1],[2]]", "[255,300,-1]", "[\"\\ud800\"]", "\"2020-01-01T00:00:00.0000000Z\""]).Select(KqlValue.Dynamic),
    ];

    public static TheoryData<string> Bodies => [.. FunctionCatalog.All.Where(f => f.Managed is not null).Select(f => f.Key)];

    [Fact]
    public void Every_entry_has_a_sentence_and_a_way_to_be_called()
    {
        Assert.All(FunctionCatalog.All, f => Assert.True(f.Doc.Length > 10 && f.Doc.EndsWith('.') && (f.Signatures.Count > 0 || f.Kind == FunctionKind.Language), f.Name));
        Assert.True(FunctionCatalog.All.Count > 300);
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public void No_values_make_a_body_throw(string key)
    {
        var function = FunctionCatalog.ByKey(key)!;
        var random = new Random(key.Length);
        foreach (var signature in function.Signatures.Where(s => s.Parameters.All(p => p.Style != ParameterStyle.Table)))
        {
            for (var i = 0; i < (key is "range" or "repeat" ? 20 : CallsPerSignature); i++)
            {
                Call.Value(function, [.. Arguments(signature, random)]);
            }
        }
    }

    private static IEnumerable<KqlValue> Arguments(Signature signature, Random random)
    {
        var repetitions = random.Next(1, 4);
        foreach (var parameter in signature.Parameters)
        {
            var count = parameter.IsOptional && random.Next(2) == 0 ? 0 : parameter.IsRepeatable ? Math.Min(repetitions, parameter.Max) : 1;
            for (var i = 0; i < count; i++)
            {
                var fitting = Pool.Where(v => parameter.Accepts(v.Type)).ToList();
                yield return parameter.Values.Count > 0 ? KqlValue.Text(parameter.Values[random.Next(parameter.Values.Count)]) : fitting[random.Next(fitting.Count)];
            }
        }
    }
}
