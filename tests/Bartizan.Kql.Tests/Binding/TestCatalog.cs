using Bartizan.Kql.Binding;
using Bartizan.Kql.Binding.Symbols;

namespace Bartizan.Kql.Tests.Binding;

/// <summary>A small database that the tests of the binder name things in.</summary>
internal static class TestCatalog
{
    private const string Json = """
        {
          "default": "main",
          "platforms": {"*": "main"},
          "database_functions": {"arg": "other"},
          "column_argument_functions": ["Enrich"],
          "databases": {
            "main": {
              "tables": {
                "Logons": {"columns": [{"name":"TimeGenerated","type":"datetime"},{"name":"User","type":"string"},{"name":"Host","type":"string"},{"name":"Code","type":"int"},{"name":"Detail","type":"dynamic"}]},
                "Networks": {"columns": [{"name":"Range","type":"string"},{"name":"Site","type":"string"}]},
                "Logs_A": {"columns": [{"name":"Id","type":"int"},{"name":"Text","type":"string"}]},
                "Logs_B": {"columns": [{"name":"Id","type":"string"},{"name":"Size","type":"long"}]}
              },
              "functions": [
                {"name":"Recent", "parameters":"(days:int=7)", "body":"{ Logons | where TimeGenerated > ago(1d * days) | project TimeGenerated, User }"},
                {"name":"Enrich", "parameters":"(T:(*), key:string='')", "body":"{ T | extend Found = strcat(key, '!') }"},
                {"name":"Loop", "parameters":"()", "body":"{ Loop2() }"},
                {"name":"Loop2", "parameters":"()", "body":"{ Loop() | take 1 }"},
                {"name":"Broken", "parameters":"()", "body":"{ Logons | where Nowhere == 1 }"},
                {"name":"_GetWatchlist", "parameters":"(alias:string)", "returns":"table", "open":true, "columns":[{"name":"SearchKey","type":"string"}]}
              ]
            },
            "other": {"tables": {"Resources": {"columns": [{"name":"id","type":"string"},{"name":"properties","type":"dynamic"}]}}, "functions": []}
          }
        }
        """;

    public static ISchemaCatalog Instance { get; } = SchemaSet.Parse(Json).ForPlatform(null)!;

    public static KqlAnalysis Analyse(string text) => KqlAnalysis.Of(text, Instance);

    /// <summary>The columns as <c>name:type</c>; fails with the first error.</summary>
    public static string Columns(string text)
    {
        var analysis = Analyse(text);
        Assert.True(analysis.Error is null, $"{text}: {analysis.Error}");
        return string.Join(", ", analysis.Shape.Columns.Select(c => $"{c.Name}:{c.Type.ToString().ToLowerInvariant()}"));
    }

    /// <summary>The first error as <c>code text</c>, the text being what it is about.</summary>
    public static string Error(string text)
    {
        var error = Analyse(text).Error;
        Assert.True(error is not null, $"accepted: {text}");
        return $"{error.Code} {text.Substring(error.Span.Start, error.Span.Length)}";
    }
}
