using System.Collections.Frozen;
using Bartizan.Content.Tables;
using Bartizan.Foundation.Outcomes;
using Bartizan.Kql.Binding.Symbols;
using Bartizan.Kql.Types;
using Bartizan.Store.Engines.DuckDb;

namespace Bartizan.Store.Catalog;

/// <summary>
/// All that a query may name: tables declared in content, custom tables, views, functions. Readers see one moment's state; a change
/// replaces it whole.
/// </summary>
public sealed class TableCatalog : ISchemaCatalog
{
    public const string DeadLetters = "_DeadLetters";

    private readonly EventDatabase database;
    private readonly StoreOptions options;
    private readonly Lock gate = new();
    private volatile State state = State.Empty;

    private TableCatalog(EventDatabase database, StoreOptions options)
    {
        this.database = database;
        this.options = options;
    }

    public string Name => options.WorkspaceName;

    /// <summary>Grows with every change; plans made for an older version are stale.</summary>
    public long Version => state.Version;

    public IReadOnlyCollection<StoredTable> Tables => state.Tables.Values;

    public IEnumerable<string> TableNames => state.Tables.Keys.Concat(state.Views.Keys);

    public IEnumerable<string> FunctionNames => state.Functions.Keys;

    /// <summary>What was wrong with files under <c>content/tables</c> at the opening; their tables are left out.</summary>
    public IReadOnlyList<FileDiagnostic> Diagnostics { get; private set; } = [];

    /// <summary>A table by name; other spellings of case are accepted here, unlike in queries.</summary>
    public StoredTable? Find(string name) => state.Tables.GetValueOrDefault(name) ?? state.TablesAnyCase.GetValueOrDefault(name);

    public TableSymbol? FindTable(string name) =>
        state.Tables.TryGetValue(name, out var table) ? Symbol(table) : FindView(name);

    /// <summary>Views are named as in Azure Resource Graph, which does not mind the case.</summary>
    private TableSymbol? FindView(string name) =>
        state.Views.GetValueOrDefault(name) ?? state.Views.Values.FirstOrDefault(v => v.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    public FunctionSymbol? FindFunction(string name) => state.Functions.GetValueOrDefault(name);

    public ISchemaCatalog? FindDatabase(string name) => IsThis(name) ? this : null;

    /// <summary><c>workspace()</c> and <c>app()</c> name this store by its name or id; <c>arg("")</c> is the inventory, whose views are here too.</summary>
    public ISchemaCatalog? FindServiceDatabase(string function, string? argument) => function switch
    {
        "workspace" or "app" => argument is not null && IsThis(argument) ? this : null,
        "arg" => this,
        _ => null,
    };

    /// <summary>Makes a saved function known, in place of one of the same name.</summary>
    public void Define(FunctionSymbol function) => Change(s => s with { Functions = With(s.Functions, function.Name, function) });

    public void RemoveFunction(string name) =>
        Change(s => s with { Functions = s.Functions.Where(f => f.Key != name).ToFrozenDictionary(StringComparer.Ordinal) });

    internal static Outcome<TableCatalog> Open(EventDatabase database, StoreOptions options)
    {
        var catalog = new TableCatalog(database, options);
        var declared = new List<StoredTable> { DeadLetterTable() };
        var diagnostics = new List<FileDiagnostic>();
        if (options.ContentFolder is { } content)
        {
            foreach (var file in TableFile.ReadFolder(Path.Combine(content, "tables")))
            {
                diagnostics.AddRange(file.Diagnostics);
                if (file.Table is { } table)
                {
                    declared.Add(FromDefinition(table));
                }
            }
        }

        catalog.Diagnostics = diagnostics;
        catalog.Load(declared);
        return catalog;
    }

    /// <summary>Makes a view known; the SQL is ours.</summary>
    internal async Task DefineViewAsync(string name, IReadOnlyList<KqlColumn> columns, string sql, CancellationToken cancellationToken)
    {
        await database.WriteAsync(c => Sql.Execute(c, $"CREATE OR REPLACE VIEW {Sql.Quote(name)} AS {sql}"), cancellationToken).ConfigureAwait(false);
        Change(s => s with { Views = With(s.Views, name, new TableSymbol(name, new RowShape(columns))) });
    }

    /// <summary>Adds columns to a custom table, which is made if it is not there.</summary>
    public async Task<StoredTable> ExtendAsync(string name, IReadOnlyList<KqlColumn> columns, CancellationToken cancellationToken)
    {
        await database.WriteAsync(
            connection =>
            {
                var known = Find(name) ?? new StoredTable { Name = name, Category = "Custom", IsCustom = true, Columns = [] };
                var wanted = known.Columns.Count == 0 ? WithStandard(columns) : [.. known.Columns, .. columns];
                var table = known with { Columns = [.. wanted.DistinctBy(c => c.Name, StringComparer.OrdinalIgnoreCase)] };
                var kept = TableStorage.Add(connection, table, table.Columns);
                Change(s => s.With([kept]));
                return 0;
            },
            cancellationToken).ConfigureAwait(false);
        return Find(name)!;
    }

    /// <summary>On the writer's thread, before rows with values in these columns are written: the engine gets those that it lacks.</summary>
    internal void KeepColumns(EngineConnection connection, string name, IReadOnlyList<string> columns)
    {
        var table = Find(name)!;
        var missing = table.Columns.Where(c => !table.Stored.Contains(c.Name) && columns.Contains(c.Name)).ToList();
        if (missing.Count > 0)
        {
            Sql.Execute(connection, "BEGIN TRANSACTION");
            var kept = TableStorage.Add(connection, table, missing);
            Sql.Execute(connection, "COMMIT");
            Change(s => s.With([kept]));
        }
    }

    private static TableSymbol Symbol(StoredTable table) => new(table.Name, new RowShape(table.Columns))
    {
        StorageColumns = table.Columns.All(c => table.Stored.Contains(c.Name)) ? null : [.. table.Columns.Select(c => table.Stored.Contains(c.Name) ? c.Name : null)],
    };

    private static StoredTable DeadLetterTable() => new()
    {
        Name = DeadLetters,
        Category = "Bartizan",
        Description = "Records that could not be taken in, with the reason.",
        Columns = WithStandard(
        [
            new("TimeGenerated", KqlType.DateTime), new("TableName", KqlType.String), new("Source", KqlType.String), new("BatchId", KqlType.String),
            new("File", KqlType.String), new("Line", KqlType.Long), new("Reason", KqlType.String), new("Record", KqlType.String),
        ]),
    };

    private static StoredTable FromDefinition(TableDefinition table) => new()
    {
        Name = table.Name,
        Category = table.Category,
        Description = table.Description,
        TimeColumn = table.TimeColumn,
        Retention = table.Retention,
        Columns = WithStandard([.. table.Columns.Select(c => new KqlColumn(c.Name, c.Type))]),
        About = table.Columns.Where(c => c.About.Length > 0).ToDictionary(c => c.Name, c => c.About, StringComparer.Ordinal),
    };

    private static IReadOnlyList<KqlColumn> WithStandard(IReadOnlyList<KqlColumn> columns)
    {
        var all = columns.Any(c => c.Name == StandardColumns.Time) ? columns : [new KqlColumn(StandardColumns.Time, KqlType.DateTime), .. columns];
        return [.. all.Concat(StandardColumns.All).DistinctBy(c => c.Name, StringComparer.OrdinalIgnoreCase)];
    }

    private static FrozenDictionary<string, T> With<T>(FrozenDictionary<string, T> known, string name, T value) =>
        known.Where(k => k.Key != name).Append(new(name, value)).ToFrozenDictionary(StringComparer.Ordinal);

    private void Load(List<StoredTable> declared)
    {
        var tables = database.WriteAsync(
            connection =>
            {
                TableStorage.Prepare(connection);
                return TableStorage.Reconcile(connection, declared);
            },
            CancellationToken.None).GetAwaiter().GetResult();
        Change(s => s.With(tables));
    }

    private bool IsThis(string name) =>
        name.Equals(options.WorkspaceName, StringComparison.OrdinalIgnoreCase)
        || (Guid.TryParse(name, out var id) && id == options.WorkspaceId)
        || name.EndsWith("/workspaces/" + options.WorkspaceName, StringComparison.OrdinalIgnoreCase);

    private void Change(Func<State, State> change)
    {
        lock (gate)
        {
            var next = change(state);
            state = next with { Version = state.Version + 1 };
        }
    }

    private sealed record State(
        long Version,
        FrozenDictionary<string, StoredTable> Tables,
        FrozenDictionary<string, StoredTable> TablesAnyCase,
        FrozenDictionary<string, TableSymbol> Views,
        FrozenDictionary<string, FunctionSymbol> Functions)
    {
        public static State Empty { get; } = new(
            0, FrozenDictionary<string, StoredTable>.Empty, FrozenDictionary<string, StoredTable>.Empty,
            FrozenDictionary<string, TableSymbol>.Empty, FrozenDictionary<string, FunctionSymbol>.Empty);

        public State With(IReadOnlyList<StoredTable> added)
        {
            var names = added.Select(t => t.Name).ToHashSet(StringComparer.Ordinal);
            var all = Tables.Values.Where(t => !names.Contains(t.Name)).Concat(added).ToList();
            return this with
            {
                Tables = all.ToFrozenDictionary(t => t.Name, StringComparer.Ordinal),
                TablesAnyCase = all.DistinctBy(t => t.Name, StringComparer.OrdinalIgnoreCase).ToFrozenDictionary(t => t.Name, StringComparer.OrdinalIgnoreCase),
            };
        }
    }
}
