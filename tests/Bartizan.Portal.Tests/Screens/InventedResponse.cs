using System.Globalization;
using System.Text.Json;
using Bartizan.Wire.Arm;
using Bartizan.Wire.Detection;
using Bartizan.Wire.Investigation;
using Bartizan.Wire.Response;

namespace Bartizan.Portal.Tests.Screens;

/// <summary>The invented server's alerts, entities, intelligence, watchlists and automation.</summary>
internal static class InventedResponse
{
    public const string Entity = "0b5e7c1d-0000-4000-8000-000000000001";

    private static readonly DateTimeOffset Now = new(2026, 11, 24, 9, 42, 0, TimeSpan.Zero);
    private static readonly string[] Severities = ["High", "Medium", "Low", "Informational"];
    private static readonly string[] Names = ["Script downloaded and run from a temporary folder", "Many secrets read from one key vault", "Mass download from a document library by an account that never did so before, outside of its usual hours", "Process memory of the security authority was read"];
    private static readonly string[] Patterns = ["[ipv4-addr:value = '198.51.100.7']", "[domain-name:value = 'updates-of-the-harbour.example']", "[file:hashes.'SHA-256' = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08']", "[url:value = 'https://bad.example/path']"];
    private static readonly string[] Kinds = ["ipv4-addr", "domain-name", "file", "url"];
    private static readonly string[] Values = ["198.51.100.7", "updates-of-the-harbour.example", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "https://bad.example/path"];

    public static object? Answer(Mood mood, string path) => path switch
    {
        _ when path.EndsWith("/Microsoft.Security/alerts", StringComparison.Ordinal) => List(Many(mood, 40, 1_000), Alert),
        _ when path.Contains("/Microsoft.Bartizan/alerts/", StringComparison.Ordinal) && path.EndsWith("/entities", StringComparison.Ordinal) => new ArmList<EntityDocument> { Value = [Document] },
        _ when path.EndsWith("/profile", StringComparison.Ordinal) => Profile(mood),
        _ when path.EndsWith("/getTimeline", StringComparison.Ordinal) => Timeline(mood),
        _ when path.EndsWith("/queryIndicators", StringComparison.Ordinal) => List(Many(mood, 30, 1_000), Indicator),
        _ when path.EndsWith("/watchlistItems", StringComparison.Ordinal) => List(Many(mood, 25, 1_000), Item),
        _ when path.EndsWith("/watchlists", StringComparison.Ordinal) => List(Many(mood, 5, 300), Watchlist),
        _ when path.Contains("/watchlists/", StringComparison.Ordinal) => Watchlist(0),
        _ when path.EndsWith("/automationRules", StringComparison.Ordinal) => List(Many(mood, 6, 300), Rule),
        _ when path.EndsWith("/runs", StringComparison.Ordinal) => List(3, Run),
        _ when path.EndsWith("/workflows", StringComparison.Ordinal) => List(Many(mood, 4, 200), Playbook),
        _ => null,
    };

    private static int Many(Mood mood, int usual, int full) => mood switch { Mood.Empty => 0, Mood.Full => full, _ => usual };

    private static ArmList<T> List<T>(int count, Func<int, T> make) => new() { Value = [.. Enumerable.Range(0, count).Select(make)], Count = count };

    private static EntityDocument Document { get; } = new(
        $"/x/entities/{Entity}", Entity, "Microsoft.SecurityInsights/entities", "Account",
        JsonSerializer.SerializeToElement(new Dictionary<string, string> { ["friendlyName"] = "priya.raman", ["accountName"] = "priya.raman", ["upnSuffix"] = "example.org", ["aadUserId"] = "7d9c7a50-1c5c-4f2b-9b3c-0d1f6f0f2a11" }));

    private static ArmResource<SecurityCenterAlert> Alert(int i) => new()
    {
        Id = $"/x/alerts/{i}",
        Name = string.Create(CultureInfo.InvariantCulture, $"0a1e7c52-0000-4000-8000-{i:D12}"),
        Properties = new SecurityCenterAlert
        {
            SystemAlertId = $"{i}",
            AlertDisplayName = Names[i % Names.Length],
            Severity = Severities[i % 4],
            Status = i % 5 == 4 ? "InProgress" : "Active",
            Intent = "Execution,Persistence",
            Techniques = ["T1059.001", "T1547"],
            StartTimeUtc = Now.AddMinutes(-31 * i - 4),
            EndTimeUtc = Now.AddMinutes(-31 * i),
            TimeGeneratedUtc = Now.AddMinutes(-31 * i),
            ProductName = "Bartizan",
            CompromisedEntity = i % 3 == 0 ? null : "FIN-WS-0412",
            Description = "What the rule looks for, in two sentences. It names what an analyst should check first.",
        },
    };

    private static EntityPageProfile Profile(Mood mood) => mood == Mood.Empty
        ? new EntityPageProfile(Document, "priya.raman", null, null, 0, null, [], [], [], [], true)
        : new EntityPageProfile(
            Document, "priya.raman", Now.AddDays(-12), Now, mood == Mood.Full ? 500 : 9, "High", ["T1059.001", "T1078", "T1003.001"], [.. Enumerable.Range(0, mood == Mood.Full ? 200 : 3).Select(i => $"FIN-WS-{i:0000}")], ["svc-backup"],
            [.. Enumerable.Range(0, mood == Mood.Full ? 120 : 3).Select(i => new EntityIncident($"/x/incidents/{i}", 48_213 - i, Names[i % Names.Length], Severities[i % 4], i % 2 == 0 ? "New" : "Closed", Now.AddHours(-i)))], mood != Mood.Full);

    private static EntityTimeline Timeline(Mood mood)
    {
        var count = Many(mood, 9, 500);
        return new EntityTimeline(
            new EntityTimelineSummary(count, [], []),
            [.. Enumerable.Range(0, count).Select(i => new EntityTimelineItem("SecurityAlert", $"/x/{i}", Names[i % Names.Length], Now.AddHours(-7 * (count - i)), Now) { Severity = Severities[i % 4], Description = "What the rule looks for, in two sentences.", Intent = "Execution", Techniques = ["T1059.001"] })]);
    }

    private static ArmResource<IndicatorProperties> Indicator(int i) => new()
    {
        Name = string.Create(CultureInfo.InvariantCulture, $"0c1e7c52-0000-4000-8000-{i:D12}"),
        Properties = new IndicatorProperties
        {
            DisplayName = i % 4 == 1 ? "Names that a campaign against harbours and their carriers was seen to use" : $"Known bad {i}",
            Pattern = Patterns[i % 4],
            PatternType = "stix",
            Source = "Harbour ISAC",
            Confidence = i % 7 == 6 ? null : 40 + i * 13 % 60,
            ParsedPattern = [new ParsedPattern(Kinds[i % 4], [new ParsedPatternValue("value", Values[i % 4])])],
            ThreatTypes = ["malicious-activity"],
            ThreatIntelligenceTags = ["campaign-7"],
            Revoked = i % 9 == 8,
            ValidFrom = Now.AddDays(-40),
            ValidUntil = i % 3 == 0 ? null : new DateTimeOffset(2099, 1, 1, 0, 0, 0, TimeSpan.Zero),
            LastUpdatedTimeUtc = Now,
            CreatedByRef = "ana@example.org",
        },
    };

    private static ArmResource<WatchlistProperties> Watchlist(int i) => new()
    {
        Name = $"high-value-hosts-{i}",
        Properties = new WatchlistProperties { DisplayName = $"High-value hosts {i}", Description = "Hosts whose loss would stop the harbour", ItemsSearchKey = "Computer", Updated = Now.AddDays(-i), WatchlistAlias = $"high-value-hosts-{i}" },
    };

    private static ArmResource<WatchlistItemProperties> Item(int i) => new()
    {
        Name = string.Create(CultureInfo.InvariantCulture, $"0d1e7c52-0000-4000-8000-{i:D12}"),
        Properties = new WatchlistItemProperties
        {
            ItemsKeyValue = new Dictionary<string, JsonElement> { ["Computer"] = Text($"SQL-PRD-{i:00}"), ["Owner"] = Text("data@example.org"), ["Reason"] = Text(i % 4 == 0 ? "Holds the manifests of every ship that has ever called at any of the three quays" : "Billing"), ["Tier"] = Text("0") },
        },
    };

    private static JsonElement Text(string value) => JsonSerializer.SerializeToElement(value);

    private static ArmResource<AutomationRuleProperties> Rule(int i) => new()
    {
        Name = $"rule-{i}",
        Etag = "\"1\"",
        Properties = new AutomationRuleProperties
        {
            DisplayName = i % 3 == 2 ? "Close what the vulnerability scanner of the harbour office sets off on its own on Sunday nights" : $"Triage {i}",
            Order = i + 1,
            TriggeringLogic = new AutomationTrigger(
                i % 4 != 3, i % 3 == 2 ? new DateTimeOffset(2099, 1, 1, 0, 0, 0, TimeSpan.Zero) : null, "Incidents", i % 2 == 0 ? "Created" : "Updated",
                [new AutomationConditionEntry("Property", new AutomationConditionProperties { PropertyName = "IncidentSeverity", Operator = "Equals", PropertyValues = ["High", "Medium"] })]),
            Actions =
            [
                new AutomationActionEntry(1, "ModifyProperties", new AutomationActionConfiguration { Owner = new IncidentOwnerProperties("o", null, "Ana Example", null), Labels = [new IncidentLabelProperties("night-shift", "User")] }),
                new AutomationActionEntry(2, "RunPlaybook", new AutomationActionConfiguration { LogicAppResourceId = "/x/workflows/tell-the-harbour-master" }),
            ],
        },
    };

    private static ArmResource<PlaybookProperties> Playbook(int i) => new()
    {
        Id = $"/x/workflows/playbook-{i}",
        Name = $"tell-the-harbour-master-{i}",
        Properties = new PlaybookProperties { State = i % 3 == 2 ? "Disabled" : "Enabled", ChangedTime = Now.AddDays(-i), Definition = JsonSerializer.SerializeToElement(new { actions = new { Post = new { }, Comment = new { } } }) },
    };

    private static ArmResource<PlaybookRunProperties> Run(int i) => new()
    {
        Name = $"run-{i}",
        Properties = new PlaybookRunProperties(i == 1 ? "Failed" : "Succeeded", Now.AddHours(-i), Now, i == 1 ? "Post: it answered 503" : null, "/x", "ana@example.org", [new PlaybookStep("Post", i == 1 ? "Failed" : "Succeeded", Now, Now.AddMilliseconds(320), null, "{}")]),
    };
}
