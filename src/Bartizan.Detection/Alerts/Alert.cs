using System.Text.Json.Serialization;
using Bartizan.Content.Rules;
using Bartizan.Detection.Entities;
using Bartizan.Foundation.Entities;

namespace Bartizan.Detection.Alerts;

/// <summary>
/// Something a rule found, at one run, in one window. Once raised, nothing of an alert changes but its status.
/// </summary>
public sealed record Alert
{
    /// <summary>Called <c>SystemAlertId</c> in tables and API.</summary>
    public required Guid Id { get; init; }

    public required Guid RuleId { get; init; }

    public required string RuleName { get; init; }

    public required string Name { get; init; }

    public string Description { get; init; } = "";

    public AlertSeverity Severity { get; init; }

    public IReadOnlyList<string> Tactics { get; init; } = [];

    public IReadOnlyList<string> Techniques { get; init; } = [];

    /// <summary>Times of the first and the last event.</summary>
    public DateTimeOffset StartTime { get; init; }

    public DateTimeOffset EndTime { get; init; }

    /// <summary>When it was raised; the <c>TimeGenerated</c> of its row.</summary>
    public DateTimeOffset TimeGenerated { get; init; }

    [JsonConverter(typeof(EntityListConverter))]
    public IReadOnlyList<Entity> Entities { get; init; } = [];

    public IReadOnlyDictionary<string, IReadOnlyList<string>> CustomDetails { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Overrides by the rule: <c>ProductName</c>, <c>RemediationSteps</c>, <c>AlertLink</c>, …</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();

    public RuleKind Kind { get; init; }

    public EventGrouping Grouping { get; init; }

    public required AlertQuery Query { get; init; }

    public AlertStatus Status { get; init; }

    /// <summary>Its place among all alerts in the order they were raised; 0 for those of before this was kept.</summary>
    public long Sequence { get; init; }

    /// <summary>The suppression rule that dismissed it as it was raised.</summary>
    public string? SuppressedBy { get; init; }

    public string ProductName => Properties.GetValueOrDefault("ProductName") ?? "Bartizan";

    /// <summary>Existing queries over <c>SecurityAlert</c> compare with these names, so they are kept.</summary>
    public string ProviderName => Properties.GetValueOrDefault("ProviderName")
        ?? (Kind == RuleKind.NRT ? "ASI NRT Alerts" : "ASI Scheduled Alerts");
}

/// <summary>The question that was asked, so that it can be asked again over the same stretch of time.</summary>
/// <param name="Text">The query with the <c>set</c> statements that fix its time.</param>
/// <param name="Original">The rule's own text.</param>
/// <param name="Rows">How many rows the run returned.</param>
public sealed record AlertQuery(
    string Text, string Original, DateTimeOffset Start, DateTimeOffset End, long Rows, TimeSpan Period, TriggerOperator Operator, int Threshold);
