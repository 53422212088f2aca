using Bartizan.Detection.Alerts;
using Bartizan.Detection.Incidents;
using Bartizan.Foundation.Entities;

namespace Bartizan.Response.Automation;

/// <summary>What the conditions of a rule look at: an incident as it now is, its alerts, and the log entry that set the rule off.</summary>
public sealed record AutomationSubject(Incident Incident, IReadOnlyList<Alert> Alerts, IncidentActivity Cause)
{
    /// <summary>The custom detail at hand, inside a condition over custom details.</summary>
    internal KeyValuePair<string, IReadOnlyList<string>>? Detail { get; init; }

    /// <summary>The value at hand, inside a condition over the values of a custom detail.</summary>
    internal string? DetailValue { get; init; }

    public TriggersWhen When => Cause.Action == "created" ? TriggersWhen.Created : TriggersWhen.Updated;

    /// <summary>The entities of all alerts, with those that belong to them: a process's host, a file's hash.</summary>
    public IEnumerable<Entity> Entities => Alerts.SelectMany(a => a.Entities).SelectMany(WithRelated);

    private static IEnumerable<Entity> WithRelated(Entity entity) => entity.Related.Values.SelectMany(WithRelated).Prepend(entity);
}
