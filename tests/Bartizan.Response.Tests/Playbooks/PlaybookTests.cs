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
        var started = await starter.StartAsync("/subscriptions/x/resourceGroups/y/providers/Microsoft.Logic/workflows/greet", incident.Id, "ana", default);
        var run = await started.Value.End;
        Assert.True(run.Status == StepStatus.Succeeded, string.Join("; ", run.Steps.Select(s => $"{s.Name} {s.Status} {s.Error}")));
        var comment = Assert.Single((await new IncidentComments(bench.Incidents).ListAsync(incident.Id, 10, null, default)).Value.Items).Value;
        Assert.Equal(("Seen: Odd sign-in", ActorKind.Playbook), (comment.Message, comment.Author.Kind));
        Assert.Equal(IncidentStatus.Closed, (await bench.ReadAsync(incident.Id)).Status);
        Assert.Contains("not among the allowed hosts", run.Steps.Single(s => s.Name == "Ask").Error, StringComparison.Ordinal);
        Assert.Equal(StepStatus.Succeeded, (await store.FindRunAsync(started.Value.Run, default))!.Value.Status);
        Assert.Equal("PlaybookNotFound", (await starter.StartAsync("nobody", incident.Id, "ana", default)).Problem?.Code);
    }

    private static async Task<PlaybookRun> RunAsync(string actions)
    {
        var definition = PlaybookReader.Read($$"""{ {{Trigger}}, "actions":{{actions}} }""");
        Assert.True(definition.IsSuccess, definition.Problem?.Message);
        var run = new PlaybookRun { Id = Guid.Empty, Playbook = "p", IncidentId = Guid.Empty, StartedBy = "t", Started = Workbench.Noon };
        Task<Outcome<JsonObject>> refuse(JsonObject inputs, CancellationToken cancellationToken) => Task.FromResult<Outcome<JsonObject>>(new Problem(ProblemKind.Unavailable, "RequestFailed", "no"));
        return await new PlaybookExecution(definition.Value, run, new JsonObject(), null!, refuse, TimeProvider.System, _ => Task.CompletedTask).RunAsync(default);
    }

    private sealed class Scope : IExpressionScope
    {
        public DateTimeOffset Now => Workbench.Noon;

        public JsonNode? Look(string function, IReadOnlyList<JsonNode?> arguments) => JsonNode.Parse("""{"object":{"title":"odd"}}""");
    }
}
