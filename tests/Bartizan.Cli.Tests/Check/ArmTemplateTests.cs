using Bartizan.Cli.Check;

namespace Bartizan.Cli.Tests.Check;

public sealed class ArmTemplateTests
{
    private const string Head = "\"$schema\": \"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#\",";

    [Fact]
    public void Parameters_variables_and_functions_are_evaluated()
    {
        var file = Read("""
            "parameters": {"prefix": {"type": "string", "defaultValue": "kh"}, "tls": {"type": "string"}},
            "variables": {"name": "[toLower(concat(parameters('prefix'), 'DATA'))]"},
            "resources": [{"type": "Microsoft.Storage/storageAccounts", "apiVersion": "2023-01-01", "name": "[variables('name')]",
              "properties": {"minimumTlsVersion": "[parameters('tls')]", "text": "[[plain]", "id": "[resourceId('Microsoft.Web/sites', 'a')]"}}]
            """, ("tls", "\"TLS1_2\""));

        var account = Assert.Single(file.Resources).Resource;
        Assert.Equal("khdata", account.Root.Member("name").AsText);
        Assert.Equal("2023-01-01", account.ApiVersion);
        Assert.Equal("TLS1_2", account.Root.Member("properties").Member("minimumTlsVersion").AsText);
        Assert.Equal("[plain]", account.Root.Member("properties").Member("text").AsText);
        Assert.EndsWith("/providers/Microsoft.Web/sites/a", account.Root.Member("properties").Member("id").AsText, StringComparison.Ordinal);
    }

    [Fact]
    public void Loops_unfold_and_conditions_leave_out()
    {
        var file = Read("""
            "parameters": {"count": {"type": "int", "defaultValue": 2}},
            "resources": [
              {"type": "A.B/c", "name": "[concat('x', copyIndex(1))]", "copy": {"name": "loop", "count": "[parameters('count')]"},
               "properties": {"copy": [{"name": "items", "count": 2, "input": {"i": "[copyIndex('items')]", "outer": "[copyIndex('loop')]"}}]}},
              {"type": "A.B/c", "name": "never", "condition": "[equals(parameters('count'), 3)]"}]
            """);

        Assert.Equal(["A.B/c/x1", "A.B/c/x2"], file.Resources.Select(r => r.Address));
        Assert.Equal("""[{"i":0,"outer":1},{"i":1,"outer":1}]""", file.Resources[1].Resource.Root.Member("properties").Member("items").ToString());
    }

    [Fact]
    public void Modules_get_their_own_parameters_and_children_their_parents_name()
    {
        var file = Read("""
            "parameters": {"on": {"type": "bool", "defaultValue": true}},
            "resources": [
              {"type": "Microsoft.Resources/deployments", "name": "m", "properties": {"expressionEvaluationOptions": {"scope": "inner"},
               "parameters": {"flag": {"value": "[parameters('on')]"}},
               "template": {"parameters": {"flag": {"type": "bool"}}, "resources": {"site": {"type": "Microsoft.Web/sites", "name": "s", "properties": {"httpsOnly": "[parameters('flag')]"}}}}}},
              {"type": "Microsoft.Sql/servers", "name": "sql", "resources": [{"type": "firewallRules", "name": "all", "properties": {}}]},
              {"type": "Microsoft.Resources/deployments", "name": "far", "properties": {"templateLink": {"uri": "x"}}}]
            """);

        Assert.True(file.Resources[0].Resource.Root.Member("properties").Member("httpsOnly").IsTrue);
        Assert.Equal("Microsoft.Sql/servers/firewallRules", file.Resources[2].Resource.Type);
        Assert.Equal("sql/all", file.Resources[2].Resource.Root.Member("name").AsText);
        Assert.Equal("Microsoft.Resources/deployments/far", Assert.Single(file.LeftOut).Address);
    }

    [Fact]
    public void What_only_the_deployment_knows_is_marked()
    {
        var file = Read("""
            "parameters": {"name": {"type": "string"}},
            "resources": [{"type": "A.B/c", "name": "[concat(parameters('name'), '-x')]", "location": "[resourceGroup().location]", "properties": {"key": "[listKeys('x', '1').keys[0]]", "id": "[reference('y').id]"}}]
            """);

        var root = Assert.Single(file.Resources).Resource.Root;
        Assert.Equal("${parameters('name')}-x", root.Member("name").AsText);
        Assert.True(Unresolved.Is(root.Member("location")));
        Assert.True(Unresolved.Is(root.Member("properties").Member("key")));
        Assert.True(Unresolved.Is(root.Member("properties").Member("id")));
    }

    [Theory]
    [InlineData("1.2", "Passed")]
    [InlineData("1.0", "Failed")]
    public void A_sites_configuration_is_found_where_checks_look(string tls, string state)
    {
        using var run = new CheckRun();
        var text = "{" + Head + """ "resources": [{"type": "Microsoft.Web/sites", "kind": "app", "name": "s", "properties": {"siteConfig": {"minTlsVersion": "?"}}}]}""".Replace("?", tls, StringComparison.Ordinal);

        Assert.Equal(state, run.State("t.json", text, "webapp-minimum-tls", "Microsoft.Web/sites/s"));
    }

    [Fact]
    public void A_variable_that_asks_for_itself_ends()
    {
        var file = Read("""
            "variables": {"a": "[variables('b')]", "b": "[variables('a')]"},
            "resources": [{"type": "A.B/c", "name": "n", "properties": {"v": "[variables('a')]"}}]
            """);

        Assert.True(Unresolved.Is(Assert.Single(file.Resources).Resource.Root.Member("properties").Member("v")));
    }

    [Fact]
    public void Loops_in_loops_stay_within_bounds()
    {
        var input = "\"x\"";
        for (var i = 0; i < 6; i++)
        {
            input = "{\"copy\": [{\"name\": \"c" + i + "\", \"count\": 800, \"input\": " + input + "}]}";
        }

        var file = Read("\"resources\": [{\"type\": \"A.B/c\", \"name\": \"n\", \"properties\": " + input + "}]");

        Assert.Single(file.Resources);
    }

    [Fact]
    public void Variables_that_double_each_other_stay_within_bounds()
    {
        var texts = string.Join(',', Enumerable.Range(0, 60).Select(i => $"\"t{i}\": \"[concat(variables('t{i + 1}'), variables('t{i + 1}'))]\", \"o{i}\": \"[createArray(variables('o{i + 1}'), variables('o{i + 1}'))]\""));

        var file = Read("\"variables\": {" + texts + ", \"t60\": \"x\", \"o60\": \"x\"}, \"resources\": [{\"type\": \"A.B/c\", \"name\": \"n\", \"properties\": {\"t\": \"[variables('t0')]\", \"o\": \"[variables('o0')]\"}}]");

        var properties = Assert.Single(file.Resources).Resource.Root.Member("properties");
        Assert.True(FileBudget.IsBearable(properties));
    }

    private static DeclaredFile Read(string body, params (string, string)[] parameters) => CheckRun.Read("t.json", "{" + Head + body + "}", parameters);
}
