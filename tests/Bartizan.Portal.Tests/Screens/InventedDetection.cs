using System.Globalization;
using System.Text.Json;
using Bartizan.Wire.Arm;
using Bartizan.Wire.Client;
using Bartizan.Wire.Detection;
using Bartizan.Wire.Investigation;

namespace Bartizan.Portal.Tests.Screens;

/// <summary>Rules, coverage and stories of the invented server.</summary>
internal static class InventedDetection
{
    public const string Rule = "5e1f7c52-0000-4000-8000-000000000003";

    private static readonly DateTimeOffset Now = new(2026, 11, 24, 9, 42, 0, TimeSpan.Zero);
    private static readonly string[] Severities = ["High", "Medium", "Low", "Informational"];
    private static readonly string[] Tactics = ["InitialAccess", "Execution", "Persistence", "PrivilegeEscalation", "DefenseEvasion", "CredentialAccess", "Discovery", "LateralMovement", "Collection", "CommandAndControl", "Exfiltration", "Impact"];
    private static readonly string[] Names =
    [
        "Sign-in from an anonymising network followed by an inbox rule", "Script downloaded and run from a temporary folder", "Many secrets read from one key vault in a short time",
        "Process memory of the security authority was read", "Scheduled task made by an office program", "Audit log cleared", "Many failed sign-ins followed by a success",
        "Storage account keys listed by a caller that never did so, for many accounts of several subscriptions in a row, outside of its usual hours",
    ];

    public static object? Answer(Mood mood, string path) => path switch
    {
        _ when path.EndsWith("/attackCoverage", StringComparison.Ordinal) => Coverage(mood),
        _ when path.EndsWith("/story", StringComparison.Ordinal) => Story(mood),
        _ when path.EndsWith("/run", StringComparison.Ordinal) || path.EndsWith("/simulate", StringComparison.Ordinal) => new RuleRunAnswer(
            168, 9, [.. Enumerable.Range(0, 9).Select(i => new RuleRunEntry(Names[3], DateTimeOffset.UtcNow.AddHours(-17 * i - 1), DateTimeOffset.UtcNow.AddHours(-17 * i), 3 + i, 1, null))]),
        _ when path.EndsWith("/alertRules", StringComparison.Ordinal) => new ArmList<ArmResource<AlertRuleProperties>> { Value = [.. Enumerable.Range(0, mood switch { Mood.Empty => 0, Mood.Full => 1_200, _ => 48 }).Select(Made)] },
        _ when path.Contains("/alertRules/", StringComparison.Ordinal) => Whole(Made(3)),
        _ => null,
    };

    private static ArmResource<AlertRuleProperties> Made(int i) => new()
    {
        Name = string.Create(CultureInfo.InvariantCulture, $"5e1f7c52-0000-4000-8000-{i:D12}"),
        Kind = i % 9 == 2 ? "NRT" : "Scheduled",
        Etag = "\"1\"",
        Properties = new AlertRuleProperties
        {
            DisplayName = i < Names.Length ? Names[i] : $"{Names[i % Names.Length]} ({i / Names.Length})",
            Description = "The process that checks passwords holds them in memory. Programs other than the system's own that read it there are after them.",
            Severity = Severities[i % 4],
            Enabled = i % 7 != 6,
            Query = "let Known = _GetWatchlist('allowed_tools') | project SearchKey;\nSecurityEvent\n| where EventID == 4656 and ObjectName endswith @\"\\lsass.exe\"\n| where ProcessName !in~ (Known)\n| project TimeGenerated, Computer, Account, ProcessName",
            QueryFrequency = i % 9 == 2 ? null : i % 3 == 0 ? "PT1H" : "PT5M",
            QueryPeriod = i % 9 == 2 ? null : "PT1H",
            TriggerOperator = "GreaterThan",
            TriggerThreshold = i % 5,
            SuppressionDuration = "PT5H",
            SuppressionEnabled = i % 3 == 0,
            Tactics = [Tactics[i % Tactics.Length], Tactics[(i + 5) % Tactics.Length]],
            Techniques = [string.Create(CultureInfo.InvariantCulture, $"T{1003 + (i * 7)}.001"), "T1078"],
            Health = new RuleHealth(i % 11 == 4 ? "Failure" : "Success", i % 11 == 4 ? "The query cannot run: the name 'ObjectNam' does not refer to any known column." : null, Now.AddMinutes(-3 * i), Now.AddMinutes(5), i * 3 % 17),
        },
    };

    /// <summary>With what the list leaves out.</summary>
    private static ArmResource<JsonElement> Whole(ArmResource<AlertRuleProperties> rule)
    {
        var properties = JsonSerializer.SerializeToNode(rule.Properties, BartizanClient.Json)!.AsObject();
        properties["entityMappings"] = System.Text.Json.Nodes.JsonNode.Parse(
            """[{"entityType":"Host","fieldMappings":[{"identifier":"HostName","columnName":"Computer"}]},{"entityType":"Account","fieldMappings":[{"identifier":"Name","columnName":"Account"},{"identifier":"NTDomain","columnName":"Domain"}]}]""");
        return new ArmResource<JsonElement> { Name = rule.Name, Kind = rule.Kind, Etag = rule.Etag, Properties = JsonSerializer.SerializeToElement(properties) };
    }

    private static AttackCoverageAnswer Coverage(Mood mood) => new(
        Now.AddDays(-90),
        [
            .. Enumerable.Range(0, mood switch { Mood.Empty => 0, Mood.Full => 600, _ => 90 }).Select(i => new AttackTechniqueCoverage(
                string.Create(CultureInfo.InvariantCulture, $"T{1001 + (i * 3)}{(i % 3 == 1 ? ".002" : "")}"),
                i % 4 == 0 ? [Tactics[i % Tactics.Length], Tactics[(i + 2) % Tactics.Length]] : [Tactics[i % Tactics.Length]],
                i % 5 == 4 ? [] : [Names[i % Names.Length], .. i % 2 == 0 ? (string[])[Names[(i + 3) % Names.Length]] : []],
                i % 5 < 2 ? [Names[i % Names.Length]] : [],
                i % 6 == 0 ? i * 5 : 0,
                i % 5 == 4 ? [Names[(i + 1) % Names.Length]] : [])),
        ]);

    private static IncidentStory Story(Mood mood) => mood == Mood.Empty ? new IncidentStory("", [], []) : new IncidentStory(
        "On 24 November between 07:10 and 09:42 somebody signed in as ana@example.org from an anonymising network, ran a script on FIN-WS-0412, read passwords from its memory and went on to DC-01. Four alerts of three tactics tell of it.",
        [
            .. ((string[])["InitialAccess", "Execution", "CredentialAccess", "LateralMovement"]).Select((tactic, i) => new IncidentStoryStep(
                tactic, i + 3, Now.AddMinutes(-152 + (i * 40)), Now.AddMinutes(-150 + (i * 42)), Severities[i % 3],
                $"{Names[i]} on FIN-WS-0412 by ana@example.org.",
                ["T1078", "T1059.001"],
                [.. Enumerable.Range(0, mood == Mood.Full ? 40 : 2).Select(a => new IncidentStoryAlert($"a{a}", Names[(i + a) % Names.Length], Severities[(i + a) % 3], Now.AddMinutes(-150 + (i * 40) + a)))])),
        ],
        [
            new("/subscriptions/s1/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/FIN-WS-0412", "FIN-WS-0412", "/x/providers/Microsoft.Security/assessments/check-0", "Machines should have updates installed", "High"),
            new("/subscriptions/s1/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/DC-01", "DC-01", "/x/providers/Microsoft.Security/assessments/check-5", "Management ports should be closed to the internet", "Medium"),
        ]);
}
