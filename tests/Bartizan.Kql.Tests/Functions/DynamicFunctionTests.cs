namespace Bartizan.Kql.Tests.Functions;

public class DynamicFunctionTests
{
    [Theory]
    [InlineData("[3,4]", "array_slice", "[1,2,3,4,5]", "-3", "-2")]
    [InlineData("[]", "array_slice", "[1,2,3]", "5", "9")]
    [InlineData("[[1,2],[3,4,5]]", "array_split", "[1,2,3,4,5]", "2")]
    [InlineData("[[1],[2,3],[4,5]]", "array_split", "[1,2,3,4,5]", "[1,3]")]
    [InlineData("[4,5,1,2,3]", "array_rotate_left", "[1,2,3,4,5]", "-2")]
    [InlineData("[3,4,5,1,2]", "array_rotate_right", "[1,2,3,4,5]", "-2")]
    [InlineData("[-1,-1,1,2,3]", "array_shift_left", "[1,2,3,4,5]", "-2", "-1")]
    [InlineData("[null,null,1,2,3]", "array_shift_right", "[1,2,3,4,5]", "2")]
    [InlineData("[\"b\",\"a\"]", "array_reverse", "[\"a\",\"b\"]")]
    [InlineData("10.0", "array_sum", "[1,2,3,4]")]
    [InlineData("4", "array_length", "[1,2,3,\"four\"]")]
    [InlineData("null", "array_length", "{}")]
    [InlineData("[1,2,3]", "array_concat", "[1]", "[2,3]")]
    [InlineData("[1,5,3]", "array_iff", "[true,false,true]", "[1,2,3]", "[4,5,6]")]
    [InlineData("[1,2,null]", "array_iff", "[true,true,true]", "[1,2]", "[3,4]")]
    [InlineData("[null,null]", "array_iff", "[\"x\",null]", "1", "0")]
    [InlineData("[[\"A\",{}],[1,\"B\"],[1.5,null]]", "zip", "[\"A\",1,1.5]", "[{},\"B\"]")]
    [InlineData("[\"blue\",\"green\",null,null]", "array_sort_asc", "[null,\"blue\",\"green\",null]")]
    [InlineData("[3,1,\"b\",\"a\",true,null]", "array_sort_desc", "[\"a\",null,3,true,1,\"b\"]")]
    [InlineData("[[5,4,3],[\"b\",\"c\",\"a\"]]", "array_sort_desc", "[3,5,4]", "[\"a\",\"b\",\"c\"]")]
    [InlineData("[1,2,4,8]", "set_union", "[1,2,1,4]", "[1,2]", "[8]")]
    [InlineData("[4]", "set_difference", "[1,2,1,4]", "[1,2]", "[8]")]
    [InlineData("[1]", "set_intersect", "[1,2,1,4]", "[1,2]", "[8,1.0]")]
    [InlineData("0.75", "jaccard_index", "[1,2,3]", "[1,2,3,4]")]
    [InlineData("[\"a\",\"c\"]", "bag_keys", "{\"a\":\"b\",\"c\":{\"d\":1}}")]
    [InlineData("null", "bag_keys", "[]")]
    [InlineData("{\"A\":12,\"B\":2,\"C\":3}", "bag_merge", "{\"A\":12,\"B\":2}", "{\"C\":3,\"A\":1}")]
    [InlineData("{\"k1\":1,\"k2\":{\"p2\":2}}", "bag_remove_keys", "{\"k1\":1,\"k2\":{\"p1\":1,\"p2\":2},\"k3\":[]}", "[\"$.k2.p1\",\"k3\"]")]
    [InlineData("{\"a\":1,\"b\":\"2\",\"c\":null}", "bag_zip", "[\"a\",8,\"b\",\"c\"]", "[1,0,\"2\"]")]
    [InlineData("[\"['a']\",\"['a'][0]\",\"['b']\"]", "treepath", "{\"a\":[1,2],\"b\":3}")]
    [InlineData("{\"a\":{\"b\":[3,1]},\"z\":1}", "dynamic_to_json", "{\"z\":1,\"a\":{\"b\":[3,1]}}")]
    public void Arrays_and_bags_come_out_as_documented(string expected, string name, params string[] json) =>
        Assert.Equal(expected, Call.Text(name, [.. json.Select(j => long.TryParse(j, out var number) ? number : (object)Call.Json(j))]));

    [Theory]
    [InlineData("{\"k1\":1,\"k3\":3}", "{\"k1\":1,\"k3\":\"abc\"}", "k3", 3)]
    [InlineData("{\"k1\":1,\"k2\":{\"p1\":3}}", "{\"k1\":1}", "$.k2.p1", 3)]
    [InlineData("null", "[]", "k", 3)]
    public void A_key_is_set_in_place_or_added(string expected, string bag, string key, int value) => Assert.Equal(expected, Call.Text("bag_set_key", Call.Json(bag), key, value));

    [Fact]
    public void Values_are_packed_with_their_types()
    {
        Assert.Equal("[1,\"2\",\"00:00:04\",1.5,true,null]", Call.Text("pack_array", 1, "2", Call.Span("4s"), 1.5, true, null));
        Assert.Equal("{\"a\":1,\"b\":{\"c\":[]}}", Call.Text("bag_pack", "a", 1, "b", Call.Json("{\"c\":[]}")));
        Assert.Equal("[1,1,1]", Call.Text("repeat", 1, 3));
        Assert.Equal("null", Call.Text("repeat", 1, -1));
        Assert.Equal("true", Call.Text("set_has_element", Call.Json("[\"x\",1]"), "x"));
        Assert.Equal("true", Call.Text("bag_has_key", Call.Json("{\"a\":{\"b\":1}}"), "$.a.b"));
    }

    [Theory]
    [InlineData("2", "an")]
    [InlineData("3", "example", 1, 3)]
    [InlineData("-1", "example", 1, 2)]
    [InlineData("-1", "is", 2, 4)]
    [InlineData("3", "example", 2, -1)]
    [InlineData("-1", "an", 1, -1, 3)]
    [InlineData("4", "an", -3)]
    [InlineData("-1", "is", -4)]
    public void An_element_is_found_within_its_window(string expected, params object[] rest) =>
        Assert.Equal(expected, Call.Text("array_index_of", [Call.Json("[\"this\",\"is\",\"an\",\"example\",\"an\",\"example\"]"), .. rest]));

    [Fact]
    public void A_range_includes_its_stop_and_is_bounded()
    {
        Assert.Equal("[1,4,7]", Call.Text("range", 1, 8, 3));
        Assert.Equal("[3,2,1]", Call.Text("range", 3, 1, -1));
        Assert.Equal("[\"01:00:00\",\"02:00:00\"]", Call.Text("range", Call.Span("1h"), Call.Span("2h")));
        Assert.Equal("[0.0,0.1,0.2,0.30000000000000004]", Call.Text("range", 0.0, 0.35, 0.1));
        Assert.Equal(1_048_576, Call.Value("array_length", Call.Value("range", 1, 1_000_000_000)).AsLong);
    }

    [Theory]
    [InlineData("dictionary", "{}")]
    [InlineData("array", "[]")]
    [InlineData("string", "\"a\"")]
    [InlineData("int", "1")]
    [InlineData("null", "null")]
    public void A_dynamic_value_has_the_type_of_what_it_holds(string expected, string json) => Assert.Equal(expected, Call.Text("gettype", Call.Json(json)));

    [Theory]
    [InlineData("{\"a\":1}", " {\"a\" : 1} ")]
    [InlineData("not json", "not json")]
    [InlineData("null", "")]
    [InlineData("null", "null")]
    public void Text_that_is_no_JSON_is_a_dynamic_string(string expected, string text) => Assert.Equal(expected, Call.Text("parse_json", text));

    [Theory]
    [InlineData("01234567-89ab-cdef-0123-456789abcdef", "0123456789ab-cdef-0123-456789abcdef")]
    [InlineData("01234567-89ab-cdef-0123-456789abcdef", "{01234567-89AB-CDEF-0123-456789ABCDEF}")]
    [InlineData("null", "not a guid")]
    public void The_hyphens_of_a_guid_may_stand_anywhere(string expected, string text) => Assert.Equal(expected, Call.Text("toguid", text));

    [Fact]
    public void A_choice_takes_the_first_that_holds()
    {
        Assert.Equal("b", Call.Text("case", false, "a", true, "b", "c"));
        Assert.Equal("c", Call.Text("iff", null, "a", "c"));
        Assert.Equal("x", Call.Text("coalesce", "", "x"));
        Assert.Equal("17", Call.Text("max_of", 10, 1, -3, 17));
        Assert.Equal("true", Call.Text("isempty", Call.Json("\"\"")));
        Assert.Equal("false", Call.Text("isnull", ""));
    }
}
