namespace Bartizan.Kql.Tests.Functions;

public class NumberAndTimeFunctionTests
{
    [Theory]
    [InlineData("4.0", "bin", 4.5, 1)]
    [InlineData("-5", "bin", -3, 5)]
    [InlineData("null", "bin", 3, 0)]
    [InlineData("null", "bin", 3, -1)]
    [InlineData("4.5", "bin_at", 6.5, 2.5, 7)]
    [InlineData("3.0", "round", 2.5)]
    [InlineData("-3.0", "round", -2.5)]
    [InlineData("2.68", "round", 2.675, 2)]
    [InlineData("1200", "round", 1234, -2)]
    [InlineData("5", "abs", -5)]
    [InlineData("-1.0", "sign", -42)]
    [InlineData("3.0", "ceiling", 2.1)]
    [InlineData("NaN", "sqrt", -1)]
    [InlineData("-Infinity", "log", 0)]
    [InlineData("8.0", "exp2", 3)]
    [InlineData("1", "binary_and", 5, 3)]
    [InlineData("-101", "binary_not", 100)]
    [InlineData("0", "binary_shift_right", 1, 2)]
    [InlineData("8", "binary_shift_left", 1, 67)]
    [InlineData("null", "binary_shift_left", 1, -1)]
    [InlineData("64", "bitset_count_ones", -1)]
    [InlineData("100", "tohex", 256)]
    [InlineData("ffffffffffffff00", "tohex", -256)]
    [InlineData("00000100", "tohex", 256, 8)]
    [InlineData("3628800.0", "gamma", 11)]
    [InlineData("null", "beta_inv", 1.5, 10.0, 20.0)]
    [InlineData("NaN", "beta_inv", 0.1, -1.0, 20.0)]
    [InlineData("0.12", "convert_force", 1.2, "Newton", "Decanewton")]
    [InlineData("null", "convert_length", 1.2, "Foo", "Foot")]
    [InlineData("564 Bytes", "format_bytes", 564)]
    [InlineData("10.1 KB", "format_bytes", 10332, 1)]
    [InlineData("19 MB", "format_bytes", 20010332)]
    [InlineData("19541 KB", "format_bytes", 20010332, 0, "KB")]
    public void Numbers_come_out_as_documented(string expected, string name, params object[] arguments) => Assert.Equal(expected, Call.Text(name, arguments));

    [Theory]
    [InlineData(0.226415022388749, "beta_inv", 0.1, 10.0, 20.0)]
    [InlineData(0.8427007929497149, "erf", 1.0)]
    [InlineData(0.0046777349810472645, "erfc", 2.0)]
    [InlineData(1.7724538509055159, "gamma", 0.5)]
    [InlineData(-3.5449077018110318, "gamma", -0.5)]
    [InlineData(359.1342053695754, "loggamma", 100.0)]
    [InlineData(3.93700787401575, "convert_length", 1.2, "Meter", "Foot")]
    [InlineData(432000, "convert_speed", 1.2, "MeterPerSecond", "CentimeterPerHour")]
    [InlineData(37.77777777777778, "convert_temperature", 100.0, "DegreeFahrenheit", "DegreeCelsius")]
    public void Reals_agree_to_thirteen_digits(double expected, string name, params object[] arguments) =>
        Assert.InRange(Call.Value(name, arguments).AsReal / expected, 1 - 1e-13, 1 + 1e-13);

    [Theory]
    [InlineData("2017-01-01", "startofday", "2017-01-01 10:10:17", 0)]
    [InlineData("2025-06-15", "startofweek", "2025-06-15 23:00", 0)]
    [InlineData("2025-06-08", "startofweek", "2025-06-14 00:00", 0)]
    [InlineData("2016-12-01", "startofmonth", "2017-01-01 10:10:17", -1)]
    [InlineData("2018-01-01", "startofyear", "2017-06-01", 1)]
    [InlineData("2017-01-01 23:59:59.9999999", "endofday", "2017-01-01 10:10:17", 0)]
    [InlineData("2017-01-07 23:59:59.9999999", "endofweek", "2017-01-01 10:10:17", 0)]
    [InlineData("2016-02-29 23:59:59.9999999", "endofmonth", "2016-02-10", 0)]
    [InlineData("9999-12-31 23:59:59.9999999", "endofyear", "9999-05-05", 0)]
    public void Periods_start_and_end_where_the_calendar_says(string expected, string name, string date, int offset) =>
        Assert.Equal(Call.Time(expected).AsLong, Call.Value(name, Call.Time(date), offset).AsLong);

    [Fact]
    public void Steps_beyond_the_calendar_are_null()
    {
        Assert.Equal("null", Call.Text("startofyear", Call.Time("0001-01-01"), -1));
        Assert.Equal("null", Call.Text("datetime_add", "year", 8000, Call.Time("2020-01-01")));
        Assert.Equal("null", Call.Text("unixtime_seconds_todatetime", long.MaxValue));
        Assert.Equal("null", Call.Text("make_datetime", 2021, 2, 29));
    }

    [Theory]
    [InlineData("year", 17, "2017-01-01", "2000-12-31")]
    [InlineData("quarter", 2, "2017-07-01", "2017-03-30")]
    [InlineData("month", 13, "2017-01-01", "2015-12-30")]
    [InlineData("week", 5, "2017-10-29 00:00", "2017-09-30 23:59")]
    [InlineData("Day", 29, "2017-10-29 00:00", "2017-09-30 23:59")]
    [InlineData("hour", 2, "2017-10-31 01:00", "2017-10-30 23:59")]
    [InlineData("minute", 5, "2017-10-30 23:05:01", "2017-10-30 23:00:59")]
    [InlineData("second", 10, "2017-10-30 23:00:10.100", "2017-10-30 23:00:00.900")]
    [InlineData("millisecond", 100, "2017-10-30 23:00:00.200100", "2017-10-30 23:00:00.100900")]
    [InlineData("microsecond", 100, "2017-10-30 23:00:00.1009001", "2017-10-30 23:00:00.1008009")]
    [InlineData("nanosecond", -700, "2017-10-30 23:00:00.0000000", "2017-10-30 23:00:00.0000007")]
    public void A_difference_counts_edges(string unit, long expected, string left, string right) =>
        Assert.Equal(expected, Call.Value("datetime_diff", unit, Call.Time(left), Call.Time(right)).AsLong);

    [Theory]
    [InlineData("year", -5, "2012-01-01")]
    [InlineData("quarter", 12, "2020-01-01")]
    [InlineData("month", -15, "2015-10-01")]
    [InlineData("week", 100, "2018-12-02")]
    public void A_date_moves_by_its_unit(string unit, int count, string expected) =>
        Assert.Equal(Call.Time(expected).AsLong, Call.Value("datetime_add", unit, count, Call.Time("2017-01-01")).AsLong);

    [Theory]
    [InlineData("year", 2017)]
    [InlineData("quarter", 4)]
    [InlineData("week_of_year", 44)]
    [InlineData("dayOfYear", 303)]
    [InlineData("millisecond", 765)]
    [InlineData("microsecond", 765432)]
    [InlineData("nanosecond", 765432100)]
    public void A_part_is_read_by_its_word(string part, int expected) =>
        Assert.Equal(expected, Call.Value("datetime_part", part, Call.Time("2017-10-30 01:02:03.7654321")).AsLong);

    [Theory]
    [InlineData("2020-12-31", 53)]
    [InlineData("2020-06-15", 25)]
    [InlineData("1970-01-01", 1)]
    [InlineData("2000-01-01", 52)]
    public void A_week_is_numbered_after_ISO(string date, int expected) => Assert.Equal(expected, Call.Value("week_of_year", Call.Time(date)).AsLong);

    [Theory]
    [InlineData("yy-MM-dd [HH:mm:ss]", "17-01-29 [09:00:05]")]
    [InlineData("yyyy-M-dd [H:mm:ss]", "2017-1-29 [9:00:05]")]
    [InlineData("yy-MM-dd [hh:mm:ss tt]", "17-01-29 [09:00:05 AM]")]
    [InlineData("ss.FFF|", "")]
    [InlineData("ss.FFF", "05.")]
    public void A_datetime_prints_by_its_pattern(string format, string expected) => Assert.Equal(expected, Call.Text("format_datetime", Call.Time("2017-01-29 09:00:05"), format));

    [Theory]
    [InlineData("dd.hh:mm:ss:FF", "29.09:00:05:12")]
    [InlineData("ddd.h:mm:ss [fffffff]", "029.9:00:05 [1234500]")]
    public void A_timespan_prints_by_its_pattern(string format, string expected) => Assert.Equal(expected, Call.Text("format_timespan", Call.Span("29.09:00:05.12345"), format));

    [Theory]
    [InlineData("Europe/Paris", "2020-02-02 19:02:20")]
    [InlineData("America/Chicago", "2020-02-03 02:02:20")]
    [InlineData("US/Pacific", "2020-02-03 04:02:20")]
    public void A_local_time_becomes_UTC(string zone, string expected) =>
        Assert.Equal(Call.Time(expected).AsLong, Call.Value("datetime_local_to_utc", Call.Time("2020-02-02 20:02:20"), zone).AsLong);

    [Fact]
    public void Time_is_made_of_parts()
    {
        Assert.Equal("1.12:30:55.1230000", Call.Text("make_timespan", 1, 12, 30, 55.123));
        Assert.Equal("null", Call.Text("make_timespan", 24, 0));
        Assert.Equal("2017-10-01T12:10:00.0000000Z", Call.Text("make_datetime", 2017, 10, 1, 12, 10));
        Assert.Equal("2019-01-01T00:00:00.0000000Z", Call.Text("unixtime_nanoseconds_todatetime", 1546300800000000000));
        Assert.Equal("1.00:00:00", Call.Text("dayofweek", Call.Time("1970-05-11")));
        Assert.Equal("14.00:00:00", Call.Text("bin", Call.Span("16d"), Call.Span("7d")));
        Assert.Equal("null", Call.Text("datetime_utc_to_local", Call.Time("2020-01-01"), "../../etc/passwd"));
    }
}
