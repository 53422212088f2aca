using System.Text.Json;
using Bartizan.Foundation.Resources;
using Bartizan.Posture.Assignments;

namespace Bartizan.Posture.Tests.Evaluation;

public sealed class AttestationTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly ResourceId Group = ResourceId.Parse("/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg");
    private static readonly Assignment Baseline = Read(Assignment.Read, "/assigned", """{"policyDefinitionId":"/d","displayName":"Baseline"}""");

    [Theory]
    [InlineData("""{"policyAssignmentId":"/ASSIGNED"}""", true)]
    [InlineData("""{"policyAssignmentId":"/assigned","policyDefinitionReferenceId":"One"}""", true)]
    [InlineData("""{"policyAssignmentId":"/assigned","policyDefinitionReferenceId":"two"}""", false)]
    [InlineData("""{"policyAssignmentId":"/other"}""", false)]
    [InlineData("""{"policyAssignmentId":"/assigned","expiresOn":"2026-01-01T12:00:01Z"}""", true)]
    [InlineData("""{"policyAssignmentId":"/assigned","expiresOn":"2026-01-01T12:00:00Z"}""", false)]
    public void It_speaks_for_its_assignment_and_member_until_it_expires(string properties, bool covers) =>
        Assert.Equal(covers, Read(Attestation.Read, "/a", properties).Covers(Baseline, "one", Noon));

    [Theory]
    [InlineData("""{"complianceState":"Compliant"}""", "policyAssignmentId")]
    [InlineData("""{"policyAssignmentId":"/assigned","complianceState":"Fine"}""", "complianceState")]
    [InlineData("""{"policyAssignmentId":"/assigned","complianceState":"1"}""", "complianceState")]
    [InlineData("""{"policyAssignmentId":"/assigned","complianceState":""}""", "complianceState")]
    [InlineData("""{"policyAssignmentId":"/assigned","expiresOn":"soon"}""", "expiresOn")]
    [InlineData("[]", "policyAssignmentId")]
    public void What_cannot_be_read_is_refused_by_name(string properties, string target)
    {
        using var document = JsonDocument.Parse(properties);
        Assert.Equal(target, Attestation.Read("/a", Group, document.RootElement).Problem!.Target);
    }

    private static T Read<T>(Func<string, ResourceId, JsonElement, Foundation.Outcomes.Outcome<T>> read, string id, string properties)
    {
        using var document = JsonDocument.Parse(properties);
        return read(id, Group, document.RootElement).Value;
    }
}
