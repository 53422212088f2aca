using Bartizan.Kql.Binding.Tree;

namespace Bartizan.Kql.Plans;

/// <summary>Which tabular values of a program are used more than once.</summary>
internal sealed class SharedQueries
{
    private readonly Dictionary<BoundQuery, int> uses = [];
    private readonly HashSet<BoundExpression> seen = [];

    public static SharedQueries Of(BoundProgram program)
    {
        var found = new SharedQueries();
        foreach (var result in program.Results)
        {
            found.Use(result.Query);
        }

        return found;
    }

    public bool IsShared(BoundQuery query) =>
        uses.GetValueOrDefault(query) > 1 && query is not (BoundTable or BoundEmpty or BoundInputRows or BoundPrint or BoundRange);

    private void Use(BoundQuery query)
    {
        uses[query] = uses.GetValueOrDefault(query) + 1;
        if (uses[query] > 1)
        {
            return;
        }

        foreach (var (queries, expressions) in BoundParts.Of(query))
        {
            if (queries is not null)
            {
                Use(queries);
            }

            if (expressions is not null)
            {
                Use(expressions);
            }
        }
    }

    private void Use(BoundExpression expression)
    {
        if (!seen.Add(expression))
        {
            return;
        }

        switch (expression)
        {
            case BoundInTable inTable:
                Use(inTable.Table);
                break;
            case BoundScalarSubquery subquery:
                Use(subquery.Query);
                break;
        }

        foreach (var child in ExpressionTree.Children(expression))
        {
            Use(child);
        }
    }
}
