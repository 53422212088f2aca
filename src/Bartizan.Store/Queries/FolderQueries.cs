using Microsoft.Extensions.Logging.Abstractions;

namespace Bartizan.Store.Queries;

/// <summary>Queries over an open folder, for hosts that put nothing together by services.</summary>
public static class FolderQueries
{
    public static QueryRunner Over(DataFolder folder, TimeProvider time) => Over(folder, time, out _);

    /// <param name="functions">Where rooms define the tables that they hold.</param>
    public static QueryRunner Over(DataFolder folder, TimeProvider time, out TableFunctions functions)
    {
        ArgumentNullException.ThrowIfNull(folder);
        functions = new TableFunctions(folder.Catalog);
        return new QueryRunner(folder.Events, folder.Catalog, folder.Terms, functions, time, NullLogger<QueryRunner>.Instance);
    }
}
