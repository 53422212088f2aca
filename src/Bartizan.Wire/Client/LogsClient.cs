using System.Net.Http.Json;
using Bartizan.Foundation.Outcomes;
using Bartizan.Wire.Arm;
using Bartizan.Wire.Logs;

namespace Bartizan.Wire.Client;

/// <summary>Queries, their schema, and imports.</summary>
public sealed class LogsClient
{
    private const string Own = "/providers/Microsoft.Bartizan";
    private readonly BartizanClient client;

    internal LogsClient(BartizanClient client) => this.client = client;

    public Task<Outcome<LogsAnswer>> QueryAsync(string query, string? timespan, CancellationToken cancellationToken) =>
        client.InWorkspaceAsync(
            w => client.SendAsync<LogsAnswer>(
                HttpMethod.Post, $"/v1/workspaces/{w.WorkspaceId}/query", JsonContent.Create(new LogsQuery(query, timespan), options: BartizanClient.Json), null, "include-render=true", cancellationToken),
            cancellationToken);

    public Task<Outcome<WorkspaceSchema>> SchemaAsync(CancellationToken cancellationToken) =>
        client.GetAsync<WorkspaceSchema>($"{Own}/schema?api-version={ApiVersions.Bartizan}", cancellationToken);

    /// <summary>What our engine says of a text, without running it.</summary>
    public Task<Outcome<IReadOnlyList<QueryDiagnostic>>> CheckAsync(string query, CancellationToken cancellationToken) =>
        client.PostAsync<IReadOnlyList<QueryDiagnostic>>($"{Own}/query/check?api-version={ApiVersions.Bartizan}", new LogsQuery(query), cancellationToken);

    public Task<Outcome<QueryExplanation>> ExplainAsync(string query, CancellationToken cancellationToken) =>
        client.PostAsync<QueryExplanation>($"{Own}/query/explain?api-version={ApiVersions.Bartizan}", new LogsQuery(query), cancellationToken);

    /// <summary>Sends events: JSON lines, a JSON array, gzip or zip. Without a table, each record's own shape tells where it belongs.</summary>
    public Task<Outcome<ImportReceipt>> ImportEventsAsync(string? table, string fileName, Stream content, CancellationToken cancellationToken) =>
        SendAsync($"{Own}/events{(table is null ? "" : "/" + PathText.Segment(table))}", fileName, content, cancellationToken);

    /// <summary>Sends resources as their cloud describes them.</summary>
    public Task<Outcome<ImportReceipt>> ImportResourcesAsync(string fileName, Stream content, CancellationToken cancellationToken) =>
        SendAsync($"{Own}/resources", fileName, content, cancellationToken);

    private async Task<Outcome<ImportReceipt>> SendAsync(string path, string fileName, Stream content, CancellationToken cancellationToken)
    {
        using var body = new StreamContent(content, 128 * 1024);
        body.Headers.ContentType = new("application/octet-stream");
        return await client.SendAsync<ImportReceipt>(
            HttpMethod.Post, PathText.Query(path, ("api-version", ApiVersions.Bartizan), ("file", fileName)), body, null, cancellationToken).ConfigureAwait(false);
    }
}
