using Bartizan.Content.Rules;

namespace Bartizan.Content.Anomalies;

/// <summary>
/// A deviation that can be looked for without any model: a query over a baseline and the stretch after it, whose rows are what deviates. The
/// query takes <c>now()</c> for the end of the stretch and its parameters by <c>declare query_parameters</c>, which is put in front of it.
/// </summary>
public sealed record AnomalyDefinition
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public string Description { get; init; } = "";

    public string Version { get; init; } = "1.0.0";

    public IReadOnlyList<string> Tactics { get; init; } = [];

    public IReadOnlyList<string> Techniques { get; init; } = [];

    /// <summary>Tables the query reads; without any of them it is not run.</summary>
    public IReadOnlyList<string> DataSources { get; init; } = [];

    /// <summary>How often it looks, and how long the stretch is that it judges.</summary>
    public TimeSpan Frequency { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How far the query sees: baseline and stretch together.</summary>
    public TimeSpan Period { get; init; } = TimeSpan.FromDays(14);

    public IReadOnlyList<AnomalyParameter> Parameters { get; init; } = [];

    /// <summary>
    /// KQL. <c>Score</c> (0 to 10), <c>Reasons</c>, <c>StartTime</c>, <c>EndTime</c> and the columns of <c>Anomalies</c> are taken as they are
    /// called; every other column is a detail.
    /// </summary>
    public required string Query { get; init; }

    public IReadOnlyList<EntityMapping> EntityMappings { get; init; } = [];

    public IReadOnlyList<RuleTest> Tests { get; init; } = [];
}

/// <summary>A number that a query is tuned by, and between which bounds.</summary>
public sealed record AnomalyParameter(string Name, string Description, double Value, double Least, double Most);
