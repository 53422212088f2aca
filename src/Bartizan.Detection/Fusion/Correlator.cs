using System.Security.Cryptography;
using System.Text;
using Bartizan.Content.Rules;

namespace Bartizan.Detection.Fusion;

/// <summary>
/// Joins signals that are weak alone into chains: they share rare entities, lie close in time, and go forward through the bands of an
/// attack. A pure function of the signals: in whatever order they are given, the same chains come out.
/// </summary>
public static class Correlator
{
    public const double RaiseAt = 60;
    public const int MaxMembers = 100;
    private const double LeastLink = 0.25;
    private const int MaxNeighbours = 60;
    private static readonly TimeSpan halfLife = TimeSpan.FromHours(12);
    private static readonly TimeSpan cut = TimeSpan.FromHours(72);
    private static readonly TimeSpan longest = TimeSpan.FromDays(14);
    private static readonly TimeSpan memory = TimeSpan.FromDays(30);

    // Detection may tell of a later step a little earlier.
    private static readonly TimeSpan tolerance = TimeSpan.FromMinutes(15);

    /// <param name="ignored">Keys of entities that say nothing when shared: gateways, scanners, jump hosts.</param>
    public static IReadOnlyList<Chain> Correlate(IEnumerable<Signal> signals, IReadOnlySet<string> ignored)
    {
        ArgumentNullException.ThrowIfNull(signals);
        ArgumentNullException.ThrowIfNull(ignored);
        Signal[] ordered = [.. signals.DistinctBy(s => s.Id).OrderBy(s => s.End).ThenBy(s => s.Id)];
        var board = new Board(ordered, ignored);
        var free = Enumerable.Range(0, ordered.Length).ToHashSet();
        var chains = new List<(Chain Chain, HashSet<int> Used)>();
        while (board.Best(free) is { } found)
        {
            Join(chains, board, (found.Chain, [.. found.Used]));
            free.ExceptWith(found.Used);
        }

        return [.. chains.Select(c => c.Chain).OrderBy(c => c.Steps[0].Signal.Start).ThenBy(c => c.Id)];
    }

    /// <summary>A chain that is tied to a better one tells of the same attack: it becomes its branch.</summary>
    private static void Join(List<(Chain Chain, HashSet<int> Used)> chains, Board board, (Chain Chain, HashSet<int> Used) found)
    {
        for (var i = 0; i < chains.Count; i++)
        {
            var (chain, used) = chains[i];
            if (used.Count + found.Used.Count <= MaxMembers && board.AreTied(used, found.Used))
            {
                chains[i] = (chain with { Branches = [.. chain.Branches, found.Chain] }, [.. used, .. found.Used]);
                return;
            }
        }

        chains.Add(found);
    }

    internal static Band BandOf(string tactic) => tactic switch
    {
        "Reconnaissance" or "ResourceDevelopment" or "PreAttack" or "InitialAccess" => Band.Enter,
        "Execution" or "Persistence" or "PrivilegeEscalation" or "DefenseEvasion" => Band.Establish,
        "CredentialAccess" or "Discovery" or "LateralMovement" or "CommandAndControl" => Band.Expand,
        "Collection" or "Exfiltration" or "Impact" or "ImpairProcessControl" or "InhibitResponseFunction" => Band.Act,
        _ => Band.Unknown,
    };

    private static double SeverityOf(AlertSeverity severity) => severity switch
    {
        AlertSeverity.High => 1,
        AlertSeverity.Medium => 0.6,
        AlertSeverity.Low => 0.3,
        _ => 0.1,
    };

    private sealed record Draft(Draft? Before, int At, Band Band, double Link, double LinkSum, double NoveltySum, int Length, ChainTerms Terms)
    {
        public double Score => 100 * (1 - Math.Exp(-Terms.Sum / 2));

        public IEnumerable<Draft> Back()
        {
            for (var draft = this; draft is not null; draft = draft.Before)
            {
                yield return draft;
            }
        }
    }

    private sealed class Board
    {
        private readonly Signal[] signals;
        private readonly IReadOnlySet<string> ignored;
        private readonly double[] novelty;
        private readonly Dictionary<string, DateTime[]> days;
        private readonly List<(int Before, double Link)>[] links;

        public Board(Signal[] signals, IReadOnlySet<string> ignored)
        {
            this.signals = signals;
            this.ignored = ignored;
            days = signals.SelectMany(s => s.Entities.SelectMany(e => new[] { e.Key, e.NameKey }).OfType<string>().Distinct().Select(k => (Key: k, Day: s.End.UtcDateTime.Date)))
                .GroupBy(e => e.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Select(e => e.Day).Distinct().Order().ToArray(), StringComparer.Ordinal);
            novelty = [.. signals.Select((s, i) => Novelty(i))];
            links = [.. signals.Select((_, i) => Links(i))];
        }

        /// <summary>The best chain among the free signals that is worth raising, and the signals it uses up.</summary>
        public (Chain Chain, IReadOnlyList<int> Used)? Best(HashSet<int> free)
        {
            var best = new Draft?[signals.Length];
            Draft? top = null;
            foreach (var at in free.Order())
            {
                foreach (var band in signals[at].Tactics.Select(BandOf).Where(b => b != Band.Unknown).Distinct().Order())
                {
                    foreach (var (before, link) in links[at])
                    {
                        if (!free.Contains(before))
                        {
                            continue;
                        }

                        foreach (var start in Starts(best[before], before))
                        {
                            if (Extend(start, at, band, link) is { } longer && (best[at] is not { } known || longer.Terms.Sum > known.Terms.Sum))
                            {
                                best[at] = longer;
                            }
                        }
                    }
                }

                if (best[at] is { } here && IsRaised(here) && (top is null || here.Terms.Sum > top.Terms.Sum))
                {
                    top = here;
                }
            }

            return top is null ? null : Finish(top, free);
        }

        public bool AreTied(HashSet<int> some, HashSet<int> others) =>
            some.Any(s => links[s].Any(l => others.Contains(l.Before))) || others.Any(o => links[o].Any(l => some.Contains(l.Before)));

        private IEnumerable<Draft> Starts(Draft? chain, int at)
        {
            if (chain is not null)
            {
                yield return chain;
            }

            foreach (var band in signals[at].Tactics.Select(BandOf).Where(b => b != Band.Unknown).Distinct().Order())
            {
                yield return With(null, at, band, 0);
            }
        }

        private Draft? Extend(Draft chain, int at, Band band, double link)
        {
            var (last, next) = (signals[chain.At], signals[at]);
            var goesBack = band < chain.Band - 1 && next.Start - last.Start > tolerance;
            if (goesBack || next.End - signals[chain.Back().Last().At].Start > longest || chain.Length >= MaxMembers)
            {
                return null;
            }

            // A repeat is support, no step.
            return chain.Back().Any(d => signals[d.At].TypeKey == next.TypeKey) ? null : With(chain, at, band, link);
        }

        private Draft With(Draft? before, int at, Band band, double link)
        {
            int[] members = [.. before?.Back().Select(d => d.At) ?? [], at];
            var bands = (before?.Back().Select(d => d.Band) ?? []).Append(band).Distinct().Count();
            var length = members.Length;
            var linkSum = (before?.LinkSum ?? 0) + link;
            var noveltySum = (before?.NoveltySum ?? 0) + novelty[at];
            var meanLink = length > 1 ? linkSum / (length - 1) : 0;
            var severity = members.Max(m => SeverityOf(signals[m].Severity));
            var providers = members.Select(m => signals[m].Provider).Distinct(StringComparer.Ordinal).Count();
            var hasScenario = length > 1 && Scenarios.Of([.. members.Order().Select(m => signals[m])]) is not null;
            var sum = (0.9 * (bands - 1)) + (0.6 * meanLink) + (0.5 * noveltySum / length) + (0.4 * severity) + (0.3 * (Math.Min(providers, 3) - 1)) + (hasScenario ? 0.5 : 0);
            return new Draft(before, at, band, link, linkSum, noveltySum, length, new ChainTerms(bands, meanLink, noveltySum / length, severity, providers, hasScenario, sum));
        }

        private bool IsRaised(Draft draft) =>
            draft.Score >= RaiseAt && draft.Terms.Bands >= 2 && draft.Back().Select(d => signals[d.At].TypeKey).Distinct(StringComparer.Ordinal).Count() >= 2;

        private (Chain Chain, IReadOnlyList<int> Used) Finish(Draft draft, HashSet<int> free)
        {
            Draft[] path = [.. draft.Back().Reverse()];
            var steps = new List<ChainStep>();
            for (var i = 0; i < path.Length; i++)
            {
                var shared = i == 0 ? [] : Shared(path[i - 1].At, path[i].At);
                steps.Add(new ChainStep(
                    signals[path[i].At], path[i].Band, Math.Round(path[i].Link, 3), [.. shared.Select(s => new SharedEntity(s.Entity.Name, Math.Round(s.Weight, 3), s.IsByName))], Math.Round(novelty[path[i].At], 3)));
            }

            var chainMembers = path.Select(p => p.At).ToHashSet();
            int[] support = [.. free.Where(f => !chainMembers.Contains(f)
                    && (links[f].Any(l => chainMembers.Contains(l.Before)) || chainMembers.Any(m => links[m].Any(l => l.Before == f))))
                .Order().Take(MaxMembers - path.Length)];
            var main = path.Skip(1).SelectMany((p, i) => Shared(path[i].At, p.At)).GroupBy(s => s.Entity.Key, StringComparer.Ordinal)
                .OrderByDescending(g => g.Sum(s => s.Weight)).ThenBy(g => g.Key, StringComparer.Ordinal).First().First().Entity;
            var scenario = Scenarios.Of([.. steps.Select(s => s.Signal)]);
            // A signal is in one chain only, so its first one names it, also when it has grown.
            var id = IdOf($"chain|{steps[0].Signal.Id:D}");
            return (new Chain(id, Math.Round(draft.Score, 1), scenario, main.Name, steps, [.. support.Select(s => signals[s].Id)], draft.Terms, []), [.. chainMembers, .. support]);
        }

        private List<(int Before, double Link)> Links(int at)
        {
            var found = new List<(int, double)>();
            for (var before = at - 1; before >= 0 && found.Count < MaxNeighbours; before--)
            {
                if (signals[at].Start - signals[before].End > cut)
                {
                    // Ends are in order, so all before lie still further back.
                    break;
                }

                var gap = signals[at].Start - signals[before].End;
                var decay = gap <= TimeSpan.Zero ? 1 : Math.Pow(2, -(gap / halfLife));
                var link = decay < LeastLink ? 0 : Math.Min(1, Shared(before, at).Sum(s => s.Weight)) * decay;
                if (link >= LeastLink)
                {
                    found.Add((before, link));
                }
            }

            return found;
        }

        private List<(SignalEntity Entity, double Weight, bool IsByName)> Shared(int before, int at)
        {
            var shared = new List<(SignalEntity, double, bool)>();
            foreach (var entity in signals[at].Entities.Where(e => !ignored.Contains(e.Key)))
            {
                var others = signals[before].Entities;
                if (others.Any(o => o.Key == entity.Key))
                {
                    shared.Add((entity, entity.Weight * Rarity(entity.Key, signals[at].End), false));
                }
                else if (entity.NameKey is { } name && others.Any(o => o.NameKey == name && o.FieldSet != entity.FieldSet && !ignored.Contains(o.Key)))
                {
                    shared.Add((entity, (entity with { IsStrong = false }).Weight * Rarity(name, signals[at].End), true));
                }
            }

            return shared;
        }

        private double Rarity(string key, DateTimeOffset at)
        {
            var (from, to) = ((at - memory).UtcDateTime.Date, at.UtcDateTime.Date);
            var seen = days[key].Count(d => d > from && d <= to);
            return Math.Max(0.05, 1 - (Math.Log(1 + seen) / Math.Log(31)));
        }

        private double Novelty(int at)
        {
            var main = signals[at].Entities.OrderByDescending(e => e.Weight).ThenBy(e => e.Key, StringComparer.Ordinal).FirstOrDefault()?.Key;
            var times = 0;
            for (var before = at - 1; before >= 0 && signals[at].End - signals[before].End <= memory; before--)
            {
                times += signals[before].TypeKey == signals[at].TypeKey && (main is null || signals[before].Entities.Any(e => e.Key == main)) ? 1 : 0;
            }

            return 1.0 / (1 + times);
        }

        private static Guid IdOf(string text)
        {
            var hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));
            hash[6] = (byte)((hash[6] & 0x0f) | 0x80);
            hash[8] = (byte)((hash[8] & 0x3f) | 0x80);
            return new Guid(hash.AsSpan(0, 16), bigEndian: true);
        }
    }
}
