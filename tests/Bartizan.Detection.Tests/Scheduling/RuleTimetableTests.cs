using Bartizan.Detection.Scheduling;

namespace Bartizan.Detection.Tests.Scheduling;

public class RuleTimetableTests
{
    private static readonly TimeSpan day = TimeSpan.FromDays(1);

    [Fact]
    public void A_new_rule_is_due_at_once() =>
        Assert.Equal([Sample.Noon.AddMinutes(-5)], RuleTimetable.Due(Sample.Rule, null, Sample.Noon, day).Slots);

    [Theory]
    [InlineData(64, 0)]
    [InlineData(65, 1)]
    [InlineData(125, 2)]
    [InlineData(-600, 0)]
    public void A_rule_runs_five_minutes_after_each_slot(int minutes, int slots) =>
        Assert.Equal(slots, RuleTimetable.Due(Sample.Rule, Sample.Noon, Sample.Noon.AddMinutes(minutes), day).Slots.Count);

    [Fact]
    public void Slots_missed_for_long_are_a_gap_and_those_of_the_last_day_are_made_good()
    {
        var due = RuleTimetable.Due(Sample.Rule, Sample.Noon, Sample.Noon.AddDays(3).AddMinutes(5), day);

        Assert.Equal(24, due.Slots.Count);
        Assert.Equal(Sample.Noon.AddDays(3), due.Slots[^1]);
        Assert.Equal((Sample.Noon, Sample.Noon.AddDays(2)), due.Gap);
    }

    [Fact]
    public void Suppression_of_two_hours_skips_exactly_two_hourly_runs()
    {
        var rule = Sample.Rule with { IsSuppressionEnabled = true, SuppressionDuration = TimeSpan.FromHours(2) };

        Assert.Equal([true, true, false],
            new[] { 1, 2, 3 }.Select(h => RuleTimetable.IsSuppressed(rule, Sample.Noon, Sample.Noon.AddHours(h))));
    }

    [Fact]
    public void Stepping_through_a_span_sees_all_of_it()
    {
        var slots = RuleTimetable.Through(Sample.Rule, Sample.Noon, Sample.Noon.AddMinutes(150));

        Assert.Equal([60, 120, 150], slots.Select(s => (s - Sample.Noon).TotalMinutes));
    }
}
