namespace Bartizan.Policy.Tests.Expressions;

public class TimeAndNetworkFunctionTests
{
    [Theory]
    [InlineData("[utcNow()]", "2026-03-01T12:00:00.0000000Z")]
    [InlineData("[addDays('2024-02-28T10:00:00Z',2)]", "2024-03-01T10:00:00Z")]
    [InlineData("[addDays('2024-01-01T00:00:00.5Z',-1)]", "2023-12-31T00:00:00.500Z")]
    [InlineData("[addDays('2024-01-01T00:00:00+02:00',1)]", "2024-01-02T00:00:00+02:00")]
    [InlineData("[addDays(utcNow(),-30)]", "2026-01-30T12:00:00Z")]
    [InlineData("[dateTimeAdd('2020-04-07 14:55:37','P3D')]", "2020-04-10T14:55:37Z")]
    [InlineData("[dateTimeAdd('2020-04-07T14:55:37Z','-PT36H')]", "2020-04-06T02:55:37Z")]
    [InlineData("[dateTimeAdd('2024-01-01T00:00:00Z','P1Y2M3W4DT5H6M7S')]", "2025-03-26T05:06:07Z")]
    [InlineData("[dateTimeAdd('2024-01-01T00:00:00Z','PT1H','yyyy-MM-dd HH:mm')]", "2024-01-01 01:00")]
    [InlineData("[dateTimeAdd('2024-01-01T00:00:00+05:30','PT0S','u')]", "2023-12-31 18:30:00Z")]
    [InlineData("[dateTimeAdd('2024-01-01T00:00:00Z','PT0S','yyyyMMddTHHmmssK')]", "20240101T000000Z")]
    [InlineData("[dateTimeFromEpoch(1683040573)]", "2023-05-02T15:16:13Z")]
    public void Times_are_calculated(string expression, string expected) => Assert.Equal($"\"{expected}\"", Judge.Value(expression));

    [Theory]
    [InlineData("[dateTimeToEpoch('2023-05-02T15:16:13Z')]", "1683040573")]
    [InlineData("[dateTimeToEpoch('1970-01-01T01:00:00+01:00')]", "0")]
    [InlineData("[dateTimeToEpoch('today')]", "undefined")]
    [InlineData("[dateTimeAdd('2024-13-01T00:00:00Z','P1D')]", "undefined")]
    [InlineData("[dateTimeAdd('2024-01-01T00:00:00Z','1D')]", "undefined")]
    [InlineData("[dateTimeAdd('2024-01-01T00:00:00Z','P1')]", "undefined")]
    [InlineData("[dateTimeAdd('2024-01-01T00:00:00Z','P99999Y')]", "error")]
    [InlineData("[dateTimeAdd('2024-01-01T00:00:00Z','P999999999999Y999999999999Y999999999999Y')]", "error")]
    [InlineData("[dateTimeAdd('2024-01-01T00:00:00Z','P1D','%')]", "error")]
    [InlineData("[addDays('2024-01-01T00:00:00Z',9223372036854775807)]", "error")]
    [InlineData("[addDays('2024-01-01T00:00:00Z','1')]", "undefined")]
    [InlineData("[dateTimeFromEpoch('1')]", "undefined")]
    [InlineData("[dateTimeFromEpoch(999999999999999)]", "undefined")]
    public void What_is_no_time_has_no_value_and_what_leaves_the_calendar_fails(string expression, string expected) =>
        Assert.Equal(expected, Judge.Value(expression));

    [Theory]
    [InlineData("10.0.0.0/8", "10.255.0.1", true)]
    [InlineData("10.0.0.0/8", "11.0.0.1", false)]
    [InlineData("10.0.0.0/16", "10.0.4.0/24", true)]
    [InlineData("10.0.4.0/24", "10.0.0.0/16", false)]
    [InlineData("10.0.0.7/24", "10.0.0.200", true)]
    [InlineData("0.0.0.0/0", "8.8.8.8", true)]
    [InlineData("10.0.0.1", "10.0.0.1", true)]
    [InlineData("10.0.0.1-10.0.0.9", "10.0.0.5", true)]
    [InlineData("10.0.0.1-10.0.0.9", "10.0.0.8-10.0.0.10", false)]
    [InlineData("2001:db8::/32", "2001:db8:1::5", true)]
    [InlineData("2001:db8::/32", "2001:db9::", false)]
    [InlineData("::/0", "10.0.0.1", false)]
    [InlineData("10.0.0.0/33", "10.0.0.1", false)]
    [InlineData("ten", "10.0.0.1", false)]
    [InlineData("10.0.0.0/8", "10.1", false)]
    public void A_range_contains_addresses(string range, string target, bool expected) =>
        Assert.Equal(expected ? "true" : "false", Judge.Value($"[ipRangeContains('{range}','{target}')]"));
}
