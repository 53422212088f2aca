using System.Globalization;
using System.Text;
using Bartizan.Content.Rules;
using Bartizan.Detection.Alerts;
using Bartizan.Detection.Incidents;
using Bartizan.Store.Records;

namespace Bartizan.Detection.Fusion;

/// <summary>Makes incidents of chains, and lets them grow as signals join; the same chain is the same incident.</summary>
public sealed class FusionIncidents(AlertStore alerts, IncidentStore incidents)
{
    public const string Label = "Fusion";

    private const string DescriptionStart = "Score ";
    private const int MaxSignals = 3_000;
    /// <summary>How far back a look goes.</summary>
    internal static readonly TimeSpan Window = TimeSpan.FromDays(30);
    private static readonly Actor actor = new(ActorKind.Application, "Fusion");
    private static readonly HashSet<string> ignored = [];

    /// <summary>Correlates the alerts of the thirty days before a moment; returns how many incidents were opened or grew.</summary>
    public async Task<int> RunAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var page = await alerts.ListAsync(
            new RecordQuery
            {
                Filters = [new RecordFilter.Range("end", RecordValue.Of(now - Window), RecordValue.Of(now.AddTicks(1)))],
                OrderBy = new RecordOrder("end", Descending: true),
                Take = MaxSignals,
            },
            cancellationToken).ConfigureAwait(false);
        var known = page.Value.Items.ToDictionary(a => a.Value.Id, a => a.Value);
        var changed = 0;
        foreach (var chain in Correlator.Correlate(known.Values.Where(a => a.SuppressedBy is null).Select(Signal.Of), ignored))
        {
            changed += await RaiseAsync(chain, known, cancellationToken).ConfigureAwait(false) ? 1 : 0;
        }

        return changed;
    }

    /// <summary>Steps, shared entities and weights, in words.</summary>
    public static string Describe(Chain chain)
    {
        ArgumentNullException.ThrowIfNull(chain);
        var text = new StringBuilder();
        Describe(text, chain);
        foreach (var branch in chain.Branches)
        {
            text.Append("Branch on ").Append(branch.MainEntity).Append(". ");
            Describe(text, branch);
        }

        return text.Length > Incident.MaxDescription ? text.ToString(0, Incident.MaxDescription) : text.ToString().TrimEnd();
    }

    private static void Describe(StringBuilder text, Chain chain)
    {
        text.Append(CultureInfo.InvariantCulture, $"{DescriptionStart}{chain.Score:0.0}{(chain.Scenario is null ? "" : $", scenario {chain.Scenario}")}: {chain.Terms.Bands} bands, mean link {chain.Terms.MeanLink:0.00}, mean novelty {chain.Terms.MeanNovelty:0.00}, severity {chain.Terms.Severity:0.0}, {(chain.Terms.Providers == 1 ? "1 source" : chain.Terms.Providers + " sources")}, {chain.Support.Count} supporting.\n");
        foreach (var step in chain.Steps)
        {
            text.Append(CultureInfo.InvariantCulture, $"{step.Signal.Start.UtcDateTime:yyyy-MM-dd HH:mm} {step.Signal.Name} ({string.Join(", ", step.Signal.Tactics)}; {string.Join(", ", step.Signal.Techniques)})");
            if (step.Shared.Count > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $": link {step.Link:0.00} by {string.Join(", ", step.Shared.Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Name} ({(s.IsByName ? "name only, " : "")}{s.Weight:0.00})")))}");
            }

            text.Append('\n');
        }
    }

    private async Task<bool> RaiseAsync(Chain chain, Dictionary<Guid, Alert> known, CancellationToken cancellationToken)
    {
        var hasChanged = false;
        var found = await incidents.FindAsync(chain.Id, cancellationToken).ConfigureAwait(false) ?? await FindGrowingAsync(chain, cancellationToken).ConfigureAwait(false);
        if (found is null)
        {
            var made = await incidents.CreateAsync(
                chain.Id,
                new IncidentChange
                {
                    Title = TitleOf(chain),
                    Description = Describe(chain),
                    Severity = AlertSeverity.High,
                    Status = IncidentStatus.New,
                    Labels = [new IncidentLabel(Label, IsAutomatic: true)],
                },
                actor, cancellationToken).ConfigureAwait(false);
            if (!made.IsSuccess)
            {
                return false;
            }

            (found, hasChanged) = (made.Value, true);
        }

        // What a person closed stays closed; it does not grow behind their back.
        if (found.Value.Status == IncidentStatus.Closed)
        {
            return hasChanged;
        }

        Alert[] joining = [.. chain.Members.Where(m => !found.Value.AlertIds.Contains(m)).Take(Incident.MaxAlerts - found.Value.AlertIds.Count).Select(m => known[m])];
        var hasGrown = joining.Length > 0 && (await incidents.AddAlertsAsync(found.Value.Id, joining, actor, cancellationToken).ConfigureAwait(false)).IsSuccess;

        // Words that a person has written stay.
        if (hasGrown && !hasChanged && found.Value.Description is { } told && told.StartsWith(DescriptionStart, StringComparison.Ordinal))
        {
            await incidents.EditAsync(found.Value.Id, new IncidentChange { Title = TitleOf(chain), Description = Describe(chain) }, actor, null, cancellationToken).ConfigureAwait(false);
        }

        return hasChanged || hasGrown;
    }

    private static string TitleOf(Chain chain)
    {
        string[] scenarios = [.. chain.Branches.Select(b => b.Scenario).Prepend(chain.Scenario).OfType<string>().Distinct(StringComparer.Ordinal)];
        ChainStep[] steps = [.. chain.Branches.SelectMany(b => b.Steps).Concat(chain.Steps).OrderBy(s => s.Signal.Start)];
        var last = steps.MaxBy(s => s.Band)!;
        var sources = chain.Terms.Providers == 1 ? "1 source" : $"{chain.Terms.Providers} sources";
        return $"{(scenarios.Length > 0 ? string.Join(", ", scenarios) + ": " : "")}{steps[0].Signal.Tactics[0]} to {last.Signal.Tactics.First(t => Correlator.BandOf(t) == last.Band)} on {chain.MainEntity} ({chain.Members.Count()} signals, {sources})";
    }

    /// <summary>The open incident of an earlier look whose steps are now part of a longer chain: it grows, no second one is made.</summary>
    private async Task<Record<Incident>?> FindGrowingAsync(Chain chain, CancellationToken cancellationToken)
    {
        var found = await incidents.ListAsync(
            new RecordQuery
            {
                Filters = [new RecordFilter.Equal("label", Label), new RecordFilter.In("alert", [.. chain.Steps.Select(s => (RecordValue)s.Signal.Id.ToString("D"))])],
                OrderBy = new RecordOrder("number", Descending: false),
                Take = 10,
            },
            cancellationToken).ConfigureAwait(false);
        return found.Value.Items.FirstOrDefault(i => i.Value.Status != IncidentStatus.Closed);
    }
}
