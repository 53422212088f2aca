using Bartizan.Foundation.Outcomes;
using Bartizan.Kql.Functions;
using Bartizan.Kql.Sql;

namespace Bartizan.Store.Queries;

/// <summary>Writes the statements of a query without running it.</summary>
internal static class Explanations
{
    public static Outcome<QueryExplanation> Of(CompiledQuery query, SqlContext context)
    {
        if (query.Refusal is { } refusal)
        {
            return refusal;
        }

        var engine = new ExplainingEngine();
        return query.Prepare(new QuerySettings(context), engine).TryGetValue(out var statements, out var problem)
            ? new QueryExplanation([.. engine.Statements, .. statements.Items.Select(s => s.Sql)])
            : problem;
    }
}
