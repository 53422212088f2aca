using System.Text.Json;
using Bartizan.Foundation.Resources;
using Bartizan.Posture.Evaluation;
using Bartizan.Posture.Governance;
using Bartizan.Posture.SecureScore;

namespace Bartizan.Posture.Tests.Governance;

public sealed class OwnerAssignerTests
{
    private const string Subscription = "/subscriptions/11111111-1111-1111-1111-111111111111";
    private const string SecureTransfer = "1c5de8e1-f68d-6a17-e0d2-ec259c42768c";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_rule_gives_unhealthy_findings_the_owner_that_a_tag_names()
    {
        await using var estate = await OpenAsync(Account("a", "false", "ann@example.org"), Account("b", "true", "bob@example.org"));
        await RuleAsync(estate, "one", Rule(10, """{"type":"ByTag","value":"owner"}"""));

        await estate.Get<GovernanceRound>().RunAsync(Stop);

        var report = await estate.Get<GovernanceReport>().ListAsync(ResourceId.Parse(Subscription), null, Stop);
        var found = Assert.Single(report, f => f.Assessment.Key == SecureTransfer);
        Assert.Equal("ann@example.org", found.Assignment?.Owner);
        Assert.Equal(GovernanceState.OnTime, found.State);
        Assert.Contains(report, f => f.State == GovernanceState.Unassigned);
    }

    [Fact]
    public async Task The_lower_priority_decides_and_two_rules_never_share_one()
    {
        await using var estate = await OpenAsync(Account("a", "false", ""));
        await RuleAsync(estate, "late", Rule(20, """{"type":"Manually","value":"late@example.org"}"""));
        await RuleAsync(estate, "early", Rule(10, """{"type":"Manually","value":"early@example.org"}"""));
        var same = await PutAsync(estate, "same", Rule(10, """{"type":"Manually","value":"x"}"""));

        await estate.Get<GovernanceRound>().RunAsync(Stop);

        Assert.Equal("early@example.org", estate.Get<GovernanceBook>().Now.Of(Id("a"), SecureTransfer)?.Owner);
        Assert.Equal("DuplicateRulePriority", same);
    }

    [Fact]
    public async Task What_somebody_assigned_by_hand_stays_until_the_rule_is_executed_to_override()
    {
        await using var estate = await OpenAsync(Account("a", "false", ""));
        using var properties = JsonDocument.Parse("""{"owner":"hand@example.org","remediationDueDate":"2020-01-01T00:00:00Z"}""");
        await estate.Get<GovernanceBook>().PutAsync(Id("a"), SecureTransfer, "mine", properties.RootElement, "test", Stop);
        await RuleAsync(estate, "one", Rule(10, """{"type":"Manually","value":"rule@example.org"}"""));

        await estate.Get<GovernanceRound>().RunAsync(Stop);
        var before = estate.Get<GovernanceBook>().Now.Of(Id("a"), SecureTransfer);
        await estate.Get<GovernanceRound>().ExecuteAsync(Subscription + "/providers/Microsoft.Security/governanceRules/one", overrides: true, "test", Stop);

        Assert.Equal("hand@example.org", before?.Owner);
        Assert.Equal("rule@example.org", estate.Get<GovernanceBook>().Now.Of(Id("a"), SecureTransfer)?.Owner);
    }

    [Fact]
    public async Task A_finding_in_its_grace_does_not_lower_the_score_and_the_ledger_says_why_it_rose()
    {
        await using var estate = await OpenAsync(Account("a", "false", ""), Account("b", "true", ""));
        var before = Transit(estate);

        await RuleAsync(estate, "one", Rule(10, """{"type":"Manually","value":"x"}""", grace: true).Replace("$.AssessmentKey", "$.Severity", StringComparison.Ordinal).Replace(SecureTransfer, "High\\\",\\\"Medium\\\",\\\"Low", StringComparison.Ordinal));
        await estate.Get<GovernanceRound>().RunAsync(Stop);

        var after = Transit(estate);
        Assert.True(before.Unhealthy > 0);
        Assert.Equal(0, after.Unhealthy);
        var newest = (await estate.Get<ScoreLedger>().ListAsync(ResourceId.Parse(Subscription), null, 1, Stop))[0];
        Assert.Equal("Governance", newest.Items[0].Reason);
    }

    [Theory]
    [InlineData("""{"rulePriority":1}""", "displayName")]
    [InlineData("""{"displayName":"a","rulePriority":1001}""", "rulePriority")]
    [InlineData("""{"displayName":"a","rulePriority":1,"remediationTimeframe":"soon"}""", "remediationTimeframe")]
    [InlineData("""{"displayName":"a","rulePriority":1,"remediationTimeframe":"7.00:00:00","conditionSets":[]}""", "conditionSets")]
    [InlineData("""{"displayName":"a","rulePriority":1,"remediationTimeframe":"7.00:00:00","conditionSets":[{"conditions":[{"property":"$.Colour","value":"a","operator":"Equals"}]}]}""", "conditionSets")]
    [InlineData("""{"displayName":"a","rulePriority":1,"remediationTimeframe":"7.00:00:00","conditionSets":[{"conditions":[{"property":"$.Severity","value":"High","operator":"In"}]}]}""", "conditionSets")]
    public void What_a_rule_lacks_is_named(string json, string target)
    {
        using var document = JsonDocument.Parse(json);

        var outcome = GovernanceRule.Read("id", ResourceId.Parse(Subscription), document.RootElement, DateTimeOffset.UnixEpoch);

        Assert.Equal(target, outcome.Problem?.Target);
    }

    private static ControlScore Transit(Estate estate) =>
        estate.Queries.Scores.Of(ResourceId.Parse(Subscription))!.Controls.Single(c => c.Control.DisplayName == "Encrypt data in transit");

    private static async Task<Estate> OpenAsync(params string[] resources)
    {
        var estate = new Estate();
        await estate.PutAsync(resources);
        await estate.Sweep.SweepAsync(Stop);
        return estate;
    }

    private static string Rule(int priority, string owner, bool grace = false) => $$$"""
        {"displayName":"r","rulePriority":{{{priority}}},"remediationTimeframe":"7.00:00:00","isGracePeriod":{{{(grace ? "true" : "false")}}},"ownerSource":{{{owner}}},
        "conditionSets":[{"conditions":[{"property":"$.AssessmentKey","value":"[\"{{{SecureTransfer}}}\"]","operator":"In"}]}]}
        """;

    private static async Task RuleAsync(Estate estate, string name, string json) => Assert.Null(await PutAsync(estate, name, json));

    private static async Task<string?> PutAsync(Estate estate, string name, string json)
    {
        using var document = JsonDocument.Parse(json);
        var outcome = await estate.Get<GovernanceRuleBook>().PutAsync(ResourceId.Parse(Subscription), name, document.RootElement, "test", Stop);
        return outcome.Problem?.Code;
    }

    private static ResourceId Id(string name) => ResourceId.Parse($"{Subscription}/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/{name}");

    private static string Account(string name, string https, string owner) => JsonSerializer.Serialize(new
    {
        id = Id(name).Text,
        name,
        type = "Microsoft.Storage/storageAccounts",
        location = "westeurope",
        tags = new { owner },
        properties = new { supportsHttpsTrafficOnly = https == "true", minimumTlsVersion = "TLS1_2" },
    });
}
