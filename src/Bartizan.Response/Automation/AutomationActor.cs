using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Bartizan.Detection.Alerts;
using Bartizan.Detection.Incidents;
using Bartizan.Foundation.Outcomes;
using Bartizan.Response.Playbooks;
using Microsoft.Extensions.Logging;

namespace Bartizan.Response.Automation;

/// <summary>Carries the actions of a rule out, in their order; one that is refused does not hold up the next.</summary>
public sealed partial class AutomationActor(IncidentStore incidents, IncidentTasks tasks, PlaybookStarter playbooks, TimeProvider time, ILogger<AutomationActor> logger)
{
    private static readonly TimeSpan longestWait = TimeSpan.FromMinutes(2);

    /// <summary>What the rule did; null when it does not act on this change.</summary>
    /// <param name="cause">The name of the log entry that set it off.</param>
    /// <param name="chain">The rules whose acts led to it.</param>
    public async Task<AutomationRun?> ActAsync(AutomationRule rule, AutomationSubject subject, string cause, IReadOnlyList<Guid> chain, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(subject);
        if (!AutomationDecision.Acts(rule, subject, chain, time.GetUtcNow()))
        {
            return null;
        }

        var problems = new List<Problem>();
        foreach (var (action, index) in rule.Actions.OrderBy(a => a.Order).Select((a, i) => (a, i)))
        {
            if (await ActAsync(action, rule, subject.Incident.Id, $"{cause}|{rule.Name}|{index}", cancellationToken).ConfigureAwait(false) is { } problem)
            {
                problems.Add(problem);
                LogRefused(logger, rule.DisplayName, subject.Incident.Number, problem.Message);
            }
        }

        return new AutomationRun(rule, problems) { Incident = subject.Incident };
    }

    /// <summary>What the rule did about an alert that was raised; null when it does not act on it. Asked again after a crash, it starts no playbook twice.</summary>
    public async Task<AutomationRun?> ActAsync(AutomationRule rule, Alert alert, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(alert);
        if (!AutomationDecision.Acts(rule, alert, time.GetUtcNow()))
        {
            return null;
        }

        var problems = new List<Problem>();
        foreach (var (action, index) in rule.Actions.OfType<AutomationAction.RunPlaybook>().OrderBy(a => a.Order).Select((a, i) => (a, i)))
        {
            if (await RunAsync(action, rule, new PlaybookSubject.OfAlert(alert.Id), $"{alert.Id:D}|{rule.Name}|{index}", cancellationToken).ConfigureAwait(false) is { } problem)
            {
                problems.Add(problem);
                LogAlertRefused(logger, rule.DisplayName, alert.Name, problem.Message);
            }
        }

        return new AutomationRun(rule, problems) { Alert = alert };
    }

    private async Task<Problem?> ActAsync(AutomationAction action, AutomationRule rule, Guid incidentId, string act, CancellationToken cancellationToken)
    {
        switch (action)
        {
            case AutomationAction.ModifyProperties modify:
                return await ModifyAsync(modify.ToChange(), rule.Actor, incidentId, cancellationToken).ConfigureAwait(false);
            case AutomationAction.AddTask task:
                // The id follows from the act: done again after a crash, it writes the same task.
                var id = IdOf(act);
                return await tasks.FindAsync(incidentId, id, cancellationToken).ConfigureAwait(false) is not null
                    ? null
                    : (await tasks.PutAsync(incidentId, id, task.Title, task.Description, null, rule.Actor, null, cancellationToken).ConfigureAwait(false)).Problem;
            case AutomationAction.RunPlaybook playbook:
                return await RunAsync(playbook, rule, new PlaybookSubject.OfIncident(incidentId), act, cancellationToken).ConfigureAwait(false);
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>The next action waits for the playbook, for two minutes at most; the playbook runs on.</summary>
    private async Task<Problem?> RunAsync(AutomationAction.RunPlaybook action, AutomationRule rule, PlaybookSubject subject, string act, CancellationToken cancellationToken)
    {
        if (!(await playbooks.StartAsync(action.ResourceId, subject, rule.DisplayName, IdOf(act), cancellationToken).ConfigureAwait(false)).TryGetValue(out var started, out var problem))
        {
            return problem;
        }

        await Task.WhenAny(started.End, Task.Delay(longestWait, time, cancellationToken)).ConfigureAwait(false);
        return null;
    }

    private static Guid IdOf(string act) => new(SHA256.HashData(Encoding.UTF8.GetBytes(act.ToLowerInvariant())).AsSpan(0, 16), bigEndian: true);

    private async Task<Problem?> ModifyAsync(IncidentChange change, Actor actor, Guid incidentId, CancellationToken cancellationToken)
    {
        if (await incidents.FindAsync(incidentId, cancellationToken).ConfigureAwait(false) is not { } found)
        {
            return null;
        }

        // What is so already is not written again: a version that says nothing new would fill log and table.
        if (IncidentEditing.Apply(found.Value, change, actor, time.GetUtcNow()).TryGetValue(out var after, out var problem)
            && IncidentEditing.Differences(found.Value, after).Count == 0 && Equals(found.Value.Owner, after.Owner))
        {
            return null;
        }

        return problem ?? (await incidents.EditAsync(incidentId, change, actor, null, cancellationToken).ConfigureAwait(false)).Problem;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The automation rule '{Rule}' could not act on incident {Number}: {Problem}")]
    private static partial void LogRefused(ILogger logger, string rule, int number, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The automation rule '{Rule}' could not act on the alert '{Alert}': {Problem}")]
    private static partial void LogAlertRefused(ILogger logger, string rule, string alert, string problem);
}
