using System.Diagnostics;
using Bartizan.Detection.Incidents;

namespace Bartizan.Response.Automation;

/// <summary>Whether conditions hold; pure.</summary>
public static class ConditionEvaluation
{
    public static bool Holds(AutomationCondition condition, AutomationSubject subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        return condition switch
        {
            AutomationCondition.Property c => Compare(
                c.Operator, SubjectProperties.Read(subject, c.Name).Select(v => SubjectProperties.Canonical(c.Name, v)), c.Values.Select(v => SubjectProperties.Canonical(c.Name, v))),
            AutomationCondition.PropertyChanged c => HasChanged(c, subject),
            AutomationCondition.Added c => HasAdded(c.What, subject.Cause),
            AutomationCondition.AnyItem c => Items(c.Of, subject).Any(item => c.Conditions.All(inner => Holds(inner, item))),
            AutomationCondition.All c => c.Conditions.All(inner => Holds(inner, subject)),
            AutomationCondition.Any c => c.Conditions.Any(inner => Holds(inner, subject)),
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>A positive operator asks for some pair that agrees, a negative one for none.</summary>
    internal static bool Compare(ConditionOperator op, IEnumerable<string> actual, IEnumerable<string> wanted)
    {
        var values = wanted.ToList();
        return op switch
        {
            ConditionOperator.Equals => Some((a, w) => a.Equals(w, StringComparison.OrdinalIgnoreCase)),
            ConditionOperator.NotEquals => !Some((a, w) => a.Equals(w, StringComparison.OrdinalIgnoreCase)),
            ConditionOperator.Contains => Some((a, w) => a.Contains(w, StringComparison.OrdinalIgnoreCase)),
            ConditionOperator.NotContains => !Some((a, w) => a.Contains(w, StringComparison.OrdinalIgnoreCase)),
            ConditionOperator.StartsWith => Some((a, w) => a.StartsWith(w, StringComparison.OrdinalIgnoreCase)),
            ConditionOperator.NotStartsWith => !Some((a, w) => a.StartsWith(w, StringComparison.OrdinalIgnoreCase)),
            ConditionOperator.EndsWith => Some((a, w) => a.EndsWith(w, StringComparison.OrdinalIgnoreCase)),
            ConditionOperator.NotEndsWith => !Some((a, w) => a.EndsWith(w, StringComparison.OrdinalIgnoreCase)),
            _ => throw new UnreachableException(),
        };

        bool Some(Func<string, string, bool> agrees) => actual.Any(a => values.Exists(w => agrees(a, w)));
    }

    private static bool HasChanged(AutomationCondition.PropertyChanged condition, AutomationSubject subject)
    {
        var field = condition.Name switch
        {
            ChangedProperty.IncidentSeverity => "severity",
            ChangedProperty.IncidentStatus => "status",
            ChangedProperty.IncidentOwner => "owner",
            _ => throw new UnreachableException(),
        };
        if (subject.Cause.Changes.FirstOrDefault(c => c.Field == field) is not { } change)
        {
            return false;
        }

        if (condition.Type is null || condition.Values.Count == 0)
        {
            return true;
        }

        var value = condition.Type == ChangeType.ChangedFrom ? change.From : change.To;

        // The log names an owner once; a condition may know the same person by another of their names.
        var names = field == "owner" && condition.Type == ChangeType.ChangedTo && subject.Incident.Owner is { } owner && owner.DisplayName == change.To
            ? new[] { value, owner.Email, owner.UserPrincipalName, owner.ObjectId?.ToString("D") }.OfType<string>()
            : [value];
        return Compare(condition.Operator, names, condition.Values);
    }

    private static bool HasAdded(AddedThing what, IncidentActivity cause) => what switch
    {
        AddedThing.Alerts => cause.Action == "alertAdded" || Grew(cause, "alerts"),
        AddedThing.Comments => cause.Action == "commentAdded",
        AddedThing.Labels => HasNew(cause, "labels"),
        AddedThing.Tactics => HasNew(cause, "tactics"),
        _ => throw new UnreachableException(),
    };

    private static bool Grew(IncidentActivity cause, string field) =>
        cause.Changes.FirstOrDefault(c => c.Field == field) is { } change && int.TryParse(change.From, out var from) && int.TryParse(change.To, out var to) && to > from;

    private static bool HasNew(IncidentActivity cause, string field) =>
        cause.Changes.FirstOrDefault(c => c.Field == field) is { } change && change.To.Split(", ", StringSplitOptions.RemoveEmptyEntries).Except(change.From.Split(", ")).Any();

    private static IEnumerable<AutomationSubject> Items(ItemsOf of, AutomationSubject subject) => of switch
    {
        ItemsOf.CustomDetails => SubjectProperties.Details(subject).Select(d => subject with { Detail = d, DetailValue = null }),
        ItemsOf.CustomDetailValues => (subject.Detail is { } detail ? detail.Value : SubjectProperties.Details(subject).SelectMany(d => d.Value)).Select(v => subject with { DetailValue = v }),
        _ => throw new UnreachableException(),
    };
}
