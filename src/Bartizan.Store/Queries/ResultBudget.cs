using Bartizan.Kql.Functions;
using Bartizan.Kql.Types;

namespace Bartizan.Store.Queries;

/// <summary>Counts the rows and bytes of a query's results together.</summary>
internal sealed class ResultBudget(QueryLimits limits)
{
    private long rows;
    private long bytes;

    /// <summary>False when this row is one too many.</summary>
    public bool Take(KqlValue[] row)
    {
        if (rows >= limits.MaxRows || bytes >= limits.MaxBytes)
        {
            return false;
        }

        rows++;
        foreach (var value in row)
        {
            bytes += value.Type is KqlType.String or KqlType.Dynamic ? 8 + value.AsText.Length : 8;
        }

        return true;
    }
}
