using System.Text.Json.Nodes;
using Bartizan.Detection.Incidents;
using Bartizan.Foundation.Outcomes;
using Bartizan.Response.Playbooks;
using Bartizan.Response.Playbooks.Expressions;

namespace Bartizan.Response.Tests.Playbooks;

public sealed class PlaybookTests
{
    private const string Trigger = """ "triggers":{"Incident":{"type":"ApiConnectionWebhook"}} """;

    [Theory]
    [InlineData("@concat('a', 'it''s', string(1))", "ait's1")]
    [InlineData("n=@{length(createArray(1,2,3))}!", "n=3!")]
    [InlineData("@@literal", "@literal")]
    [InlineData("a@b.c", "a@b.c")]
    [InlineData("@if(equals(1, 1), 'yes', div(1, 0))", "yes")]
    [InlineData("@triggerBody()?['object']?['title']", "odd")]
    [InlineData("@string(triggerBody()?['nothing']?['title'])", "")]
    [InlineData("@string(div(7, 2))", "3")]
    [InlineData("@addDays('2026-01-31T00:00:00Z', 1, 'yyyy-MM-dd')", "2026-02-01")]
    [InlineData("@join(split('a,b', ','), '+')", "a+b")]
    [InlineData("@string(contains(createArray('x', 'y'), 'y'))", "True")]
    [InlineData("@replace(encodeURIComponent('a b/c'), '%', '#')", "a#20b#2Fc")]
    public void An_expression_is_worked_out(string text, string expected) =>
        Assert.Equal(expected, ExpressionEvaluation.Text(ExpressionEvaluation.Resolve(text, new Scope())));

    [Theory]
    [InlineData("@concat('a'")]
    [InlineData("@explode()")]
    [InlineData("@concat('a') b")]
    [InlineData("@triggerBody()['nothing']")]
    [InlineData("@div(1, 0)")]
    [InlineData("@substring('abc', 2, 5)")]
    public void A_wrong_expression_is_refused(string text) => Assert.Throws<ExpressionException>(() => ExpressionEvaluation.Resolve(text, new Scope()));

    [Theory]
    [InlineData("""{"a":{"type":"JavaScriptCode"}}""")]
    [InlineData("""{"a":{"type":"Compose","inputs":"@nope()"}}""")]
    [InlineData("""{"a":{"type":"Compose","runAfter":{"b":["Succeeded"]}},"b":{"type":"Compose","runAfter":{"a":["Succeeded"]}}}""")]
    [InlineData("""{"a":{"type":"Compose","runAfter":{"z":["Succeeded"]}}}""")]
    [InlineData("""{"a":{"type":"ApiConnection","inputs":{"host":{"connection":{"name":"teams"}},"method":"post","path":"/x"}}}""")]
    public void What_could_not_be_run_is_refused_when_it_is_written(string actions) =>
        Assert.Equal("InvalidTemplate", PlaybookReader.Read($$"""{ {{Trigger}}, "actions":{{actions}} }""").Problem?.Code);

    [Theory]
    [InlineData("""{"A":{"type":"Http","inputs":{"method":"GET","uri":"x"}},"B":{"type":"Compose","inputs":1,"runAfter":{"A":["Failed"]}}}""", StepStatus.Succeeded)]
    [InlineData("""{"A":{"type":"Http","inputs":{"method":"GET","uri":"x"}},"B":{"type":"Compose","inputs":1,"runAfter":{"A":["Succeeded"]}}}""", StepStatus.Failed)]
    [InlineData("""{"A":{"type":"Compose","inputs":1},"B":{"type":"Compose","inputs":1,"runAfter":{"A":["Failed"]}}}""", StepStatus.Succeeded)]
    [InlineData("""{"A":{"type":"Terminate","inputs":{"runStatus":"Cancelled"}},"B":{"type":"Http","inputs":{},"runAfter":{"A":["Succeeded"]}}}""", StepStatus.Cancelled)]
    [InlineData("""{"A":{"type":"Scope","actions":{"I":{"type":"Http","inputs":{}}}},"B":{"type":"Compose","inputs":1,"runAfter":{"A":["Failed","TimedOut"]}}}""", StepStatus.Succeeded)]
    [InlineData("""{"A":{"type":"ParseJson","inputs":{"content":"{\"n\":\"x\"}","schema":{"type":"object","properties":{"n":{"type":"integer"}}}}}}""", StepStatus.Failed)]
    public async Task A_run_ends_as_its_last_actions_do(string actions, StepStatus status) => Assert.Equal(status, (await RunAsync(actions)).Status);

    [Fact]
    public async Task Loops_conditions_and_variables_do_what_they_say()
    {
        var run = await RunAsync("""
            {"Init":{"type":"InitializeVariable","inputs":{"variables":[{"name":"seen","type":"array"},{"name":"n","type":"integer","value":0}]}},
             "Each":{"type":"Foreach","foreach":"@createArray('a','b','c')","runAfter":{"Init":["Succeeded"]},"actions":{
                "If":{"type":"If","expression":{"and":[{"not":{"equals":["@item()","b"]}}]},"actions":{"Add":{"type":"AppendToArrayVariable","inputs":{"name":"seen","value":"@toUpper(items('Each'))"}}}}}},
             "Again":{"type":"Until","expression":"@greaterOrEquals(variables('n'), 3)","limit":{"count":10},"runAfter":{"Each":["Succeeded"]},"actions":{"Up":{"type":"IncrementVariable","inputs":{"name":"n","value":1}}}},
             "Out":{"type":"Compose","inputs":{"text":"@{join(variables('seen'),'')}-@{variables('n')}"},"runAfter":{"Again":["Succeeded"]}}}
            """);
        Assert.Equal(StepStatus.Succeeded, run.Status);
        Assert.Equal("""{"text":"AC-3"}""", run.Steps.Single(s => s.Name == "Out").Outputs);
    }

    [Fact]
    public async Task A_playbook_comments_on_its_incident_and_closes_it_and_its_run_is_kept()
    {
        using var bench = new Workbench();
        var (store, starter) = (bench.Playbooks, bench.Starter);
        const string Call = """ "host":{"connection":{"name":"@parameters('$connections')['azuresentinel']['connectionId']"}} """;
        var definition = $$"""
            { {{Trigger}}, "parameters":{"$connections":{"type":"Object","defaultValue":{"azuresentinel":{"connectionId":"azuresentinel"} } } }, "actions":{
              "Say":{"type":"ApiConnection","inputs":{ {{Call}}, "method":"post","path":"/Incidents/Comment","body":{"incidentArmId":"@triggerBody()?['object']?['id']","message":"Seen: @{triggerBody()?['object']?['properties']?['title']}"} } },
              "Ask":{"type":"Http","inputs":{"method":"GET","uri":"http://198.51.100.1/"} },
              "Close":{"type":"ApiConnection","runAfter":{"Say":["Succeeded"],"Ask":["Failed"]},"inputs":{ {{Call}}, "method":"put","path":"/Incidents","body":{"incidentArmId":"@triggerBody()?['object']?['id']","status":"Closed","classification":{"ClassificationAndReason":"BenignPositive - SuspiciousButExpected"} } } } } }
            """;
        Assert.Null((await store.PutAsync("greet", definition, true, null, "ana", default)).Problem);
        var incident = await bench.CreateAsync();
        var started = await starter.StartAsync("/subscriptions/x/resourceGroups/y/providers/Microsoft.Logic/workflows/greet", new PlaybookSubject.OfIncident(incident.Id), "ana", null, default);
        var run = await started.Value.End;
        Assert.True(run.Status == StepStatus.Succeeded, string.Join("; ", run.Steps.Select(s => $"{s.Name} {s.Status} {s.Error}")));
        var comment = Assert.Single((await new IncidentComments(bench.Incidents).ListAsync(incident.Id, 10, null, default)).Value.Items).Value;
        Assert.Equal(("Seen: Odd sign-in", ActorKind.Playbook), (comment.Message, comment.Author.Kind));
        Assert.Equal(IncidentStatus.Closed, (await bench.ReadAsync(incident.Id)).Status);
        Assert.Contains("not among the allowed hosts", run.Steps.Single(s => s.Name == "Ask").Error, StringComparison.Ordinal);
        Assert.Equal(StepStatus.Succeeded, (await store.FindRunAsync(started.Value.Run, default))!.Value.Status);
        Assert.Equal("PlaybookNotFound", (await starter.StartAsync("nobody", new PlaybookSubject.OfIncident(incident.Id), "ana", null, default)).Problem?.Code);
    }

    [Theory]
    [InlineData("b", "2")]
    [InlineData("z", "none")]
    public async Task A_switch_takes_the_case_that_equals_or_the_default(string chosen, string expected)
    {
        var run = await RunAsync($$$$"""
            {"V":{"type":"InitializeVariable","inputs":{"variables":[{"name":"v","type":"string"}]}},
             "S":{"type":"Switch","expression":"{{{{chosen}}}}","runAfter":{"V":["Succeeded"]},"cases":{
               "One":{"case":"a","actions":{"A":{"type":"SetVariable","inputs":{"name":"v","value":"1"} } } },
               "default":{"case":"b","actions":{"B":{"type":"SetVariable","inputs":{"name":"v","value":"2"} } } }},
               "default":{"actions":{"D":{"type":"SetVariable","inputs":{"name":"v","value":"none"} } } }},
             "Out":{"type":"Compose","inputs":"@variables('v')","runAfter":{"S":["Succeeded"]}}}
            """);
        Assert.Equal($"\"{expected}\"", run.Steps.Single(s => s.Name == "Out").Outputs);
    }

    [Theory]
    [InlineData("", new[] { 7.5, 15, 30, 45 })]
    [InlineData(@",""retryPolicy"":{""type"":""none""}", new double[0])]
    [InlineData(@",""retryPolicy"":{""type"":""fixed"",""count"":2,""interval"":""PT20S""}", new[] { 20d, 20 })]
    [InlineData(@",""retryPolicy"":{""type"":""exponential"",""count"":3,""interval"":""PT2S"",""maximumInterval"":""PT5S""}", new[] { 2d, 4, 5 })]
    public async Task A_request_without_an_answer_is_tried_again_as_its_policy_says(string policy, double[] pauses)
    {
        var waited = new List<TimeSpan>();
        var run = await RunAsync($$$"""{"A":{"type":"Http","inputs":{"method":"GET","uri":"x"{{{policy}}} } } }""", null, waited);
        Assert.Equal(StepStatus.Failed, run.Status);
        Assert.Equal(pauses, waited.Select(w => w.TotalSeconds));
    }

    [Fact]
    public async Task A_busy_service_is_asked_again_when_it_says_and_a_refusal_is_not()
    {
        var codes = new Queue<int>([429, 200]);
        Task<Outcome<JsonObject>> busy(JsonObject inputs, CancellationToken cancellationToken) => Task.FromResult<Outcome<JsonObject>>(
            new JsonObject { ["statusCode"] = codes.Dequeue(), ["headers"] = new JsonObject { ["retry-after"] = "60" }, ["body"] = "ok" });
        var waited = new List<TimeSpan>();
        Assert.Equal(StepStatus.Succeeded, (await RunAsync("""{"A":{"type":"Http","inputs":{"method":"GET","uri":"x"}}}""", busy, waited)).Status);
        Assert.Equal([60d], waited.Select(w => w.TotalSeconds));
        codes.Enqueue(403);
        Assert.Equal(StepStatus.Failed, (await RunAsync("""{"A":{"type":"Http","inputs":{"method":"GET","uri":"x"}}}""", busy, waited)).Status);
        Assert.Single(waited);
    }

    [Fact]
    public async Task Arrays_are_filtered_projected_joined_and_tabulated_item_by_item()
    {
        var run = await RunAsync("""
            {"Items":{"type":"Compose","inputs":[{"n":"<a>","v":1},{"n":"b, c","v":2},{"n":"d","v":3}]},
             "Some":{"type":"Query","inputs":{"from":"@outputs('Items')","where":"@less(item()?['v'], 3)"},"runAfter":{"Items":["Succeeded"]}},
             "Names":{"type":"Select","inputs":{"from":"@body('Some')","select":"@item()?['n']"},"runAfter":{"Some":["Succeeded"]}},
             "Text":{"type":"Join","inputs":{"from":"@body('Names')","joinWith":"+"},"runAfter":{"Names":["Succeeded"]}},
             "Html":{"type":"Table","inputs":{"from":"@body('Some')","format":"HTML","columns":[{"header":"Name","value":"@item()?['n']"}]},"runAfter":{"Text":["Succeeded"]}},
             "Csv":{"type":"Table","inputs":{"from":"@body('Some')","format":"CSV"},"runAfter":{"Html":["Succeeded"]}},
             "All":{"type":"Compose","inputs":"@{body('Text')}|@{body('Html')}|@{body('Csv')}","runAfter":{"Csv":["Succeeded"]}}}
            """);
        Assert.Equal(
            "<a>+b, c|<table><thead><tr><th>Name</th></tr></thead><tbody><tr><td>&lt;a&gt;</td></tr><tr><td>b, c</td></tr></tbody></table>|n,v\r\n<a>,1\r\n\"b, c\",2\r\n",
            JsonNode.Parse(run.Steps.Single(s => s.Name == "All").Outputs!)!.GetValue<string>());
    }

    [Fact]
    public async Task A_handler_reads_what_failed_in_a_scope()
    {
        var run = await RunAsync("""
            {"Try":{"type":"Scope","actions":{"Ok":{"type":"Compose","inputs":1},"Bad":{"type":"Compose","inputs":"@div(1, 0)","runAfter":{"Ok":["Succeeded"]}}}},
             "Failed":{"type":"Query","inputs":{"from":"@result('Try')","where":"@equals(item()['status'], 'Failed')"},"runAfter":{"Try":["Failed"]}},
             "Out":{"type":"Compose","inputs":"@concat(first(body('Failed'))['name'], ': ', first(body('Failed'))?['error']?['message'], ' ', actions('Ok')['status'])","runAfter":{"Failed":["Succeeded"]}}}
            """);
        Assert.Equal("\"Bad: Nothing can be divided by 0. Succeeded\"", run.Steps.Single(s => s.Name == "Out").Outputs);
    }

    [Fact]
    public async Task A_wait_lasts_as_long_as_it_says()
    {
        var waited = new List<TimeSpan>();
        await RunAsync("""{"W":{"type":"Wait","inputs":{"interval":{"count":3,"unit":"Minute"}}},"X":{"type":"Wait","runAfter":{"W":["Succeeded"]},"inputs":{"until":{"timestamp":"2020-01-01T00:00:00Z"}}}}""", null, waited);
        Assert.Equal([180d, 0], waited.Select(w => w.TotalSeconds));
        Assert.Equal(StepStatus.Failed, (await RunAsync("""{"W":{"type":"Wait","inputs":{"interval":{"count":3,"unit":"Fortnight"}}}}""")).Status);
    }

    [Fact]
    public async Task A_run_that_waits_is_cancelled_and_says_so()
    {
        using var bench = new Workbench();
        var definition = """{"triggers":{"t":{"type":"Request"}},"actions":{"W":{"type":"Wait","inputs":{"interval":{"count":1,"unit":"Day"}}}}}""";
        Assert.Null((await bench.Playbooks.PutAsync("slow", definition, true, null, "ana", default)).Problem);
        var started = (await bench.Starter.StartAsync("slow", new PlaybookSubject.Given(null), "ana", null, default)).Value;
        Assert.True(await bench.Starter.CancelAsync(started.Run));
        Assert.Equal(StepStatus.Cancelled, (await started.End).Status);
        Assert.False(await bench.Starter.CancelAsync(started.Run));
        Assert.Equal(StepStatus.Cancelled, (await bench.Playbooks.FindRunAsync(started.Run, default))!.Value.Status);
    }

    private static async Task<PlaybookRun> RunAsync(string actions, SendHttp? http = null, List<TimeSpan>? pauses = null)
    {
        var definition = PlaybookReader.Read($$"""{ {{Trigger}}, "actions":{{actions}} }""");
        Assert.True(definition.IsSuccess, definition.Problem?.Message);
        var run = new PlaybookRun { Id = Guid.Empty, Playbook = "p", StartedBy = "t", Started = Workbench.Noon };
        Task<Outcome<JsonObject>> refuse(JsonObject inputs, CancellationToken cancellationToken) => Task.FromResult<Outcome<JsonObject>>(new Problem(ProblemKind.Unavailable, "RequestFailed", "no"));
        Task wait(TimeSpan pause, CancellationToken cancellationToken)
        {
            pauses?.Add(pause);
            return Task.CompletedTask;
        }

        return await new PlaybookExecution(definition.Value, run, new JsonObject(), null!, http ?? refuse, wait, TimeProvider.System, _ => Task.CompletedTask).RunAsync(default);
    }

    private sealed class Scope : IExpressionScope
    {
        public DateTimeOffset Now => Workbench.Noon;

        public JsonNode? Look(string function, IReadOnlyList<JsonNode?> arguments) => JsonNode.Parse("""{"object":{"title":"odd"}}""");
    }
}
