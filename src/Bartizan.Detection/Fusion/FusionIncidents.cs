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

    private const int MaxSignals = 3_000;
    private static readonly TimeSpan window = TimeSpan.FromDays(30);
    private static readonly Actor actor = new(ActorKind.Application, "Fusion");
    private static readonly HashSet<string> ignored = [];

    /// <summary>Correlates the alerts of the last thirty days; returns how many incidents were opened or grew.</summary>
    public async Task<int> RunAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var page = await alerts.ListAsync(
            new RecordQuery
            {
                Filters = [new RecordFilter.Range("end", RecordValue.Of(now - window), RecordValue.Of(now.AddTicks(1)))],
                OrderBy = new RecordOrder("end", Descending: true),
                Take = MaxSignals,
            },
            cancellationToken).ConfigureAwait(false);
        var known = page.Value.Items.ToDictionary(a => a.Value.Id, a => a.Value);
        var changed = 0;
        foreach (var chain in Correlator.Correlate(known.Values.Select(Signal.Of), ignored))
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
        text.Append(CultureInfo.InvariantCulture, $"Score {chain.Score:0.0}{(chain.Scenario is null ? "" : $", scenario {chain.Scenario}")}: {chain.Terms.Bands} bands, mean link {chain.Terms.MeanLink:0.00}, mean novelty {chain.Terms.MeanNovelty:0.00}, severity {chain.Terms.Severity:0.0}, {chain.Terms.Providers} sources.\n");
        foreach (var step in chain.Steps)
        {
            text.Append(CultureInfo.InvariantCulture, $"{step.Signal.Start.UtcDateTime:yyyy-MM-dd HH:mm} {step.Signal.Name} ({string.Join(", ", step.Signal.Tactics)}; {string.Join(", ", step.Signal.Techniques)})");
            if (step.Shared.Count > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $": link {step.Link:0.00} by {string.Join(", ", step.Shared.Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Name} ({s.Weight:0.00})")))}");
            }

            text.Append('\n');
        }

        return text.Length > Incident.MaxDescription ? text.ToString(0, Incident.MaxDescription) : text.ToString().TrimEnd();
    }

    private async Task<bool> RaiseAsync(Chain chain, Dictionary<Guid, Alert> known, CancellationToken cancellationToken)
    {
        var hasChanged = false;
        var found = await incidents.FindAsync(chain.Id, cancellationToken).ConfigureAwait(false);
        if (found is null)
        {
            var (first, last) = (chain.Steps[0].Signal, chain.Steps[^1].Signal);
            var made = await incidents.CreateAsync(
                chain.Id,
                new IncidentChange
                {
                    Title = chain.Scenario is { } scenario
                        ? $"{scenario}: {first.Tactics[0]} to {last.Tactics[0]} on {chain.MainEntity} ({chain.Steps.Count} signals, {chain.Terms.Providers} sources)"
                        : $"{first.Tactics[0]} to {last.Tactics[0]} on {chain.MainEntity} ({chain.Steps.Count} signals, {chain.Terms.Providers} sources)",
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

        foreach (var member in chain.Members.Where(m => !found.Value.AlertIds.Contains(m)))
        {
            hasChanged |= (await incidents.AddAlertAsync(chain.Id, known[member], actor, cancellationToken).ConfigureAwait(false)).IsSuccess;
        }

        return hasChanged;
    }
}
