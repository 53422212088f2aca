namespace Bartizan.Kql.Tests.Functions;

public class FormatFunctionTests
{
    [Theory]
    [InlineData("3232235777", "parse_ipv4", "192.168.1.1")]
    [InlineData("3232235776", "parse_ipv4", "192.168.1.1/24")]
    [InlineData("null", "parse_ipv4", "192.168.1.256")]
    [InlineData("3221334018", "parse_ipv4_mask", "192.1.168.2", 31)]
    [InlineData("0000:0000:0000:0000:0000:ffff:7f00:0001", "parse_ipv6", "127.0.0.1")]
    [InlineData("fe80:0000:0000:0000:085d:e82c:9446:7994", "parse_ipv6", "fe80::85d:e82c:9446:7994")]
    [InlineData("0000:0000:0000:0000:0000:ffff:c0a8:ff00", "parse_ipv6_mask", "192.168.255.255", 120)]
    [InlineData("", "parse_ipv6", "127.0.0")]
    [InlineData("192.168.1.0", "format_ipv4", "192.168.1.1", 24)]
    [InlineData("192.168.1.0/24", "format_ipv4_mask", "192.168.1.1/24", 32)]
    [InlineData("", "format_ipv4_mask", "192.168.1.1/24", -1)]
    [InlineData("0", "ipv4_compare", "192.168.1.1/24", "192.168.1.255", 31)]
    [InlineData("1", "ipv4_compare", "192.168.1.1", "192.168.1.0", 32)]
    [InlineData("true", "ipv4_is_match", "192.168.1.1/30", "192.168.1.255/24")]
    [InlineData("null", "ipv4_is_match", "x", "192.168.1.255/24")]
    [InlineData("true", "ipv4_is_in_range", "192.168.1.1", "192.168.1.255/24")]
    [InlineData("true", "ipv4_is_in_any_range", "192.168.1.6", "192.168.1.1/24", "10.0.0.1/8")]
    [InlineData("false", "ipv4_is_in_any_range", "1.1.1.1", "192.168.1.1/24", "10.0.0.1/8")]
    [InlineData("true", "ipv6_is_in_range", "a5e:f127:8a9d:146d:e102:b5d3:c755:abcd", "a5e:f127:8a9d:146d:e102:b5d3:c755:f6cd/112")]
    [InlineData("true", "ipv4_is_private", "192.168.1.1/24")]
    [InlineData("true", "ipv4_is_private", "172.31.255.1")]
    [InlineData("false", "ipv4_is_private", "172.32.0.1")]
    [InlineData("false", "ipv4_is_private", "127.0.0.1")]
    [InlineData("32", "ipv4_netmask_suffix", "10.1.2.3")]
    [InlineData("[\"1.1.128.0/21\",\"1.1.136.0/22\",\"1.1.140.0/24\"]", "ipv4_range_to_cidr_list", "1.1.128.0", "1.1.140.255")]
    [InlineData("true", "has_ipv4", "05:04:54 127.0.0.1 GET /favicon.ico 404", "127.0.0.1")]
    [InlineData("false", "has_ipv4", "05:04:54127.0.0.1 GET /favicon.ico 404", "127.0.0.1")]
    [InlineData("false", "has_ipv4", "05:04:54 127.0.0.256 GET", "127.0.0.256")]
    [InlineData("true", "has_ipv4_prefix", "05:04:54 127.0.0.1 GET", "127.0.")]
    [InlineData("false", "has_ipv4_prefix", "05:04:54 127.0.0.1 GET", "127.0")]
    [InlineData("true", "has_any_ipv4", "05:04:54 127.0.0.1 GET", "127.0.0.2", "127.0.0.1")]
    public void Addresses_come_out_as_documented(string expected, string name, params object[] arguments) => Assert.Equal(expected, Call.Text(name, arguments));

    [Theory]
    [InlineData("Kusto", "base64_decode_tostring", "S3VzdG8=")]
    [InlineData("", "base64_decode_tostring", "U3RyaW5n0KHR0tGA0L7Rh9C60LA=")]
    [InlineData("[75,117,115,116,111]", "base64_decode_toarray", "S3VzdG8=")]
    [InlineData("ae3133f2-6e22-49ae-b06a-16e6a9b212eb", "base64_decode_toguid", "8jMxriJurkmwahbmqbIS6w==")]
    [InlineData("https%3a%2f%2fwww.bing.com%2fhello+world", "url_encode", "https://www.bing.com/hello world")]
    [InlineData("https%3a%2f%2fwww.bing.com%2fhello%20world%2f", "url_encode_component", "https://www.bing.com/hello world/")]
    [InlineData("a/b c%zz", "url_decode", "a%2Fb+c%zz")]
    [InlineData("H4sIAAAAAAAA/wEUAOv/MTIzNDU2Nzg5MHF3ZXJ0eXVpb3A6m7f2FAAAAA==", "gzip_compress_to_base64_string", "1234567890qwertyuiop")]
    [InlineData("1234567890qwertyuiop", "gzip_decompress_from_base64_string", "H4sIAAAAAAAA/wEUAOv/MTIzNDU2Nzg5MHF3ZXJ0eXVpb3A6m7f2FAAAAA==")]
    [InlineData("", "zlib_decompress_from_base64_string", "x0x0x0")]
    [InlineData("Gáe.Bulg.edu", "punycode_domain_from_string", "xn--Ge-mia.Bulg.edu")]
    [InlineData("Rúyì.Jīngū.Bàng.com", "punycode_domain_from_string", "xn--Ry-lja8c.xn--Jng-uta63a.xn--Bng-9ka.com")]
    [InlineData("xn--L Li-gpa4517b.xn--Thun Thin-s4a7194f.com", "punycode_domain_to_string", "Lê Lợi。Thuận Thiên。com")]
    [InlineData("xn--Riill-jta.xn--Skldskaparml-dbbj.org", "punycode_domain_to_string", "Riðill｡Skáldskaparmál｡org")]
    [InlineData("Kusto", "unicode_codepoints_to_string", 75, 117, 115, 116, 111)]
    [InlineData("[128512]", "unicode_codepoints_from_string", "😀")]
    [InlineData("1846988464401551951", "hash", "World")]
    [InlineData("51", "hash", "World", 100)]
    [InlineData("f5a7924e621e84c9280a9a27e1bcb7f6", "hash_md5", "World")]
    [InlineData("70c07ec18ef89c5309bbb0937f3a6342411e1fdd", "hash_sha1", "World")]
    public void Codes_and_hashes_come_out_as_documented(string expected, string name, params object[] arguments) => Assert.Equal(expected, Call.Text(name, arguments));

    [Fact]
    public void Dates_hash_by_their_ticks_or_their_text()
    {
        Assert.Equal(1380966698541616202, Call.Value("hash", Call.Time("2015-01-01")).AsLong);
        Assert.Equal("786c530672d1f8db31fee25ea8a9390b", Call.Text("hash_md5", Call.Time("2020-01-01")));
    }

    [Fact]
    public void What_was_compressed_unpacks_and_a_bomb_does_not()
    {
        var text = string.Concat(Enumerable.Repeat("line of text\n", 5000));
        foreach (var kind in (string[])["gzip", "zlib"])
        {
            var packed = Call.Text($"{kind}_compress_to_base64_string", text);
            Assert.True(packed.Length < 2000);
            Assert.Equal(text, Call.Text($"{kind}_decompress_from_base64_string", packed));
        }

        Assert.Equal("", Call.Text("gzip_decompress_from_base64_string", Call.Text("gzip_compress_to_base64_string", new string('x', 70_000_000))));
    }

    [Theory]
    [InlineData("{\"e\":null}", "<e/>")]
    [InlineData("{\"e\":\"text\"}", "<e>text</e>")]
    [InlineData("{\"e\":{\"@name\":\"value\"}}", "<e name=\"value\" />")]
    [InlineData("{\"e\":{\"@name\":\"value\",\"#text\":\"text\"}}", "<e name=\"value\">text</e>")]
    [InlineData("{\"e\":{\"a\":\"text\",\"b\":\"text\"}}", "<e> <a>text</a> <b>text</b> </e>")]
    [InlineData("{\"e\":{\"a\":[\"text\",\"text\"]}}", "<e> <a>text</a> <a>text</a> </e>")]
    [InlineData("{\"e\":{\"#text\":\"text\",\"a\":\"text\"}}", "<e> text <a>text</a> </e>")]
    [InlineData("null", "<e>")]
    [InlineData("null", "<!DOCTYPE e [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><e>&x;</e>")]
    public void XML_becomes_a_bag(string expected, string xml) => Assert.Equal(expected, Call.Text("parse_xml", xml));

    [Theory]
    [InlineData("[\"aa\",\"b,b\",\"say \\\"hi\\\"\",\"\"]", "parse_csv", "aa,\"b,b\",\"say \"\"hi\"\"\",\nnext,line")]
    [InlineData("{\"Scheme\":\"s\",\"Host\":\"h\",\"Port\":\"12\",\"Path\":\"/p/q\",\"Username\":\"u\",\"Password\":\"w\",\"Query Parameters\":{\"k\":\"v\",\"l\":\"\"},\"Fragment\":\"f\"}", "parse_url", "s://u:w@h:12/p/q?k=v&l#f")]
    [InlineData("{\"Query Parameters\":{\"k1\":\"v1\",\"k2\":\"v=2\"}}", "parse_urlquery", "k1=v1&k2=v=2")]
    [InlineData("{\"Scheme\":\"file\",\"RootPath\":\"C:\",\"DirectoryPath\":\"C:/temp\",\"DirectoryName\":\"temp\",\"Filename\":\"file.txt\",\"Extension\":\"txt\",\"AlternateDataStreamName\":\"some.exe\"}", "parse_path", "file://C:/temp/file.txt:some.exe")]
    [InlineData("{\"Scheme\":\"\",\"RootPath\":\"\",\"DirectoryPath\":\"\\\\\\\\shared\\\\temp\",\"DirectoryName\":\"temp\",\"Filename\":\"file.txt.gz\",\"Extension\":\"gz\",\"AlternateDataStreamName\":\"\"}", "parse_path", @"\\shared\temp\file.txt.gz")]
    [InlineData("[\"echo\",\"hello world!\",\"a\\\\b\",\"c\\\"d\"]", "parse_command_line", "echo \"hello world!\" a\\b c\\\"d", "windows")]
    [InlineData("1000000020000000300000004", "parse_version", "1.2.3.4")]
    [InlineData("20000000000000000", "parse_version", "0.2")]
    [InlineData("null", "parse_version", "1.2.x")]
    [InlineData("John", "extract_json", "$.a[0].name", "{\"a\":[{\"name\":\"John\"}]}")]
    [InlineData("30", "extract_json", "$.age", "{\"age\":30}", "long")]
    public void Texts_with_a_form_are_taken_apart(string expected, string name, params object[] arguments) => Assert.Equal(expected, Call.Text(name, arguments));

    [Theory]
    [InlineData("{\"Browser\":{\"Family\":\"AdobeAIR\",\"MajorVersion\":\"2\",\"MinorVersion\":\"5\",\"Patch\":\"1\"}}", "browser", "Mozilla/5.0 (Windows; U; en-US) AppleWebKit/531.9 (KHTML, like Gecko) AdobeAIR/2.5.1")]
    [InlineData("{\"Device\":{\"Family\":\"Nokia N81\",\"Brand\":\"Nokia\",\"Model\":\"N81-3\"}}", "device", "Mozilla/5.0 (SymbianOS/9.2; U; Series60/3.1 NokiaN81-3/10.0.032 Profile/MIDP-2.0)")]
    [InlineData("{\"OperatingSystem\":{\"Family\":\"Windows\",\"MajorVersion\":\"10\",\"MinorVersion\":\"\",\"Patch\":\"\",\"PatchMinor\":\"\"}}", "os", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/120.0.6099.71 Safari/537.36")]
    [InlineData("{\"Browser\":{\"Family\":\"Edge\",\"MajorVersion\":\"121\",\"MinorVersion\":\"0\",\"Patch\":\"1\"}}", "browser", "Mozilla/5.0 (Windows NT 10.0) Chrome/121.0.0.0 Safari/537.36 Edg/121.0.1.2")]
    [InlineData("{\"Browser\":{\"Family\":\"curl\",\"MajorVersion\":\"8\",\"MinorVersion\":\"1\",\"Patch\":\"\"}}", "browser", "curl/8.1")]
    [InlineData("null", "colour", "curl/8.1")]
    public void A_user_agent_is_known_by_its_patterns(string expected, string lookFor, string agent) => Assert.Equal(expected, Call.Text("parse_user_agent", agent, lookFor));
}
