using System.Text;
using System.Text.Json;
using Bartizan.Cli.Policy;
using Microsoft.Extensions.Time.Testing;

namespace Bartizan.Cli.Tests.Policy;

public sealed class BatchRunTests : IDisposable
{
    private const string Rule = """{"if":{"field":"type","equals":"N.P/t"},"then":{"effect":"audit"}}""";

    private readonly string folder = Directory.CreateTempSubdirectory("bartizan-batch-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Answers_come_in_order_and_a_bad_line_ends_nothing()
    {
        var answers = Run($$$"""
            {"id":"a","definition":{{{Rule}}},"resource":{"type":"n.p/T"}}

            not json
            {"id":"b","definition":
            [1]
            {"id":7,"definition":{{{Rule}}},"resource":{"type":"other"}}
            {"id":"c"}
            {"id":"d","definition":{{{Rule}}}}
            """);
        Assert.Equal(["a matched", "- parse", "b parse", "- parse", "7 not", "c parse", "d not"], answers.Select(Short));
    }

    [Fact]
    public void Stages_tell_where_a_line_failed()
    {
        var answers = Run("""
            {"id":"parse","definition":{"if":{"field":"name","value":"x","equals":1},"then":{"effect":"audit"}},"resource":{}}
            {"id":"doubled","definition":"{\"if\":{\"field\":\"name\",\"equals\":1,\"equals\":2},\"then\":{\"effect\":\"audit\"}}","resource":{}}
            {"id":"object","definition":{"if":{"field":"name","equals":1,"equals":2},"then":{"effect":"audit"}},"resource":{}}
            {"id":"text","definition":"{\"if\":","resource":{}}
            {"id":"compile","definition":{"if":{"value":"[nothing()]","equals":1},"then":{"effect":"audit"}},"resource":{}}
            {"id":"parameter","definition":{"parameters":{"p":{"type":"Integer"}},"policyRule":{"if":{"value":"[parameters('p')]","equals":1},"then":{"effect":"audit"}}},"parameters":{"p":"x"},"resource":{}}
            {"id":"aliases","definition":{"if":{"field":"name","equals":1},"then":{"effect":"audit"}},"aliases":"absent.json","resource":{}}
            {"id":"evaluate","definition":{"if":{"value":"[substring('a',5)]","equals":1},"then":{"effect":"audit"}},"resource":{}}
            """);
        Assert.Equal(
            ["parse parse", "doubled parse", "object parse", "text parse", "compile compile", "parameter compile", "aliases compile", "evaluate evaluate"],
            answers.Select(Short));
        Assert.All(answers, a => Assert.NotEmpty(a.GetProperty("error").GetProperty("message").GetString()!));
    }

    [Fact]
    public void A_function_gives_its_value_or_none()
    {
        var answers = Run("""
            {"id":1,"suite":"fn","expression":"[split(parameters('a0'),parameters('a1'))]","parameters":{"a0":"a,b","a1":","}}
            {"id":2,"suite":"fn","expression":"[split(parameters('a0'),parameters('a1'))]","parameters":{"a0":"a,b"}}
            {"id":3,"suite":"fn","expression":"[first(createArray())]"}
            {"id":4,"suite":"fn","expression":"[range(0,20000)]"}
            {"id":5,"suite":"fn","expression":"[split(]"}
            {"id":6,"suite":"fn","expression":"[reference('x')]"}
            {"id":7,"suite":"fn","expression":"[utcNow()]"}
            {"id":8,"suite":"fn","expression":"[utcNow()]","context":{"utcNow":"2020-01-01T00:00:00Z"}}
            {"id":9,"suite":"fn"}
            """);
        Assert.Equal(
            [
                """{"id":1,"value":["a","b"]}""",
                """{"id":2,"undefined":true}""",
                """{"id":3,"value":null}""",
                "4 evaluate",
                "5 parse",
                "6 compile",
                """{"id":7,"value":"2026-01-02T03:04:05.0000000Z"}""",
                """{"id":8,"value":"2020-01-01T00:00:00Z"}""",
                "9 parse",
            ],
            answers.Select(a => a.TryGetProperty("error", out _) ? Short(a) : a.GetRawText()));
    }

    [Fact]
    public void Related_resources_are_an_outcome_or_are_looked_for()
    {
        const string Definition = """{"if":{"field":"type","equals":"N.P/t"},"then":{"effect":"auditIfNotExists","details":{"type":"N.P/t/parts","existenceCondition":{"field":"N.P/t/parts/on","equals":true}}}}""";
        const string Resource = """{"id":"/subscriptions/s/resourceGroups/g/providers/N.P/t/x","name":"x","type":"N.P/t"}""";
        const string Part = """{"properties":{"on":true}}""";
        const string Child = """{"id":"/subscriptions/s/resourceGroups/g/providers/N.P/t/x/parts/p","name":"p","type":"N.P/t/parts","properties":{"on":true}}""";
        const string Stranger = """{"id":"/subscriptions/s/resourceGroups/g/providers/N.P/t/y/parts/p","name":"p","type":"N.P/t/parts","properties":{"on":true}}""";
        var lines = new[]
        {
            ("\"related\":null", "null"),
            ("\"related\":[],\"relatedResolved\":true", "false"),
            ("\"related\":null,\"relatedResolved\":true", "false"),
            ("\"related\":[null],\"relatedResolved\":true", "false"),
            ($"\"related\":[{Part}],\"relatedResolved\":true", "true"),
            ($"\"related\":[{Part}]", "false"),
            ($"\"related\":[{Stranger}]", "false"),
            ($"\"related\":[{Stranger},{Child}],\"relatedResolved\":false", "true"),
        };
        var answers = Run(string.Join('\n', lines.Select(l => $$$$"""{"id":"r","definition":{{{{Definition}}}},"resource":{{{{Resource}}}},{{{{l.Item1}}}}}""")));
        Assert.Equal(lines.Select(l => l.Item2), answers.Select(a => a.GetProperty("existenceMet").GetRawText()));
        Assert.All(answers, a => Assert.True(a.GetProperty("matched").GetBoolean()));
    }

    [Fact]
    public void Aliases_are_read_in_both_formats_from_beside_the_batch()
    {
        File.WriteAllText(Path.Combine(folder, "list.json"), """[{"namespace":"N.P","resourceTypes":[{"resourceType":"t","aliases":[{"name":"N.P/t/a","defaultPath":"properties.deep.a","paths":[]}]}]}]""");
        File.WriteAllText(Path.Combine(folder, "api.json"), """
            {"value":[{"namespace":"N.P","resourceTypes":[{"resourceType":"t","capabilities":"None","aliases":[
              {"name":"N.P/t/a","defaultPath":"properties.a","paths":[{"path":"sku.a","apiVersions":["2015-01-01"]}],"defaultMetadata":{"type":"String","attributes":"None"}}]}]}]}
            """);
        const string Definition = """{"if":{"field":"N.P/t/a","equals":"x"},"then":{"effect":"audit"}}""";
        const string Modify = """{"if":{"field":"type","equals":"N.P/t"},"then":{"effect":"modify","details":{"roleDefinitionIds":["r"],"operations":[{"operation":"add","field":"N.P/t/a","value":1}]}}}""";
        var answers = Run($$$$"""
            {"id":1,"definition":{{{{Definition}}}},"resource":{"type":"N.P/t","properties":{"deep":{"a":"x"}}},"aliases":"list.json"}
            {"id":2,"definition":{{{{Definition}}}},"resource":{"type":"N.P/t","properties":{"deep":{"a":"x"}}},"aliases":"api.json"}
            {"id":3,"definition":{{{{Definition}}}},"resource":{"type":"N.P/t","sku":{"a":"x"}},"aliases":"api.json","apiVersion":"2015-01-01"}
            {"id":4,"definition":{{{{Definition}}}},"resource":{"type":"N.P/t","properties":{"a":"x"}},"aliases":null}
            {"id":5,"definition":{{{{Modify}}}},"resource":{"type":"N.P/t"},"aliases":"list.json"}
            {"id":6,"definition":{{{{Modify}}}},"resource":{"type":"N.P/t"},"aliases":"api.json"}
            """);
        Assert.Equal(["1 matched", "2 not", "3 matched", "4 matched", "5 matched", "6 compile"], answers.Select(Short));
    }

    [Fact]
    public void Context_and_parameters_reach_the_rule()
    {
        var answers = Run("""
            {"id":1,"definition":{"if":{"value":"[resourceGroup().location]","equals":"x"},"then":{"effect":"[parameters('e')]"}},"parameters":{"e":"Deny"},"resource":{},"context":{"resourceGroup":{"location":"X"}}}
            {"id":2,"definition":{"if":{"value":"[requestContext().apiVersion]","equals":"2024-01-01"},"then":{"effect":"audit"}},"resource":{},"apiVersion":"2024-01-01"}
            {"id":3,"definition":{"if":{"value":"[requestContext().apiVersion]","equals":"2024-01-01"},"then":{"effect":"audit"}},"resource":{},"apiVersion":"2023-01-01","context":{"requestContext":{"apiVersion":"2024-01-01"}}}
            {"id":4,"definition":{"mode":"Microsoft.Kubernetes.Data","policyRule":{"if":{"value":1,"equals":1},"then":{"effect":"mutate"}}},"resource":{}}
            """);
        Assert.Equal(["1 matched", "2 matched", "3 matched", "4 matched"], answers.Select(Short));
        Assert.Equal("Deny", answers[0].GetProperty("effect").GetString());
    }

    [Fact]
    public void Lines_without_end_and_json_without_end_stay_bounded()
    {
        var deep = string.Concat(Enumerable.Repeat("""{"a":""", 10_000)) + "1" + new string('}', 10_000);
        var answers = Run(
            $$$"""{"id":"deep","definition":{{{Rule}}},"resource":{{{deep}}}}""" + "\n"
            + """{"id":"long","definition":""" + new string(' ', BatchRun.MaxLineLength) + "1}\n"
            + $$$"""{"id":"after","definition":{{{Rule}}},"resource":{"type":"N.P/t"}}""");
        Assert.Equal(["deep parse", "long parse", "after matched"], answers.Select(Short));
    }

    private static string Short(JsonElement answer)
    {
        var id = answer.GetProperty("id") is { ValueKind: not JsonValueKind.Null } given ? given.ToString() : "-";
        return answer.GetProperty("error") is { ValueKind: JsonValueKind.Object } error
            ? $"{id} {error.GetProperty("stage").GetString()}"
            : $"{id} {(answer.GetProperty("matched").GetBoolean() ? "matched" : "not")}";
    }

    private List<JsonElement> Run(string lines)
    {
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(lines));
        using var output = new MemoryStream();
        new BatchRun(folder, new FakeTimeProvider(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero))).Run(input, output);
        return [.. Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)];
    }
}
