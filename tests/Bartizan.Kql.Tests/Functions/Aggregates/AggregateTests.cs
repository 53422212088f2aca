using Bartizan.Kql.Functions;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Tests.Functions.Aggregates;

public sealed class AggregateTests
{
    [Fact]
    public void Sums_pass_over_nulls_and_are_zero_over_nothing()
    {
        Assert.Equal("15", Rows.Of("sum", Rows.Column(null, 5, 5, 5)));
        Assert.Equal("0", Rows.Of("sum"));
        Assert.Equal("5", Rows.Of("avg", Rows.Column(null, 5, 5, 5)));
        Assert.Equal("NaN", Rows.Of("avg"));
    }

    [Fact]
    public void A_sum_of_long_values_wraps_around() =>
        Assert.Equal(long.MinValue.ToString(System.Globalization.CultureInfo.InvariantCulture), Rows.Of("sum", Rows.Column(long.MaxValue, 1)));

    [Fact]
    public void Timespans_have_a_mean_in_ticks()
    {
        var hour = KqlValue.TimeSpan(TimeSpan.TicksPerHour);
        Assert.Equal("01:30:00", Rows.Of("avg", [hour], [KqlValue.TimeSpan(2 * TimeSpan.TicksPerHour)]));
    }

    [Fact]
    public void Spread_of_one_to_five()
    {
        var rows = Rows.Column(1, 2, 3, 4, 5);
        Assert.Equal("1.58113883", Rows.Of("stdev", rows));
        Assert.Equal("2.5", Rows.Of("variance", rows));
        Assert.Equal("2", Rows.Of("variancep", rows));
        Assert.Equal("0", Rows.Of("stdev", Rows.Column(7)));
    }

    [Fact]
    public void Covariance_counts_only_rows_that_the_predicate_admits()
    {
        var rows = Enumerable.Range(1, 100).Select(x => new[] { KqlValue.Long(x), KqlValue.Long(x % 2 == 0 ? x * 2 : x * 3), KqlValue.Bool(x % 3 == 0) }).ToArray();
        Assert.Equal("2077.090909091", Rows.Of("covariancepif", rows));
    }

    [Fact]
    public void Bits_of_all_rows()
    {
        Assert.Equal(0xCAFEF00D.ToString(System.Globalization.CultureInfo.InvariantCulture), Rows.Of("binary_all_and", Rows.Column(0xFFFFFFFF, 0xFFFFF00F, 0xCFFFFFFD, 0xFAFEFFFF)));
        Assert.Equal("7", Rows.Of("binary_all_or", Rows.Column(1, 2, 4)));
        Assert.Equal("null", Rows.Of("binary_all_xor"));
    }

    [Fact]
    public void Percentiles_take_the_nearest_rank()
    {
        var rows = Enumerable.Range(1, 10).Select(x => new[] { KqlValue.Long(x), KqlValue.Long(50), KqlValue.Real(99.9) }).ToArray();
        var state = Rows.State("percentiles", rows);
        Assert.Equal(("5", "10"), (Rows.Text(state.Finish(0)), Rows.Text(state.Finish(1))));
        Assert.Equal("[5,10]", Rows.Of("percentiles_array", rows));
    }

    [Fact]
    public void Weighted_percentiles_count_each_value_as_often_as_its_weight()
    {
        KqlValue[][] rows = [Row(10, 8), Row(20, 6), Row(30, 3), Row(40, 1)];
        Assert.Equal("[20,20,40]", Rows.Of("percentilesw_array", rows));

        static KqlValue[] Row(long value, long weight) => [KqlValue.Long(value), KqlValue.Long(weight), KqlValue.Long(50), KqlValue.Long(75), KqlValue.Real(99.9)];
    }

    [Fact]
    public void Lists_and_sets_leave_nulls_out_and_stop_at_their_limit()
    {
        Assert.Equal("[2,1,2]", Rows.Of("make_list", Rows.Column(2, null, 1, 2)));
        Assert.Equal("[2,null,1]", Rows.Of("make_list_with_nulls", Rows.Column(2, null, 1)));
        Assert.Equal("[2,1]", Rows.Of("make_set", Rows.Column(2, null, 1, 2)));
        Assert.Equal("[\"\"]", Rows.Of("make_set", Rows.Texts("", "")));
        var limited = Rows.Column(1, 2, 3).Select(r => (KqlValue[])[r[0], KqlValue.Long(2)]).ToArray();
        Assert.Equal("[1,2]", Rows.Of("make_list", limited));
        Assert.Equal(128, Json.Parse(Rows.Of("makeset", Rows.Column(Enumerable.Range(0, 500).Select(x => (long)x))))!.Value.GetArrayLength());
    }

    [Fact]
    public void A_set_of_arrays_holds_their_elements() =>
        Assert.Equal("""["A1","A2","A3","C1"]""", Rows.Of("make_set", Rows.Json("""["A1","A2"]""", """["A2","A3"]""", """["C1","A1"]""")));

    [Fact]
    public void A_list_of_arrays_holds_their_elements() => Assert.Equal("[1,[2],3,{}]", Rows.Of("make_list", Rows.Json("[1,[2]]", "3", "[]", "{}")));

    [Fact]
    public void The_first_value_of_a_repeated_key_counts() =>
        Assert.Equal("""{"a":1,"b":2}""", Rows.Of("make_bag", Rows.Json("""{"a":1}""", """{"b":2}""", "7", """{"a":3}""")));

    [Fact]
    public void A_schema_lists_the_types_at_each_path() =>
        Assert.Equal(
            """{"x":["long","string"],"y":["double",{"w":"string"}],"z":{"`indexer`":["long","string"]},"t":{"`indexer`":"string"}}""",
            Rows.Of("buildschema", Rows.Json("""{"x":1,"y":3.5}""", """{"x":"v","z":[1,2]}""", """{"y":{"w":"z"},"t":["a"],"z":["f"]}""")));

    [Fact]
    public void The_extreme_row_keeps_its_values_together_also_when_all_is_null()
    {
        var state = Rows.State("arg_max", [KqlValue.Long(1), KqlValue.Text("a")], [KqlValue.Long(3), KqlValue.Text("c")], [KqlValue.Null(KqlType.Long), KqlValue.Text("n")]);
        Assert.Equal(("3", "c"), (Rows.Text(state.Finish(0)), Rows.Text(state.Finish(1))));
        var nulls = Rows.State("arg_min", [KqlValue.Null(KqlType.Long), KqlValue.Text("n")]);
        Assert.Equal("n", Rows.Text(nulls.Finish(1)));
    }

    [Fact]
    public void Any_value_prefers_one_that_is_not_empty() => Assert.Equal("b", Rows.Of("take_any", Rows.Texts("", "b", "c")));

    [Fact]
    public void Few_values_are_counted_exactly_and_many_within_the_stated_error()
    {
        Assert.Equal("2000", Rows.Of("dcount", Rows.Column(Enumerable.Range(0, 6000).Select(x => (long)(x % 2000)))));
        Assert.Equal("2", Rows.Of("dcount", Rows.Column(1, null, 2)));
        foreach (var (accuracy, error) in ((long, double)[])[(0, 0.05), (1, 0.025), (4, 0.01)])
        {
            var rows = Enumerable.Range(0, 200_000).Select(x => new[] { KqlValue.Text($"user{x}"), KqlValue.Long(accuracy) }).ToArray();
            Assert.InRange(Rows.State("dcount", rows).Finish().AsLong, 200_000 * (1 - error), 200_000 * (1 + error));
        }
    }

    [Fact]
    public void Sketches_of_unlike_accuracy_merge()
    {
        var few = Rows.State("hll", [.. Enumerable.Range(0, 60_000).Select(x => new[] { KqlValue.Long(x), KqlValue.Long(0) })]).Finish();
        var many = Rows.State("hll", [.. Enumerable.Range(30_000, 60_000).Select(x => new[] { KqlValue.Long(x), KqlValue.Long(2) })]).Finish();
        var merged = FunctionCatalog.FindScalar("hll_merge")!.Managed!([many, few]);
        Assert.InRange(FunctionCatalog.FindScalar("dcount_hll")!.Managed!([merged]).AsLong, 85_000, 95_000);
    }

    [Fact]
    public void Digests_give_percentiles_and_ranks_after_a_merge()
    {
        var low = Rows.State("tdigest", Rows.Column(Enumerable.Range(1, 50).Select(x => (long)x))).Finish();
        var high = Rows.State("tdigest", Rows.Column(Enumerable.Range(51, 50).Select(x => (long)x))).Finish();
        var all = FunctionCatalog.FindScalar("merge_tdigest")!.Managed!([low, high]);
        Assert.Equal("95", Rows.Scalar("percentile_tdigest", all, KqlValue.Real(95)));
        Assert.Equal("25", Rows.Scalar("rank_tdigest", all, KqlValue.Long(25)));
        Assert.Equal("[1,50,100]", Rows.Scalar("percentiles_array_tdigest", all, KqlValue.Dynamic("[0,50,100]")));
    }

    [Fact]
    public void A_digest_of_many_values_stays_small_and_close()
    {
        var state = FunctionCatalog.FindAggregate("tdigest")!.Aggregate!([KqlType.Long]);
        foreach (var row in Rows.Column(Enumerable.Range(0, 50_000).Select(x => (long)x * 7919 % 50_000)))
        {
            state.Add(row);
        }

        var digest = state.Finish();
        Assert.True(digest.AsText.Length < 200_000);
        Assert.InRange(FunctionCatalog.FindScalar("percentile_tdigest")!.Managed!([digest, KqlValue.Real(50), KqlValue.Text("long")]).AsLong, 24_500, 25_500);
    }

    [Fact]
    public void No_aggregate_fails_on_odd_values()
    {
        KqlValue[] odd =
        [
            KqlValue.Null(KqlType.Dynamic), KqlValue.Dynamic("[[1,2],[3],[\"x\"]]"), KqlValue.Dynamic("not json"), KqlValue.Dynamic("{}"), KqlValue.Text("\ud800"),
            KqlValue.Real(double.NaN), KqlValue.Real(double.NegativeInfinity), KqlValue.Long(long.MinValue), KqlValue.Bool(true), KqlValue.DateTime(0), KqlValue.TimeSpan(long.MaxValue),
            KqlValue.Guid(default), KqlValue.Decimal(KqlDecimal.Parse("1e6000")), KqlValue.Null(KqlType.Long),
        ];
        foreach (var function in FunctionCatalog.All.Where(f => f.Aggregate is not null))
        {
            foreach (var value in odd)
            {
                var count = Math.Max(1, function.Signatures.Max(s => s.Parameters.Count));
                var row = Enumerable.Repeat(value, count).ToArray();
                var state = function.Aggregate!([.. row.Select(v => v.Type)]);
                state.Add(row);
                state.Add(row);
                var other = function.Aggregate([.. row.Select(v => v.Type)]);
                other.Add(row);
                state.Merge(other);
                _ = state.Finish();
                _ = state.Finish(1);
            }
        }
    }
}
