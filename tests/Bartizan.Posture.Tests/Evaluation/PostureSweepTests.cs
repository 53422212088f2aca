using System.Text.Json;
using Bartizan.Foundation.Resources;
using Bartizan.Posture.Assessments;
using Bartizan.Posture.Assignments;
using Bartizan.Posture.Evaluation;
using Bartizan.Store.Resources;

namespace Bartizan.Posture.Tests.Evaluation;

public sealed class PostureSweepTests
{
    private const string Group = "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg";
    private const string SecureTransfer = "1c5de8e1-f68d-6a17-e0d2-ec259c42768c";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_sample_estate_gets_a_score_in_each_account()
    {
        await using var estate = new Estate();
        await estate.LoadSampleAsync();

        var receipt = await estate.Sweep.SweepAsync(Stop);

        Assert.True(receipt.Resources > 300);
        var score = estate.Queries.Scores.Of(ResourceId.Subscription("a3c1d7e2-5b84-4f0e-9c3d-1e2f3a4b5c01"))!;
        Assert.InRange(score.Percentage, 0.05, 0.95);
        Assert.True(score.Max > 0);
        Assert.Contains(estate.Queries.Recommendations(), r => r.Check.Key == SecureTransfer && r.Count.Total == 16);
    }

    [Fact]
    public async Task A_resource_that_is_mended_is_judged_anew_with_those_that_look_at_it()
    {
        await using var estate = new Estate();
        await estate.PutAsync(Account("a", "false"), Account("b", "true"), BlobService("a", "false"));
        await estate.Sweep.SweepAsync(Stop);
        var before = estate.Queries.Finding(Id("a"), SecureTransfer)!.Assessment;
        Assert.Equal(AssessmentStatus.Unhealthy, before.Status);

        await estate.PutAsync(Account("a", "true"), BlobService("a", "true"));
        await estate.Sweep.ReviseAsync([Id("a").Append("blobServices/default")], Stop);
        var softDelete = estate.Queries.Findings(Id("a")).Single(f => f.Check!.Name == "storage-blob-soft-delete");

        Assert.Equal(AssessmentStatus.Healthy, softDelete.Assessment.Status);
        Assert.Equal(AssessmentStatus.Healthy, estate.Queries.Finding(Id("a"), SecureTransfer)!.Assessment.Status);
        Assert.Equal(before.FirstEvaluated, estate.Queries.Finding(Id("a"), SecureTransfer)!.Assessment.FirstEvaluated);
    }

    [Fact]
    public async Task A_removed_resource_leaves_score_and_store()
    {
        await using var estate = new Estate();
        await estate.PutAsync(Account("a", "false"), Account("b", "true"));
        await estate.Sweep.SweepAsync(Stop);

        await estate.Resources.RemoveAsync([Id("a")], "test", Stop);
        await estate.Sweep.ReviseAsync([Id("a")], Stop);

        Assert.Null(estate.Queries.Board.Find(Id("a")));
        var rows = await estate.Resources.ListAsync(new ResourceQuery { View = ResourceView.SecurityResources, Scope = Id("a") }, Stop);
        Assert.Empty(rows.Items);
    }

    [Fact]
    public async Task Evidence_names_the_clause_and_what_it_read()
    {
        await using var estate = new Estate();
        await estate.PutAsync(Account("a", "false"));
        await estate.Sweep.SweepAsync(Stop);

        using var evidence = JsonDocument.Parse(estate.Queries.Finding(Id("a"), SecureTransfer)!.Assessment.Evidence!);

        var clause = evidence.RootElement.GetProperty("clauses").EnumerateArray().Last();
        Assert.Equal("false", clause.GetProperty("read").GetString());
    }

    [Fact]
    public async Task A_disabled_check_is_not_applicable_and_an_exempt_resource_too()
    {
        await using var estate = new Estate();
        await estate.PutAsync(Account("a", "false"), Account("b", "false"));
        await estate.Sweep.SweepAsync(Stop);
        var book = estate.Get<AssignmentBook>();
        var assignment = (await book.ListAssignmentsAsync(Stop)).Single();
        using var exemption = JsonDocument.Parse($$"""{"policyAssignmentId":"{{assignment.Id}}","exemptionCategory":"Waiver","policyDefinitionReferenceIds":["storage-secure-transfer"],"description":"agreed"}""");
        Assert.True((await book.ExemptAsync(Id("a"), "x", exemption.RootElement, null, "t", Stop)).IsSuccess);
        using var off = JsonDocument.Parse("""{"policyDefinitionId":"/providers/Microsoft.Authorization/policySetDefinitions/bartizan-baseline-azure","parameters":{"storage-minimum-tls-effect":{"value":"Disabled"}}}""");
        Assert.True((await book.AssignAsync(assignment.Scope, assignment.Name, off.RootElement, null, null, null, "t", Stop)).IsSuccess);

        await estate.Sweep.SweepAsync(Stop);

        Assert.Equal((AssessmentStatus.NotApplicable, AssessmentCause.Exempt), Stands("a", "storage-secure-transfer"));
        Assert.Equal((AssessmentStatus.Unhealthy, null), Stands("b", "storage-secure-transfer"));
        Assert.Equal((AssessmentStatus.NotApplicable, AssessmentCause.OffByPolicy), Stands("b", "storage-minimum-tls"));

        (AssessmentStatus, string?) Stands(string name, string check)
        {
            var finding = estate.Queries.Findings(Id(name)).Single(f => f.Check!.Name == check);
            return (finding.Assessment.Status, finding.Assessment.Cause);
        }
    }

    [Fact]
    public async Task A_change_shows_in_the_score_within_a_second()
    {
        await using var estate = new Estate();
        await estate.PutAsync(Account("a", "false"));
        var watch = estate.Get<PostureWatch>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var running = watch.RunAsync(stop.Token);
        await Until(() => estate.Sweep.SweptAt is not null && estate.Queries.Finding(Id("a"), SecureTransfer) is not null, TimeSpan.FromSeconds(30));
        await Task.Delay(500, Stop);

        await estate.PutAsync(Account("a", "true"));

        await Until(() => estate.Queries.Finding(Id("a"), SecureTransfer)!.Assessment.Status == AssessmentStatus.Healthy, TimeSpan.FromSeconds(1));
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task Times_survive_a_restart()
    {
        var folder = Directory.CreateTempSubdirectory("posture");
        try
        {
            DateTimeOffset first;
            await using (var estate = new Estate(folder.FullName))
            {
                await estate.PutAsync(Account("a", "false"));
                await estate.Sweep.SweepAsync(Stop);
                first = estate.Queries.Finding(Id("a"), SecureTransfer)!.Assessment.FirstEvaluated;
            }

            await using (var estate = new Estate(folder.FullName))
            {
                var receipt = await estate.Sweep.SweepAsync(Stop);

                Assert.Equal(0, receipt.Changed);
                Assert.Equal(first, estate.Queries.Finding(Id("a"), SecureTransfer)!.Assessment.FirstEvaluated);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task Until(Func<bool> holds, TimeSpan limit)
    {
        var end = Environment.TickCount64 + (long)limit.TotalMilliseconds;
        while (!holds())
        {
            Assert.True(Environment.TickCount64 < end, $"Not within {limit}.");
            await Task.Delay(20, Stop);
        }
    }

    private static ResourceId Id(string name) => ResourceId.Parse($"{Group}/providers/Microsoft.Storage/storageAccounts/{name}");

    private static string Account(string name, string httpsOnly) =>
        $$"""{"id":"{{Id(name)}}","name":"{{name}}","type":"Microsoft.Storage/storageAccounts","kind":"StorageV2","location":"westeurope","properties":{"supportsHttpsTrafficOnly":{{httpsOnly}} } }""";

    private static string BlobService(string account, string enabled) =>
        $$"""{"id":"{{Id(account)}}/blobServices/default","name":"default","type":"Microsoft.Storage/storageAccounts/blobServices","properties":{"deleteRetentionPolicy":{"enabled":{{enabled}} } } }""";
}
