using System.Text;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Functions.Surroundings;

/// <summary>What a query knows of its surroundings: columns, database, principal; and what is new with each call.</summary>
internal static class Query
{
    public static IEnumerable<KqlFunction> All() =>
    [
        new("column_ifexists", "(column_name:string!, default_value:any) -> $1", "The column of that name, or the second argument where there is none.")
        {
            Kind = FunctionKind.Language,
            Aliases = ["columnifexists"],
            Naming = new NameRule(NameRuleKind.FirstArgumentValue),
        },
        new("iscolumnexists", "(column_name:string!) -> bool", "Whether there is a column of that name.") { Kind = FunctionKind.Language },
        new("column_names_of", "(table:table) -> dynamic", "The names of the columns of a table, as an array.") { Kind = FunctionKind.Language },
        new("ingestion_time", "() -> datetime", "When the row was taken in; null for rows that were not read from a table.")
        {
            Kind = FunctionKind.Language,
            Naming = new NameRule(NameRuleKind.PrefixOnly, "$IngestionTime"),
        },
        new("bin_auto", "(expression:summable) -> $0", "The value rounded down to a bin whose size the option query_bin_auto_size gives.") { Kind = FunctionKind.Language, Naming = NameRule.FirstArgument },
        new("current_cursor", "() -> string", "The moment of the query as a cursor.") { Kind = FunctionKind.Language, Aliases = ["cursor_current"] },
        new("cursor_after", "(cursor:string) -> bool", "True for rows that were taken in after the cursor.") { Kind = FunctionKind.Language },
        new("cursor_before_or_at", "(cursor:string) -> bool", "True for rows that were taken in before the cursor or at it.") { Kind = FunctionKind.Language },
        new("current_database", "() -> string", "The name of the database that is queried.") { DuckDb = c => Literal(c.Context.Database) },
        new("current_cluster_endpoint", "() -> string", "The address of the server that is queried.") { DuckDb = c => Literal(c.Context.Cluster) },
        new("current_principal", "() -> string", "The principal that asks.") { DuckDb = c => Literal(c.Context.Principal) },
        new("current_principal_details", "() -> dynamic", "Who asks, as a bag with the type and the names.")
        {
            DuckDb = c => Literal(Json.BagOf(
            [
                new("UserPrincipalName", Json.Quote(c.Context.Principal[(c.Context.Principal.IndexOf('=', StringComparison.Ordinal) + 1)..])),
                new("Type", Json.Quote(c.Context.Principal.StartsWith("aadapp", StringComparison.Ordinal) ? "AadApp" : "AadUser")),
                new("DisplayName", Json.Quote(c.Context.Principal)),
                new("FQN", Json.Quote(c.Context.Principal)),
            ]).AsText),
        },
        new("current_principal_is_member_of", "(group:text*64) -> bool", "Whether the principal that asks is one of those named.")
        {
            DuckDb = c => c.Arguments.All(a => a.IsConstant)
                ? c.Arguments.Any(a => a.Constant is string text && (text == c.Context.Principal || (a.Type == KqlType.Dynamic && Json.Array(KqlValue.Dynamic(text)) is { } list && list.Exists(i => Conversion.ToText(Json.ToDynamic(i)) == c.Context.Principal)))) ? "true" : "false"
                : null,
        },
        new("extent_id", "() -> guid", "The shard a row lies in: none here, so always the empty guid.")
        {
            Aliases = ["extentid"],
            DuckDb = _ => "'00000000-0000-0000-0000-000000000000'::UUID",
            Managed = _ => KqlValue.Guid(Guid.Empty),
        },
        new("extent_tags", "() -> dynamic", "The tags of the shard a row lies in: none here, so always null.")
        {
            DuckDb = _ => "NULL::VARCHAR",
            Managed = _ => KqlValue.Null(KqlType.Dynamic),
        },
        new("new_guid", "() -> guid", "A new random guid for each row.")
        {
            IsDeterministic = false,
            DuckDb = _ => "uuid()",
        },
        new("assert", "(predicate:bool, message:text) -> bool", "True when the predicate holds; otherwise the query fails with the message.")
        {
            Nulls = NullRule.Handled,
            IsDeterministic = false,
            DuckDb = c => $"(CASE WHEN {c[0]} THEN true ELSE error({c[1]}) END)",
        },
        new("estimate_data_size", "(column:any#) -> long; (column:any*@) -> long", "About how many bytes the columns of the row take.")
        {
            Nulls = NullRule.Handled,
            Managed = a => Size(a),
        },
    ];

    private static KqlValue Size(ReadOnlySpan<KqlValue> values)
    {
        var size = 0L;
        foreach (var value in values)
        {
            size += value.Type switch
            {
                KqlType.Bool => 1,
                KqlType.Int => 4,
                KqlType.Decimal or KqlType.Guid => 16,
                KqlType.String or KqlType.Dynamic => Encoding.UTF8.GetByteCount(value.AsText),
                _ => 8,
            };
        }

        return KqlValue.Long(size);
    }

    private static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
