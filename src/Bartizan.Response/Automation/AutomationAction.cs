using System.Text.Json.Serialization;
using Bartizan.Content.Rules;
using Bartizan.Detection.Incidents;

namespace Bartizan.Response.Automation;

/// <summary>One thing an automation rule does, at its place in the order.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(ModifyProperties), "ModifyProperties")]
[JsonDerivedType(typeof(AddTask), "AddIncidentTask")]
[JsonDerivedType(typeof(RunPlaybook), "RunPlaybook")]
public abstract record AutomationAction
{
    private AutomationAction()
    {
    }

    public int Order { get; init; }

    /// <summary>Changes what is given; labels are added to those there.</summary>
    public sealed record ModifyProperties : AutomationAction
    {
        public AlertSeverity? Severity { get; init; }

        public IncidentStatus? Status { get; init; }

        public Classification? Classification { get; init; }

        public ClassificationReason? ClassificationReason { get; init; }

        public string? ClassificationComment { get; init; }

        /// <summary>An owner without any name clears the assignment.</summary>
        public IncidentOwner? Owner { get; init; }

        public IReadOnlyList<string> Labels { get; init; } = [];

        public IncidentChange ToChange() => new()
        {
            Severity = Severity,
            Status = Status,
            Classification = Classification,
            ClassificationReason = ClassificationReason,
            ClassificationComment = ClassificationComment,
            Owner = Owner,
            AddLabels = [.. Labels.Select(l => new IncidentLabel(l, IsAutomatic: true))],
        };
    }

    public sealed record AddTask(string Title, string Description) : AutomationAction;

    public sealed record RunPlaybook(string ResourceId, string? TenantId) : AutomationAction;
}
