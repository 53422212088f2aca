using System.Text;
using Bartizan.Kql.Functions.Text;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Functions.Operators;

/// <summary>has, contains, startswith, endswith and their kin, =~, and matches regex.</summary>
internal static class TextSearch
{
    private const string Signature = "(text:text, term:text) -> bool";

    public static IEnumerable<KqlFunction> All() =>
    [
        .. Family("has", "has: the term stands in the text as a whole word", Edges.TermStart | Edges.TermEnd),
        .. Family("hasprefix", "hasprefix: a word of the text begins with the term", Edges.TermStart),
        .. Family("hassuffix", "hassuffix: a word of the text ends with the term", Edges.TermEnd),
        .. Family("contains", "contains: the term stands anywhere in the text", Edges.Anywhere, cs: c => $"contains({c[0]}, {c[1]})"),
        .. Family("startswith", "startswith: the text begins with the term", test: n => n.IsStartOf, cs: c => $"starts_with({c[0]}, {c[1]})"),
        .. Family("endswith", "endswith: the text ends with the term", test: n => n.IsEndOf, cs: c => $"suffix({c[0]}, {c[1]})"),
        .. Like(),
        One("_equal_ci", "x =~ y: the same text but for upper and lower case.", ignoreCase: true, negated: false, Edges.Anywhere, n => n.IsAllOf, null),
        One("_not_equal_ci", "x !~ y: not the same text, whatever the case.", ignoreCase: true, negated: true, Edges.Anywhere, n => n.IsAllOf, null),
        new("_matches_regex", Signature, "matches regex: some part of the text fits the regular expression (RE2).")
        {
            Kind = FunctionKind.Operator,
            DuckDb = c => Regexes.Literal(c.Arguments[1]) is { } pattern && c.TypeOf(0) == KqlType.String ? $"regexp_matches({c[0]}, {pattern})" : null,
            Managed = a => KqlValue.Bool(Regexes.Get(Conversion.ToText(a[1]))?.IsMatch(Conversion.ToText(a[0])) ?? false),
        },
        Several("_has_any", "has_any: one of the terms stands in the text as a whole word.", all: false),
        Several("_has_all", "has_all: each of the terms stands in the text as a whole word.", all: true),
    ];

    /// <summary>The list of a membership operator: its arguments, or the elements of the one array among them.</summary>
    internal static List<string> Terms(IReadOnlyList<KqlValue> arguments) =>
    [
        .. arguments.SelectMany(a => a.Type == KqlType.Dynamic && Json.Array(a) is { } items ? items.Select(i => Conversion.ToText(Json.ToDynamic(i))) : [Conversion.ToText(a)]),
    ];

    private static IEnumerable<KqlFunction> Family(
        string word, string doc, Edges edges = Edges.Anywhere, Func<Utf8Needle, TextTest>? test = null, SqlForm? cs = null)
    {
        test ??= n => n.IsIn;
        yield return One("_" + word, $"{doc}, whatever the case.", true, false, edges, test, null);
        yield return One("_not_" + word, $"!{doc}, whatever the case; true when that is not so.", true, true, edges, test, null);
        yield return One($"_{word}_cs", $"{doc}, in the same case.", false, false, edges, test, cs);
        yield return One($"_not_{word}_cs", $"!{doc}, in the same case; true when that is not so.", false, true, edges, test, cs is null ? null : c => $"(NOT {cs(c)})");
    }

    private static KqlFunction One(string name, string doc, bool ignoreCase, bool negated, Edges edges, Func<Utf8Needle, TextTest> test, SqlForm? sql) => new(name, Signature, doc)
    {
        Kind = FunctionKind.Operator,
        Nulls = NullRule.Handled,
        DuckDb = c => c.AllOf(TypeSet.String) ? sql?.Invoke(c) : null,
        Matcher = rest => new NeedleMatcher(new Utf8Needle(Conversion.ToText(rest[0]), ignoreCase, edges), test, negated),
        Managed = a => KqlValue.Bool(test(new Utf8Needle(Conversion.ToText(a[1]), ignoreCase, edges))(Encoding.UTF8.GetBytes(Conversion.ToText(a[0]))) != negated),
    };

    private static KqlFunction Several(string name, string doc, bool all) => new(name, "(text:text, terms:any*) -> bool; (text:text, terms:table) -> bool", doc)
    {
        Kind = FunctionKind.Operator,
        Nulls = NullRule.Handled,
        Matcher = rest => new NeedlesMatcher([.. Terms(rest).Select(t => new Utf8Needle(t, ignoreCase: true, Edges.TermStart | Edges.TermEnd))], all),
        Managed = a =>
        {
            var text = Encoding.UTF8.GetBytes(Conversion.ToText(a[0]));
            var needles = Terms(a[1..].ToArray()).Select(t => new Utf8Needle(t, ignoreCase: true, Edges.TermStart | Edges.TermEnd)).ToList();
            return KqlValue.Bool(new NeedlesMatcher(needles, all).IsMatch(text));
        },
    };

    /// <summary>The old <c>like</c>: <c>*</c> stands for any run of characters.</summary>
    private static IEnumerable<KqlFunction> Like() =>
        from cs in (bool[])[false, true]
        from negated in (bool[])[false, true]
        select new KqlFunction($"_{(negated ? "not" : "")}like{(cs ? "_cs" : "")}", Signature, $"{(negated ? "notlike" : "like")}{(cs ? "cs" : "")}: the whole text {(negated ? "does not fit" : "fits")} a pattern in which * stands for any run of characters.")
        {
            Kind = FunctionKind.Operator,
            Nulls = NullRule.Handled,
            Managed = a =>
            {
                var pattern = string.Join(".*", Conversion.ToText(a[1]).Split('*').Select(System.Text.RegularExpressions.Regex.Escape));
                var regex = Regexes.Get($"(?s{(cs ? "" : "i")})^(?:{pattern})$");
                return KqlValue.Bool((regex?.IsMatch(Conversion.ToText(a[0])) ?? false) != negated);
            },
        };
}
