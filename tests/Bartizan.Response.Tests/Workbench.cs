using Bartizan.Connectors.Http;
using Bartizan.Content.Rules;
using Bartizan.Detection.Alerts;
using Bartizan.Detection.Incidents;
using Bartizan.Detection.Rows;
using Bartizan.Detection.Suppression;
using Bartizan.Foundation.Entities;
using Bartizan.Response.Automation;
using Bartizan.Response.Playbooks;
using Bartizan.Store;
using Bartizan.Store.Queries;
using Bartizan.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Bartizan.Response.Tests;

/// <summary>Response over a store in memory, with a clock that is moved by hand.</summary>
internal sealed class Workbench : IDisposable
{
    public static readonly DateTimeOffset Noon = new(2026, 1, 14, 12, 0, 0, TimeSpan.Zero);

    private readonly OutboundHttp http = new([]);

    public Workbench()
    {
        Time = new FakeTimeProvider(Noon);
        Folder = DataFolder.Open(new StoreOptions { ContentFolder = Path.Combine(RepositoryRoot.Path, "content"), MemoryMegabytes = 512 }, Time).Value;
        Outbox = new RowOutbox(Folder.Records, Folder.Ingestion, Time);
        Alerts = new AlertStore(Folder.Records);
        Incidents = new IncidentStore(Folder.Records, Outbox, Time);
        Tasks = new IncidentTasks(Incidents);
        Playbooks = new PlaybookStore(Folder.Records, Time);
        Starter = new PlaybookStarter(Playbooks, new PlaybookSubjects(Incidents, Alerts, Folder), Incidents, http, Time);
        Intake = new AlertIntake(Folder.Records, Alerts, Incidents, new SuppressionStore(Folder.Records, Alerts, Folder, Time), Outbox, Folder, Time);
        Rules = new AutomationRuleStore(Folder.Records, Time);
        Loop = NewLoop();
    }

    public FakeTimeProvider Time { get; }

    public DataFolder Folder { get; }

    public RowOutbox Outbox { get; }

    public AlertStore Alerts { get; }

    public IncidentStore Incidents { get; }

    public IncidentTasks Tasks { get; }

    public PlaybookStore Playbooks { get; }

    public PlaybookStarter Starter { get; }

    public AlertIntake Intake { get; }

    public AutomationRuleStore Rules { get; }

    public AutomationLoop Loop { get; private set; }

    public static Actor Analyst { get; } = Actor.User("Ana", "ana@example.com");

    /// <summary>A loop as after a restart: it knows only what was written.</summary>
    public AutomationLoop NewLoop()
    {
        var actor = new AutomationActor(Incidents, Tasks, Starter, Time, NullLogger<AutomationActor>.Instance);
        var runner = new AutomationRunner(Rules, Incidents, Alerts, actor, new AutomationTrails(Folder.Records, Outbox, Folder, Time));
        return Loop = new AutomationLoop(Folder.Records, runner, Rules, Incidents, Time, NullLogger<AutomationLoop>.Instance);
    }

    /// <summary>Automation on alerts as after a restart.</summary>
    public AlertAutomation NewAlertAutomation() => new(
        Rules, Alerts, new AutomationActor(Incidents, Tasks, Starter, Time, NullLogger<AutomationActor>.Instance), new AutomationTrails(Folder.Records, Outbox, Folder, Time), Time,
        NullLogger<AlertAutomation>.Instance);

    /// <summary>Raises an alert that opens no incident.</summary>
    public async Task<Alert> RaiseAsync(Alert alert)
    {
        Time.Advance(TimeSpan.FromSeconds(1));
        var rule = new RuleDefinition { Id = alert.RuleId, Name = alert.RuleName, Query = "T", Incidents = new() { CreateIncident = false } };
        var evidence = AlertEvidence.Freeze(alert.Id, new([], []), 0, "T", Noon, Noon, "test");
        return (await Intake.RaiseAsync(rule, [(alert with { TimeGenerated = Time.GetUtcNow() }, evidence)], [], default)).Value.Single();
    }

    public async Task<AutomationRule> PutAsync(AutomationRule rule)
    {
        var outcome = await Rules.PutAsync(rule, null, Analyst, default);
        Assert.True(outcome.IsSuccess, outcome.Problem?.Message);
        return outcome.Value.Value;
    }

    public async Task<Incident> CreateAsync(string title = "Odd sign-in", AlertSeverity severity = AlertSeverity.Low)
    {
        Time.Advance(TimeSpan.FromSeconds(1));
        return (await Incidents.CreateAsync(Guid.CreateVersion7(Time.GetUtcNow()), new IncidentChange { Title = title, Severity = severity }, Analyst, default)).Value.Value;
    }

    public async Task EditAsync(Guid id, IncidentChange change)
    {
        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.True((await Incidents.EditAsync(id, change, Analyst, null, default)).IsSuccess);
    }

    public async Task<Incident> ReadAsync(Guid id) => (await Incidents.FindAsync(id, default))!.Value;

    public async Task<IReadOnlyList<IncidentActivity>> LogAsync(Guid id) => [.. (await Incidents.ActivitiesAsync(id, 100, null, default)).Value.Items.Select(a => a.Value)];

    public async Task<IReadOnlyList<object?[]>> QueryAsync(string text)
    {
        var outcome = await FolderQueries.Over(Folder, Time).RunAsync(new QueryRequest(text), default);
        Assert.True(outcome.IsSuccess, outcome.Problem?.Message);
        return outcome.Value.Rows;
    }

    public void Dispose()
    {
        Loop.Dispose();
        Starter.Dispose();
        http.Dispose();
        Intake.Dispose();
        Outbox.Dispose();
        Folder.Dispose();
    }
}

/// <summary>Rules, alerts and changes to try things on.</summary>
internal static class Sample
{
    public static AutomationRule Rule(string name, int order, TriggersWhen when, AutomationAction.ModifyProperties action, params AutomationCondition[] conditions) => new()
    {
        Name = name,
        DisplayName = name,
        Order = order,
        IsEnabled = true,
        TriggersWhen = when,
        Conditions = conditions,
        Actions = [action],
    };

    public static AutomationCondition.Property Is(string property, params string[] values) => new(property, ConditionOperator.Equals, values);

    public static Alert Alert(params Entity[] entities) => new()
    {
        Id = Guid.Parse("7b0c62f4-5f13-4f14-9f9e-9a3c0d8f0001"),
        RuleId = Guid.Parse("5b0c62f4-5f13-4f14-9f9e-9a3c0d8f0001"),
        RuleName = "Something happened",
        Name = "Something happened",
        Severity = AlertSeverity.Medium,
        Tactics = ["Execution"],
        StartTime = Workbench.Noon,
        EndTime = Workbench.Noon,
        TimeGenerated = Workbench.Noon,
        Entities = entities,
        CustomDetails = new Dictionary<string, IReadOnlyList<string>> { ["Port"] = ["22", "3389"], ["Zone"] = ["dmz"] },
        Query = new AlertQuery("T", "T", Workbench.Noon, Workbench.Noon, 1, TimeSpan.FromHours(1), TriggerOperator.GreaterThan, 0),
    };

    public static AutomationSubject Subject(Alert? alert = null, IncidentActivity? cause = null, Func<Incident, Incident>? change = null)
    {
        alert ??= Alert();
        var incident = IncidentEditing.Open(alert, Guid.Parse("9b0c62f4-5f13-4f14-9f9e-9a3c0d8f0001"), 7, null, Workbench.Noon);
        incident = change is null ? incident : change(incident);
        return new AutomationSubject(incident, [alert], cause ?? Entry("created"));
    }

    public static IncidentActivity Entry(string action, params FieldChange[] changes) => new()
    {
        IncidentId = Guid.Parse("9b0c62f4-5f13-4f14-9f9e-9a3c0d8f0001"),
        At = Workbench.Noon,
        Actor = Workbench.Analyst,
        Action = action,
        Changes = changes,
    };
}
