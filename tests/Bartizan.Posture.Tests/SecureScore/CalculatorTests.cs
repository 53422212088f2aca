using Bartizan.Foundation.Resources;
using Bartizan.Posture.Assessments;
using Bartizan.Posture.SecureScore;
using CsCheck;

namespace Bartizan.Posture.Tests.SecureScore;

public sealed class CalculatorTests
{
    private static readonly ResourceId Scope = ResourceId.Subscription("s1");

    private static readonly Control Encrypt = new("c1", "Encrypt data in transit", 4, Set("a", "b"));

    [Fact]
    public void Points_follow_the_published_example()
    {
        var updates = new Control("c6", "Remediate security configurations", 6, Set("a"));
        var score = Calculator.Score(Scope, [updates], Many(4, AssessmentStatus.Healthy).Concat(Many(74, AssessmentStatus.Unhealthy, from: 4)));

        var control = Assert.Single(score.Controls);
        Assert.Equal(0.31, Math.Round(control.Current, 2));
        Assert.Equal(6 * 74 / 78.0, control.Potential, 10);
    }

    [Fact]
    public void One_failing_check_makes_the_resource_unhealthy_until_the_last_is_fixed()
    {
        var score = Calculator.Score(Scope, [Encrypt], [Of(1, "a", AssessmentStatus.Healthy), Of(1, "b", AssessmentStatus.Unhealthy)]);

        Assert.Equal((0, 1), (score.Controls[0].Healthy, score.Controls[0].Unhealthy));
        Assert.Equal(0, score.Percentage);
    }

    [Fact]
    public void Exempt_resources_do_not_lower_the_score()
    {
        var score = Calculator.Score(Scope, [Encrypt], [Of(1, "a", AssessmentStatus.Healthy), Of(2, "a", AssessmentStatus.NotApplicable)]);

        Assert.Equal(1, score.Percentage);
        Assert.Equal(1, score.Controls[0].NotApplicable);
    }

    [Fact]
    public void A_control_without_counting_resources_adds_nothing_to_either_sum()
    {
        var idle = new Control("c2", "Enable MFA", 10, Set("z"));
        var score = Calculator.Score(Scope, [Encrypt, idle], [Of(1, "a", AssessmentStatus.Healthy), Of(1, "z", AssessmentStatus.NotApplicable)]);

        Assert.Equal(4, score.Max);
        Assert.Equal(0, score.Controls[1].Max);
    }

    [Fact]
    public void Unknown_is_never_healthy_and_shows_in_coverage()
    {
        var score = Calculator.Score(
            Scope, [Encrypt], [Of(1, "a", AssessmentStatus.Healthy), Of(1, "b", AssessmentStatus.Unknown), Of(2, "a", AssessmentStatus.Healthy)]);

        Assert.Equal((1, 0, 1), (score.Controls[0].Healthy, score.Controls[0].Unhealthy, score.Controls[0].Unknown));
        Assert.Equal(0.5, score.Coverage);
    }

    [Fact]
    public void A_check_outside_every_control_changes_nothing() =>
        Assert.Equal(0, Calculator.Score(Scope, [Encrypt], [Of(1, "custom", AssessmentStatus.Unhealthy)]).Max);

    [Fact]
    public void Scopes_are_joined_by_the_weight_of_their_resources()
    {
        var large = Calculator.Score(Scope, [Encrypt], Many(90, AssessmentStatus.Healthy));
        var small = Calculator.Score(ResourceId.Subscription("s2"), [Encrypt], Many(10, AssessmentStatus.Unhealthy));

        Assert.Equal(0.9, Calculator.Aggregate([large, small]), 10);
        Assert.Equal(0.9, Assert.Single(Calculator.Join([large, small])).Percentage, 10);
    }

    [Fact]
    public void A_score_stays_within_its_bounds() =>
        Gen.Select(Gen.Int[0, 20], Gen.Int[0, 2].Select(i => "abc"[i].ToString()), Gen.Enum<AssessmentStatus>())
            .List[0, 60]
            .Sample(drawn =>
            {
                var other = new Control("c2", "Enable MFA", 10, Set("c", "a"));
                var score = Calculator.Score(Scope, [Encrypt, other], drawn.Select(d => Of(d.Item1, d.Item2, d.Item3)));
                Assert.InRange(score.Current, 0, score.Max);
                Assert.InRange(score.Max, 0, 14);
                Assert.InRange(score.Coverage, 0, 1);
                Assert.All(score.Controls, c => Assert.Equal(c.Max, c.Current + c.Potential, 9));
            });

    private static IEnumerable<Assessment> Many(int count, AssessmentStatus status, int from = 0) =>
        Enumerable.Range(from, count).Select(i => Of(i, "a", status));

    private static Assessment Of(int resource, string key, AssessmentStatus status) => new(
        ResourceId.Parse($"/subscriptions/s1/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/st{resource}"),
        key, status, null, null, null, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);

    private static HashSet<string> Set(params string[] keys) => new(keys, StringComparer.OrdinalIgnoreCase);
}
