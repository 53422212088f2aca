using Bartizan.Detection.Rows;

namespace Bartizan.Detection.Watchlists;

/// <summary>Items of watchlists as rows of the table <c>Watchlist</c>.</summary>
internal static class WatchlistRow
{
    public static string Write(Watchlist list, WatchlistItem item, string status, DateTimeOffset now) => RowText.Write(json =>
    {
        json.Time("TimeGenerated", now);
        json.WriteString("WatchlistId", list.Id);
        json.WriteString("WatchlistAlias", list.Alias);
        json.WriteString("WatchlistName", list.DisplayName);
        json.WriteString("WatchlistItemId", item.Id);
        json.WriteString("_DTItemId", item.Id);
        json.WriteString("_DTItemStatus", status);
        json.WriteString("_DTItemType", "watchlist-item");
        json.Time("_DTTimestamp", now);
        json.WriteString("SearchKey", item.Values.GetValueOrDefault(list.SearchKey, ""));
        json.WriteStartObject("WatchlistItem");
        foreach (var (name, value) in item.Values)
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
        json.WriteString("Provider", list.Provider);
        json.WriteString("Source", list.Source);
        json.WriteString("Tags", string.Join(",", list.Labels));
        json.WriteString("DefaultDuration", list.DefaultDuration);
        json.Time("CreatedTimeUTC", item.Created);
        json.Time("LastUpdatedTimeUTC", item.Updated);
        json.WriteStartObject("CreatedBy");
        json.WriteString("Name", item.CreatedBy);
        json.WriteEndObject();
        json.WriteStartObject("UpdatedBy");
        json.WriteString("Name", item.UpdatedBy);
        json.WriteEndObject();
    });
}
