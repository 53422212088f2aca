using Bartizan.Kql.Binding.Tree;

namespace Bartizan.Kql.Binding;

/// <summary>Whether the rows of a query stand in an order, without which functions over neighbouring rows mean nothing.</summary>
internal static class RowOrder
{
    /// <summary>False only where the rows surely have none; the rows that an operator or a caller hands in count as ordered.</summary>
    public static bool IsDefined(BoundQuery query)
    {
        while (true)
        {
            switch (query)
            {
                case BoundTable or BoundDataTable or BoundExternalRows or BoundSummarize or BoundDistinct or BoundCount or BoundSample or BoundSampleDistinct
                    or BoundJoin or BoundUnion or BoundMakeSeries or BoundTopNested or BoundReduce or BoundSearch or BoundFind or BoundGraphMatch
                    or BoundGraphShortestPaths or BoundGraphToTable:
                    return false;
                case BoundFilter { Source: var source }:
                    query = source;
                    break;
                case BoundProject { Source: var source }:
                    query = source;
                    break;
                case BoundTake { Source: var source }:
                    query = source;
                    break;
                case BoundMvExpand { Source: var source }:
                    query = source;
                    break;
                case BoundParse { Source: var source }:
                    query = source;
                    break;
                case BoundParseKv { Source: var source }:
                    query = source;
                    break;
                case BoundRender { Source: var source }:
                    query = source;
                    break;
                case BoundMaterialize { Source: var source }:
                    query = source;
                    break;
                default:
                    return true;
            }
        }
    }
}
