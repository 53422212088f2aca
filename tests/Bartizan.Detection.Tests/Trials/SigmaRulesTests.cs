using Bartizan.Content.Rules;
using Bartizan.Detection.Trials;
using Bartizan.Store;
using Bartizan.Store.Queries;
using Bartizan.Testing;

namespace Bartizan.Detection.Tests.Trials;

/// <summary>Sigma rules, translated, against events in a store.</summary>
public sealed class SigmaRulesTests : IDisposable
{
    private const string Process = """
        title: Odd use of a tool
        level: critical
        tags: [ attack.execution, attack.t1059.001, car.2020-01-001 ]
        logsource: { product: windows, category: process_creation }
        detection:
        """;

    private readonly DataFolder folder = DataFolder.Open(
        new StoreOptions { ContentFolder = Path.Combine(RepositoryRoot.Path, "content"), MemoryMegabytes = 512 }, TimeProvider.System).Value;

    private readonly RuleTrial trial;

    public SigmaRulesTests() => trial = new RuleTrial(folder, new(FolderQueries.Over(folder, TimeProvider.System).RunAsync, TimeProvider.System));

    [Theory]
    [InlineData("""{ selection: { Image|endswith: '\tool.exe', CommandLine|contains|all: [ ' -A ', 'remote' ] }, condition: selection }""", """C:\x\TOOL.EXE""", "tool -a remote", true)]
    [InlineData("""{ selection: { Image|endswith: '\tool.exe', CommandLine|contains|all: [ ' -A ', 'remote' ] }, condition: selection }""", """C:\x\tool.exe""", "tool -a", false)]
    [InlineData("""{ sel_a: { Image: '*\tool?.exe' }, sel_b: { CommandLine|re: '^t\w+l\s' }, filter: { CommandLine|contains: 'quiet' }, condition: all of sel_* and not filter }""", """C:\x\tool7.exe""", "tool now", true)]
    [InlineData("""{ sel_a: { Image: '*\tool?.exe' }, sel_b: { CommandLine|re: '^t\w+l\s' }, filter: { CommandLine|contains: 'quiet' }, condition: all of sel_* and not filter }""", """C:\x\tool7.exe""", "tool quiet", false)]
    [InlineData("""{ selection: { CommandLine|windash|contains: ' -enc ' }, condition: selection }""", """C:\p.exe""", "p /enc x", true)]
    [InlineData("""{ selection: { CommandLine|contains: '100\%\*' }, condition: selection }""", """C:\p.exe""", """p 100\%* x""", true)]
    [InlineData("""{ selection: { CommandLine|contains: '\*' }, condition: selection }""", """C:\p.exe""", "p x", false)]
    [InlineData("""{ selection: { CommandLine|wide|base64offset|contains: 'http://' }, condition: selection }""", """C:\p.exe""", "p aAB0AHQAcAA6AC8ALwB4AA==", true)]
    [InlineData("""{ selection: { CommandLine|base64offset|contains: 'http://' }, condition: selection }""", """C:\p.exe""", "p eGh0dHA6Ly95", true)]
    [InlineData("""{ selection: [ { Image|endswith: '\a.exe' }, { CommandLine: null } ], condition: 1 of them }""", """C:\b.exe""", "b", false)]
    public async Task A_selection_means_what_its_modifiers_say(string detection, string image, string commandLine, bool fires)
    {
        var row = $$"""{"TimeGenerated":"2026-01-14T11:30:00Z","EventID":4688,"Computer":"ws-07","Account":"CONTOSO\\ana","NewProcessName":{{Json(image)}},"CommandLine":{{Json(commandLine)}}}""";
        await ExpectAsync($"{Process} {detection}", "SecurityEvent", [row], fires);
    }

    [Fact]
    public async Task Fields_of_an_event_are_read_from_its_columns_or_its_xml()
    {
        const string Rule = """
            title: Network sign-in with a word & a sign
            logsource: { product: windows, service: security }
            detection: { selection: { EventID: 4624, LogonType: 3, Odd|contains: 'a<b' }, condition: selection }
            """;
        const string Row = """{"TimeGenerated":"2026-01-14T11:30:00Z","EventID":4624,"LogonType":3,"Computer":"ws","EventData":"<EventData><Data Name=\"Odd\">x a&lt;b</Data></EventData>"}""";
        await ExpectAsync(Rule, "SecurityEvent", [Row], true);
        await ExpectAsync(Rule, "SecurityEvent", [Row.Replace("a&lt;b", "b", StringComparison.Ordinal)], false);
    }

    [Fact]
    public async Task Registry_paths_may_name_their_hive_either_way()
    {
        const string Rule = """
            title: A value
            logsource: { product: windows, category: registry_set }
            detection: { selection: { TargetObject|startswith: 'HKLM\Software\X', Details: 'DWORD (0x00000001)' }, condition: selection }
            """;
        await ExpectAsync(Rule, "DeviceRegistryEvents", ["""{"TimeGenerated":"2026-01-14T11:30:00Z","ActionType":"RegistryValueSet","RegistryKey":"HKEY_LOCAL_MACHINE\\Software\\X","RegistryValueName":"v","RegistryValueData":"DWORD (0x00000001)"}"""], true);
    }

    [Fact]
    public async Task A_trail_is_asked_by_path_and_counted()
    {
        const string Rule = """
            title: Many refusals
            logsource: { product: aws, service: cloudtrail }
            detection: { selection: { eventSource: iam.amazonaws.com, requestParameters.userName: ben }, timeframe: 10m, condition: 'selection | count(eventName) by sourceIPAddress > 1' }
            """;
        string Row(string name) => $$"""{"TimeGenerated":"2026-01-14T11:31:00Z","EventSource":"iam.amazonaws.com","EventName":"{{name}}","SourceIpAddress":"203.0.113.7","RequestParameters":"{\"userName\":\"ben\"}"}""";
        await ExpectAsync(Rule, "AWSCloudTrail", [Row("GetUser"), Row("ListUsers")], true);
        await ExpectAsync(Rule, "AWSCloudTrail", [Row("GetUser"), Row("GetUser")], false);
    }

    [Theory]
    [InlineData("{ product: windows, category: process_creation }", "{ selection: { Strange: x }, condition: selection }", "Strange")]
    [InlineData("{ product: windows, category: process_creation }", "{ selection: { Image|expand: x }, condition: selection }", "expand")]
    [InlineData("{ product: windows, category: process_creation }", "{ selection: { Image: x }, condition: other }", "other")]
    [InlineData("{ product: windows, category: process_creation }", "{ selection: { Image: x }, condition: selection | near other }", "near")]
    [InlineData("{ product: okta, service: okta }", "{ selection: { x: y }, condition: selection }", "okta")]
    public void What_cannot_be_translated_is_refused_by_name(string source, string detection, string named)
    {
        var file = RuleFile.Read("a.yml", $"title: T\nlogsource: {source}\ndetection: {detection}\n");
        Assert.Empty(file.Rules);
        Assert.Contains(file.Diagnostics, d => d.IsError && d.ToString().Contains(named, StringComparison.Ordinal));
    }

    [Fact]
    public void Level_and_tags_are_carried_over()
    {
        var rule = Assert.Single(RuleFile.Read("a.yml", Process + " { selection: { Image: x }, condition: selection }").Rules);
        Assert.Equal((AlertSeverity.High, "Execution", "T1059.001"), (rule.Severity, Assert.Single(rule.Tactics), Assert.Single(rule.Techniques)));
    }

    public void Dispose() => folder.Dispose();

    private async Task ExpectAsync(string text, string table, IReadOnlyList<string> rows, bool fires)
    {
        var file = RuleFile.Read("a.yml", text);
        Assert.Empty(file.Diagnostics);
        var test = new RuleTest("t", fires, null, new DateTimeOffset(2026, 1, 14, 12, 0, 0, TimeSpan.Zero), new Dictionary<string, IReadOnlyList<string>> { [table] = rows });
        var rule = Assert.Single(file.Rules) with { Tests = [test] };
        var outcome = Assert.Single(await trial.RunAsync(rule, default));
        Assert.Null(outcome.Complaint);
    }

    private static string Json(string text) => System.Text.Json.JsonSerializer.Serialize(text);
}
