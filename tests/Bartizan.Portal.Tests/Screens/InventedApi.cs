using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Bartizan.Wire.Arm;
using Bartizan.Wire.Client;
using Bartizan.Wire.Detection;
using Bartizan.Wire.Investigation;
using Bartizan.Wire.Logs;
using Bartizan.Wire.Posture;

namespace Bartizan.Portal.Tests.Screens;

/// <summary>How much the invented server has to say.</summary>
internal enum Mood
{
    Usual,
    Empty,
    Failing,
    Full,
    Slow,
}

/// <summary>Answers as a server would, from numbers made here; the screens are looked at in every mood.</summary>
internal sealed partial class InventedApi(Mood mood) : HttpMessageHandler
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 9, 42, 0, TimeSpan.Zero);
    private static readonly string[] Severities = ["High", "Medium", "Low", "Informational"];
    private static readonly string[] Titles =
    [
        "Account signed in from an anonymising network, then made an inbox rule", "Script downloaded and run from a temporary folder", "Many secrets read from one key vault",
        "Storage account opened to the internet", "New credential added to an application with wide rights", "Many failed sign-ins followed by a success",
        "Process memory of the security authority was read", "Scheduled task made by an office program", "Rare subscription operations by one caller",
        "Mass download from a document library by an account that never did so before, outside of its usual hours and from a new country",
    ];

    private static readonly string[] Checks =
    [
        "Storage accounts should refuse public access to blobs", "Key vaults should keep deleted secrets", "Management ports should be closed to the internet", "Web apps should only answer over HTTPS",
        "Disks should be encrypted with a key of yours", "SQL servers should have auditing on", "Kubernetes clusters should use role-based access", "Owners should use more than one factor",
        "Machines should have updates installed", "Buckets should refuse requests without TLS", "Trails should be encrypted and validated", "Root accounts should have no access keys",
    ];

    private static readonly string[] Controls = ["Enable MFA", "Secure management ports", "Apply system updates", "Encrypt data in transit", "Restrict unauthorised access", "Enable encryption at rest", "Manage access and permissions"];
    private static readonly string[] Hosts = ["FIN-WS-0412", "SQL-PRD-02", "WEB-PRD-11", "DC-01"];

    private readonly Dictionary<string, IncidentProperties> saved = [];

    private int IncidentCount => mood switch { Mood.Empty => 0, Mood.Full => 100_000, _ => 64 };

    private int ResourceCount => mood switch { Mood.Empty => 0, Mood.Full => 100_000, _ => 312 };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.AbsolutePath;
        var query = System.Web.HttpUtility.ParseQueryString(request.RequestUri.Query);
        if (mood == Mood.Slow && !path.EndsWith("/server", StringComparison.Ordinal))
        {
            await Task.Delay(TimeSpan.FromMinutes(5), cancellationToken);
        }

        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        var answer = mood == Mood.Failing && !path.EndsWith("/server", StringComparison.Ordinal)
            ? null
            : Answer(request.Method, path, query, body);
        return answer is null
            ? Refusal(mood == Mood.Failing ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.NotFound)
            : new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(JsonSerializer.Serialize(answer, answer.GetType(), BartizanClient.Json), Encoding.UTF8, "application/json") };
    }

    private static HttpResponseMessage Refusal(HttpStatusCode status) => new(status)
    {
        Content = new StringContent(
            status == HttpStatusCode.NotFound
                ? """{"error":{"code":"ResourceNotFound","message":"There is no such thing here."}}"""
                : """{"error":{"code":"StoreUnavailable","message":"The event store is being restored and answers again in about a minute."}}""",
            Encoding.UTF8,
            "application/json"),
    };

    private object? Answer(HttpMethod method, string path, System.Collections.Specialized.NameValueCollection query, string body)
    {
        var skip = int.Parse(query["$skipToken"] ?? "0", CultureInfo.InvariantCulture);
        var top = int.Parse(query["$top"] ?? "100", CultureInfo.InvariantCulture);
        if (path.EndsWith("/Microsoft.Bartizan/server", StringComparison.Ordinal))
        {
            return new ServerDescription("t", "00000000-0000-0000-0000-000000000001", "bartizan", "bartizan", "w", "0.1.0", new SignedInUser("me", "Ana Example", "ana@example.org", "User", ["Owner"]));
        }

        var part = IncidentPart().Match(path);
        if (part.Success && part.Groups["rest"].Value is { Length: > 0 } rest)
        {
            return rest switch
            {
                "alerts" => new ArmList<ArmResource<SecurityAlertProperties>> { Value = [.. Enumerable.Range(0, 4).Select(Alert)] },
                "entities" => Entities(),
                "comments" => new ArmList<ArmResource<CommentProperties>> { Value = [Comment("Called the owner: she is travelling, but not there.", 40), Comment("Sessions revoked, password reset.\nWaiting for the mailbox export.", 12)] },
                _ when method == HttpMethod.Put => new ArmResource<CommentProperties> { Properties = new CommentProperties("saved") },
                _ => null,
            };
        }

        if (part.Success)
        {
            var id = part.Groups["id"].Value;
            if (method == HttpMethod.Put)
            {
                saved[id] = JsonSerializer.Deserialize<ArmResource<IncidentProperties>>(body, BartizanClient.Json)!.Properties;
            }

            return Incident(int.TryParse(id, out var number) ? 48_213 - number : int.Parse(id["incident-".Length..], CultureInfo.InvariantCulture));
        }

        if (InventedPosture.Answer(mood, path, body) is { } posture)
        {
            return posture;
        }

        if (InventedResponse.Answer(mood, path) is { } response)
        {
            return response;
        }

        if (InventedAccess.Answer(mood, path) is { } access)
        {
            return access;
        }

        if (InventedDetection.Answer(mood, path) is { } detection)
        {
            return detection;
        }

        return path switch
        {
            _ when path.EndsWith("/incidents", StringComparison.Ordinal) => Page(skip, top, IncidentCount, Incident, path, query),
            _ when path.EndsWith("/incidentCounts", StringComparison.Ordinal) => new IncidentCounts(IncidentCount, IncidentCount * 3 / 4, IncidentCount / 4, 812, Severities.ToDictionary(s => s, s => IncidentCount / (Array.IndexOf(Severities, s) + 3))),
            _ when path.EndsWith("/activity", StringComparison.Ordinal) => new ArmList<ActivityEntry> { Value = [new(Now, "Ana Example", "Changed", "changed the incident", [new("status", "New", "Active"), new("owner", "", "Ana Example")]), new(Now.AddMinutes(-9), "Alert grouping", "Created", "opened the incident", [])] },
            _ when path.EndsWith("/evidence", StringComparison.Ordinal) => Evidence(),
            _ when path.EndsWith("/graph", StringComparison.Ordinal) => Graph(mood == Mood.Full ? 500 : 14),
            _ when path.EndsWith("/timeline", StringComparison.Ordinal) => new ArmList<TimelineEntry> { Value = [.. Enumerable.Range(0, 5).Select(i => new TimelineEntry($"t{i}", "Alert", Now.AddMinutes(-31 * i - 20), Now.AddMinutes(-31 * i), Titles[i], Severities[i % 3], "Bartizan", ["InitialAccess"], [$"a{i % 4}", "h0"]))] },
            _ when path.EndsWith("/questions", StringComparison.Ordinal) => new ArmList<ExplorationQuestion> { Value = [new("q0", "Related alerts", "Other alerts that name it", "Host", ["SecurityAlert"], ["SecurityAlert"], true, null), new("q1", "Accounts that signed in", null, "Host", ["Account"], ["SecurityEvent"], true, null), new("q2", "Rare processes", null, "Host", ["Process"], ["SecurityEvent"], false, "No events of SecurityEvent yet")] },
            _ when path.EndsWith("/expand", StringComparison.Ordinal) => new ExpansionAnswer([new("x1", "Account", "svc-backup", null, false, Now.AddHours(-2), Now, new Dictionary<string, string> { ["name"] = "svc-backup" })], [new("h0", "x1", "q1", "signed in", true, Now.AddHours(-2), Now, 3)], "SecurityEvent | where Computer == 'FIN-WS-0412'", Now.AddDays(-1), Now, 3, false),
            _ when path.EndsWith("/scoreOverview", StringComparison.Ordinal) => Overview(),
            _ when path.EndsWith("/assessments", StringComparison.Ordinal) => Page(skip, top, mood == Mood.Empty ? 0 : 23, Finding, path, query),
            _ when path.EndsWith("/recommendations", StringComparison.Ordinal) => Page(skip, Math.Min(top, 200), mood == Mood.Empty ? 0 : mood == Mood.Full ? 2_000 : Checks.Length, Recommendation, path, query),
            _ when path.Contains("/recommendations/", StringComparison.Ordinal) => Recommendation(int.Parse(path[(path.LastIndexOf('-') + 1)..], CultureInfo.InvariantCulture)),
            _ when path.EndsWith("/inventory/summary", StringComparison.Ordinal) => new InventorySummary(ResourceCount, ResourceCount / 3, new Dictionary<string, int> { ["microsoft.storage/storageaccounts"] = 40, ["microsoft.compute/virtualmachines"] = 52 }, new Dictionary<string, int> { ["Azure"] = 200, ["Aws"] = 70 }, new Dictionary<string, int> { ["Production"] = 180, ["Shop"] = 90 }),
            _ when path.EndsWith("/inventory/resource", StringComparison.Ordinal) => Entry(3) with { Record = JsonDocument.Parse("""{"sku":{"name":"Standard_LRS"},"properties":{"allowBlobPublicAccess":true,"networkAcls":{"defaultAction":"Allow","ipRules":[]}}}""").RootElement },
            _ when path.EndsWith("/inventory", StringComparison.Ordinal) => Page(skip, top, ResourceCount, Entry, path, query),
            _ when path.EndsWith("/schema", StringComparison.Ordinal) => new WorkspaceSchema([.. ((string[])["SigninLogs", "SecurityAlert", "SecurityEvent", "OfficeActivity", "AzureActivity", "DeviceProcessEvents"]).Select(n => new SchemaTable(n, "A table", "Security", [new("TimeGenerated", "datetime", "When it happened"), new("UserPrincipalName", "string", null), new("IPAddress", "string", null), new("DeviceDetail", "dynamic", null)]))], []),
            _ when path.EndsWith("/query/check", StringComparison.Ordinal) => body.Contains("wherr", StringComparison.Ordinal) ? new QueryDiagnostic[] { new("KS006", "Error", 13, 5, "There is no operator wherr.", "Did you mean where?") } : Array.Empty<QueryDiagnostic>(),
            _ when path.EndsWith("/query", StringComparison.Ordinal) => body.Contains("wherr", StringComparison.Ordinal) ? null : Rows(body),
            _ => null,
        };
    }

    private static ArmList<T> Page<T>(int skip, int top, int count, Func<int, T> make, string path, System.Collections.Specialized.NameValueCollection query)
    {
        var end = Math.Min(skip + top, count);
        query["$skipToken"] = $"{end}";
        return new ArmList<T> { Value = [.. Enumerable.Range(skip, Math.Max(0, end - skip)).Select(make)], NextLink = end < count ? $"http://invented{path}?{query}" : null, Count = count };
    }

    private ArmResource<IncidentProperties> Incident(int i)
    {
        var name = $"incident-{i}";
        var made = new IncidentProperties
        {
            Title = Titles[i % Titles.Length],
            Severity = Severities[i * 7 % 4],
            Status = i % 4 == 0 ? "Active" : "New",
            IncidentNumber = 48_213 - i,
            Description = "A sign-in from an anonymising network was followed by an inbox rule, unusual script activity on a workstation and a large download.",
            CreatedTimeUtc = Now.AddMinutes(-7 * i),
            LastModifiedTimeUtc = Now.AddMinutes(-6 * i),
            FirstActivityTimeUtc = Now.AddMinutes(-7 * i - 60),
            LastActivityTimeUtc = Now.AddMinutes(-7 * i),
            Owner = i % 5 == 0 ? new IncidentOwnerProperties("other", null, "Jo Other", null) : null,
            Labels = i % 3 == 0 ? [new("finance")] : [],
            AdditionalData = new IncidentAdditionalProperties { AlertsCount = 4, CommentsCount = 2, AlertProductNames = ["Bartizan"], Tactics = ["InitialAccess", "Persistence", "CredentialAccess"], Techniques = ["T1078", "T1003.001"] },
        };
        return new ArmResource<IncidentProperties> { Id = $"/x/incidents/{name}", Name = name, Etag = "\"1\"", Properties = saved.TryGetValue(name, out var now) ? now with { IncidentNumber = made.IncidentNumber } : made };
    }

    private static ArmResource<SecurityAlertProperties> Alert(int i) => new()
    {
        Name = $"a{i}",
        Properties = new SecurityAlertProperties
        {
            SystemAlertId = $"a{i}",
            AlertDisplayName = Titles[i],
            Severity = Severities[i % 3],
            Description = "What the rule looks for, in two sentences. It names what an analyst should check first.",
            RuleName = Titles[i],
            ProductName = "Bartizan",
            StartTimeUtc = Now.AddMinutes(-31 * i),
            EventCount = 3 + i * 17,
            Query = "SecurityEvent | take 10",
            Tactics = ["Execution"],
            Techniques = ["T1059.001"],
        },
    };

    private static ArmResource<CommentProperties> Comment(string text, int minutes) => new() { Name = $"c{minutes}", Properties = new CommentProperties(text, Now.AddMinutes(-minutes), null, new ClientProperties(null, "Jo Other", null, null)) };

    private static IncidentEntities Entities() => new(
        [
            .. Hosts.Take(2).Select((h, i) => Document($"h{i}", "Host", h, ("hostName", h), ("dnsDomain", "corp.example"))),
            Document("u0", "Account", "priya.raman", ("accountName", "priya.raman"), ("upnSuffix", "example.org"), ("aadUserId", "7d9c7a50-1c5c-4f2b-9b3c-0d1f6f0f2a11")),
            Document("i0", "Ip", "198.51.100.34", ("address", "198.51.100.34"), ("country", "Nowhere")), Document("f0", "File", "invoice.xlsm", ("name", "invoice.xlsm"), ("directory", "C:\\Users\\priya\\Downloads")),
        ],
        [new("Host", 2), new("Account", 1), new("Ip", 1), new("File", 1)]);

    private static EntityDocument Document(string id, string kind, string name, params (string, string)[] fields) =>
        new($"/x/entities/{id}", id, "Microsoft.SecurityInsights/entities", kind, JsonSerializer.SerializeToElement(fields.Prepend(("friendlyName", name)).ToDictionary(f => f.Item1, f => f.Item2)));

    private static AlertEvidenceProperties Evidence() => new(
        [new("TimeGenerated", "datetime"), new("Computer", "string"), new("Account", "string"), new("CommandLine", "string")],
        [.. Enumerable.Range(0, 5).Select(i => (IReadOnlyList<JsonElement>)[Cell(Now.AddSeconds(i)), Cell(Hosts[0]), Cell("CORP\\priya.raman"), Cell("powershell.exe -nop -w hidden -enc SQBFAFgA")])],
        5, false, "SecurityEvent", Now.AddHours(-1), Now, "0.1.0", "6f1ed002ab5595859014ebf0951522d9");

    private static JsonElement Cell(object value) => JsonSerializer.SerializeToElement(value);

    private static IncidentGraph Graph(int entities)
    {
        string[] kinds = ["Account", "Host", "Ip", "File", "Url", "Process", "AzureResource"];
        List<GraphNode> nodes = [new("incident", "Incident", "Incident", "High", true, Now.AddHours(-4), Now, new Dictionary<string, string>())];
        List<GraphEdge> edges = [];
        for (var i = 0; i < 4; i++)
        {
            nodes.Add(new($"a{i}", "SecurityAlert", Titles[i], Severities[i % 3], true, Now.AddMinutes(-31 * i), Now.AddMinutes(-31 * i), new Dictionary<string, string>()));
            edges.Add(new("incident", $"a{i}", "Incident", null, false, null, null, null));
        }

        for (var i = 0; i < entities; i++)
        {
            var kind = kinds[i % kinds.Length];
            var id = i == 1 ? "h0" : $"e{i}";
            nodes.Add(new(id, kind, kind == "Host" ? Hosts[i % 4] : kind == "Ip" ? $"198.51.100.{i % 250}" : $"{kind.ToLowerInvariant()}-{i}", null, true, Now.AddMinutes(-13 * i), Now, new Dictionary<string, string> { ["name"] = id }));
            edges.Add(new($"a{i % 4}", id, "Alert", null, false, Now.AddMinutes(-13 * i), Now, 1));
            if (i % 3 == 0)
            {
                edges.Add(new($"a{(i + 1) % 4}", id, "Alert", null, false, Now.AddMinutes(-13 * i), Now, 1));
            }
        }

        return new IncidentGraph(nodes, edges);
    }

    private ScoreOverview Overview() => mood == Mood.Empty
        ? new ScoreOverview(new ScoreDetails(0, 0, 0), 1, [], [], new PostureCounts(0, 0, 0, 0, 0, new Dictionary<string, int>()))
        : new ScoreOverview(
            new ScoreDetails(57, 36.5, 0.64), 0.93,
            [
                new("s1", "Production", "Azure", new ScoreDetails(57, 38, 0.68), 190, 0.98), new("s2", "Development", "Azure", new ScoreDetails(40, 22, 0.55), 60, 1), new("s3", "Shop", "Aws", new ScoreDetails(30, 17, 0.57), 70, 0.8),
                new("s4", "Analytics", "Gcp", new ScoreDetails(30, 18, 0.61), 40, 1), new("s5", "Machines", "Machine", new ScoreDetails(14, 10, 0.72), 10, 1),
            ],
            [.. Controls.Select((c, i) => new ControlScoreEntry($"c{i}", c, "What the control is for", 10 - i, (10 - i) * (0.4 + 0.07 * i), 7 - i, 40 + 11 * i, 41 - 5 * i, 3, 0, []))],
            new PostureCounts(ResourceCount, ResourceCount / 3, ResourceCount / 2, Checks.Length + 20, Checks.Length, new Dictionary<string, int>()));

    private static ArmResource<RecommendationProperties> Recommendation(int i) => new()
    {
        Name = $"check-{i}",
        Properties = new RecommendationProperties
        {
            DisplayName = i < Checks.Length ? Checks[i] : $"{Checks[i % Checks.Length]} ({i})",
            Severity = Severities[i % 3],
            State = "Unhealthy",
            Unhealthy = 3 + i * 13 % 40,
            Healthy = 20 + i,
            NotApplicable = i % 4,
            ScoreGain = Math.Max(0, 5.2 - i * 0.55),
            ControlId = $"c{i % Controls.Length}",
            ControlName = Controls[i % Controls.Length],
            Environments = i > 8 ? ["Aws"] : ["Azure"],
            EvaluatedAt = Now,
            Metadata = new AssessmentMetadataProperties
            {
                DisplayName = Checks[i % Checks.Length],
                Severity = Severities[i % 3],
                AssessmentType = "BuiltIn",
                Description = "Anonymous readers can list and copy what lies in a container that allows them. One container opened by mistake is enough to lose its data.",
                RemediationDescription = "1. Open the storage account.\n2. Under Configuration, set Allow blob anonymous access to Disabled.\n3. Save, and check that your applications still read what they need.",
                Threats = ["dataExfiltration", "accountBreach"],
                Tactics = ["Exfiltration"],
                Techniques = ["T1530"],
                ImplementationEffort = "Low",
                UserImpact = "Moderate",
                PolicyDefinitionId = "/providers/Microsoft.Authorization/policyDefinitions/4fa4b6c0-31ca-4c0d-b10d-24b96f62a751",
            },
        },
    };

    private static ArmResource<AssessmentProperties> Finding(int i) => new()
    {
        Name = $"check-{i % 12}",
        Properties = new AssessmentProperties
        {
            DisplayName = Checks[i % Checks.Length],
            ResourceDetails = new AssessmentResource("Azure", $"/subscriptions/s1/resourceGroups/rg-shop/providers/Microsoft.Storage/storageAccounts/stshop{i:000}"),
            Status = new AssessmentStatusDetails(i % 3 == 2 ? "Healthy" : "Unhealthy", null, i % 3 == 2 ? null : "allowBlobPublicAccess is true", Now.AddDays(-30), Now.AddDays(-i)),
            Metadata = new AssessmentMetadataProperties { DisplayName = Checks[i % Checks.Length], Severity = Severities[i % 3], AssessmentType = "BuiltIn" },
            Evidence = JsonDocument.Parse("""[{"clause":"field('Microsoft.Storage/storageAccounts/allowBlobPublicAccess') equals true","read":true,"result":true}]""").RootElement,
        },
    };

    private static InventoryEntry Entry(int i) => new()
    {
        Id = $"/subscriptions/s1/resourceGroups/rg-shop/providers/Microsoft.Storage/storageAccounts/stshop{i:000}",
        Name = $"stshop{i:000}",
        Type = i % 3 == 0 ? "microsoft.compute/virtualmachines" : "microsoft.storage/storageaccounts",
        Location = "westeurope",
        Environment = i % 7 == 0 ? "Aws" : "Azure",
        AccountId = i % 7 == 0 ? "Shop" : "Production",
        Unhealthy = i % 5,
        Healthy = 12,
        WorstSeverity = i % 5 == 0 ? null : Severities[i % 3],
        Tags = new Dictionary<string, string> { ["owner"] = "shop", ["cost"] = "4711" },
    };

    private LogsAnswer Rows(string body)
    {
        if (body.Contains("startofday", StringComparison.Ordinal))
        {
            return new LogsAnswer { Tables = [new("PrimaryResult", [new("Day", "datetime"), new("AlertSeverity", "string"), new("Alerts", "long")], mood == Mood.Empty ? [] : [.. Enumerable.Range(0, 36).Select(i => (IReadOnlyList<JsonElement>)[Cell(Now.Date.AddDays(-(i / 3))), Cell(Severities[i % 3]), Cell(4 + i * 5 % 11)])])] };
        }

        return new LogsAnswer
        {
            Tables =
            [
                new(
                    "PrimaryResult",
                    [new("TimeGenerated", "datetime"), new("UserPrincipalName", "string"), new("IPAddress", "string"), new("ResultType", "string"), new("Count", "long"), new("DeviceDetail", "dynamic")],
                    [.. Enumerable.Range(0, mood == Mood.Full ? 30_000 : 400).Select(i => (IReadOnlyList<JsonElement>)[Cell(Now.AddSeconds(-37 * i)), Cell($"user{i % 9}@example.org"), Cell($"203.0.113.{i % 250}"), Cell("50126"), Cell(i), Cell("""{"os":"Windows 11","browser":"Edge"}""")])]),
            ],
            Render = body.Contains("render", StringComparison.Ordinal) ? JsonDocument.Parse("""{"visualization":"timechart"}""").RootElement : null,
        };
    }

    [GeneratedRegex("/Microsoft.SecurityInsights/incidents/(?<id>[^/]+)(/(?<rest>[a-z]+))?", RegexOptions.IgnoreCase)]
    private static partial Regex IncidentPart();
}
