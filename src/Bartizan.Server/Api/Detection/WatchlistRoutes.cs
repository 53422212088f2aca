using System.Text.Json;
using Bartizan.Detection.Watchlists;
using Bartizan.Foundation.Outcomes;
using Bartizan.Server.Api.Arm;
using Bartizan.Server.Auth.Roles;
using Bartizan.Store.Records;
using Bartizan.Wire.Arm;
using Bartizan.Wire.Detection;
using Microsoft.AspNetCore.Mvc;

namespace Bartizan.Server.Api.Detection;

/// <summary><c>Microsoft.SecurityInsights/watchlists</c> and their items.</summary>
internal static class WatchlistRoutes
{
    private const string Lists = InsightsPath.Provider + "/watchlists";
    private const string Items = Lists + "/{alias}/watchlistItems";
    private const string Action = "Microsoft.SecurityInsights/watchlists/";

    // The content is JSON text, so quotes and line ends in it may double its size.
    private const long MaxBody = 2L * WatchlistStore.MaxContent;

    public static void MapWatchlists(this IEndpointRouteBuilder routes)
    {
        var insights = routes.MapInsights();
        insights.ArmList(Lists, Action + "read", ListAsync);
        insights.ArmGet(Lists + "/{alias}", Action + "read", GetAsync);
        insights.ArmPut(Lists + "/{alias}", Action + "write", PutAsync).WithMetadata(new RequestSizeLimitAttribute(MaxBody));
        insights.ArmDelete(Lists + "/{alias}", Action + "delete", DeleteAsync);
        insights.ArmList(Items, Action + "read", ItemsAsync);
        insights.ArmGet(Items + "/{item:guid}", Action + "read", ItemAsync);
        insights.ArmPut(Items + "/{item:guid}", Action + "write", PutItemAsync);
        insights.ArmDelete(Items + "/{item:guid}", Action + "delete", DeleteItemAsync);
    }

    private static async Task<IResult> ListAsync(ListQuery query, WatchlistStore watchlists, Home home, CancellationToken cancellationToken)
    {
        var page = await watchlists.ListAsync(
            new RecordQuery { OrderBy = new RecordOrder("name"), Take = query.Top, Continuation = query.Continuation, WantCount = query.WantsCount }, cancellationToken);
        return page.TryGetValue(out var found, out var problem)
            ? ArmResults.Page([.. found.Items.Select(w => Shape(w, home))], found.Continuation, query, found.Count)
            : ArmErrors.Result(problem);
    }

    private static async Task<IResult> GetAsync(string alias, WatchlistStore watchlists, Home home, CancellationToken cancellationToken) =>
        await watchlists.FindAsync(alias, cancellationToken) is { } found ? ArmResults.Resource(Shape(found, home)) : NotFound(alias);

    private static async Task<IResult> PutAsync(
        string alias, ArmResource<WatchlistProperties> body, IfMatch match, Caller caller, WatchlistStore watchlists, Home home, TimeProvider time, CancellationToken cancellationToken)
    {
        var given = body.Properties;
        var known = await watchlists.FindAsync(alias, cancellationToken);
        if ((given.DisplayName ?? known?.Value.DisplayName) is not { } name || (given.ItemsSearchKey ?? known?.Value.SearchKey) is not { Length: > 0 } key)
        {
            return ArmErrors.Result(new Problem(
                ProblemKind.Invalid, "BadRequest", "A watchlist needs displayName and itemsSearchKey.", given.DisplayName is null ? "displayName" : "itemsSearchKey"));
        }

        WatchlistText? content = null;
        if (given.RawContent is { } raw)
        {
            if (raw.Length > WatchlistStore.MaxContent)
            {
                return ArmErrors.Result(new Problem(ProblemKind.TooLarge, "RequestEntityTooLarge", $"A watchlist is uploaded with at most {WatchlistStore.MaxContent:N0} characters.", "rawContent"));
            }

            if (!WatchlistText.Read(raw, given.ContentType, given.NumberOfLinesToSkip ?? 0, key).TryGetValue(out content, out var problem))
            {
                return ArmErrors.Result(problem);
            }
        }

        var now = time.GetUtcNow();
        var list = new Watchlist
        {
            Alias = alias,
            Id = Guid.TryParse(given.WatchlistId, out var id) ? id : Guid.CreateVersion7(now),
            DisplayName = name,
            SearchKey = key,
            Provider = given.Provider ?? known?.Value.Provider ?? "Bartizan",
            Source = given.Source ?? known?.Value.Source ?? "",
            Description = given.Description ?? known?.Value.Description ?? "",
            Labels = given.Labels ?? known?.Value.Labels ?? [],
            DefaultDuration = given.DefaultDuration ?? known?.Value.DefaultDuration ?? "",
            Created = now,
            CreatedBy = caller.Name,
        };
        var outcome = await watchlists.PutAsync(list, content, match.With(body.Etag), caller.Name, cancellationToken);
        return ArmResults.Of(outcome, w => Shape(w, home), known is null ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private static async Task<IResult> DeleteAsync(string alias, IfMatch match, Caller caller, WatchlistStore watchlists, CancellationToken cancellationToken) =>
        ArmResults.Deleted(await watchlists.DeleteAsync(alias, match.With(null), caller.Name, cancellationToken));

    private static async Task<IResult> ItemsAsync(string alias, ListQuery query, WatchlistStore watchlists, Home home, CancellationToken cancellationToken)
    {
        if (await watchlists.FindAsync(alias, cancellationToken) is not { } list)
        {
            return NotFound(alias);
        }

        var page = await watchlists.ItemsAsync(alias, query.Top, query.Continuation, cancellationToken);
        return page.TryGetValue(out var found, out var problem)
            ? ArmResults.Page([.. found.Items.Select(i => Shape(list.Value, i, home))], found.Continuation, query)
            : ArmErrors.Result(problem);
    }

    private static async Task<IResult> ItemAsync(string alias, Guid item, WatchlistStore watchlists, Home home, CancellationToken cancellationToken) =>
        await watchlists.FindAsync(alias, cancellationToken) is { } list && await watchlists.FindItemAsync(alias, item, cancellationToken) is { } found
            ? ArmResults.Resource(Shape(list.Value, found, home))
            : ArmErrors.Result(new Problem(ProblemKind.NotFound, "NotFound", $"There is no item '{item}' in the watchlist '{alias}'.", "watchlistItemId"));

    private static async Task<IResult> PutItemAsync(
        string alias, Guid item, ArmResource<WatchlistItemProperties> body, IfMatch match, Caller caller, WatchlistStore watchlists, Home home, CancellationToken cancellationToken)
    {
        if (await watchlists.FindAsync(alias, cancellationToken) is not { } list)
        {
            return NotFound(alias);
        }

        var isNew = await watchlists.FindItemAsync(alias, item, cancellationToken) is null;
        var values = (body.Properties.ItemsKeyValue ?? new Dictionary<string, JsonElement>()).ToDictionary(
            v => v.Key, v => v.Value.ValueKind == JsonValueKind.String ? v.Value.GetString()! : v.Value.GetRawText(), StringComparer.Ordinal);
        var outcome = await watchlists.PutItemAsync(alias, item, values, match.With(body.Etag), caller.Name, cancellationToken);
        return ArmResults.Of(outcome, i => Shape(list.Value, i, home), isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private static async Task<IResult> DeleteItemAsync(string alias, Guid item, Caller caller, WatchlistStore watchlists, CancellationToken cancellationToken) =>
        ArmResults.Deleted(await watchlists.DeleteItemAsync(alias, item, caller.Name, cancellationToken));

    private static IResult NotFound(string alias) =>
        ArmErrors.Result(new Problem(ProblemKind.NotFound, "NotFound", $"There is no watchlist '{alias}'.", "watchlistAlias"));

    private static ArmResource<WatchlistProperties> Shape(Record<Watchlist> record, Home home)
    {
        var list = record.Value;
        return new ArmResource<WatchlistProperties>
        {
            Id = InsightsPath.Id(home, $"Watchlists/{list.Alias}"),
            Name = list.Alias,
            Type = "Microsoft.SecurityInsights/Watchlists",
            Etag = $"\"{record.ETag}\"",
            Properties = new WatchlistProperties
            {
                WatchlistId = list.Id.ToString("D"),
                DisplayName = list.DisplayName,
                Provider = list.Provider,
                Source = list.Source,
                SourceType = "Local file",
                Created = list.Created,
                Updated = list.Updated,
                CreatedBy = Client(list.CreatedBy),
                UpdatedBy = Client(list.UpdatedBy),
                Description = list.Description,
                WatchlistType = "watchlist",
                WatchlistAlias = list.Alias,
                IsDeleted = false,
                Labels = list.Labels,
                DefaultDuration = list.DefaultDuration.Length == 0 ? null : list.DefaultDuration,
                ItemsSearchKey = list.SearchKey,
                UploadStatus = "Complete",
            },
        };
    }

    private static ArmResource<WatchlistItemProperties> Shape(Watchlist list, Record<WatchlistItem> record, Home home)
    {
        var item = record.Value;
        return new ArmResource<WatchlistItemProperties>
        {
            Id = InsightsPath.Id(home, $"Watchlists/{list.Alias}/WatchlistItems/{item.Id:D}"),
            Name = item.Id.ToString("D"),
            Type = "Microsoft.SecurityInsights/Watchlists/WatchlistItems",
            Etag = $"\"{record.ETag}\"",
            Properties = new WatchlistItemProperties
            {
                WatchlistItemType = "watchlist-item",
                WatchlistItemId = item.Id.ToString("D"),
                IsDeleted = false,
                Created = item.Created,
                Updated = item.Updated,
                CreatedBy = Client(item.CreatedBy),
                UpdatedBy = Client(item.UpdatedBy),
                ItemsKeyValue = item.Values.ToDictionary(v => v.Key, v => JsonSerializer.SerializeToElement(v.Value)),
                EntityMapping = new Dictionary<string, JsonElement>(),
            },
        };
    }

    private static ClientProperties Client(string name) => new(name.Contains('@', StringComparison.Ordinal) ? name : null, name, null, null);
}
