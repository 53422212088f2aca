using Bartizan.Detection.Rows;

namespace Bartizan.Detection.Tests.Rows;

public sealed class DelimitedTextTests
{
    [Theory]
    [InlineData("a,b\r\n1,2\r\n", "a|b;1|2")]
    [InlineData("a,\"b,c\"\n\"say \"\"hi\"\"\",\"two\nlines\"", "a|b,c;say \"hi\"|two\nlines")]
    [InlineData("\n\na,,\n,\"\"\n", "a||;|")]
    [InlineData("\uFEFFa", "a")]
    [InlineData("a,\"never closed", "a|never closed")]
    [InlineData("", "")]
    public void Quotes_hold_separators_and_line_ends(string text, string wanted) =>
        Assert.Equal(wanted, string.Join(';', DelimitedText.Read(text, ',').Select(l => string.Join('|', l))));
}
