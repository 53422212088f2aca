using Bartizan.Content.Exploration;
using Bartizan.Detection.Alerts;
using Bartizan.Detection.Entities;
using Bartizan.Detection.Scheduling;
using Bartizan.Foundation.Entities;
using Bartizan.Foundation.Outcomes;
using Bartizan.Investigation.Graph;
using Bartizan.Store.Queries;

namespace Bartizan.Investigation.Exploration;

/// <summary>What a question brought: nodes and edges to add, and the query that was run.</summary>
public sealed record Expansion(IReadOnlyList<Node> Nodes, IReadOnlyList<Edge> Edges, string Query, TimeRange Range)
{
    public long Rows { get; init; }

    public bool IsTruncated { get; init; }
}

/// <summary>Asks questions of entities and turns the answers into nodes beside them.</summary>
public sealed class Explorer(AskQuery ask, AlertStore alerts)
{
    private const int MaxRelated = 100;

    private static readonly QueryLimits limits = new() { Timeout = TimeSpan.FromSeconds(60), MaxRows = 200, MaxBytes = 4 * 1024 * 1024 };

    /// <param name="graph">The graph as it stands: what it has already is tied to, not added again.</param>
    public async Task<Outcome<Expansion>> AskAsync(
        QuestionDefinition question, Entity entity, string nodeId, IncidentGraph? graph, TimeRange range, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(range);
        var query = QuestionText.Fill(question.Query, entity);
        var outcome = await ask(new QueryRequest(query) { Now = range.To, TimeRange = range, Limits = limits }, cancellationToken).ConfigureAwait(false);
        if (!outcome.TryGetValue(out var result, out var problem))
        {
            return problem;
        }

        var rows = new RuleRows(result.Columns, result.Rows);
        var answers = new AnswerRows(rows);
        var context = graph?.Incident.Id.ToString("D") ?? nodeId;
        var found = result.Rows.SelectMany(row => answers.Entities(row)).Where(e => !EntityIdentity.IsNobody(e.Entity)).ToList();
        var nodes = new List<Node>();
        var edges = new List<Edge>();
        foreach (var (answer, details) in found)
        {
            Add(answer, details, nodeId, EdgeKind.Exploration, question.DisplayName);
        }

        return new Expansion([.. nodes.DistinctBy(n => n.Id)], [.. edges.DistinctBy(e => (e.From, e.To, e.Kind))], query, range)
        {
            Rows = result.Rows.Count,
            IsTruncated = result.IsPartial,
        };

        void Add(Entity answer, IReadOnlyDictionary<string, string> details, string from, EdgeKind kind, string label)
        {
            var id = Known(graph, answer) ?? EntityResolution.Resolve([new EntitySighting(answer, context)])[0].Id.ToString("D");
            if (!id.Equals(from, StringComparison.OrdinalIgnoreCase))
            {
                nodes.Add(GraphBuilder.NodeOf(answer, Guid.Parse(id)) with { IsMember = graph?.Find(id) is not null, FirstSeen = Time(details, "StartTime"), LastSeen = Time(details, "EndTime") });
                edges.Add(new Edge(from, id, kind)
                {
                    Label = label,
                    Details = details,
                    FirstSeen = Time(details, "StartTime"),
                    LastSeen = Time(details, "EndTime"),
                    Count = details.TryGetValue("Count", out var count) && long.TryParse(count, out var number) ? number : null,
                });
            }

            foreach (var (role, part) in answer.Related.Where(r => r.Value.Keys.Count > 0))
            {
                Add(part, new Dictionary<string, string>(), id, EdgeKind.Nested, role);
            }
        }
    }

    /// <summary>Alerts that name the entity, whichever incident they are in; those of this incident are left out.</summary>
    public async Task<Expansion> RelatedAlertsAsync(Entity entity, string nodeId, IncidentGraph? graph, TimeRange? range, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entity);
        var found = await alerts.NamingAsync(entity, range?.From, range?.To, MaxRelated, cancellationToken).ConfigureAwait(false);
        var others = found.Where(a => graph is null || !graph.Incident.AlertIds.Contains(a.Id)).ToList();
        return new Expansion(
            [.. others.Select(a => GraphBuilder.NodeOf(a) with { IsMember = false })],
            [.. others.Select(a => new Edge(nodeId, a.Id.ToString("D"), EdgeKind.RelatedAlert) { FirstSeen = a.StartTime, LastSeen = a.EndTime })],
            "",
            range ?? new TimeRange(DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue))
        {
            Rows = others.Count,
            IsTruncated = found.Count == MaxRelated,
        };
    }

    private static string? Known(IncidentGraph? graph, Entity answer)
    {
        var keys = answer.Keys.Where(k => k.IsStrong == answer.IsStrong).Select(k => k.Text).ToHashSet(StringComparer.Ordinal);
        return graph?.Nodes.FirstOrDefault(n => n.Entity is { } e && e.Kind == answer.Kind
            && (e.Keys.Any(k => keys.Contains(k.Text)) || (!answer.IsStrong && e.Keys.Any(k => !k.IsStrong && keys.Contains(k.Text)))))?.Id;
    }

    private static DateTimeOffset? Time(IReadOnlyDictionary<string, string> details, string name) =>
        details.TryGetValue(name, out var text) && DateTimeOffset.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
