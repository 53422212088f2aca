using System.Collections.Concurrent;
using System.Text.Json;
using Bartizan.Foundation.Outcomes;
using Bartizan.Foundation.Resources;
using Bartizan.Kql.Binding.Symbols;
using Bartizan.Store.Catalog;
using Bartizan.Store.Resources;

namespace Bartizan.Server.Api.Tenancy;

/// <summary>
/// Saved searches of the workspace that have a function alias are functions that queries may call, with their parameters, as in Log Analytics. What a
/// function reads is filtered by the rights of who calls it.
/// </summary>
internal sealed class SavedSearches(TableCatalog catalog, ResourceStore resources, Home home) : BackgroundService
{
    public const string Type = "Microsoft.OperationalInsights/workspaces/savedSearches";

    /// <summary>Aliases by the search that has them.</summary>
    private readonly ConcurrentDictionary<ResourceId, string> aliases = new();

    /// <summary>Whether a search may be written: its alias is a name that nothing else has.</summary>
    public Problem? Check(ResourceId id, JsonElement properties)
    {
        if (!IsOurs(id) || Text(properties, "functionAlias") is not { } alias)
        {
            return null;
        }

        return !IsName(alias)
                ? new Problem(ProblemKind.Invalid, "InvalidParameter", $"'{alias}' cannot be the name of a function: a letter or '_', then letters, digits and '_'.", "properties.functionAlias")
            : Text(properties, "query") is null
                ? new Problem(ProblemKind.Invalid, "InvalidParameter", "A search that is a function has a query.", "properties.query")
            : catalog.FindTable(alias) is not null || (catalog.FindFunction(alias) is not null && aliases.GetValueOrDefault(id) != alias)
                ? new Problem(ProblemKind.Conflict, "InvalidParameter", $"There is a table or a function named '{alias}' already.", "properties.functionAlias")
            : null;
    }

    /// <summary>Makes the function of a search that was written.</summary>
    public void Keep(ResourceId id, JsonElement properties)
    {
        if (!IsOurs(id))
        {
            return;
        }

        var alias = Text(properties, "functionAlias");
        if (aliases.TryGetValue(id, out var before) && before != alias)
        {
            Forget(id);
        }

        if (alias is not null && Text(properties, "query") is { } query)
        {
            aliases[id] = alias;
            catalog.Define(new FunctionSymbol(alias, $"({Text(properties, "functionParameters")})", query));
        }
    }

    /// <summary>Removes the function of a search that was removed.</summary>
    public void Forget(ResourceId id)
    {
        if (aliases.TryRemove(id, out var alias))
        {
            catalog.RemoveFunction(alias);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        string? continuation = null;
        do
        {
            var page = await resources.ListAsync(
                new ResourceQuery { Scope = home.WorkspaceScope, View = null, Types = [Type], Take = 1000, Continuation = continuation }, stoppingToken).ConfigureAwait(false);
            foreach (var search in page.Items)
            {
                if (search.Record.TryGetProperty("properties", out var properties) && Check(search.Id, properties) is null)
                {
                    Keep(search.Id, properties);
                }
            }

            continuation = page.Continuation;
        }
        while (continuation is not null);
    }

    private bool IsOurs(ResourceId id) => id.Type.Equals(Type, StringComparison.OrdinalIgnoreCase) && id.IsWithin(home.WorkspaceScope);

    private static bool IsName(string text) => (char.IsAsciiLetter(text[0]) || text[0] == '_') && text.Length <= 200 && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    private static string? Text(JsonElement properties, string name) =>
        properties.ValueKind == JsonValueKind.Object && properties.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;
}
