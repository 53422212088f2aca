using Bartizan.Detection.Incidents;
using Bartizan.Foundation.Outcomes;
using Bartizan.Server.Api.Arm;
using Bartizan.Store.Records;

namespace Bartizan.Server.Api.Detection;

/// <summary>
/// The search of the incident queue. Basic: number, id, title, tags, owner and product names. Advanced, by <c>searchIn</c>: the parameters
/// named there; any entity parameter searches all entities. Every word must be found.
/// </summary>
internal static class IncidentSearch
{
    private const int MaxWords = 10;
    private const int MaxComments = 1_000;

    private static readonly string[] basic = ["id", "title", "tags", "owner", "productNames"];

    private static readonly Dictionary<string, string[]> parameters = new(StringComparer.OrdinalIgnoreCase)
    {
        ["id"] = [],
        ["title"] = ["title"],
        ["tags"] = ["label"],
        ["owner"] = ["ownerName", "ownerEmail", "ownerUpn"],
        ["productNames"] = ["product"],
        ["description"] = ["description"],
        ["comments"] = [],
        ["alertName"] = ["alertName"],
        ["alertId"] = ["alert"],
        ["provider"] = ["provider"],
        ["tactics"] = ["tactic"],
        ["techniques"] = ["technique"],
        ["classificationComment"] = ["classificationComment"],
        ["customDetails"] = ["customDetail"],
        ["entities"] = ["entity"],
        ["account"] = ["entity"],
        ["host"] = ["entity"],
        ["ip"] = ["entity"],
        ["url"] = ["entity"],
        ["domain"] = ["entity"],
        ["fileName"] = ["entity"],
        ["fileHash"] = ["entity"],
        ["commandLine"] = ["entity"],
        ["resourceId"] = ["entity"],
        ["mailbox"] = ["entity"],
        ["registryKey"] = ["entity"],
        ["malware"] = ["entity"],
        ["cloudApplication"] = ["entity"],
    };

    public static async Task<Outcome<IReadOnlyList<RecordFilter>>> FiltersAsync(
        ListQuery query, Outcome<IReadOnlyList<RecordFilter>> filter, IncidentStore incidents, CancellationToken cancellationToken)
    {
        if (!filter.TryGetValue(out var filters, out _) || query.Search?.Trim() is not { Length: > 0 } search)
        {
            return filter;
        }

        if (query.SearchIn.FirstOrDefault(p => !parameters.ContainsKey(p)) is { } unknown)
        {
            return new Problem(ProblemKind.Invalid, "BadRequest", $"Incidents cannot be searched in '{unknown}'; in {string.Join(", ", parameters.Keys)}.", "searchIn");
        }

        var places = query.SearchIn.Count == 0 ? basic : query.SearchIn;
        var words = search.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length > MaxWords)
        {
            return new Problem(ProblemKind.Invalid, "BadRequest", $"A search has at most {MaxWords} words.", "$search");
        }

        var all = new List<RecordFilter>(filters);
        foreach (var word in words)
        {
            var any = places.SelectMany(p => parameters[p]).Distinct().Select(RecordFilter (field) => new RecordFilter.Contains(field, word)).ToList();
            if (places.Contains("id", StringComparer.OrdinalIgnoreCase))
            {
                if (int.TryParse(word.TrimStart('#'), out var number))
                {
                    any.Add(new RecordFilter.Equal("number", number));
                }

                if (Guid.TryParse(word, out var id))
                {
                    any.Add(new RecordFilter.Ids([id.ToString("D")]));
                }
            }

            if (places.Contains("comments", StringComparer.OrdinalIgnoreCase))
            {
                any.Add(new RecordFilter.Ids([.. (await incidents.CommentedAsync(word, MaxComments, cancellationToken)).Select(i => i.ToString("D"))]));
            }

            all.Add(new RecordFilter.AnyOf([.. any]));
        }

        return all;
    }
}
