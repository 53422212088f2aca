using Bartizan.Store;

namespace Bartizan.Server.Api.Tenancy;

/// <summary><c>/healthz</c>: the process answers. <c>/readyz</c>: the store answers too.</summary>
internal static class HealthRoutes
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", () => TypedResults.Text("Healthy")).AllowAnonymous().DisableRateLimiting();
        routes.MapGet("/readyz", ReadyAsync).AllowAnonymous();
    }

    private static async Task<IResult> ReadyAsync(DataFolder folder, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(5));
        try
        {
            await folder.Resources.CountByTypeAsync(new() { Types = ["none"] }, limit.Token);
            await folder.Records.Audit.ListAsync(null, 1, null, limit.Token);
            return TypedResults.Text("Ready");
        }
        catch (OperationCanceledException)
        {
            return TypedResults.Text("The store does not answer.", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }
}
