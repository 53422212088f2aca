using Bartizan.Foundation.Resources;
using Bartizan.Posture.Assessments;

namespace Bartizan.Posture.Tests.Evaluation;

public sealed class AssetTests
{
    [Fact]
    public async Task Exported_assets_are_judged_by_their_data_and_their_policy()
    {
        await using var estate = new Estate();
        await estate.PutAsync(
            """{"name":"//storage.googleapis.com/open","asset_type":"storage.googleapis.com/Bucket","ancestors":["projects/1"],"resource":{"data":{"versioning":{"enabled":true}}},"iam_policy":{"bindings":[{"role":"roles/storage.objectViewer","members":["allUsers"]}]}}""",
            """{"name":"//storage.googleapis.com/closed","assetType":"storage.googleapis.com/Bucket","ancestors":["projects/1"],"resource":{"data":{}},"iamPolicy":{"bindings":[]}}""");

        await estate.Sweep.SweepAsync(TestContext.Current.CancellationToken);

        var findings = estate.Queries.Findings(ResourceId.Tenant).ToDictionary(f => (f.Resource.Name, f.Check!.Name), f => f.Assessment.Status);
        Assert.Equal(AssessmentStatus.Unhealthy, findings[("open", "gcp-bucket-no-public-members")]);
        Assert.Equal(AssessmentStatus.Healthy, findings[("closed", "gcp-bucket-no-public-members")]);
        Assert.Equal(AssessmentStatus.Healthy, findings[("open", "gcp-bucket-versioning")]);
        Assert.Equal(AssessmentStatus.Unhealthy, findings[("closed", "gcp-bucket-versioning")]);
    }
}
