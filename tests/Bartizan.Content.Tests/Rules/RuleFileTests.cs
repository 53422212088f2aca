using System.Text.Json;
using Bartizan.Content.Rules;
using Bartizan.Foundation.Entities;
using Bartizan.Testing;

namespace Bartizan.Content.Tests.Rules;

public class RuleFileTests
{
    private const string Whole = """
        id: 0b1f7d1e-3d3b-4f0c-9a7e-2f0a55c0e001
        name: A service was installed from a user's folder
        description: |
          'A service binary outside the system folders.'
        severity: high
        kind: scheduled
        requiredDataConnectors:
          - connectorId: SecurityEvents
            dataTypes: [ SecurityEvent ]
        queryFrequency: 1h
        queryPeriod: 1d
        triggerOperator: gt
        triggerThreshold: 2
        tactics: [ Persistence, CommandandControl ]
        relevantTechniques: [ T1543.003 ]
        query: |
          SecurityEvent
          | where EventID == 4697
        entityMappings:
          - entityType: Host
            fieldMappings:
              - { identifier: fullname, columnName: Computer }
        customDetails:
          Binary: ServiceFileName
        alertDetailsOverride:
          alertDisplayNameFormat: "Service {{ServiceName}}"
        eventGroupingSettings:
          aggregationKind: AlertPerResult
        suppressionEnabled: true
        suppressionDuration: 2h
        incidentConfiguration:
          createIncident: true
          groupingConfiguration:
            enabled: true
            reopenClosedIncident: true
            lookbackDuration: PT5H
            matchingMethod: Selected
            groupByEntities: [ Host ]
        version: 1.0.1
        tests:
          - name: fires
            events:
              SecurityEvent:
                - { EventID: 4697, Computer: "w{n}", $repeat: 3, $every: 1m }
        """;

    [Fact]
    public void A_whole_rule_is_read()
    {
        var file = RuleFile.Read("a.yaml", Whole);

        Assert.Empty(file.Diagnostics);
        var rule = Assert.Single(file.Rules);
        Assert.Equal(AlertSeverity.High, rule.Severity);
        Assert.Equal("A service binary outside the system folders.", rule.Description);
        Assert.Equal(["Persistence", "CommandAndControl"], rule.Tactics);
        Assert.Equal(TimeSpan.FromDays(1), rule.QueryPeriod);
        Assert.Equal(TriggerOperator.GreaterThan, rule.TriggerOperator);
        Assert.Equal(new FieldMapping("FullName", "Computer"), rule.EntityMappings[0].Fields[0]);
        Assert.Equal(EventGrouping.AlertPerResult, rule.EventGrouping);
        Assert.Equal("Service {{ServiceName}}", rule.AlertDetails.NameFormat);
        Assert.Equal(GroupingMethod.Selected, rule.Incidents.Method);
        Assert.Equal([EntityKind.Host], rule.Incidents.GroupByEntities);
        Assert.True(rule.Incidents.ReopenClosed);
        Assert.Equal(TimeSpan.FromHours(2), rule.SuppressionDuration);
    }

    [Fact]
    public void A_repeated_fixture_event_stands_for_many()
    {
        var test = RuleFile.Read("a.yaml", Whole).Rules[0].Tests[0];

        var events = test.Events["SecurityEvent"].Select(e => JsonDocument.Parse(e).RootElement).ToArray();
        Assert.Equal(["w1", "w2", "w3"], events.Select(e => e.GetProperty("Computer").GetString()));
        Assert.Equal("2026-01-14T11:52:00.0000000Z", events[2].GetProperty("TimeGenerated").GetString());
        Assert.Equal(4697, events[0].GetProperty("EventID").GetInt32());
    }

    [Fact]
    public void The_api_shape_and_an_arm_export_are_read_as_the_same_rule()
    {
        const string Rule = """
            { "id": "[concat('x/alertRules/', '0b1f7d1e-3d3b-4f0c-9a7e-2f0a55c0e001')]", "kind": "Scheduled",
              "type": "Microsoft.OperationalInsights/workspaces/providers/alertRules",
              "properties": { "displayName": "R", "severity": "Low", "enabled": false, "query": "print 1", "queryFrequency": "PT5M",
                "queryPeriod": "PT10M", "triggerOperator": "LessThan", "triggerThreshold": 4, "techniques": ["T1003"], "subTechniques": ["T1003.001"] } }
            """;

        var one = Assert.Single(RuleFile.Read("a.json", Rule).Rules);
        var exported = Assert.Single(RuleFile.Read("b.json", $$"""{ "resources": [ {{Rule}}, { "type": "Microsoft.Logic/workflows" } ] }""").Rules);

        Assert.Equal(Guid.Parse("0b1f7d1e-3d3b-4f0c-9a7e-2f0a55c0e001"), one.Id);
        Assert.Equal(one.Id, exported.Id);
        Assert.Equal(TriggerOperator.LessThan, one.TriggerOperator);
        Assert.Equal(["T1003", "T1003.001"], one.Techniques);
        Assert.False(one.IsEnabled);
    }

    [Theory]
    [InlineData("queryFrequency: 1h", "queryFrequency: 2d", "BR011", 10)]
    [InlineData("queryPeriod: 1d", "queryPeriod: 15d", "BR016", 11)]
    [InlineData("queryFrequency: 1h", "queryFrequency: hourly", "BC006", 10)]
    [InlineData("severity: high", "severity: urgent", "BC007", 5)]
    [InlineData("identifier: fullname", "identifier: Address", "BR035", 22)]
    [InlineData("entityType: Host", "entityType: Ghost", "BR033", 20)]
    [InlineData("groupByEntities: [ Host ]", "groupByEntities: []", "BR023", 34)]
    [InlineData("lookbackDuration: PT5H", "lookbackDuration: P8D", "BR022", 36)]
    [InlineData("  SecurityEvent\n", "  union  *\n", "BR015", 16)]
    public void A_mistake_is_named_with_its_line(string right, string wrong, string code, int line)
    {
        Assert.Contains(right, Whole, StringComparison.Ordinal);

        var file = RuleFile.Read("a.yaml", Whole.Replace(right, wrong, StringComparison.Ordinal));

        Assert.Empty(file.Rules);
        var diagnostic = Assert.Single(file.Diagnostics, d => d.IsError);
        Assert.Equal(code, diagnostic.Diagnostic.Code);
        Assert.Equal(line, diagnostic.Line);
    }

    [Fact]
    public void An_eleventh_mapping_and_a_fourth_identifier_are_refused()
    {
        var mapping = "  - entityType: IP\n    fieldMappings: [ { identifier: Address, columnName: A } ]\n";
        var eleven = RuleFile.Read("a.yaml", "name: R\nseverity: Low\nqueryFrequency: 1h\nqueryPeriod: 1h\ntriggerOperator: gt\nquery: print 1\nentityMappings:\n"
            + string.Concat(Enumerable.Repeat(mapping, 11)));
        var four = RuleFile.Read("a.yaml", """
            name: R
            severity: Low
            queryFrequency: 1h
            queryPeriod: 1h
            triggerOperator: gt
            query: print 1
            entityMappings:
              - entityType: Account
                fieldMappings:
                  - { identifier: Name, columnName: A }
                  - { identifier: NTDomain, columnName: A }
                  - { identifier: Sid, columnName: A }
                  - { identifier: AadUserId, columnName: A }
            """);

        Assert.Equal("BR030", Assert.Single(eleven.Diagnostics).Diagnostic.Code);
        Assert.Equal("BR034", Assert.Single(four.Diagnostics).Diagnostic.Code);
    }

    [Theory]
    [InlineData("name: [unclosed")]
    [InlineData("{ \"name\": ")]
    [InlineData("")]
    [InlineData("- 1\n- 2")]
    [InlineData("just text")]
    [InlineData("a: &a [*a]")]
    [InlineData("{\"a\":\"\\ud800\"}")]
    public void A_broken_file_gives_a_diagnostic_and_no_rule(string text)
    {
        var file = RuleFile.Read("a.yaml", text);

        Assert.Empty(file.Rules);
        Assert.True(text.StartsWith('-') || file.Diagnostics.Count > 0);
    }

    [Fact]
    public void Deep_nesting_and_unfolding_aliases_cost_bounded_memory()
    {
        var bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n" + string.Concat(Enumerable.Range(1, 12).Select(
            i => $"a{i}: &a{i} [*a{i - 1},*a{i - 1},*a{i - 1},*a{i - 1},*a{i - 1},*a{i - 1},*a{i - 1},*a{i - 1},*a{i - 1},*a{i - 1}]\n"));

        Assert.Contains("unfolds", RuleFile.Read("b.yaml", bomb).Diagnostics[0].Diagnostic.Message, StringComparison.Ordinal);
        Assert.Contains("nested", RuleFile.Read("d.yaml", "a: " + new string('[', 100_000)).Diagnostics[0].Diagnostic.Message, StringComparison.Ordinal);
        Assert.Single(RuleFile.Read("d.json", "{\"a\":" + new string('[', 100_000)).Diagnostics);
    }

    [Fact]
    public void The_published_rules_of_the_corpus_are_read()
    {
        var corpus = RepositoryRoot.Corpus("kql/rules.jsonl");
        Assert.SkipWhen(corpus is null, "The corpus kql/rules.jsonl is not beside this clone.");
        var (read, asked) = (0, 0);
        var refused = new List<string>();
        foreach (var line in File.ReadLines(corpus!))
        {
            var entry = JsonDocument.Parse(line).RootElement;
            if (!entry.TryGetProperty("meta", out var meta) || !meta.TryGetProperty("triggerOperator", out _) || !meta.TryGetProperty("queryPeriod", out _))
            {
                continue;
            }

            asked++;
            var text = System.Text.Json.Nodes.JsonObject.Create(meta)!;
            text["query"] = entry.GetProperty("query").GetString();
            var file = RuleFile.Read(entry.GetProperty("path").GetString()!, text.ToJsonString());
            read += file.Rules.Count;
            refused.AddRange(file.Diagnostics.Where(d => d.IsError).Select(d => d.ToString()));
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{read} of {asked} read; refused:\n{string.Join('\n', refused.Take(30))}");
        Assert.True(asked > 300, $"Only {asked} rules were found.");
        Assert.True(read >= asked * 0.99, $"{read} of {asked} rules were read:\n{string.Join('\n', refused.Take(30))}");
    }
}
