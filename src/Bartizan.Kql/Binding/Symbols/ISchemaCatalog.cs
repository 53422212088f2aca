namespace Bartizan.Kql.Binding.Symbols;

/// <summary>
/// All that a query may name in one database. Two implementations: the store's live catalogue and a schema file
/// read by the command line.
/// </summary>
public interface ISchemaCatalog
{
    /// <summary>The name of the database, as <c>current_database()</c> tells it.</summary>
    string Name { get; }

    TableSymbol? FindTable(string name);

    FunctionSymbol? FindFunction(string name);

    /// <summary>Another database: the value of <c>database("…")</c>; null when it is unknown.</summary>
    ISchemaCatalog? FindDatabase(string name);

    /// <summary>
    /// The database that a service function stands for: <c>workspace("…")</c>, <c>app("…")</c>, <c>arg("…")</c>. Null when
    /// the function is not such a one.
    /// </summary>
    ISchemaCatalog? FindServiceDatabase(string function, string? argument);

    /// <summary>Names of tables and views, for wildcards, <c>search</c>, <c>find</c> and suggestions.</summary>
    IEnumerable<string> TableNames { get; }

    IEnumerable<string> FunctionNames { get; }
}
