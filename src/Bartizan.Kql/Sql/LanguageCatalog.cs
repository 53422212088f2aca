using Bartizan.Kql.Syntax.Parsing;

namespace Bartizan.Kql.Sql;

/// <summary>An operator or plugin for the conformance page: what it does, and a query over a table <c>T(t, k, v, d)</c> that uses it (<c>{database}</c> stands for the name of the database).</summary>
public sealed record LanguageEntry(string Name, string Doc, string Sample);

/// <summary>The tabular operators and plugins of the language. Functions have a catalogue of their own, which also says how they are computed.</summary>
public static class LanguageCatalog
{
    /// <summary>What the samples run over.</summary>
    public const string SampleTable =
        "let T = datatable(t:datetime, k:string, v:long, d:dynamic) [datetime(2024-01-01), 'a', 1, dynamic({\"x\": 1}), datetime(2024-01-02), 'b', 2, dynamic([1, 2]), datetime(2024-01-03), 'a', 3, dynamic(null)];\n";

    /// <summary>The names after a pipe, or at the start of a query, that the parser knows.</summary>
    public static IEnumerable<string> OperatorNames => new Parser("").Operators.Names;

    /// <summary>The plugins that can be run.</summary>
    public static IEnumerable<string> PluginNames => Plans.Operators.Plugins.Names;

    public static IReadOnlyList<LanguageEntry> Operators { get; } =
    [
        new("where", "Rows where a condition holds.", "T | where v > 1"),
        new("filter", "Another name for where.", "T | filter v > 1"),
        new("extend", "Further columns.", "T | extend w = v * 2"),
        new("project", "The columns that are named, in order.", "T | project k, w = v + 1"),
        new("project-away", "All columns but those named.", "T | project-away d"),
        new("project-keep", "The columns that fit the names, in their own order.", "T | project-keep k, v"),
        new("project-rename", "New names for columns.", "T | project-rename w = v"),
        new("project-reorder", "Columns in another order.", "T | project-reorder v, k"),
        new("project-by-names", "Columns whose names are values.", "T | project-by-names dynamic(['k', 'v'])"),
        new("project-smart", "The columns that a viewer would show.", "T | project-smart"),
        new("serialize", "The rows keep the order that they have.", "T | serialize n = row_number()"),
        new("distinct", "Each combination of values once.", "T | distinct k"),
        new("print", "One row of values.", "print x = 1, y = 'a'"),
        new("summarize", "One row per group, with aggregates.", "T | summarize count(), max(v) by k"),
        new("count", "The number of rows.", "T | count"),
        new("take", "So many rows; the first ones where there is an order.", "T | sort by v asc | take 1"),
        new("limit", "Another name for take.", "T | limit 1"),
        new("sample", "So many rows by chance.", "T | sample 2"),
        new("sample-distinct", "So many different values.", "T | sample-distinct 1 of k"),
        new("sort", "Rows in an order; nulls first ascending, last descending.", "T | sort by v desc"),
        new("order", "Another name for sort.", "T | order by v desc"),
        new("top", "The first rows of an order.", "T | top 1 by v"),
        new("top-hitters", "The most frequent values; exact here.", "T | top-hitters 1 of k"),
        new("top-nested", "The first values of each level within those of the levels before, others on request.", "T | top-nested 1 of k with others = 'rest' by sum(v)"),
        new("join", "Rows of two tables with equal keys, in all nine kinds.", "T | join kind=leftouter (T | project k, w = v) on k"),
        new("lookup", "Columns of a table of facts by key.", "T | lookup (T | summarize n = count() by k) on k"),
        new("union", "Rows of several tables, also by pattern, also fuzzy.", "union withsource=s T, (T | project k)"),
        new("mv-expand", "One row per element of an array or bag.", "T | mv-expand d"),
        new("mvexpand", "The old spelling of mv-expand.", "T | mvexpand d"),
        new("mv-apply", "A subquery over the elements of each row.", "T | mv-apply d on (summarize n = count())"),
        new("mvapply", "Another spelling of mv-apply.", "T | mvapply d on (take 1)"),
        new("parse", "Columns from a text by a pattern.", "T | parse k with * 'a' rest"),
        new("parse-where", "As parse, without rows that do not fit.", "T | parse-where k with 'a' rest"),
        new("parse-kv", "Columns from pairs of names and values in a text.", "print s = 'a=1,b=2' | parse-kv s as (a:long, b:long) with (pair_delimiter=',', kv_delimiter='=')"),
        new("make-series", "Arrays over an axis of equal steps.", "T | make-series sum(v) default=0 on t step 1d by k"),
        new("partition", "A subquery over each group.", "T | partition by k (top 1 by v)"),
        new("scan", "Steps that match sequences of rows.", "T | sort by t asc | scan with_match_id=m declare (total:long = 0) with (step s: true => total = v + s.total;)"),
        new("reduce", "Patterns of texts that are alike.", "T | reduce by k"),
        new("fork", "Several results over the same rows.", "T | fork (count) (take 1)"),
        new("facet", "The values of columns, each as a result.", "T | facet by k"),
        new("search", "Rows in which a text or predicate is found.", "T | search 'a'"),
        new("find", "Rows of tables that fit, with the columns that are asked for.", "find in (T) where v > 1"),
        new("invoke", "A function over the rows.", "let f = (A:(v:long)) { A | where v > 1 }; T | invoke f()"),
        new("evaluate", "A plugin over the rows.", "T | evaluate narrow()"),
        new("range", "Numbers or times from a bound to another.", "range x from 1 to 3 step 1"),
        new("as", "A name for the rows.", "T | as X | where v > 1"),
        new("consume", "Reads all rows and gives none.", "T | consume"),
        new("getschema", "Names and types of the columns.", "T | getschema"),
        new("execute-and-cache", "Passes the rows on.", "T | execute-and-cache"),
        new("assert-schema", "Refuses the query where the columns are others.", "T | assert-schema (t:datetime, k:string, v:long, d:dynamic)"),
        new("render", "How the result is to be drawn.", "T | render table"),
        new("macro-expand", "A subquery over each member of a group of databases.", "macro-expand isfuzzy=true entity_group [database('{database}')] as x (print y = 1)"),
        new("make-graph", "A graph of edges and nodes.", "T | make-graph k --> k with_node_id=n | graph-to-table nodes"),
        new("graph-match", "A row per match of a pattern of nodes and edges.", "T | make-graph k --> k with_node_id=n | graph-match (a)-[e]->(b) project a.n, e.v"),
        new("graph-shortest-paths", "Shortest paths between nodes.", "T | make-graph k --> k with_node_id=n | graph-shortest-paths (a)-[e*1..3]->(b) project a.n, b.n"),
        new("graph-to-table", "Nodes or edges as rows.", "T | make-graph k --> k with_node_id=n | graph-to-table edges"),
        new("graph-mark-components", "The number of each node's component.", "T | make-graph k --> k with_node_id=n | graph-mark-components | graph-to-table nodes"),
        new("graph-where-nodes", "Nodes where a condition holds, and the edges between them.", "T | make-graph k --> k with_node_id=n | graph-where-nodes n == 'a' | graph-to-table nodes"),
        new("graph-where-edges", "Edges where a condition holds.", "T | make-graph k --> k with_node_id=n | graph-where-edges v > 1 | graph-to-table edges"),
    ];

    public static IReadOnlyList<LanguageEntry> Plugins { get; } =
    [
        new("activity_counts_metrics", "Counts and different ids per bin, new and so far.", Timed("activity_counts_metrics(k, t, {0}, 1d)")),
        new("activity_engagement", "Different ids of a bin against those of a longer window.", Timed("activity_engagement(k, t, {0}, 1d, 2d)")),
        new("activity_metrics", "Ids per bin: new, kept, lost.", Timed("activity_metrics(k, t, {0}, 1d)")),
        new("active_users_count", "Ids that were seen in enough periods before.", Timed("active_users_count(k, t, {0}, 2d, 1d, 1, 1d)")),
        new("autocluster", "Few segments that describe many rows. The original's search is not published: segments may differ.", "T | project k, v | evaluate autocluster()"),
        new("bag_unpack", "A column for each property of a bag.", "T | where v == 1 | evaluate bag_unpack(d)"),
        new("basket", "All frequent combinations of values.", "T | project k, v | evaluate basket(0.3)"),
        new("dcount_intersect", "How many values sketches share; exact while the sketches are small.", "T | summarize h = hll(v) | evaluate dcount_intersect(h)"),
        new("diffpatterns", "Segments in which two sets of rows differ. The original's search is not published: segments may differ.", "T | project k, v | evaluate diffpatterns(k, 'a', 'b')"),
        new("estimate_rows_count", "The number of rows; exact here.", "T | evaluate estimate_rows_count()"),
        new("funnel_sequence", "What came before and after a sequence of states: the first of the original's three tables.", Timed("funnel_sequence(v, t, {0}, 2d, 1d, k, dynamic(['a']))")),
        new("funnel_sequence_completion", "How far ids go through a sequence of states.", Timed("funnel_sequence_completion(v, t, {0}, 1d, k, dynamic(['a', 'b']), dynamic([1d, 2d]))")),
        new("geo_line_lookup", "Rows with the lines that they are near.", "print x = 1.0, y = 1.0 | evaluate geo_line_lookup((print l = dynamic({\"type\":\"LineString\",\"coordinates\":[[0,0],[2,2]]})), l, x, y, 100000)"),
        new("geo_polygon_lookup", "Rows with the polygons that they are in.", "print x = 1.0, y = 1.0 | evaluate geo_polygon_lookup((print p = dynamic({\"type\":\"Polygon\",\"coordinates\":[[[0,0],[3,0],[3,3],[0,0]]]})), p, x, y)"),
        new("identity", "The rows as they are.", "T | evaluate identity()"),
        new("ipv4_lookup", "Rows with the network that holds their address.", "print ip = '10.0.0.1' | evaluate ipv4_lookup((print net = '10.0.0.0/8'), ip, net)"),
        new("ipv6_lookup", "The same for IPv6.", "print ip = 'fe80::1' | evaluate ipv6_lookup((print net = 'fe80::/10'), ip, net)"),
        new("narrow", "A row per cell.", "T | evaluate narrow()"),
        new("new_activity_metrics", "Cohorts of new ids, and how many come back.", Timed("new_activity_metrics(k, t, {0}, 1d)")),
        new("pivot", "Values of a column become columns.", "T | project k, v | evaluate pivot(k, sum(v))"),
        new("preview", "The first rows, without the original's second table of their number.", "T | evaluate preview(2)"),
        new("rolling_percentile", "A percentile over the bins before.", "T | evaluate rolling_percentile(v, 50, t, 1d, 2)"),
        new("rows_near", "Rows near those where a condition holds.", "T | sort by t asc | evaluate rows_near(v == 2, 1)"),
        new("sequence_detect", "Steps that follow each other in time, per dimension.", "T | evaluate sequence_detect(t, 2d, 4d, one = (v == 1), two = (v == 2), k)"),
        new("session_count", "Sessions per bin.", Timed("session_count(k, t, {0}, 1d, 1h)")),
        new("sliding_window_counts", "Counts over a window that slides.", Timed("sliding_window_counts(k, t, {0}, 2d, 1d)")),
    ];

    private static string Timed(string call) => "T | evaluate " + call.Replace("{0}", "datetime(2024-01-01), datetime(2024-01-04)", StringComparison.Ordinal);
}
