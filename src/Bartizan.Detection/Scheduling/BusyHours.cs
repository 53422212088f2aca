using Bartizan.Content.Rules;
using Bartizan.Store.Queries;

namespace Bartizan.Detection.Scheduling;

/// <summary>
/// The hours of a span in which any table has events. A rule that fires on rows finds none in a window without events, so a replay over weeks need not
/// ask; a rule that fires on their absence is always asked.
/// </summary>
internal sealed class BusyHours
{
    /// <summary>A window may end some minutes after its slot says, and begins a period before it.</summary>
    private static readonly TimeSpan margin = TimeSpan.FromHours(1);

    private readonly HashSet<long>? hours;

    private BusyHours(HashSet<long>? hours) => this.hours = hours;

    /// <summary>Where they cannot be told, every hour counts as busy.</summary>
    public static async Task<BusyHours> ReadAsync(AskQuery ask, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var outcome = await ask(
            new QueryRequest("union * | summarize by Hour = bin(TimeGenerated, 1h)") { TimeRange = new TimeRange(from - margin, to + margin) }, cancellationToken).ConfigureAwait(false);
        return new BusyHours(outcome.TryGetValue(out var result, out _) && result.Columns is [{ Name: "Hour" }] && !result.IsPartial ? [.. result.Rows.Select(r => r[0]).OfType<DateTime>().Select(Hour)] : null);
    }

    /// <summary>Whether the window that ends at a slot can hold events.</summary>
    public bool Concern(RuleDefinition rule, DateTimeOffset slot)
    {
        if (hours is null || rule.TriggerOperator != TriggerOperator.GreaterThan)
        {
            return true;
        }

        var last = Hour((slot + margin).UtcDateTime);
        for (var hour = Hour((slot - rule.QueryPeriod - margin).UtcDateTime); hour <= last; hour++)
        {
            if (hours.Contains(hour))
            {
                return true;
            }
        }

        return false;
    }

    private static long Hour(DateTime time) => time.Ticks / TimeSpan.TicksPerHour;
}
