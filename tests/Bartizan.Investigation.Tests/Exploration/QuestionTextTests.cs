using Bartizan.Foundation.Entities;
using Bartizan.Investigation.Exploration;
using CsCheck;

namespace Bartizan.Investigation.Tests.Exploration;

public sealed class QuestionTextTests
{
    [Theory]
    [InlineData("T | where A == '<HostName>'", "web01", "T | where A == 'web01'")]
    [InlineData("T | where A == '<HostName>'", "o'neill", @"T | where A == 'o\'neill'")]
    [InlineData("T | where A == \"<HostName>\"", "a\"b\\c", "T | where A == \"a\\\"b\\\\c\"")]
    [InlineData("T | where A == @'\\<HostName>'", "o'neill", "T | where A == @'\\o''neill'")]
    [InlineData("T | where A == <HostName>", "web01", "T | where A == \"web01\"")]
    [InlineData("T | where A == <HostName>", "42", "T | where A == 42")]
    [InlineData("T // <HostName>\n| take 1", "x", "T // <HostName>\n| take 1")]
    [InlineData("T | where A < 5 and B > 3", "x", "T | where A < 5 and B > 3")]
    public void A_value_stays_inside_the_literal_it_stands_in(string query, string value, string filled) =>
        Assert.Equal(filled, QuestionText.Fill(query, Host(value)));

    [Fact]
    public void What_is_not_known_becomes_empty() =>
        Assert.Equal("T | where A == ''", QuestionText.Fill("T | where A == '<DnsDomain>'", Host("web01")));

    [Fact]
    public void Fields_are_found_by_the_names_that_published_questions_use() =>
        Assert.Equal("'a.exe'", QuestionText.Fill("'<FileName>'", Entity.Of(EntityKind.File, ("Name", "a.exe"))));

    /// <summary>Whatever the value, the literal closes where it did and nothing follows it that was not there.</summary>
    [Fact]
    public void No_value_can_end_its_literal() => Gen.String.Where(v => v.Length > 0).Sample(value =>
    {
        var filled = QuestionText.Fill("print '<HostName>' // end", Host(value));
        var at = "print '".Length;
        while (filled[at] != '\'')
        {
            at += filled[at] == '\\' ? 2 : 1;
        }

        Assert.Equal("' // end", filled[at..]);
        Assert.DoesNotContain('\n', filled);
    });

    private static Entity Host(string name) => Entity.Of(EntityKind.Host, ("HostName", name));
}
