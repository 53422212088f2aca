using Bartizan.Foundation.Outcomes;

namespace Bartizan.Store.Queries;

/// <summary>What the engine says while a query runs, as a problem the caller can act on. Its statements are not shown to callers.</summary>
internal static class EngineProblems
{
    public static Problem Of(string message)
    {
        if (message.Contains("Out of Memory", StringComparison.OrdinalIgnoreCase))
        {
            return new Problem(
                ProblemKind.LimitReached, "QueryMemoryLimit", "The query needs more memory than it may use; filter or summarize earlier, or collect fewer values into lists.");
        }

        var first = message.Split('\n')[0].Trim();
        return new Problem(ProblemKind.NotSupported, "QueryFailed", $"The query could not be run: {first}");
    }
}
