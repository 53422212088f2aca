using Bartizan.Connectors.Import;
using Bartizan.Foundation.Outcomes;
using Bartizan.Server.Api.Arm;
using Bartizan.Server.Auth.Roles;
using Bartizan.Store.Catalog;
using Bartizan.Store.Ingestion;
using Bartizan.Store.Records;
using Bartizan.Store.Resources;
using Bartizan.Wire.Logs;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;

namespace Bartizan.Server.Api.Logs;

/// <summary>
/// Files of events and resources, streamed in. The answer is a receipt: what it counts as accepted is on disk, what was refused is named by file and line.
/// </summary>
internal static class ImportRoutes
{
    public const string WriteEvents = "Microsoft.Bartizan/events/write";

    public const string WriteResources = "Microsoft.Bartizan/resources/write";

    public static void MapImports(this IEndpointRouteBuilder routes)
    {
        routes.ArmPost("/providers/Microsoft.Bartizan/events", WriteEvents, EventsOfAnyShapeAsync).AtWorkspace();
        routes.ArmPost("/providers/Microsoft.Bartizan/events/{table}", WriteEvents, EventsAsync).AtWorkspace();

        // The handler asks for each resource whether the caller may write it.
        routes.ArmQuery("/providers/Microsoft.Bartizan/resources", WriteResources, ResourcesAsync);
    }

    private static async Task<IResult> EventsAsync(
        string table, [FromQuery] string? file, [FromQuery] string? batch, HttpContext context, Caller caller, EventIngestion ingestion, AuditLog audit, CancellationToken cancellationToken)
    {
        Open(context);
        return await AnswerAsync(
            table, await ingestion.AppendAsync(table, context.Request.Body, Options(file, batch, caller, context), cancellationToken), caller, audit, cancellationToken);
    }

    private static async Task<IResult> EventsOfAnyShapeAsync(
        [FromQuery] string? file, [FromQuery] string? batch, HttpContext context, Caller caller, EventIngestion ingestion, TableCatalog catalog, TimeProvider time, AuditLog audit,
        CancellationToken cancellationToken)
    {
        Open(context);
        using var mapper = new ImportMapper(catalog, time);
        return await AnswerAsync("events", await ingestion.AppendAsync(mapper, context.Request.Body, Options(file, batch, caller, context), cancellationToken), caller, audit, cancellationToken);
    }

    private static async Task<IResult> ResourcesAsync(
        [FromQuery] string? file, HttpContext context, Caller caller, Home home, ResourceImport import, AuditLog audit, CancellationToken cancellationToken)
    {
        Open(context);
        var scopes = caller.Scopes(WriteResources);
        var options = new ResourceImportOptions(file ?? "body", caller.Name, home.GroupScope, scopes.Includes);
        var outcome = await import.RunAsync(context.Request.Body, options, cancellationToken);
        if (!outcome.TryGetValue(out var receipt, out var problem))
        {
            return ArmErrors.Result(problem);
        }

        await audit.AppendAsync(caller.Name, "resources/import", "resources", file ?? "body", $"{receipt.Added} added, {receipt.Changed} changed, {receipt.Rejected} refused", cancellationToken);
        return ArmResults.Value(new ImportReceipt("resources", receipt.Added + receipt.Changed, receipt.Rejected, Problems(receipt.Problems, receipt.Stopped, options.File)) { Unchanged = receipt.Unchanged });
    }

    private static async Task<IResult> AnswerAsync(string target, Outcome<IngestionReceipt> outcome, Caller caller, AuditLog audit, CancellationToken cancellationToken)
    {
        if (!outcome.TryGetValue(out var receipt, out var problem))
        {
            return ArmErrors.Result(problem);
        }

        await audit.AppendAsync(caller.Name, "events/import", "table", target, $"{receipt.Accepted} accepted, {receipt.Rejected} refused", cancellationToken);
        return ArmResults.Value(new ImportReceipt(target, receipt.Accepted, receipt.Rejected, Problems(receipt.Problems, receipt.Stopped, target))
        {
            Tables = receipt.Tables,
            Unchanged = receipt.Repeated,
            FirstEvent = receipt.From,
            LastEvent = receipt.To,
        });
    }

    private static IngestionOptions Options(string? file, string? batch, Caller caller, HttpContext context) => new()
    {
        BatchId = batch ?? (context.Request.Headers["x-ms-batch-id"].ToString() is { Length: > 0 } id ? id : null),
        Source = caller.Name,
        File = file ?? "body",
    };

    private static IReadOnlyList<ImportProblem> Problems(IReadOnlyList<IngestionProblem> problems, Problem? stopped, string target)
    {
        var told = problems.Select(p => new ImportProblem(p.File, p.Line, p.IsKept ? p.Message + " (the rest of the record is kept)" : p.Message)).ToList();
        if (stopped is not null)
        {
            told.Add(new ImportProblem(stopped.Target ?? target, null, stopped.Message + " What was accepted before is kept."));
        }

        return told;
    }

    /// <summary>An import may be as long as it likes: it is read in pieces. It must keep coming, though.</summary>
    private static void Open(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }
    }
}
