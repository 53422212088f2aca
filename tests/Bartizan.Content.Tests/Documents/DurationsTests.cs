using Bartizan.Content.Documents;

namespace Bartizan.Content.Tests.Documents;

public class DurationsTests
{
    [Theory]
    [InlineData("5m", "00:05:00")]
    [InlineData("14d", "14.00:00:00")]
    [InlineData("1w", "7.00:00:00")]
    [InlineData("P1W", "7.00:00:00")]
    [InlineData("PT1H30M", "01:30:00")]
    [InlineData("05:00:00", "05:00:00")]
    [InlineData("1 day", "1.00:00:00")]
    public void A_duration_is_read_in_each_of_its_forms(string text, string span)
    {
        Assert.True(Durations.TryParse(text, out var value));
        Assert.Equal(TimeSpan.Parse(span, System.Globalization.CultureInfo.InvariantCulture), value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("h")]
    [InlineData("5x")]
    [InlineData("P")]
    [InlineData("99999999999999999999d")]
    [InlineData("-5m")]
    [InlineData("-PT5M")]
    public void What_is_no_duration_is_refused(string text) => Assert.False(Durations.TryParse(text, out _));

    [Theory]
    [InlineData("1d")]
    [InlineData("5h")]
    [InlineData("10m")]
    public void A_duration_is_written_as_it_was_read(string text)
    {
        Assert.True(Durations.TryParse(text, out var value));
        Assert.Equal(text, Durations.Write(value));
    }
}
