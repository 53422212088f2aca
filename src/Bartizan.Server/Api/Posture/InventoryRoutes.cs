using Bartizan.Foundation.Outcomes;
using Bartizan.Foundation.Resources;
using Bartizan.Posture;
using Bartizan.Posture.Assessments;
using Bartizan.Server.Api.Arm;
using Bartizan.Server.Auth.Roles;
using Bartizan.Store.Resources;
using Bartizan.Wire.Posture;
using Microsoft.AspNetCore.Mvc;

namespace Bartizan.Server.Api.Posture;

/// <summary>Ours: <c>Microsoft.Bartizan/inventory</c>, every resource of every cloud with how it stands.</summary>
internal static class InventoryRoutes
{
    private const string Read = "Microsoft.Resources/subscriptions/resources/read";
    private const string Root = "/providers/Microsoft.Bartizan/inventory";

    private static readonly Dictionary<string, Func<ResourceFindings, object?>> Fields = new(StringComparer.OrdinalIgnoreCase)
    {
        ["name"] = f => f.Name,
        ["type"] = f => f.Type,
        ["environment"] = f => f.Environment.ToString(),
        ["accountId"] = f => f.AccountId,
        ["location"] = f => f.Location,
        ["unhealthy"] = f => f.Count(AssessmentStatus.Unhealthy),
        ["recommendation"] = f => f.Assessments.Where(a => a.Status == AssessmentStatus.Unhealthy).Select(a => a.Key),
    };

    public static void MapInventory(this IEndpointRouteBuilder routes)
    {
        routes.ArmList(Root, Read, List);
        routes.ArmList(Root + "/summary", Read, Summary);
        routes.ArmList(Root + "/resource", Read, GetAsync);
    }

    private static IResult List(Caller caller, ListQuery query, PostureQueries posture)
    {
        if (!FilterText.Read(query.Filter, Fields).TryGetValue(out var holds, out var problem) || !query.TryReadOffset(out var offset, out problem))
        {
            return ArmErrors.Result(problem);
        }

        var all = Visible(caller, posture).Where(holds);
        if (query.Search is { } search)
        {
            all = all.Where(f => f.Id.Text.Contains(search, StringComparison.OrdinalIgnoreCase) || f.Name.Contains(search, StringComparison.OrdinalIgnoreCase));
        }

        var list = Ordered(all, query.OrderBy).ToList();
        var items = list.Skip(offset).Take(query.Top).Select(f => Entry(f, posture)).ToList();
        var next = offset + items.Count;
        return ArmResults.Page(items, next < list.Count ? ListQuery.Offset(next) : null, query, list.Count);
    }

    private static IResult Summary(Caller caller, PostureQueries posture)
    {
        var all = Visible(caller, posture).ToList();
        return ArmResults.Value(new InventorySummary(
            all.Count, all.Count(f => f.Count(AssessmentStatus.Unhealthy) > 0), By(f => f.Type), By(f => f.Environment.ToString()), By(f => f.AccountId)));

        Dictionary<string, int> By(Func<ResourceFindings, string> key) =>
            all.GroupBy(key, StringComparer.OrdinalIgnoreCase).ToDictionary(g => g.Key, g => g.Count(), StringComparer.OrdinalIgnoreCase);
    }

    private static async Task<IResult> GetAsync([FromQuery] string? id, Caller caller, PostureQueries posture, ResourceStore resources, CancellationToken cancellationToken)
    {
        if (!ResourceId.TryParse(id, out var resource))
        {
            return ArmErrors.Result(new Problem(ProblemKind.Invalid, "InvalidResourceId", "Give the id of a resource as ?id=.", "id"));
        }

        var stored = caller.Scopes(Read).Includes(resource) ? await resources.FindAsync(resource, cancellationToken) : null;
        if (stored is null)
        {
            return ArmErrors.Result(new Problem(ProblemKind.NotFound, "ResourceNotFound", $"There is no resource '{id}' that you may see.", "id"));
        }

        var findings = posture.Board.Find(resource)
            ?? new ResourceFindings(stored.Id, stored.Name, stored.Type, stored.Location, stored.Environment, stored.AccountId, stored.Id, []);
        return ArmResults.Value(Entry(findings, posture) with { Record = stored.Record, Tags = stored.Tags });
    }

    private static IEnumerable<ResourceFindings> Visible(Caller caller, PostureQueries posture) =>
        posture.Board.All(RecommendationRoutes.Sees(caller.Scopes(Read)));

    private static InventoryEntry Entry(ResourceFindings findings, PostureQueries posture) => new()
    {
        Id = findings.Id.Text,
        Name = findings.Name,
        Type = findings.Type,
        Location = findings.Location,
        Environment = findings.Environment.ToString(),
        AccountId = findings.AccountId,
        Unhealthy = findings.Count(AssessmentStatus.Unhealthy),
        Healthy = findings.Count(AssessmentStatus.Healthy),
        WorstSeverity = findings.Assessments.Where(a => a.Status == AssessmentStatus.Unhealthy)
            .Select(a => posture.Sweep.FindCheck(a.Key)?.Severity).OfType<string>().MaxBy(s => s == "High" ? 3 : s == "Medium" ? 2 : 1),
    };

    private static IEnumerable<ResourceFindings> Ordered(IEnumerable<ResourceFindings> all, string? order)
    {
        var words = (order ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var descends = words.Length > 1 && words[1].Equals("desc", StringComparison.OrdinalIgnoreCase);
        var ordered = words.FirstOrDefault()?.ToLowerInvariant() switch
        {
            "unhealthy" => descends ? all.OrderByDescending(Failing) : all.OrderBy(Failing),
            "type" => descends ? all.OrderByDescending(f => f.Type, StringComparer.OrdinalIgnoreCase) : all.OrderBy(f => f.Type, StringComparer.OrdinalIgnoreCase),
            _ => descends ? all.OrderByDescending(f => f.Name, StringComparer.OrdinalIgnoreCase) : all.OrderBy(f => f.Name, StringComparer.OrdinalIgnoreCase),
        };
        return ordered.ThenBy(f => f.Id.Text, StringComparer.OrdinalIgnoreCase);

        static int Failing(ResourceFindings findings) => findings.Count(AssessmentStatus.Unhealthy);
    }
}
