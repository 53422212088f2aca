using Microsoft.Extensions.Logging.Abstractions;

namespace Bartizan.Store.Queries;

/// <summary>Queries over an open folder, for hosts that put nothing together by services.</summary>
public static class FolderQueries
{
    public static QueryRunner Over(DataFolder folder, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return new QueryRunner(folder.Events, folder.Catalog, new TableFunctions(folder.Catalog), time, NullLogger<QueryRunner>.Instance);
    }
}
