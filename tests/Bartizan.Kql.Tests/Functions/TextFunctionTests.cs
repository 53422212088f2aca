namespace Bartizan.Kql.Tests.Functions;

public class TextFunctionTests
{
    [Theory]
    [InlineData("1-2-A-true", "strcat_delim", "-", 1, "2", "A", true)]
    [InlineData("x1.5", "strcat", "x", 1.5)]
    [InlineData("7.7.7", "strrep", 7, 3, ".")]
    [InlineData("", "strrep", "ab", -1)]
    [InlineData("5", "strlen", "⒦⒰⒮⒯⒪")]
    [InlineData("1", "strlen", "😀")]
    [InlineData("15", "string_size", "⒦⒰⒮⒯⒪")]
    [InlineData("a😀b", "reverse", "b😀a")]
    [InlineData("GRÜN", "toupper", "grün")]
    [InlineData("grün", "tolower", "GRÜN")]
    [InlineData("-1", "strcmp", "ABC", "abc")]
    [InlineData("1", "strcmp", "abcde", "abc")]
    [InlineData("xxx", "translate", "abc", "x", "abc")]
    [InlineData("", "translate", "abc", "", "ab")]
    [InlineData("kusto", "translate", "krasp", "otsku", "spark")]
    public void Texts_are_joined_measured_and_changed(string expected, string name, params object[] arguments) => Assert.Equal(expected, Call.Text(name, arguments));

    [Theory]
    [InlineData("23456", "123456", 1L, null)]
    [InlineData("34", "123456", 2L, 2L)]
    [InlineData("56", "123456", -2L, 2L)]
    [InlineData("", "abc", 9L, 1L)]
    [InlineData("abc", "abc", -9L, null)]
    [InlineData("😀c", "ab😀c", 2L, 2L)]
    public void A_substring_counts_code_points_and_from_the_end(string expected, string text, long start, long? length) =>
        Assert.Equal(expected, length is { } n ? Call.Text("substring", text, start, n) : Call.Text("substring", text, start));

    [Theory]
    [InlineData("[\"a\",\"\",\"b\"]", "a__b", "_", null)]
    [InlineData("[\"bbb\"]", "aaa_bbb_ccc", "_", 1)]
    [InlineData("[]", "a_b", "_", 5)]
    [InlineData("[\"\"]", "", "_", null)]
    [InlineData("[\"aa\",\"cc\"]", "aabbcc", "bb", null)]
    public void A_text_is_split_at_its_delimiters(string expected, string text, string delimiter, int? index) =>
        Assert.Equal(expected, index is { } i ? Call.Text("split", text, delimiter, i) : Call.Text("split", text, delimiter));

    [Theory]
    [InlineData("2", "abcdefg", "cde")]
    [InlineData("2", "abcdefg", "cde", 1, 4)]
    [InlineData("-1", "abcdefg", "cde", 1, 2)]
    [InlineData("-1", "abcdefg", "cde", 3, 4)]
    [InlineData("2", "abcdefg", "cde", -5)]
    [InlineData("4", 1234567, 5, 1, 4)]
    [InlineData("2", "abcdefg", "cde", 2, -1)]
    [InlineData("9", "abcdefgabcdefg", "cde", 1, 10, 2)]
    [InlineData("-1", "abcdefgabcdefg", "cde", 1, -1, 3)]
    [InlineData("null", "abc", "b", 0, -2)]
    public void An_index_is_found_within_its_window(string expected, params object[] arguments) => Assert.Equal(expected, Call.Text("indexof", arguments));

    [Theory]
    [InlineData("3", "aaaa", "aa")]
    [InlineData("2", "ababa", "aba", "normal")]
    [InlineData("1", "ababa", "aba", "regex")]
    [InlineData("2", "abcabc", "a.c", "regex")]
    public void Plain_occurrences_may_overlap_and_matches_may_not(string expected, params object[] arguments) => Assert.Equal(expected, Call.Text("countof", arguments));

    [Theory]
    [InlineData("0", "abcabc", "a.c")]
    [InlineData("3", "abcabcdefg", "a.c", 0, 9, 2)]
    [InlineData("-1", "abcabc", "a.c", 1, -1, 2)]
    [InlineData("-1", "ababaa", "a.a", 0, -1, 2)]
    [InlineData("null", "abcabc", "a|ab", -1)]
    public void A_pattern_is_found_within_its_window(string expected, params object[] arguments) => Assert.Equal(expected, Call.Text("indexof_regex", arguments));

    [Theory]
    [InlineData("This was", "[\"This\",\"is\"]", "[\"This\",\"was\"]")]
    [InlineData("Thwas was", "[\"is\",\"This\"]", "[\"was\",\"This\"]")]
    [InlineData("This was", "[\"This\",\"is\"]", "[12345,\"was\"]")]
    [InlineData("This is", "[5]", "[\"x\"]")]
    public void The_earlier_lookup_comes_first_and_what_is_no_text_changes_nothing(string expected, string lookups, string rewrites) =>
        Assert.Equal(expected, Call.Text("replace_strings", "This is", Call.Json(lookups), Call.Json(rewrites)));

    [Theory]
    [InlineData("Number was: 12", "replace_regex", "Number is 12", @"is (\d+)", @"was: \1")]
    [InlineData("[aa]b", "replace_regex", "aab", "a+", @"[\0]")]
    [InlineData("-b-c-", "replace_regex", "baac", "a*", "-")]
    [InlineData("aab", "replace_regex", "aab", "(", "x")]
    [InlineData("xb", "replace", "a+", "x", "aab")]
    [InlineData("Te st", "trim", @"[^\w]+", "-  Te st// $")]
    [InlineData("https://bing.com", "trim", "--", "--https://bing.com--")]
    [InlineData("Te st// $", "trim_start", @"[^\w]+", "-  Te st// $")]
    [InlineData("-  Te st", "trim_end", @"[^\w]+", "-  Te st// $")]
    [InlineData("b", "extract", "a(.)c", 1, "xabcx")]
    [InlineData("", "extract", "a(.)c", 2, "xabcx")]
    [InlineData("12", "extract", @"(\d+)", 1, "n=12", "long")]
    [InlineData("null", "extract", @"(\d+)", 1, "n=", "long")]
    [InlineData("c", "extract", "(?P<first>a)(b)(?P<last>c)", 3, "abc")]
    [InlineData(@"\(so\$me\.te\^xt\)", "regex_quote", "(so$me.te^xt)")]
    public void Patterns_extract_replace_and_trim(string expected, string name, params object[] arguments) => Assert.Equal(expected, Call.Text(name, arguments));

    [Fact]
    public void All_matches_come_with_the_groups_asked_for()
    {
        const string id = "82b8be2d-dfa7-4bd1";
        Assert.Equal("[\"82b8be2d\",\"dfa7\",\"4bd1\"]", Call.Text("extract_all", @"(\w+)", id));
        Assert.Equal("[[\"8\",\"2b8be2\",\"d\"],[\"d\",\"fa\",\"7\"],[\"4\",\"bd\",\"1\"]]", Call.Text("extract_all", @"(\w)(\w+)(\w)", id));
        Assert.Equal("[[\"8\",\"d\"],[\"d\",\"7\"],[\"4\",\"1\"]]", Call.Text("extract_all", @"(?P<first>\w)(\w+)(?P<last>\w)", Call.Json("[\"first\",3]"), id));
        Assert.Equal("null", Call.Text("extract_all", "(x)", id));
    }

    [Fact]
    public void Repetition_is_bounded() => Assert.Equal(1024 * 3, Call.Text("strrep", "abc", long.MaxValue).Length);
}
