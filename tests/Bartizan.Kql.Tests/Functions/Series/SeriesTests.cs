using Bartizan.Kql.Functions;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Tests.Functions.Series;

public sealed class SeriesTests
{
    private const string Traffic =
        "[80,139,87,110,68,54,50,51,53,133,86,141,97,156,94,149,95,140,77,61,50,54,47,133,72,152,94,148,105,162,101,160,87,63,53,55,54,151,103,189,108,183,113,175,113,178,90,71,62,62,65,165,109,181,115,182,121,178,114,170]";

    [Theory]
    [InlineData("series_add", "[5,4,5]")]
    [InlineData("series_subtract", "[-3,0,3]")]
    [InlineData("series_multiply", "[4,4,4]")]
    [InlineData("series_divide", "[0.25,1.0,4.0]")]
    [InlineData("series_greater_equals", "[false,true,true]")]
    [InlineData("series_less", "[true,false,false]")]
    [InlineData("series_not_equals", "[true,false,true]")]
    public void Two_series_combine_element_by_element(string name, string expected) => Assert.Equal(expected, Call(name, D("[1,2,4]"), D("[4,2,1]")));

    [Fact]
    public void A_missing_or_odd_element_gives_null()
    {
        Assert.Equal("[2,null,null]", Call("series_add", D("[1,\"x\",3]"), D("[1,2]")));
        Assert.Equal("[10,20]", Call("series_multiply", KqlValue.Long(10), D("[1,2]")));
        Assert.Equal("null", Call("series_add", D("{}"), D("[1]")));
    }

    [Fact]
    public void Whole_numbers_stay_whole()
    {
        Assert.Equal("[6,0,8]", Call("series_abs", D("[-6,0,8]")));
        Assert.Equal("[-1,0,1]", Call("series_sign", D("[-6,0,8]")));
    }

    [Fact]
    public void Gaps_are_filled_from_their_neighbours()
    {
        Assert.Equal("[null,null,36,41,41,41,16]", Call("series_fill_forward", D("[null,null,36,41,null,null,16]")));
        Assert.Equal("[36,36,36,41,16,16,16]", Call("series_fill_backward", D("[null,null,36,41,null,null,16]")));
        Assert.Equal("[7,1]", Call("series_fill_const", D("[null,1]"), KqlValue.Long(7)));
        Assert.Equal("[111,111,73,36,41,32,24,16,16]", Call("series_fill_linear", D("[null,111,null,36,41,null,null,16,null]")));
        Assert.Equal("[null,1.0,2.0,3.0,null]", Call("series_fill_linear", D("[null,1.0,null,3.0,null]"), KqlValue.Null(KqlType.Real), KqlValue.Bool(false)));
        Assert.Equal("[3.5,3.5]", Call("series_fill_linear", D("[null,null]"), KqlValue.Null(KqlType.Real), KqlValue.Bool(true), KqlValue.Real(3.5)));
        Assert.Equal("[5,5,5]", Call("series_fill_forward", D("[5,0,0]"), KqlValue.Long(0)));
    }

    [Fact]
    public void Filters_sum_and_average()
    {
        Assert.Equal("[1.0,3.0,6.0,10.0]", Call("series_iir", D("[1,2,3,4]"), D("[1]"), D("[1,-1]")));
        Assert.Equal("[0.5,1.5,2.5]", Call("series_fir", D("[1,2,3]"), D("[1,1]")));
        Assert.Equal("[1.0,1.0,1.0]", Call("series_fir", D("[1,2,3]"), D("[1,-1]"), KqlValue.Bool(false)));
        Assert.Equal("[1.0,1.9999999999999998,1.6666666666666665]", Call("series_fir", D("[1,2,3]"), D("[1,1,1]"), KqlValue.Bool(true), KqlValue.Bool(true)));
    }

    [Theory]
    [InlineData("[1,2,3,4]")]
    [InlineData("[1,2,3,4,5,6,7]")]
    public void The_inverse_transform_gives_the_series_back(string series)
    {
        var spectrum = Json.Parse(Call("series_fft", D(series)))!.Value;
        var back = Json.Parse(Call("series_ifft", D(spectrum[0].GetRawText()), D(spectrum[1].GetRawText())))!.Value;
        var original = Json.Parse(series)!.Value;
        for (var i = 0; i < original.GetArrayLength(); i++)
        {
            Assert.Equal(original[i].GetDouble(), back[0][i].GetDouble(), 9);
            Assert.Equal(0, back[1][i].GetDouble(), 9);
        }
    }

    [Fact]
    public void Statistics_of_a_series()
    {
        var stats = Json.Parse(Call("series_stats_dynamic", D("[23,46,23,87,4,8,3,75,2,56,13,75,32,16,29]")))!.Value;
        Assert.Equal((2.0, 8, 87.0, 3), (stats.GetProperty("min").GetDouble(), stats.GetProperty("min_idx").GetInt32(), stats.GetProperty("max").GetDouble(), stats.GetProperty("max_idx").GetInt32()));
        Assert.Equal(28.503633853548269, stats.GetProperty("stdev").GetDouble(), 9);
        Assert.Equal(15, stats.GetProperty("len").GetInt32());
        Assert.Equal("24.0", Call("series_product", D("[1,2,3,4]")));
        Assert.Equal("5.477225575051661", Call("series_magnitude", D("[1,2,3,4]")));
        Assert.Equal("12.0", Call("series_dot_product", D("[1,2,4]"), D("[4,2,1]")));
        Assert.Equal("null", Call("series_sum", D("[1,null]")));
    }

    [Fact]
    public void The_best_line_starts_at_one()
    {
        var line = Json.Parse(Call("series_fit_line", D("[2,5,6,8,11,15,17,18,25,26,30,30]")))!.Value;
        double[] expected = [0.9829, 2.7308, 98.6288, 1.6865, -1.6667];
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], line[i].GetDouble(), 4);
        }

        Assert.Equal(1.0641, line[5][0].GetDouble(), 4);
    }

    [Fact]
    public void Two_lines_meet_where_the_series_turns()
    {
        var lines = Json.Parse(Call("series_fit_2lines", D("[1,2,3,4,5,5,4,3,2,1]")))!.Value;
        Assert.Equal((1.0, 5), (lines[0].GetDouble(), lines[1].GetInt32()));
        Assert.Equal((-1.0, 1.0), (Math.Round(lines[6].GetDouble(), 9), Math.Round(lines[11].GetDouble(), 9)));
        Assert.Equal(15, lines.GetArrayLength());
    }

    [Fact]
    public void A_polynomial_is_found_again()
    {
        var x = Enumerable.Range(-10, 21).Select(i => i / 2.0).ToArray();
        var y = x.Select(v => (2 * v * v * v) - (3 * v) + 7);
        var fit = Json.Parse(Call("series_fit_poly", Json.Reals(y), Json.Reals(x), KqlValue.Long(3)))!.Value;
        double[] expected = [2, 0, -3, 7];
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], fit[1][i].GetDouble(), 6);
        }
    }

    [Fact]
    public void Periods_are_found_and_confirmed()
    {
        Assert.Equal("[[14.0,10.0],[0.84,0.0]]", Rounded(Call("series_periods_validate", D(Traffic), KqlValue.Real(14.0), KqlValue.Real(10.0))));
        Assert.Equal("[[14.0,0.0],[0.84,0.0]]", Rounded(Call("series_periods_detect", D(Traffic), KqlValue.Real(0.0), KqlValue.Real(50.0), KqlValue.Long(2))));
    }

    [Fact]
    public void The_season_is_the_median_at_each_place()
    {
        Assert.StartsWith("[1.0,2.0,3.0,4.0,3.0,2.0,1.0,2.0,", Call("series_seasonal", D("[2,5,3,4,3,2,1,2,3,4,3,2,1,2,3,4,3,2,1,2,3,4,3,2,1]")), StringComparison.Ordinal);
        Assert.StartsWith("[10.0,12.0,14.0,12.0,10.0,10.0,12.0,", Call("series_seasonal", D("[8,12,14,12,10,10,12,14,12,10,10,12,14,12,10,10,12,14,12,10]")), StringComparison.Ordinal);
    }

    [Fact]
    public void Anomalies_stand_out_from_season_and_trend()
    {
        var values = Enumerable.Range(0, 24 * 7).Select(t => (t % 24 < 12 ? 10.0 : 20.0) + (t * 0.01) + (t * 7 % 5 * 0.1)).ToArray();
        values[100] += 30;
        values[120] -= 30;
        var found = Json.Parse(Call("series_decompose_anomalies", Json.Reals(values), KqlValue.Real(1.5), KqlValue.Long(-1), KqlValue.Text("linefit")))!.Value;
        var flags = found[0].EnumerateArray().Select(f => f.GetInt32()).ToList();
        Assert.Equal((1, -1), (flags[100], flags[120]));
        Assert.Equal(2, flags.Count(f => f != 0));
    }

    [Fact]
    public void A_forecast_carries_season_and_trend_on()
    {
        var values = Enumerable.Range(0, 96).Select(t => t >= 84 ? 0.0 : (t % 12) + (t * 0.5)).ToArray();
        var forecast = Json.Parse(Call("series_decompose_forecast", Json.Reals(values), KqlValue.Long(12), KqlValue.Long(12), KqlValue.Text("linefit")))!.Value[0];
        for (var t = 84; t < 96; t++)
        {
            Assert.InRange(forecast[t].GetDouble(), (t % 12) + (t * 0.5) - 4, (t % 12) + (t * 0.5) + 4);
        }
    }

    [Fact]
    public void No_series_function_fails_on_odd_values()
    {
        KqlValue[] odd =
        [
            D("[]"), D("[null]"), D("{}"), D("[1,\"NaN\",\"Infinity\",1e308,-1e308]"), D("[[1],[2]]"), D("[0,0,0,0,0,0,0,0,0]"), D("[9223372036854775807,-9223372036854775808]"), D("garbage"),
            KqlValue.Long(long.MinValue), KqlValue.Real(double.NaN), KqlValue.Text("\ud800"), KqlValue.Bool(true), KqlValue.Null(KqlType.Dynamic),
        ];
        foreach (var function in FunctionCatalog.All.Where(f => f.Name.StartsWith("series_", StringComparison.Ordinal)))
        {
            foreach (var first in odd)
            {
                foreach (var second in odd)
                {
                    for (var count = function.Signatures.Min(s => s.MinArguments); count <= Math.Min(7, function.Signatures.Max(s => s.MaxArguments)); count++)
                    {
                        _ = function.Managed!([first, .. Enumerable.Repeat(second, count - 1)]);
                    }
                }
            }
        }
    }

    private static KqlValue D(string json) => KqlValue.Dynamic(json);

    private static string Call(string name, params KqlValue[] arguments)
    {
        var value = FunctionCatalog.FindScalar(name)!.Managed!(arguments);
        return value.IsNull ? "null" : Conversion.ToText(value);
    }

    private static string Rounded(string pair) => Json.ArrayText(
        Json.Parse(pair)!.Value.EnumerateArray().Select(a => Json.ArrayText(a.EnumerateArray().Select(n => Json.Number(Math.Round(n.GetDouble(), 2))))));
}
