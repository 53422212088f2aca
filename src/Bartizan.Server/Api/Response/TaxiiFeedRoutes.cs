using Bartizan.Foundation.Outcomes;
using Bartizan.Response.ThreatFeeds;
using Bartizan.Server.Api.Arm;
using Bartizan.Server.Auth.Roles;
using Bartizan.Store.Records;
using Bartizan.Wire.Arm;
using Bartizan.Wire.Response;
using Microsoft.AspNetCore.Mvc;

namespace Bartizan.Server.Api.Response;

/// <summary>Ours: <c>Microsoft.Bartizan/taxiiFeeds</c>, from which indicators are read. Passwords go in and never come out.</summary>
internal static class TaxiiFeedRoutes
{
    private const int MaxNameLength = 90;
    private const string Type = "Microsoft.Bartizan/taxiiFeeds";
    private const string Path = "/providers/" + Type;
    private const string Read = "Microsoft.SecurityInsights/dataConnectors/read";

    public static void MapTaxiiFeeds(this IEndpointRouteBuilder routes)
    {
        routes.ArmGet(Path, Read, async (ListQuery query, TaxiiFeeds feeds, CancellationToken stop) => ArmResults.Page((await feeds.AllAsync(stop)).Select(Shape).ToList(), query)).AtWorkspace();
        routes.ArmGet(Path + "/{name}", Read, GetAsync).AtWorkspace();
        routes.ArmPut(Path + "/{name}", "Microsoft.SecurityInsights/dataConnectors/write", PutAsync).AtWorkspace();
        routes.ArmDelete(Path + "/{name}", "Microsoft.SecurityInsights/dataConnectors/delete", async (string name, Caller caller, TaxiiFeeds feeds, CancellationToken stop) =>
            ArmResults.Deleted(await feeds.DeleteAsync(name, caller.Name, stop))).AtWorkspace();
    }

    private static async Task<IResult> GetAsync(string name, TaxiiFeeds feeds, CancellationToken cancellationToken) =>
        await feeds.FindAsync(name, cancellationToken) is { } found
            ? ArmResults.Resource(Shape(found))
            : ArmErrors.Result(new Problem(ProblemKind.NotFound, "ResourceNotFound", $"There is no feed '{name}'.", "name"));

    private static async Task<IResult> PutAsync(string name, [FromBody] ArmResource<TaxiiFeedProperties> body, Caller caller, TaxiiFeeds feeds, CancellationToken cancellationToken)
    {
        if (name.Length > MaxNameLength || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '-'))
        {
            return ArmErrors.Result(new Problem(ProblemKind.Invalid, "InvalidName", $"A feed's name has up to {MaxNameLength} letters, digits and '-'.", "name"));
        }

        var p = body.Properties;
        var isNew = await feeds.FindAsync(name, cancellationToken) is null;
        var outcome = await feeds.PutAsync(new TaxiiFeed(name, p.ApiRoot, p.CollectionId, p.UserName ?? "", "", p.EveryMinutes, p.LookbackDays, p.Enabled), p.Password, caller.Name, cancellationToken);
        return outcome.TryGetValue(out var saved, out var problem)
            ? ArmResults.Resource(Shape(saved), isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK)
            : ArmErrors.Result(problem);
    }

    private static ArmResource<TaxiiFeedProperties> Shape(Record<TaxiiFeed> record) => new()
    {
        Id = $"{Path}/{record.Value.Name}",
        Name = record.Value.Name,
        Type = Type,
        Etag = record.ETag,
        Properties = new TaxiiFeedProperties
        {
            ApiRoot = record.Value.ApiRoot,
            CollectionId = record.Value.CollectionId,
            UserName = record.Value.UserName.Length == 0 ? null : record.Value.UserName,
            EveryMinutes = record.Value.EveryMinutes,
            LookbackDays = record.Value.LookbackDays,
            Enabled = record.Value.IsEnabled,
            LastPoll = record.Value.LastPoll,
            IndicatorsTaken = record.Value.Taken,
            LastError = record.Value.Problem,
        },
    };
}
