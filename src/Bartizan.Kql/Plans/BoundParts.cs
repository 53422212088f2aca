using Bartizan.Kql.Binding.Tree;

namespace Bartizan.Kql.Plans;

/// <summary>The tabular values and expressions that a bound tabular value is made of, one level deep.</summary>
internal static class BoundParts
{
    public static IEnumerable<(BoundQuery? Query, BoundExpression? Expression)> Of(BoundQuery query) => query switch
    {
        BoundFunctionTable table => Values(table.Arguments),
        BoundDataTable table => Values(table.Rows.SelectMany(r => r)),
        BoundPrint print => Assigned(print.Columns),
        BoundRange range => Values([range.From, range.To, range.Step]),
        BoundExternalRows external => Values(external.Sources),
        BoundMaterialize materialize => [(materialize.Source, null)],
        BoundFilter filter => [(filter.Source, null), (null, filter.Predicate)],
        BoundProject project => [(project.Source, null), .. Assigned(project.Columns)],
        BoundSummarize summarize => [(summarize.Source, null), .. Assigned(summarize.Keys), .. Assigned(summarize.Aggregates)],
        BoundDistinct distinct => [(distinct.Source, null), .. Assigned(distinct.Columns)],
        BoundCount count => [(count.Source, null)],
        BoundSort sort => [(sort.Source, null), .. Values(sort.Keys.Select(k => k.Value))],
        BoundTake take => [(take.Source, null), (null, take.Count)],
        BoundTop top => [(top.Source, null), (null, top.Count), .. Values(top.Keys.Select(k => k.Value))],
        BoundSample sample => [(sample.Source, null), (null, sample.Count)],
        BoundSampleDistinct sample => [(sample.Source, null), (null, sample.Count), (null, sample.Of)],
        BoundSerialize serialize => [(serialize.Source, null), .. Assigned(serialize.Columns)],
        BoundConsume consume => [(consume.Source, null)],
        BoundGetSchema schema => [(schema.Source, null)],
        BoundRender render => [(render.Source, null)],
        BoundJoin join => [(join.Left, null), (join.Right, null), .. Values(join.Keys.SelectMany(k => new[] { k.Left, k.Right }))],
        BoundUnion union => OfUnion(union),
        BoundSearch search => OfUnion(search.Union),
        BoundFind find => OfUnion(find.Union),
        BoundFork fork => [(fork.Source, null), .. fork.Branches.Select(b => ((BoundQuery?)b.Query, (BoundExpression?)null))],
        BoundMvExpand expand => [(expand.Source, null), .. Values(expand.Expansions.Select(e => e.Value).Append(expand.Limit))],
        BoundMvApply apply => [(apply.Source, null), (apply.Subquery, null), .. Values(apply.Expansions.Select(e => e.Value).Append(apply.Limit))],
        BoundParse parse => [(parse.Source, null), (null, parse.Text)],
        BoundParseKv parse => [(parse.Source, null), (null, parse.Text)],
        BoundMakeSeries series =>
        [
            (series.Source, null), .. Values(series.Series.SelectMany(s => new[] { s.Aggregate, s.Default })),
            .. Values([series.Axis, series.From, series.To, series.Step]), .. Assigned(series.Keys),
        ],
        BoundScan scan =>
        [
            (scan.Source, null), .. Values(scan.OrderKeys.Select(k => k.Value)), .. Values(scan.PartitionKeys), .. Assigned(scan.Declared),
            .. scan.Steps.SelectMany(s => Assigned(s.Assignments).Append((null, s.Condition))),
        ],
        BoundPartition partition => [(partition.Source, null), (partition.Subquery, null), (null, partition.Key)],
        BoundTopNested top =>
        [
            (top.Source, null), .. top.Levels.SelectMany(l => Values([l.Count, l.Of.Value, l.Others, l.Aggregate.Value])),
        ],
        BoundTopHitters top => [(top.Source, null), .. Values([top.Count, top.Of, top.By])],
        BoundReduce reduce => [(reduce.Source, null), .. Values([reduce.By, reduce.Threshold, reduce.Characters])],
        BoundEvaluate evaluate => [(evaluate.Source, null), .. evaluate.Arguments.Select(a => (a.Table, a.Value))],
        BoundMakeGraph graph =>
        [
            (graph.Source, null), .. Values([graph.SourceKey, graph.TargetKey, graph.PartitionKey]),
            .. graph.NodeInputs.SelectMany(n => new (BoundQuery?, BoundExpression?)[] { (n.Source, null), (null, n.Key), (null, n.PartitionKey) }),
        ],
        BoundGraphMarkComponents mark => [(mark.Graph, null)],
        BoundGraphFilter filter => [(filter.Graph, null), (null, filter.Predicate)],
        BoundGraphPart part => [(part.Graph, null), (null, part.Predicate)],
        BoundPartitionedGraph partitioned => [(partitioned.Subquery, null)],
        BoundGraphMatch match => [(match.Graph, null), (null, match.Predicate), .. Assigned(match.Columns)],
        BoundGraphShortestPaths paths => [(paths.Graph, null), (null, paths.Predicate), .. Assigned(paths.Columns)],
        BoundGraphToTable table => [(table.Graph, null)],
        _ => [],
    };

    private static IEnumerable<(BoundQuery? Query, BoundExpression? Expression)> OfUnion(BoundUnion union) =>
        union.Inputs.SelectMany(i => Values(i.Columns).Prepend((i.Source, null)));

    private static IEnumerable<(BoundQuery? Query, BoundExpression? Expression)> Values(IEnumerable<BoundExpression?> expressions) =>
        expressions.Select(e => ((BoundQuery?)null, e));

    private static IEnumerable<(BoundQuery? Query, BoundExpression? Expression)> Assigned(IEnumerable<BoundAssignment> assignments) =>
        Values(assignments.Select(a => a.Value));
}
