using Bartizan.Foundation.Outcomes;
using Bartizan.Wire.Arm;
using Bartizan.Wire.Client;

namespace Bartizan.Portal.Parts;

/// <summary>How the API's lists become a grid's pages.</summary>
internal static class Lists
{
    /// <summary>A grid's source: the first page as asked, each further one by the link that the page before gave.</summary>
    public static ListSource<T> Source<T>(BartizanClient client, Func<CancellationToken, Task<Outcome<ArmList<T>>>> first) => async (next, cancellation) =>
    {
        var answer = next is null ? await first(cancellation) : await client.PageAsync<T>(next, cancellation);
        return answer.TryGetValue(out var page, out var problem) ? new ListPage<T>(page.Value, page.NextLink, page.Count) : problem;
    };
}
