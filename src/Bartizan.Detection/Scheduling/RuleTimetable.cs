using Bartizan.Content.Rules;

namespace Bartizan.Detection.Scheduling;

/// <summary>When a rule is due. A slot is the moment its query takes for now; it runs a little later, so that late events are in.</summary>
public static class RuleTimetable
{
    /// <summary>How long after its slot a rule runs.</summary>
    public static TimeSpan DelayOf(RuleDefinition rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return rule.Kind == RuleKind.NRT ? TimeSpan.FromMinutes(2) : TimeSpan.FromMinutes(5);
    }

    /// <summary>
    /// The slots due by now, oldest first. A rule never run is due at once. Slots older than <paramref name="catchUp"/> are given
    /// up: they are the gap.
    /// </summary>
    public static DueSlots Due(RuleDefinition rule, DateTimeOffset? lastSlot, DateTimeOffset now, TimeSpan catchUp)
    {
        ArgumentNullException.ThrowIfNull(rule);
        var newest = now - DelayOf(rule);
        if (lastSlot is not { } last)
        {
            return new DueSlots([newest], null);
        }

        // A clock set back leaves the last slot in the future: nothing is due until it is reached again.
        var behind = (newest - last).Ticks / rule.QueryFrequency.Ticks;
        if (behind <= 0)
        {
            return new DueSlots([], null);
        }

        var most = Math.Max(1, catchUp.Ticks / rule.QueryFrequency.Ticks);
        var first = behind > most ? behind - most + 1 : 1;
        var slots = new List<DateTimeOffset>();
        for (var n = first; n <= behind; n++)
        {
            slots.Add(last + (n * rule.QueryFrequency));
        }

        return new DueSlots(slots, first > 1 ? (last, last + ((first - 1) * rule.QueryFrequency)) : null);
    }

    /// <summary>The slots that step through a past span at the rule's frequency, so that together they see all of it.</summary>
    public static IReadOnlyList<DateTimeOffset> Through(RuleDefinition rule, DateTimeOffset from, DateTimeOffset to)
    {
        ArgumentNullException.ThrowIfNull(rule);
        var slots = new List<DateTimeOffset>();
        for (var slot = from + rule.QueryFrequency; slot < to; slot += rule.QueryFrequency)
        {
            slots.Add(slot);
        }

        slots.Add(to);
        return slots;
    }

    /// <summary>After a run that raised an alert, whether a slot falls into the time the rule keeps silent.</summary>
    public static bool IsSuppressed(RuleDefinition rule, DateTimeOffset? lastFired, DateTimeOffset slot)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return rule.IsSuppressionEnabled && lastFired is { } fired && slot > fired && slot - fired <= rule.SuppressionDuration;
    }
}

/// <summary>Slots to run now, and the span that is given up because it lies too far back.</summary>
public sealed record DueSlots(IReadOnlyList<DateTimeOffset> Slots, (DateTimeOffset From, DateTimeOffset To)? Gap);
