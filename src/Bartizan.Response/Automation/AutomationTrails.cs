using System.Text;
using System.Text.Json;
using Bartizan.Detection.Alerts;
using Bartizan.Detection.Incidents;
using Bartizan.Detection.Rows;
using Bartizan.Foundation.Outcomes;
using Bartizan.Store;
using Bartizan.Store.Records;

namespace Bartizan.Response.Automation;

/// <summary>What one rule did about one change of an incident, or about one alert.</summary>
/// <param name="Problems">Why actions could not be carried out; empty when all were.</param>
public sealed record AutomationRun(AutomationRule Rule, IReadOnlyList<Problem> Problems)
{
    public Incident? Incident { get; init; }

    public Alert? Alert { get; init; }

    public int Succeeded => Rule.Actions.Count - Problems.Count;
}

/// <summary>
/// Keeps how far automation has come with each incident, in one transaction with the rows of <c>SentinelHealth</c> that say what was done.
/// </summary>
public sealed class AutomationTrails
{
    private static readonly RecordKind<AutomationTrail> kind = new("automationTrails", AutomationJson.Default.AutomationTrail) { AuditsValues = false };

    private static readonly RecordKind<AlertPosition> positionKind = new("alertPositions", AutomationJson.Default.AlertPosition) { AuditsValues = false };

    private readonly RecordStore records;
    private readonly RowOutbox outbox;
    private readonly DataFolder folder;
    private readonly TimeProvider time;
    private readonly RecordSet<AutomationTrail> trails;
    private readonly RecordSet<AlertPosition> positions;

    public AutomationTrails(RecordStore records, RowOutbox outbox, DataFolder folder, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(records);
        this.records = records;
        this.outbox = outbox;
        this.folder = folder;
        this.time = time;
        trails = records.Open(kind);
        positions = records.Open(positionKind);
    }

    public async Task<AutomationTrail> FindAsync(Guid incidentId, CancellationToken cancellationToken) =>
        (await trails.FindAsync(incidentId.ToString("D"), cancellationToken).ConfigureAwait(false))?.Value ?? new AutomationTrail { IncidentId = incidentId };

    public async Task PutAsync(AutomationTrail trail, IReadOnlyList<AutomationRun> runs, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(trail);
        ArgumentNullException.ThrowIfNull(runs);
        var change = trails.Put(trail.IncidentId.ToString("D"), trail);
        if (runs.Count == 0)
        {
            await records.ApplyAsync([change], "automation", cancellationToken).ConfigureAwait(false);
            return;
        }

        await records.ApplyAsync([change, outbox.Hold("SentinelHealth", [.. runs.Select(Row)])], "automation", cancellationToken).ConfigureAwait(false);
        await outbox.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Up to which alert rules have acted; null before the first.</summary>
    public async Task<long?> AlertPositionAsync(CancellationToken cancellationToken) =>
        (await positions.FindAsync("automation", cancellationToken).ConfigureAwait(false))?.Value.Sequence;

    /// <summary>Notes that all alerts up to this one were looked at, and what rules did about them.</summary>
    public async Task PutAsync(long alertPosition, IReadOnlyList<AutomationRun> runs, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(runs);
        var change = positions.Put("automation", new AlertPosition(alertPosition));
        await records.ApplyAsync(runs.Count == 0 ? [change] : [change, outbox.Hold("SentinelHealth", [.. runs.Select(Row)])], "automation", cancellationToken).ConfigureAwait(false);
        await outbox.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Drops what is known of an incident that is no more.</summary>
    public async Task ForgetAsync(Guid incidentId, CancellationToken cancellationToken) =>
        await trails.DeleteAsync(incidentId.ToString("D"), null, "automation", cancellationToken).ConfigureAwait(false);

    private string Row(AutomationRun run)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("TimeGenerated", time.GetUtcNow().UtcDateTime);
            json.WriteString("OperationName", "Automation rule run");
            json.WriteString("SentinelResourceId", run.Rule.Name);
            json.WriteString("SentinelResourceName", run.Rule.DisplayName);
            json.WriteString("SentinelResourceType", "Automation rule");
            json.WriteString("Status", run.Problems.Count == 0 ? "Success" : run.Succeeded == 0 ? "Failure" : "Partial success");
            json.WriteString("Description", run.Problems.Count == 0 ? "All actions were carried out." : string.Join(' ', run.Problems.Select(p => p.Message)));
            json.WriteString("Reason", run.Problems.Count == 0 ? "" : run.Problems[0].Code);
            json.WriteString("WorkspaceId", folder.Options.WorkspaceId);
            json.WriteStartObject("ExtendedProperties");
            json.WriteNumber("ActionsTriggeredSuccessfully", run.Succeeded);
            json.WriteNumber("TotalActions", run.Rule.Actions.Count);
            if (run.Incident is { } incident)
            {
                json.WriteString("IncidentName", incident.Id);
                json.WriteNumber("IncidentNumber", incident.Number);
            }
            else if (run.Alert is { } alert)
            {
                json.WriteString("SystemAlertId", alert.Id);
            }

            json.WriteString("TriggeredOn", run.Incident is null ? "Alert" : "Incident");
            json.WriteString("TriggeredWhen", run.Rule.TriggersWhen.ToString());
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
