using Bartizan.Foundation.Resources;
using Bartizan.Posture.Assessments;
using Bartizan.Posture.Compliance;

namespace Bartizan.Posture.Tests.Evaluation;

public sealed class CloudTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_cloud_of_the_sample_is_judged_by_its_own_checks()
    {
        await using var estate = new Estate();
        await estate.LoadSampleAsync();

        await estate.Sweep.SweepAsync(Stop);

        Assert.Equal(
            [CloudEnvironment.Azure, CloudEnvironment.Aws, CloudEnvironment.Gcp],
            estate.Queries.Recommendations().SelectMany(r => r.Environments).Distinct().Where(e => e != CloudEnvironment.OnPremises).Order());
        Assert.Equal(4, estate.Queries.Scores.All().Count(s => s.Max > 0));
        Assert.DoesNotContain(estate.Queries.Findings(ResourceId.Tenant), f => f.Check!.Environment != Of(f.Resource.Environment));
        Assert.DoesNotContain(estate.Queries.Findings(ResourceId.Tenant), f => f.Assessment.Cause == AssessmentCause.EvaluationFailed);
        var bucket = estate.Queries.Findings(ResourceId.Tenant).First(f => f.Resource.Name == "kh-invoices-archive" && f.Check!.Name == "aws-s3-block-public-access");
        Assert.Equal(AssessmentStatus.Unhealthy, bucket.Assessment.Status);

        static CloudEnvironment Of(CloudEnvironment environment) => environment == CloudEnvironment.OnPremises ? CloudEnvironment.Azure : environment;
    }

    [Fact]
    public async Task Manifests_are_judged_whatever_kind_holds_the_pod()
    {
        await using var estate = new Estate();
        await estate.PutAsync(
            """{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","namespace":"web"},"spec":{"containers":[{"name":"c","image":"a:1","securityContext":{"privileged":true}}]}}""",
            """{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"d","namespace":"web"},"spec":{"template":{"spec":{"containers":[{"name":"c","image":"a:1","securityContext":{"privileged":true}}]}}}}""",
            """{"apiVersion":"batch/v1","kind":"CronJob","metadata":{"name":"j","namespace":"web"},"spec":{"jobTemplate":{"spec":{"template":{"spec":{"containers":[{"name":"c","image":"a:1"}]}}}}}}""");

        await estate.Sweep.SweepAsync(Stop);

        var privileged = estate.Queries.Findings(ResourceId.Tenant).Where(f => f.Check!.Name == "k8s-no-privileged").ToDictionary(f => f.Resource.Name, f => f.Assessment.Status);
        Assert.Equal(AssessmentStatus.Unhealthy, privileged["p"]);
        Assert.Equal(AssessmentStatus.Unhealthy, privileged["d"]);
        Assert.Equal(AssessmentStatus.Healthy, privileged["j"]);
    }

    [Fact]
    public async Task A_standard_fails_where_one_of_its_checks_does()
    {
        await using var estate = new Estate();
        await estate.LoadSampleAsync();
        await estate.Sweep.SweepAsync(Stop);
        var scope = ResourceId.Subscription("a3c1d7e2-5b84-4f0e-9c3d-1e2f3a4b5c01");

        var benchmark = estate.Get<ComplianceBook>().Find(scope, "microsoft-cloud-security-benchmark")!;

        Assert.Equal(85, benchmark.Controls.Count);
        Assert.Equal(ComplianceOutcome.Failed, benchmark.Outcome);
        Assert.Equal(ComplianceOutcome.Failed, benchmark.Controls.Single(c => c.Control.Id == "DP-3").Outcome);
        Assert.Equal(ComplianceOutcome.Unsupported, benchmark.Controls.Single(c => c.Control.Id == "GS-1").Outcome);
        Assert.DoesNotContain(estate.Get<ComplianceBook>().For(scope), s => s.Standard.Environments.Contains(CloudEnvironment.Gcp));
    }
}
