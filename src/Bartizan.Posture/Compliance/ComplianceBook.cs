using Bartizan.Content.Standards;
using Bartizan.Foundation.Resources;
using Bartizan.Posture.Assessments;
using Bartizan.Posture.Assignments;

namespace Bartizan.Posture.Compliance;

/// <summary>Standards over the findings as they stand.</summary>
public sealed class ComplianceBook
{
    private readonly AssessmentBoard board;
    private readonly IReadOnlyList<StandardDefinition> standards;
    private readonly Dictionary<string, Check> checks;

    public ComplianceBook(AssessmentBoard board, PolicyLibrary library)
    {
        ArgumentNullException.ThrowIfNull(library);
        this.board = board;
        standards = library.Pack.Standards;
        checks = library.Checks.ToDictionary(c => c.Name, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Every standard for the clouds that the scope has.</summary>
    public IReadOnlyList<StandardReport> For(ResourceId scope)
    {
        var environments = Boards(scope).SelectMany(b => b.All()).Select(f => Normal(f.Environment)).ToHashSet();
        return [.. standards.Where(s => s.Environments.Any(environments.Contains)).Select(s => Report(s, scope))];
    }

    public StandardReport? Find(ResourceId scope, string name) =>
        standards.FirstOrDefault(s => s.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } standard ? Report(standard, scope) : null;

    private StandardReport Report(StandardDefinition standard, ResourceId scope)
    {
        var counts = new Dictionary<string, CheckCount>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, count) in Boards(scope).SelectMany(b => b.Counts))
        {
            counts[key] = counts.GetValueOrDefault(key).Plus(count);
        }

        return new StandardReport(standard, [.. standard.Controls.Select(c => new ControlReport(c, [.. c.Checks.Select(n => Of(n, counts)).OfType<CheckReport>()]))]);
    }

    private CheckReport? Of(string name, Dictionary<string, CheckCount> counts)
    {
        if (!checks.TryGetValue(name, out var check))
        {
            return null;
        }

        var count = counts.GetValueOrDefault(check.Key);
        return new CheckReport(check.Key, check.DisplayName, count.Healthy, count.Unhealthy, count.NotApplicable, count.Unknown);
    }

    private IEnumerable<ScopeBoard> Boards(ResourceId scope) => board.Scopes.Where(b => b.Id.IsWithin(scope));

    private static CloudEnvironment Normal(CloudEnvironment environment) =>
        environment == CloudEnvironment.OnPremises ? CloudEnvironment.Azure : environment;
}
