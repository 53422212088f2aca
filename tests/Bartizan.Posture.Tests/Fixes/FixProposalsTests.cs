using System.Text.Json;
using Bartizan.Foundation.Resources;
using Bartizan.Posture.Assignments;
using Bartizan.Posture.Fixes;

namespace Bartizan.Posture.Tests.Fixes;

public sealed class FixProposalsTests
{
    private const string Subscription = "/subscriptions/11111111-1111-1111-1111-111111111111";
    private const string Account = Subscription + "/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/a";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_operations_of_a_modify_become_a_patch()
    {
        await using var estate = new Estate();
        await estate.PutAsync(Record());
        var key = await AssignAsync(estate, "10000000-0000-0000-0000-000000000001", """
            {"if":{"allOf":[{"field":"type","equals":"Microsoft.Storage/storageAccounts"},{"field":"Microsoft.Storage/storageAccounts/minimumTlsVersion","notEquals":"TLS1_3"}]},
             "then":{"effect":"modify","details":{"roleDefinitionIds":["/providers/Microsoft.Authorization/roleDefinitions/x"],"operations":[
               {"operation":"addOrReplace","field":"Microsoft.Storage/storageAccounts/minimumTlsVersion","value":"TLS1_3"},
               {"operation":"add","field":"tags['owner']","value":"[concat('team-',resourceGroup().name)]"}]}}}
            """);

        var proposal = (await estate.Get<FixProposals>().ProposeAsync(ResourceId.Parse(Account), key, Stop)).Value;

        Assert.Equal("""{"properties":{"minimumTlsVersion":"TLS1_3"},"tags":{"owner":"team-rg"}}""", proposal.Operation.Body);
        Assert.Equal("""{"properties":{"minimumTlsVersion":"TLS1_0"},"tags":null}""", proposal.Operation.Undo);
        Assert.True(proposal.Mends);
        Assert.Contains(proposal.Risk.Notes, n => n.Contains("writes null", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_deploy_if_not_exists_becomes_its_deployment_with_parameters_worked_out()
    {
        await using var estate = new Estate();
        await estate.PutAsync(Record());
        var key = await AssignAsync(estate, "10000000-0000-0000-0000-000000000002", """
            {"if":{"field":"type","equals":"Microsoft.Storage/storageAccounts"},
             "then":{"effect":"deployIfNotExists","details":{"type":"Microsoft.Insights/diagnosticSettings","name":"audit","roleDefinitionIds":["/providers/Microsoft.Authorization/roleDefinitions/x"],
               "existenceCondition":{"field":"Microsoft.Insights/diagnosticSettings/workspaceId","exists":true},
               "deployment":{"properties":{"mode":"incremental","parameters":{"account":{"value":"[field('name')]"}},
                 "template":{"parameters":{"account":{"type":"string"}},"resources":[{"name":"[parameters('account')]"}]}}}}}}
            """);

        var outcome = await estate.Get<FixProposals>().ProposeAsync(ResourceId.Parse(Account), key, Stop);

        Assert.True(outcome.IsSuccess, outcome.IsSuccess ? "" : outcome.Problem.Message);
        var operation = outcome.Value.Operation;
        using var body = JsonDocument.Parse(operation.Body);
        Assert.Equal(FixOperation.Deployment, operation.Kind);
        Assert.StartsWith($"{Subscription}/resourceGroups/rg/providers/Microsoft.Resources/deployments/bartizan-fix-", operation.Target, StringComparison.Ordinal);
        Assert.Equal("a", body.RootElement.GetProperty("properties").GetProperty("parameters").GetProperty("account").GetProperty("value").GetString());
        Assert.Equal("[parameters('account')]", body.RootElement.GetProperty("properties").GetProperty("template").GetProperty("resources")[0].GetProperty("name").GetString());
        Assert.Null(operation.Undo);
        Assert.Null(outcome.Value.Mends);
    }

    [Fact]
    public async Task A_fix_that_makes_another_check_fail_says_so_and_is_no_light_matter()
    {
        await using var estate = new Estate();
        await estate.PutAsync(Record());
        await AssignAsync(estate, "10000000-0000-0000-0000-000000000003", """
            {"if":{"allOf":[{"field":"type","equals":"Microsoft.Storage/storageAccounts"},{"field":"Microsoft.Storage/storageAccounts/minimumTlsVersion","notEquals":"TLS1_0"}]},"then":{"effect":"audit"}}
            """);
        var tls = estate.Queries.Findings(ResourceId.Parse(Account)).Single(f => f.Check!.Name == "storage-minimum-tls");

        var proposal = (await estate.Get<FixProposals>().ProposeAsync(ResourceId.Parse(Account), tls.Assessment.Key, Stop)).Value;

        Assert.Equal("Unhealthy", proposal.Effects[0].After);
        Assert.Equal("Moderate", proposal.Risk.Level);
        Assert.Contains(proposal.Risk.Notes, n => n.Contains("would fail then", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Other_clouds_are_mended_in_their_own_shape_and_words_are_quoted_for_the_shell()
    {
        await using var estate = new Estate();
        await estate.PutAsync("""{"environment":"Aws","accountId":"111122223333","region":"eu-west-1","type":"AWS::RDS::DBInstance","name":"it's","record":{"DBInstanceIdentifier":"it's","DeletionProtection":false,"Engine":"postgres"}}""");
        await estate.Sweep.SweepAsync(Stop);
        var finding = estate.Queries.Findings(ResourceId.Tenant).Single(f => f.Check!.Name == "aws-rds-deletion-protection");

        var proposal = (await estate.Get<FixProposals>().ProposeAsync(finding.Resource.Id, finding.Assessment.Key, Stop)).Value;

        Assert.Equal("""{"properties":{"DeletionProtection":true}}""", proposal.Operation.Body);
        Assert.True(proposal.Mends);
        var snippet = Assert.Single(proposal.Snippets).Text;
        Assert.Contains("""--patch-document '[{"op":"add","path":"/DeletionProtection","value":true}]'""", snippet, StringComparison.Ordinal);
        Assert.Contains("""--identifier 'it'\''s'""", snippet, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whatever_of_the_sample_estate_can_be_mended_passes_its_check_afterwards()
    {
        await using var estate = new Estate();
        await estate.LoadSampleAsync();
        await estate.Sweep.SweepAsync(Stop);
        var proposals = estate.Get<FixProposals>();
        var (mended, failing) = (0, new List<string>());
        foreach (var finding in estate.Queries.Findings(ResourceId.Tenant).Where(f => f.Assessment.Status == Assessments.AssessmentStatus.Unhealthy && f.Check?.Fix is not null))
        {
            var outcome = await proposals.ProposeAsync(finding.Resource.Id, finding.Assessment.Key, Stop);
            mended++;
            if (outcome is not { IsSuccess: true, Value.Mends: true })
            {
                failing.Add($"{finding.Check!.Name} on {finding.Resource.Id}: {(outcome.IsSuccess ? outcome.Value.Operation.Body : outcome.Problem.Message)}");
            }
        }

        Assert.True(mended > 50, $"looked at {mended}");
        Assert.Equal("", string.Join('\n', failing));
    }

    private static string Record() => JsonSerializer.Serialize(new
    {
        id = Account,
        name = "a",
        type = "Microsoft.Storage/storageAccounts",
        location = "westeurope",
        kind = "StorageV2",
        sku = new { name = "Standard_LRS" },
        properties = new { supportsHttpsTrafficOnly = true, minimumTlsVersion = "TLS1_0" },
    });

    /// <summary>A definition of one's own, assigned at the subscription; its assessment's key.</summary>
    private static async Task<string> AssignAsync(Estate estate, string name, string rule)
    {
        var book = estate.Get<AssignmentBook>();
        var json = $$"""{"name":"{{name}}","properties":{"displayName":"Own","mode":"All","policyType":"BuiltIn","policyRule":{{rule}} } }""";
        var receipt = await estate.Get<PolicyImporter>().ImportAsync("test", json, "t", Stop);
        Assert.True(receipt.Definitions == 1, string.Join('\n', receipt.Refused.Select(r => r.ToString())));
        await estate.Get<PolicyLibrary>().ReloadAsync(Stop);
        using var assignment = JsonDocument.Parse($$"""{"policyDefinitionId":"/providers/Microsoft.Authorization/policyDefinitions/{{name}}"}""");
        var assigned = await book.AssignAsync(ResourceId.Parse(Subscription), "own", assignment.RootElement, null, null, null, "t", Stop);
        Assert.True(assigned.IsSuccess, assigned.IsSuccess ? "" : assigned.Problem.Message);
        await estate.Sweep.SweepAsync(Stop);
        return name;
    }
}
