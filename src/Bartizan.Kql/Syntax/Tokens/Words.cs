using System.Collections.Frozen;

namespace Bartizan.Kql.Syntax.Tokens;

/// <summary>The spellings that the language sets apart.</summary>
internal static class Words
{
    /// <summary>Words with hyphens; elsewhere a hyphen is a minus.</summary>
    public static FrozenSet<string> Hyphenated { get; } = Set(
        "assert-schema graph-match graph-merge graph-shortest-paths graph-to-table graph-mark-components graph-where-nodes graph-where-edges "
        + "macro-expand make-graph make-series mv-apply mv-expand parse-kv parse-where project-away project-by-names project-keep "
        + "project-rename project-reorder project-smart sample-distinct top-hitters top-nested partitioned-by granny-asc granny-desc "
        + "execute-and-cache union-all");

    /// <summary>Negated operators that are written with an exclamation mark.</summary>
    public static FrozenSet<string> Negated { get; } = Set(
        "!between !contains !contains_cs !endswith !endswith_cs !has !has_cs !hasprefix !hasprefix_cs !hassuffix !hassuffix_cs !in !in~ "
        + "!startswith !startswith_cs !has_any !has_all !matches");

    /// <summary>Types whose name may carry a value: <c>datetime(…)</c>.</summary>
    public static FrozenSet<string> LiteralTypes { get; } = Set(
        "bool boolean date datetime decimal double float guid int int8 int16 int32 int64 uint uint8 uint16 uint32 uint64 ulong long real time "
        + "timespan uuid uniqueid");

    /// <summary>Words that cannot stand for a column, table or variable unless they are bracketed.</summary>
    public static FrozenSet<string> Reserved { get; } = Set(
        "accumulate and as asc bagexpansion between boolean by byte char contains contains_cs containscs datatable date datetime decimal "
        + "decodeblocks desc double dynamic earliest endswith endswith_cs external_data externaldata find first flags float has has_all has_any "
        + "has_cs hasprefix hasprefix_cs hassuffix hassuffix_cs in int int16 int32 int64 int8 invoke isfuzzy last latest like likecs long matches "
        + "materialize missing mv-apply mv-expand nooptimization notcontains notcontainscs notlike notlikecs of or others parse-kv "
        + "parse-where print project project-away project-by-names project-keep project-rename project-reorder project-smart real relaxed "
        + "sample sample-distinct search set simple startswith startswith_cs string time timespan to top-hitters top-nested "
        + "toscalar totable uint uint16 uint32 uint64 uint8 ulong union uniqueid where with_itemindex with_match_id with_step_name");

    /// <summary>Reserved words that may nevertheless be the name of a new column.</summary>
    public static FrozenSet<string> Declarable { get; } = Set(
        "accumulate as by contains datatable earliest externaldata find has in invoke latest materialize of print sample sample-distinct "
        + "search set to top-hitters top-nested toscalar totable where");

    /// <summary>Names of scalar types, as declarations use them, with their aliases.</summary>
    public static FrozenSet<string> TypeNames { get; } = Set(
        "bool boolean byte char date datetime decimal double dynamic float guid int int16 int32 int64 int8 long real string time timespan "
        + "uint uint16 uint32 uint64 uint8 ulong uniqueid uuid");

    public static FrozenSet<string> Set(string words) => words.Split(' ').ToFrozenSet(StringComparer.Ordinal);
}
