using Bartizan.Foundation.Entities;

namespace Bartizan.Content.Rules;

/// <summary>What makes a rule run and what it makes of what it finds.</summary>
public enum RuleKind
{
    Scheduled,
    NRT,
    MicrosoftSecurityIncidentCreation,
    Fusion,
    ThreatIntelligence,
    MLBehaviorAnalytics,
}

/// <summary>How bad an alert or incident is; the numbers give the order, High highest.</summary>
public enum AlertSeverity
{
    Informational,
    Low,
    Medium,
    High,
}

public enum TriggerOperator
{
    GreaterThan,
    LessThan,
    Equal,
    NotEqual,
}

/// <summary>One alert for all rows of a run, or one for each.</summary>
public enum EventGrouping
{
    SingleAlert,
    AlertPerResult,
}

/// <summary>What must agree for an alert to join an open incident of its rule.</summary>
public enum GroupingMethod
{
    AllEntities,
    AnyAlert,
    Selected,
}

/// <summary>
/// An analytics rule as its file or the API says it: checked, with defaults filled in. Durations are spans, enumerations are
/// normalised; what the reader did not know is in its diagnostics.
/// </summary>
public sealed record RuleDefinition
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public RuleKind Kind { get; init; }

    public string Description { get; init; } = "";

    public bool IsEnabled { get; init; } = true;

    public AlertSeverity Severity { get; init; } = AlertSeverity.Medium;

    public string Query { get; init; } = "";

    public TimeSpan QueryFrequency { get; init; }

    public TimeSpan QueryPeriod { get; init; }

    public TriggerOperator TriggerOperator { get; init; }

    public int TriggerThreshold { get; init; }

    public bool IsSuppressionEnabled { get; init; }

    public TimeSpan SuppressionDuration { get; init; } = TimeSpan.FromHours(5);

    /// <summary>ATT&amp;CK tactics in the API's spelling: <c>CredentialAccess</c>.</summary>
    public IReadOnlyList<string> Tactics { get; init; } = [];

    /// <summary>Technique ids, sub-techniques included: <c>T1003.001</c>.</summary>
    public IReadOnlyList<string> Techniques { get; init; } = [];

    public IReadOnlyList<EntityMapping> EntityMappings { get; init; } = [];

    /// <summary>Columns that hold ready-made entity lists.</summary>
    public IReadOnlyList<string> EntityColumns { get; init; } = [];

    /// <summary>Key shown with the alert to the column whose values it carries.</summary>
    public IReadOnlyDictionary<string, string> CustomDetails { get; init; } = new Dictionary<string, string>();

    public AlertDetailsOverride AlertDetails { get; init; } = new();

    public EventGrouping EventGrouping { get; init; }

    public IncidentConfiguration Incidents { get; init; } = new();

    public string Version { get; init; } = "1.0.0";

    public string? TemplateId { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    public IReadOnlyList<RequiredConnector> RequiredConnectors { get; init; } = [];

    /// <summary>For rules that turn another product's alerts into incidents.</summary>
    public ProductAlertFilter? ProductFilter { get; init; }

    /// <summary>Events that must and must not fire the rule; run by tests and by <c>bartizan rules test</c>.</summary>
    public IReadOnlyList<RuleTest> Tests { get; init; } = [];
}

/// <summary>One entity to make of each row: identifiers and the columns that hold them.</summary>
public sealed record EntityMapping(EntityKind Kind, IReadOnlyList<FieldMapping> Fields);

public sealed record FieldMapping(string Identifier, string Column);

/// <summary>Parts of the alert that come from the row: texts with <c>{{Column}}</c>, or columns.</summary>
public sealed record AlertDetailsOverride
{
    public string? NameFormat { get; init; }

    public string? DescriptionFormat { get; init; }

    public string? TacticsColumn { get; init; }

    public string? SeverityColumn { get; init; }

    /// <summary>Alert property to the column it is taken from: <c>ProductName</c>, <c>RemediationSteps</c>, …</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();
}

public sealed record IncidentConfiguration
{
    public bool CreateIncident { get; init; } = true;

    public bool GroupingEnabled { get; init; }

    public bool ReopenClosed { get; init; }

    /// <summary>How long after an incident's first alert others may join; the window does not slide.</summary>
    public TimeSpan Lookback { get; init; } = TimeSpan.FromHours(5);

    public GroupingMethod Method { get; init; }

    public IReadOnlyList<EntityKind> GroupByEntities { get; init; } = [];

    /// <summary><c>DisplayName</c>, <c>Severity</c>.</summary>
    public IReadOnlyList<string> GroupByAlertDetails { get; init; } = [];

    public IReadOnlyList<string> GroupByCustomDetails { get; init; } = [];
}

public sealed record RequiredConnector(string ConnectorId, IReadOnlyList<string> DataTypes);

public sealed record ProductAlertFilter(
    string Product, IReadOnlyList<AlertSeverity> Severities, IReadOnlyList<string> Names, IReadOnlyList<string> ExcludedNames);

/// <summary>A fixture of a rule: events by table as JSON objects, and whether they must raise an alert.</summary>
/// <param name="At">The moment the rule runs; events without a time lie shortly before it.</param>
/// <param name="Alerts">How many alerts are expected; null when any number above zero will do.</param>
public sealed record RuleTest(
    string Name, bool Fires, int? Alerts, DateTimeOffset At, IReadOnlyDictionary<string, IReadOnlyList<string>> Events);
