using System.Globalization;
using Bartizan.Content.Rules;

namespace Bartizan.Detection.Alerts;

/// <summary>The stretch of time one run of a rule looks at, and the moment <c>now()</c> means in it.</summary>
public sealed record RuleWindow(DateTimeOffset Start, DateTimeOffset End, DateTimeOffset Now)
{
    /// <summary>The window of the run whose query sees <paramref name="now"/>: the rule's period back from it, up to the next whole second.</summary>
    public static RuleWindow Of(RuleDefinition rule, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(rule);
        now = now.ToUniversalTime();
        var cut = now.Ticks % TimeSpan.TicksPerSecond;
        return new RuleWindow(now - rule.QueryPeriod, cut == 0 ? now : now.AddTicks(TimeSpan.TicksPerSecond - cut), now);
    }

    /// <summary>The query with its time fixed, as alerts keep it: running it again later asks the same.</summary>
    public string Fix(string query) => string.Create(CultureInfo.InvariantCulture,
        $"// The query_now parameter represents the time (in UTC) at which the scheduled analytics rule ran to generate this alert.\nset query_now = datetime({Now.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffffffZ});\n{query}");
}
