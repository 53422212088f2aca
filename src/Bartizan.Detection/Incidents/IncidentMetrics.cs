using System.Text.Json.Serialization;
using Bartizan.Content.Rules;
using Bartizan.Foundation.Outcomes;
using Bartizan.Store.Records;

namespace Bartizan.Detection.Incidents;

/// <summary>How soon incidents of a severity are to be taken up and to be closed.</summary>
public sealed record SlaTarget(AlertSeverity Severity, TimeSpan Acknowledge, TimeSpan Close);

/// <summary>The targets of the workspace.</summary>
public sealed record SlaTargets(IReadOnlyList<SlaTarget> Targets)
{
    public static SlaTargets Default { get; } = new(
    [
        new(AlertSeverity.High, TimeSpan.FromMinutes(30), TimeSpan.FromHours(8)),
        new(AlertSeverity.Medium, TimeSpan.FromHours(2), TimeSpan.FromDays(1)),
        new(AlertSeverity.Low, TimeSpan.FromHours(8), TimeSpan.FromDays(3)),
        new(AlertSeverity.Informational, TimeSpan.FromDays(1), TimeSpan.FromDays(7)),
    ]);

    internal static RecordKind<SlaTargets> Kind { get; } = new("slaTargets", IncidentMetricsJson.Default.SlaTargets);
}

public enum ClockState
{
    Running,
    Met,
    Missed,
}

/// <summary>One clock of an incident.</summary>
/// <param name="Stopped">When it was met or missed for good; null while it runs or runs over.</param>
public sealed record SlaClock(DateTimeOffset Due, DateTimeOffset? Stopped, ClockState State);

/// <summary>Triage and closing of one incident against its targets.</summary>
public sealed record IncidentClocks(SlaClock Acknowledge, SlaClock Close);

/// <summary>Mean and percentiles of a time, in hours.</summary>
public sealed record TimeSpread(int Count, double Mean, double P5, double P50, double P90, double P99);

/// <summary>Times of the incidents of one group.</summary>
/// <param name="Acknowledge">Creation to first change (MTTA).</param>
/// <param name="Close">Creation to last closing (MTTR).</param>
public sealed record MetricsGroup(string Name, int Incidents, int Closed, TimeSpread? Acknowledge, TimeSpread? Close, int AcknowledgeMissed, int CloseMissed);

/// <summary>How good a rule is, told by how its incidents were closed.</summary>
/// <param name="Quality">Of those that were judged, the share that was right: true positives whole, benign ones half; null before the first.</param>
public sealed record RuleScorecard(
    Guid RuleId, int Incidents, int Open, int TruePositives, int BenignPositives, int WrongLogic, int WrongData, int Undetermined, double? Quality, double? MedianHoursToClose);

/// <summary>How fast incidents are dealt with and how good the rules are that open them; from the incidents themselves.</summary>
public sealed class IncidentMetrics(RecordStore records, IncidentStore incidents, TimeProvider time)
{
    private const string Name = "default";
    private static readonly TimeSpan longest = TimeSpan.FromDays(365);

    private readonly RecordSet<SlaTargets> targets = records.Open(SlaTargets.Kind);

    public async Task<SlaTargets> TargetsAsync(CancellationToken cancellationToken) => (await targets.FindAsync(Name, cancellationToken).ConfigureAwait(false))?.Value ?? SlaTargets.Default;

    /// <summary>Sets the targets; every severity has one, and nothing closes before it is taken up.</summary>
    public async Task<Outcome<SlaTargets>> PutTargetsAsync(SlaTargets given, string author, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(given);
        if (given.Targets.Count != Enum.GetValues<AlertSeverity>().Length || given.Targets.DistinctBy(t => t.Severity).Count() != given.Targets.Count
            || given.Targets.Any(t => t.Acknowledge <= TimeSpan.Zero || t.Close < t.Acknowledge || t.Close > longest))
        {
            return new Problem(ProblemKind.Invalid, "BadRequest", "Each severity has one target: a time to take up, and one at least as long, of a year at most, to close.", "properties.targets");
        }

        var outcome = await targets.PutAsync(Name, given, null, author, cancellationToken).ConfigureAwait(false);
        return outcome.TryGetValue(out var saved, out var problem) ? saved.Value : problem;
    }

    public async Task<IncidentClocks> ClocksAsync(Incident incident, CancellationToken cancellationToken) =>
        Clocks(incident, await TargetsAsync(cancellationToken).ConfigureAwait(false), time.GetUtcNow());

    /// <summary>The clocks of an incident; pure.</summary>
    public static IncidentClocks Clocks(Incident incident, SlaTargets targets, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(incident);
        ArgumentNullException.ThrowIfNull(targets);
        var target = targets.Targets.First(t => t.Severity == incident.Severity);
        return new IncidentClocks(
            Clock(incident.Created + target.Acknowledge, incident.FirstModified),
            Clock(incident.Created + target.Close, incident.Status == IncidentStatus.Closed ? incident.Closed : null));

        SlaClock Clock(DateTimeOffset due, DateTimeOffset? stopped) =>
            new(due, stopped, stopped is { } at ? (at <= due ? ClockState.Met : ClockState.Missed) : now <= due ? ClockState.Running : ClockState.Missed);
    }

    /// <summary>Times of the incidents that were created in a span, in all and by <c>severity</c>, <c>owner</c>, <c>product</c>, <c>tactic</c> or <c>classification</c>.</summary>
    public async Task<Outcome<IReadOnlyList<MetricsGroup>>> ByAsync(string by, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        Func<Incident, IEnumerable<string>>? groups = by.ToLowerInvariant() switch
        {
            "severity" => i => [i.Severity.ToString()],
            "owner" => i => [i.Owner?.DisplayName ?? ""],
            "product" => i => i.ProductNames,
            "tactic" => i => i.Tactics,
            "classification" => i => [i.Classification?.ToString() ?? ""],
            _ => null,
        };
        if (groups is null)
        {
            return new Problem(ProblemKind.Invalid, "BadRequest", $"Incidents are grouped by severity, owner, product, tactic or classification, not by '{by}'.", "by");
        }

        var all = await CreatedAsync(from, to, cancellationToken).ConfigureAwait(false);
        var sla = await TargetsAsync(cancellationToken).ConfigureAwait(false);
        return new[] { Group("All", all, sla) }
            .Concat(all.SelectMany(i => groups(i).Select(g => (Name: g, Incident: i))).GroupBy(p => p.Name).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => Group(g.Key, [.. g.Select(p => p.Incident)], sla)))
            .ToArray();
    }

    /// <summary>How the incidents of each rule were closed, the worst first.</summary>
    public async Task<IReadOnlyList<RuleScorecard>> ScorecardsAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var all = (await CreatedAsync(from, to, cancellationToken).ConfigureAwait(false)).Where(i => i.MergedInto is null);
        return [.. all.SelectMany(i => i.RuleIds.Select(r => (Rule: r, Incident: i))).GroupBy(p => p.Rule).Select(g => Card(g.Key, [.. g.Select(p => p.Incident)]))
            .OrderBy(c => c.Quality ?? 2).ThenByDescending(c => c.Incidents).ThenBy(c => c.RuleId)];
    }

    private static RuleScorecard Card(Guid rule, IReadOnlyList<Incident> of)
    {
        var closed = of.Where(i => i.Status == IncidentStatus.Closed).ToList();
        int Count(Classification c, ClassificationReason? reason = null) => closed.Count(i => i.Classification == c && (reason is null || i.ClassificationReason == reason));
        var (right, benign, wrong) = (Count(Classification.TruePositive), Count(Classification.BenignPositive), Count(Classification.FalsePositive));
        return new RuleScorecard(
            rule, of.Count, of.Count - closed.Count, right, benign, Count(Classification.FalsePositive, ClassificationReason.IncorrectAlertLogic), Count(Classification.FalsePositive, ClassificationReason.InaccurateData),
            Count(Classification.Undetermined), right + benign + wrong == 0 ? null : Math.Round((right + (benign / 2.0)) / (right + benign + wrong), 3), Spread(closed.Select(ToClose))?.P50);
    }

    private MetricsGroup Group(string name, IReadOnlyList<Incident> of, SlaTargets sla)
    {
        var now = time.GetUtcNow();
        var clocks = of.Select(i => Clocks(i, sla, now)).ToList();
        return new MetricsGroup(
            name, of.Count, of.Count(i => i.Status == IncidentStatus.Closed), Spread(of.Select(i => i.FirstModified - i.Created)), Spread(of.Select(ToClose)),
            clocks.Count(c => c.Acknowledge.State == ClockState.Missed), clocks.Count(c => c.Close.State == ClockState.Missed));
    }

    private static TimeSpan? ToClose(Incident incident) => incident.Status == IncidentStatus.Closed ? incident.Closed - incident.Created : null;

    /// <summary>Percentiles by nearest rank; times below nothing count as nothing.</summary>
    private static TimeSpread? Spread(IEnumerable<TimeSpan?> spans)
    {
        var hours = spans.Where(s => s is not null).Select(s => Math.Max(0, s!.Value.TotalHours)).Order().ToList();
        double Rank(double share) => Math.Round(hours[Math.Max(0, (int)Math.Ceiling(share * hours.Count) - 1)], 6);
        return hours.Count == 0 ? null : new TimeSpread(hours.Count, Math.Round(hours.Average(), 6), Rank(0.05), Rank(0.5), Rank(0.9), Rank(0.99));
    }

    private async Task<IReadOnlyList<Incident>> CreatedAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var all = new List<Incident>();
        string? continuation = null;
        do
        {
            var page = (await incidents.ListAsync(
                new RecordQuery { Filters = [new RecordFilter.Range("created", RecordValue.Of(from), RecordValue.Of(to))], OrderBy = new RecordOrder("created"), Take = 1000, Continuation = continuation },
                cancellationToken).ConfigureAwait(false)).Value;
            all.AddRange(page.Items.Select(i => i.Value));
            continuation = page.Continuation;
        }
        while (continuation is not null);

        return all;
    }
}

[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(SlaTargets))]
internal sealed partial class IncidentMetricsJson : JsonSerializerContext;
