using Bartizan.Server.Api.Detection;
using Bartizan.Store.Records;

namespace Bartizan.Server.Tests.Api.Detection;

public sealed class FilterTextTests
{
    private static readonly Dictionary<string, FilterField> fields = new(StringComparer.OrdinalIgnoreCase)
    {
        ["properties/status"] = new("status"),
        ["properties/title"] = new("title"),
        ["properties/incidentNumber"] = new("number", FilterType.Number),
        ["properties/createdTimeUtc"] = new("created", FilterType.Time),
        ["properties/labels"] = new("label"),
    };

    [Theory]
    [InlineData("properties/status eq 'New'")]
    [InlineData("properties/status ne 'Closed' and (properties/incidentNumber gt 5 or contains(properties/title, 'it''s'))")]
    [InlineData("properties/createdTimeUtc ge 2026-01-01T00:00:00Z and not startswith(properties/title, 'x')")]
    [InlineData("properties/labels/any(l: l/labelName eq 'vip')")]
    [InlineData("properties/status in ('New', 'Active')")]
    [InlineData("endswith(properties/title, 'x') or startswith(properties/title, 'y')")]
    public void What_lists_are_filtered_by_is_read(string text) => Assert.True(FilterText.Read(text, fields).IsSuccess);

    [Theory]
    [InlineData("properties/secret eq 'x'")]
    [InlineData("properties/status eq")]
    [InlineData("properties/status eq 'New")]
    [InlineData("properties/status gt 'New'")]
    [InlineData("properties/incidentNumber eq 'many'")]
    [InlineData("((((((((((((((((((((((((((((((((((((((((properties/status eq 'x'")]
    [InlineData("properties/status eq 'New' or")]
    [InlineData("properties/labels/any(")]
    public void What_cannot_be_answered_is_refused_by_name(string text) => Assert.Equal("BadRequest", FilterText.Read(text, fields).Problem?.Code);

    [Fact]
    public void Greater_than_leaves_the_value_itself_out()
    {
        var filter = Assert.IsType<RecordFilter.Range>(FilterText.Read("properties/incidentNumber gt 5", fields).Value[0]);
        Assert.Equal<RecordValue?>(6, filter.From);
    }
}
