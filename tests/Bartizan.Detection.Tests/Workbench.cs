using Bartizan.Content.Rules;
using Bartizan.Detection.Alerts;
using Bartizan.Detection.Incidents;
using Bartizan.Detection.Rows;
using Bartizan.Detection.Rules;
using Bartizan.Detection.Scheduling;
using Bartizan.Detection.Suppression;
using Bartizan.Foundation.Outcomes;
using Bartizan.Store;
using Bartizan.Store.Queries;
using Bartizan.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Bartizan.Detection.Tests;

/// <summary>Detection over a store in memory, with a clock that is moved by hand and answers that a test supplies.</summary>
internal sealed class Workbench : IDisposable
{
    public Workbench(Func<QueryRequest, Outcome<QueryResult>>? answer = null)
    {
        Time = new FakeTimeProvider(Sample.Noon);
        Folder = DataFolder.Open(new StoreOptions { ContentFolder = Path.Combine(RepositoryRoot.Path, "content"), MemoryMegabytes = 512 }, Time).Value;
        Answer = answer ?? (_ => Rows());
        Outbox = new RowOutbox(Folder.Records, Folder.Ingestion, Time);
        Rules = new RuleStore(Folder.Records, Time);
        Alerts = new AlertStore(Folder.Records);
        Incidents = new IncidentStore(Folder.Records, Outbox, Time);
        Comments = new IncidentComments(Incidents);
        Suppression = new SuppressionStore(Folder.Records, Alerts, Folder, Time);
        Intake = new AlertIntake(Folder.Records, Alerts, Incidents, Suppression, Outbox, Folder, Time);
        Runner = new RuleRunner(AskAsync, Time);
        Scheduler = NewScheduler();
    }

    public FakeTimeProvider Time { get; }

    public DataFolder Folder { get; }

    /// <summary>What the next queries get.</summary>
    public Func<QueryRequest, Outcome<QueryResult>> Answer { get; set; }

    public List<QueryRequest> Asked { get; } = [];

    public RowOutbox Outbox { get; }

    public RuleStore Rules { get; }

    public AlertStore Alerts { get; }

    public IncidentStore Incidents { get; }

    public IncidentComments Comments { get; }

    public SuppressionStore Suppression { get; }

    public AlertIntake Intake { get; }

    public RuleRunner Runner { get; }

    public RuleScheduler Scheduler { get; }

    public static Outcome<QueryResult> Rows(params (string User, string Computer)[] rows)
    {
        var made = Sample.Rows(rows);
        return new QueryResult { Columns = made.Columns, Rows = made.Rows, Statistics = new QueryStatistics(default, default, made.Rows.Count) };
    }

    /// <summary>A scheduler as after a restart: it knows only what was written.</summary>
    public RuleScheduler NewScheduler() =>
        new(Rules, Runner, Intake, new RuleHealth(Folder, Time), (request, _) => Task.FromResult(Answer(request)), Time, NullLogger<RuleScheduler>.Instance);

    public async Task<IReadOnlyList<Incident>> AllIncidentsAsync() =>
        [.. (await Incidents.ListAsync(new() { OrderBy = new("number") }, default)).Value.Items.Select(i => i.Value)];

    public async Task RaiseAsync(RuleDefinition rule, DateTimeOffset at, params (string User, string Computer)[] rows)
    {
        Answer = _ => Rows(rows);
        foreach (var run in await Scheduler.RunOverAsync(rule, at - rule.QueryFrequency, at, raise: true, default))
        {
            Assert.Null(run.Problem);
        }
    }

    public void Dispose()
    {
        Intake.Dispose();
        Outbox.Dispose();
        Folder.Dispose();
    }

    private Task<Outcome<QueryResult>> AskAsync(QueryRequest request, CancellationToken cancellationToken)
    {
        lock (Asked)
        {
            Asked.Add(request);
        }

        return Task.FromResult(Answer(request));
    }
}
