using Bartizan.Kql.Binding;
using Bartizan.Kql.Sql;

namespace Bartizan.Kql.Tests.Functions;

public sealed class LanguageCatalogTests
{
    [Fact]
    public void Every_operator_that_is_parsed_is_in_the_catalogue() =>
        Assert.Equal(LanguageCatalog.OperatorNames.Order(StringComparer.Ordinal), LanguageCatalog.Operators.Select(o => o.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_plugin_that_runs_is_in_the_catalogue_and_is_bound()
    {
        Assert.Equal(LanguageCatalog.PluginNames.Order(StringComparer.Ordinal), LanguageCatalog.Plugins.Select(p => p.Name).Order(StringComparer.Ordinal));
        Assert.Equal(LanguageCatalog.PluginNames.Order(StringComparer.Ordinal), PluginShapes.Names.Order(StringComparer.Ordinal));
    }
}
