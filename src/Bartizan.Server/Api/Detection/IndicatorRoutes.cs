using Bartizan.Detection.ThreatIntelligence;
using Bartizan.Foundation.Outcomes;
using Bartizan.Server.Api.Arm;
using Bartizan.Server.Auth.Roles;
using Bartizan.Store.Records;
using Bartizan.Wire.Arm;
using Bartizan.Wire.Detection;
using Microsoft.AspNetCore.Mvc;

namespace Bartizan.Server.Api.Detection;

/// <summary><c>Microsoft.SecurityInsights/threatIntelligence/main</c>: indicators, their queries and imports.</summary>
internal static class IndicatorRoutes
{
    private const string Main = InsightsPath.Provider + "/threatIntelligence/main";
    private const string Action = "Microsoft.SecurityInsights/threatIntelligence/";
    private const long MaxImport = 250L * 1024 * 1024;

    public static void MapIndicators(this IEndpointRouteBuilder routes)
    {
        var insights = routes.MapInsights();
        insights.ArmList(Main + "/indicators", Action + "indicators/read", ListAsync);
        insights.ArmGet(Main + "/indicators/{indicator:guid}", Action + "indicators/read", GetAsync);
        insights.ArmPut(Main + "/indicators/{indicator:guid}", Action + "indicators/write", PutAsync);
        insights.ArmDelete(Main + "/indicators/{indicator:guid}", Action + "indicators/delete", DeleteAsync);
        insights.ArmPost(Main + "/createIndicator", Action + "indicators/write", CreateAsync);
        insights.ArmQuery(Main + "/queryIndicators", Action + "indicators/read", QueryAsync);
        routes.ArmPost("/providers/Microsoft.Bartizan/indicators/import", Action + "indicators/write", ImportAsync).AtWorkspace().WithMetadata(new RequestSizeLimitAttribute(MaxImport));
    }

    private static async Task<IResult> ListAsync(ListQuery query, IndicatorStore indicators, Home home, CancellationToken cancellationToken)
    {
        var page = await indicators.ListAsync(
            new RecordQuery { OrderBy = new RecordOrder("updated", Descending: true), Take = query.Top, Continuation = query.Continuation, WantCount = query.WantsCount }, cancellationToken);
        return page.TryGetValue(out var found, out var problem)
            ? ArmResults.Page([.. found.Items.Select(i => Shape(i, home))], found.Continuation, query, found.Count)
            : ArmErrors.Result(problem);
    }

    private static async Task<IResult> GetAsync(Guid indicator, IndicatorStore indicators, Home home, CancellationToken cancellationToken) =>
        await indicators.FindAsync(indicator, cancellationToken) is { } found
            ? ArmResults.Resource(Shape(found, home))
            : ArmErrors.Result(new Problem(ProblemKind.NotFound, "NotFound", $"There is no indicator '{indicator}'.", "name"));

    private static Task<IResult> CreateAsync(
        ArmResource<IndicatorProperties> body, Caller caller, IndicatorStore indicators, Home home, TimeProvider time, CancellationToken cancellationToken) =>
        WriteAsync(Guid.CreateVersion7(time.GetUtcNow()), body, RecordMatch.Absent, caller, indicators, home, time, cancellationToken);

    private static Task<IResult> PutAsync(
        Guid indicator, ArmResource<IndicatorProperties> body, IfMatch match, Caller caller, IndicatorStore indicators, Home home, TimeProvider time, CancellationToken cancellationToken) =>
        WriteAsync(indicator, body, match.With(body.Etag), caller, indicators, home, time, cancellationToken);

    private static async Task<IResult> WriteAsync(
        Guid id, ArmResource<IndicatorProperties> body, string? match, Caller caller, IndicatorStore indicators, Home home, TimeProvider time, CancellationToken cancellationToken)
    {
        var given = body.Properties;
        var known = (await indicators.FindAsync(id, cancellationToken))?.Value;
        if ((given.Pattern ?? known?.Pattern) is not { } pattern)
        {
            return ArmErrors.Result(new Problem(ProblemKind.Invalid, "BadRequest", "An indicator needs a pattern.", "pattern"));
        }

        var now = time.GetUtcNow();
        var indicator = new Indicator
        {
            Id = id,
            ExternalId = given.ExternalId ?? known?.ExternalId ?? $"indicator--{id:D}",
            DisplayName = given.DisplayName ?? known?.DisplayName ?? pattern,
            Description = given.Description ?? known?.Description ?? "",
            Source = given.Source ?? known?.Source ?? "Bartizan",
            Pattern = pattern,

            // Callers name the kind of value as the type; every pattern here is written in STIX.
            PatternType = "stix",
            ThreatTypes = given.ThreatTypes ?? known?.ThreatTypes ?? [],
            Labels = given.ThreatIntelligenceTags ?? given.Labels ?? known?.Labels ?? [],
            KillChainPhases = given.KillChainPhases is { } phases ? [.. phases.Select(p => new KillChainPhase(p.KillChainName, p.PhaseName))] : known?.KillChainPhases ?? [],
            Confidence = given.Confidence ?? known?.Confidence,
            IsRevoked = given.Revoked ?? known?.IsRevoked ?? false,
            ValidFrom = given.ValidFrom ?? known?.ValidFrom ?? now,
            ValidUntil = given.ValidUntil ?? known?.ValidUntil,
            CreatedBy = given.CreatedByRef ?? known?.CreatedBy ?? caller.Name,
            Created = known?.Created ?? now,
            Modified = now,
        };
        var outcome = await indicators.PutAsync(indicator, match, caller.Name, cancellationToken);
        return ArmResults.Of(outcome, i => Shape(i, home), known is null ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private static async Task<IResult> DeleteAsync(Guid indicator, IfMatch match, Caller caller, IndicatorStore indicators, CancellationToken cancellationToken) =>
        ArmResults.Deleted(await indicators.DeleteAsync(indicator, match.With(null), caller.Name, cancellationToken));

    private static async Task<IResult> QueryAsync(IndicatorQuery query, IndicatorStore indicators, Home home, CancellationToken cancellationToken)
    {
        var filters = new List<RecordFilter>();
        if (query.MinConfidence is not null || query.MaxConfidence is not null)
        {
            filters.Add(new RecordFilter.Range("confidence", query.MinConfidence is { } least ? least : null, query.MaxConfidence is { } most ? most + 1 : null));
        }

        if (query.MinValidUntil is not null || query.MaxValidUntil is not null)
        {
            filters.Add(new RecordFilter.Range("validUntil", query.MinValidUntil is { } from ? from : null, query.MaxValidUntil is { } to ? to.AddTicks(1) : null));
        }

        if (query.IncludeDisabled != true)
        {
            filters.Add(new RecordFilter.Equal("revoked", false));
        }

        Any("source", query.Sources);
        Any("patternType", query.PatternTypes);
        Any("threatType", query.ThreatTypes);
        if (query.Ids is { Count: > 0 } ids)
        {
            filters.Add(new RecordFilter.Ids(ids));
        }

        foreach (var word in (query.Keywords ?? []).Take(10))
        {
            filters.Add(new RecordFilter.AnyOf(
                new RecordFilter.Contains("name", word), new RecordFilter.Contains("description", word), new RecordFilter.Contains("pattern", word), new RecordFilter.Contains("label", word)));
        }

        var order = query.SortBy?.FirstOrDefault(s => s.SortOrder is "ascending" or "descending");
        var field = order?.ItemKey?.ToLowerInvariant() switch
        {
            "confidence" => "confidence",
            "displayname" or "name" => "name",
            "validuntil" => "validUntil",
            "source" => "source",
            _ => "updated",
        };
        var page = await indicators.ListAsync(
            new RecordQuery
            {
                Filters = filters,
                OrderBy = new RecordOrder(field, order is null || order.SortOrder == "descending"),
                Take = Math.Clamp(query.PageSize ?? 100, 1, 1000),
                Continuation = query.SkipToken,
            },
            cancellationToken);
        return page.TryGetValue(out var found, out var problem)
            ? ArmResults.Value(new ArmList<ArmResource<IndicatorProperties>> { Value = [.. found.Items.Select(i => Shape(i, home))], NextLink = found.Continuation })
            : ArmErrors.Result(problem);

        void Any(string name, IReadOnlyList<string>? values)
        {
            if (values is { Count: > 0 })
            {
                filters.Add(new RecordFilter.In(name, [.. values.Select(v => RecordValue.Of(v))]));
            }
        }
    }

    private static async Task<IResult> ImportAsync(IndicatorImportRequest body, Caller caller, IndicatorStore indicators, TimeProvider time, CancellationToken cancellationToken)
    {
        var source = string.IsNullOrWhiteSpace(body.Source) ? "Import" : body.Source.Trim();
        if (body.Content is not { Length: > 0 } content || body.Format?.ToLowerInvariant() is not ("stix" or "csv"))
        {
            return ArmErrors.Result(new Problem(ProblemKind.Invalid, "BadRequest", "An import needs content, and its format: stix or csv.", body.Content is null ? "content" : "format"));
        }

        var read = body.Format.Equals("csv", StringComparison.OrdinalIgnoreCase)
            ? IndicatorImport.ReadCsv(content, source, time.GetUtcNow())
            : IndicatorImport.ReadStix(content, source, time.GetUtcNow());
        if (!read.TryGetValue(out var imported, out var problem))
        {
            return ArmErrors.Result(problem);
        }

        var outcome = await indicators.ImportAsync(imported.Indicators, caller.Name, cancellationToken);
        return ArmResults.Of(outcome, written => new IndicatorImportReceipt(imported.Indicators.Count, written, imported.Skipped, imported.Problems));
    }

    private static ArmResource<IndicatorProperties> Shape(Record<Indicator> record, Home home)
    {
        var indicator = record.Value;
        return new ArmResource<IndicatorProperties>
        {
            Id = InsightsPath.Id(home, $"threatIntelligence/main/indicators/{indicator.Id:D}"),
            Name = indicator.Id.ToString("D"),
            Type = "Microsoft.SecurityInsights/threatIntelligence",
            Kind = "indicator",
            Etag = $"\"{record.ETag}\"",
            Properties = new IndicatorProperties
            {
                Source = indicator.Source,
                DisplayName = indicator.DisplayName,
                Description = indicator.Description,
                Pattern = indicator.Pattern,
                PatternType = indicator.Observables.Count > 0 ? indicator.Observables[0].Key.Split(':')[0] : indicator.PatternType,
                ParsedPattern = [.. indicator.Observables.GroupBy(o => o.Key.Split(':')[0]).Select(g => new ParsedPattern(g.Key, [.. g.Select(o => new ParsedPatternValue(o.Key, o.Value))]))],
                ThreatTypes = indicator.ThreatTypes,
                ThreatIntelligenceTags = indicator.Labels,
                Labels = indicator.Labels,
                KillChainPhases = [.. indicator.KillChainPhases.Select(p => new KillChainPhaseEntry(p.KillChainName, p.PhaseName))],
                Confidence = indicator.Confidence,
                Revoked = indicator.IsRevoked,
                ValidFrom = indicator.ValidFrom,
                ValidUntil = indicator.ValidUntil,
                ExternalId = indicator.ExternalId,
                CreatedByRef = indicator.CreatedBy,
                Created = indicator.Created,
                Modified = indicator.Modified,
                LastUpdatedTimeUtc = indicator.LastUpdated,
            },
        };
    }
}
