using Bartizan.Kql.Syntax.Nodes;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Binding;

/// <summary>Which columns each plugin gives.</summary>
internal sealed class PluginShapes(Binder binder, CallSyntax call, RowScope? row, IReadOnlyList<PluginArgument> arguments)
{
    private static readonly HashSet<string> Known =
    [
        "bag_unpack", "pivot", "narrow", "ipv4_lookup", "ipv6_lookup", "geo_polygon_lookup", "geo_line_lookup", "autocluster", "basket", "diffpatterns",
        "activity_counts_metrics", "activity_metrics", "activity_engagement", "new_activity_metrics", "active_users_count", "session_count",
        "sliding_window_counts", "funnel_sequence_completion", "dcount_intersect", "rolling_percentile", "rows_near", "identity",
        "funnel_sequence", "sequence_detect", "preview", "estimate_rows_count",
    ];

    // They run foreign code or ask other systems, which a query here never does; the making of the last line's is nowhere told.
    private static readonly HashSet<string> Foreign =
    [
        "python", "r", "http_request", "http_request_post", "sql_request", "mysql_request", "postgresql_request", "cosmosdb_sql_request",
        "azure_digital_twins_query_request", "ai_chat_completion", "ai_chat_completion_prompt", "ai_embeddings", "infer_storage_schema",
        "infer_storage_schema_with_suggestions",
        "schema_merge", "diffpatterns_text",
    ];

    public static IEnumerable<string> Names => Known;

    public static bool IsKnown(string name) => Known.Contains(name);

    public static bool IsForeign(string name) => Foreign.Contains(name);

    private RowShape Input => row?.Shape ?? RowShape.Empty;

    public RowShape Shape() => call.Name.Text switch
    {
        "bag_unpack" => BagUnpack(),
        "pivot" => Pivot(),
        "narrow" => new RowShape([new("Row", KqlType.Long), new("Column", KqlType.String), new("Value", KqlType.String)]),
        "ipv4_lookup" or "ipv6_lookup" => Lookup(keysFrom: 3, dropsShape: false),
        "geo_polygon_lookup" or "geo_line_lookup" => Lookup(keysFrom: int.MaxValue, dropsShape: true),
        "autocluster" or "basket" => With([new("SegmentId", KqlType.Long), new("Count", KqlType.Long), new("Percent", KqlType.Real)], Input),
        "diffpatterns" => With(
            [
                new("SegmentId", KqlType.Long), new("CountA", KqlType.Long), new("CountB", KqlType.Long), new("PercentA", KqlType.Real),
                new("PercentB", KqlType.Real), new("PercentDiffAB", KqlType.Real),
            ],
            Input),
        "activity_counts_metrics" => OverTime("count:long dcount:long new_dcount:long aggregated_dcount:long"),
        "activity_metrics" => OverTime("dcount_values:long dcount_newvalues:long retention_rate:real churn_rate:real"),
        "activity_engagement" => OverTime("dcount_activities_inner:long dcount_activities_outer:long activity_ratio:real"),
        "new_activity_metrics" => NewActivity(),
        "active_users_count" => OverTime("dcount:long"),
        "session_count" => OverTime("count_sessions:long"),
        "sliding_window_counts" => OverTime("Count:long Dcount:long"),
        "funnel_sequence_completion" => FunnelCompletion(),
        "funnel_sequence" => Funnel(),
        "sequence_detect" => Sequences(),
        "estimate_rows_count" => new RowShape([new("EstimatedRowsCount", KqlType.Long)]),
        "dcount_intersect" => With(Input.Columns, new RowShape([.. arguments.Select((_, i) => new KqlColumn($"s{i}", KqlType.Long))])),
        "rolling_percentile" => RollingPercentile(),
        _ => Input,
    };

    private static IEnumerable<KqlColumn> Columns(string text) =>
        text.Split(' ').Select(c => c.Split(':')).Select(p => new KqlColumn(p[0], Enum.Parse<KqlType>(p[1], ignoreCase: true)));

    /// <summary>The time column, the dimensions at the end of the arguments, then figures.</summary>
    private RowShape OverTime(string figures)
    {
        if (!Need(2) || Column(1) is not { } time)
        {
            return new RowShape([], IsOpen: true);
        }

        return new RowShape([time, .. Dimensions(2), .. Columns(figures)]);
    }

    private IEnumerable<KqlColumn> Dimensions(int from) => arguments.Skip(from).Select(a => a.Column).OfType<Tree.BoundColumn>().Select(c => new KqlColumn(c.Name, c.Type));

    private RowShape NewActivity()
    {
        if (!Need(5) || Column(1) is not { } time)
        {
            return new RowShape([], IsOpen: true);
        }

        var figures = Columns("dcount_new_values:long dcount_retained_values:long dcount_churn_values:long retention_rate:real churn_rate:real");
        return new RowShape([time with { Name = "from_" + time.Name }, time with { Name = "to_" + time.Name }, .. Dimensions(2), .. figures]);
    }

    private RowShape FunnelCompletion()
    {
        if (!Need(8) || Column(1) is not { } time || Column(5) is not { } state)
        {
            return new RowShape([], IsOpen: true);
        }

        return new RowShape([time, state, new("Period", KqlType.TimeSpan), new("dcount", KqlType.Long)]);
    }

    private RowShape Funnel()
    {
        if (!Need(8) || Column(1) is not { } time)
        {
            return new RowShape([], IsOpen: true);
        }

        return new RowShape([time, .. Columns("prev:string next:string dcount:long samples:dynamic")]);
    }

    /// <summary>The dimensions, a time for each step that is named, and how long the whole took.</summary>
    private RowShape Sequences()
    {
        if (!Need(4) || Column(0) is not { } time)
        {
            return new RowShape([], IsOpen: true);
        }

        var steps = arguments.Skip(3).TakeWhile(a => a.Bound.Value?.Type == KqlType.Bool).ToList();
        if (steps.Count == 0)
        {
            binder.Report("KS107", arguments[3].Text.Span, "A value of type bool expected.");
        }

        var names = new UniqueNames();
        var times = steps.Select(s => time with { Name = $"{s.Bound.Name ?? s.Column?.Name}_{time.Name}" });
        IEnumerable<KqlColumn> columns = [.. Dimensions(3 + steps.Count), .. times, new("Duration", KqlType.TimeSpan)];
        return new RowShape([.. columns.Select(c => c with { Name = names.Add(c.Name) })]);
    }

    private RowShape RollingPercentile()
    {
        if (!Need(5) || Column(0) is not { } value || Column(2) is not { } index)
        {
            return new RowShape([], IsOpen: true);
        }

        return new RowShape([index, .. Dimensions(5), value with { Name = $"rolling_{arguments[4].Constant}_percentile_{value.Name}_{arguments[1].Constant}" }]);
    }

    private static RowShape With(IEnumerable<KqlColumn> first, RowShape rest) => new([.. first, .. rest.Columns], rest.IsOpen);

    private bool Need(int least)
    {
        if (arguments.Count >= least)
        {
            return true;
        }

        binder.Report("KS119", call.Name.Span, $"The function '{call.Name.Text}' expects {least} argument{(least == 1 ? "" : "s")}.");
        return false;
    }

    private KqlColumn? Column(int index, bool dynamic = false)
    {
        if (index >= arguments.Count || arguments[index].Meaning is ErrorMeaning)
        {
            return null;
        }

        if (arguments[index].Column is not { } column)
        {
            binder.Report("KS109", arguments[index].Text.Span, "Column name expected.");
            return null;
        }

        if (dynamic && column.Type is not (KqlType.Dynamic or KqlType.Unknown))
        {
            binder.Report("KS107", arguments[index].Text.Span, "A value of type dynamic expected.", column.Type == KqlType.String ? "Use parse_json() before evaluate." : null);
        }

        return new KqlColumn(column.Name, column.Type);
    }

    private RowShape BagUnpack()
    {
        if (!Need(1))
        {
            return new RowShape([], IsOpen: true);
        }

        var bag = Column(0, dynamic: true);
        return new RowShape([.. Input.Columns.Where(c => c.Name != bag?.Name)], IsOpen: true);
    }

    private RowShape Pivot()
    {
        if (!Need(1))
        {
            return new RowShape([], IsOpen: true);
        }

        var pivot = Column(0);
        if (arguments.Count > 2)
        {
            return new RowShape([.. Enumerable.Range(2, arguments.Count - 2).Select(i => Column(i)).OfType<KqlColumn>()], IsOpen: true);
        }

        var used = arguments.Count > 1 ? SearchBinder.Names(arguments[1].Text) : [];
        return new RowShape([.. Input.Columns.Where(c => c.Name != pivot?.Name && !used.Contains(c.Name))], IsOpen: true);
    }

    /// <summary>The input's columns, then those of the lookup table but for further keys and, where asked, the shape looked in.</summary>
    private RowShape Lookup(int keysFrom, bool dropsShape)
    {
        if (!Need(3) || arguments[0].Bound.Table is not { } table)
        {
            return new RowShape([.. Input.Columns], IsOpen: true);
        }

        var keys = arguments.Skip(keysFrom).Where(a => a.Bound.Name is null).Select(a => a.Column?.Name).OfType<string>().ToHashSet(StringComparer.Ordinal);
        if (dropsShape && arguments[1].Text is NameSyntax shape && !arguments.Any(a => a.Bound.Name == "return_lookup_key" && a.Constant is true))
        {
            keys.Add(shape.Text);
        }

        var names = new UniqueNames();
        var columns = Input.Columns.Concat(table.Shape.Columns.Where(c => !keys.Contains(c.Name)));
        return new RowShape([.. columns.Select(c => c with { Name = names.Add(c.Name) })], Input.IsOpen || table.Shape.IsOpen);
    }
}
