using Bartizan.Kql.Binding.Symbols;
using Bartizan.Kql.Functions;
using Bartizan.Kql.Sql;
using Bartizan.Kql.Types;

namespace Bartizan.Store.Queries;

/// <summary>Notes the statements that a query would run and runs none: what is computed before is null or empty.</summary>
internal sealed class ExplainingEngine : ISqlEngine
{
    private readonly List<string> statements = [];
    private long calls;

    public IReadOnlyList<string> Statements => statements;

    public CancellationToken Cancellation => CancellationToken.None;

    public long Register(ManagedCall call) => ++calls;

    public IEnumerable<KqlValue[]> Read(string sql, IReadOnlyList<KqlType> types)
    {
        statements.Add(sql);
        return [[.. types.Select(KqlValue.Null)]];
    }

    public void Keep(string table, string sql) => statements.Add($"CREATE TEMP TABLE {table} AS {sql}");

    public void Keep(string table, IReadOnlyList<KqlType> types, IEnumerable<KqlValue[]> rows) => _ = rows.Count();

    public string? Restriction(TableSymbol table, TermCondition? terms) => null;

    public IReadOnlyList<KqlValue[]>? External(ExternalSource source) => [];

    public FunctionRows? Rows(FunctionSymbol function, IReadOnlyList<KqlValue> arguments) => null;
}
