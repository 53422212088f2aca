using Bartizan.Content.Rules;
using Bartizan.Detection.Alerts;
using Bartizan.Detection.Entities;
using Bartizan.Foundation.Entities;
using Bartizan.Kql.Types;

namespace Bartizan.Detection.Tests;

/// <summary>Rules, rows and alerts to try things on.</summary>
internal static class Sample
{
    public static readonly DateTimeOffset Noon = new(2026, 1, 14, 12, 0, 0, TimeSpan.Zero);

    public static RuleDefinition Rule { get; } = new()
    {
        Id = Guid.Parse("5b0c62f4-5f13-4f14-9f9e-9a3c0d8f0001"),
        Name = "Something happened",
        Description = "It should not.",
        Severity = AlertSeverity.Medium,
        Query = "T | where Bad",
        QueryFrequency = TimeSpan.FromHours(1),
        QueryPeriod = TimeSpan.FromHours(1),
        Tactics = ["Execution"],
        Techniques = ["T1059"],
        EntityMappings = [new(EntityKind.Account, [new("FullName", "User")]), new(EntityKind.Host, [new("HostName", "Computer")])],
    };

    public static RuleRows Rows(params (string User, string Computer)[] rows) => new(
        [new("TimeGenerated", KqlType.DateTime), new("User", KqlType.String), new("Computer", KqlType.String), new("Tags", KqlType.Dynamic)],
        [.. rows.Select((r, i) => new object?[] { Noon.UtcDateTime.AddMinutes(-30 + (i % 20)), r.User, r.Computer, "[\"a\"]" })]);

    public static AlertBatch Build(RuleDefinition rule, RuleRows rows, DateTimeOffset? at = null) =>
        AlertBuilder.Build(rule, rows, rows.Rows.Count, RuleWindow.Of(rule, at ?? Noon), (at ?? Noon).AddMinutes(5));

    public static Alert Alert(RuleDefinition? rule = null, string user = @"CONTOSO\ana", string computer = "web01", DateTimeOffset? at = null) =>
        Build(rule ?? Rule, Rows((user, computer)), at).Alerts[0].Alert;
}
