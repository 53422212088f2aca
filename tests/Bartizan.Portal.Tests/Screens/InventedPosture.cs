using Bartizan.Wire.Arm;
using Bartizan.Wire.Posture;

namespace Bartizan.Portal.Tests.Screens;

/// <summary>The invented server's answers about compliance, the score's ledger and policies.</summary>
internal static class InventedPosture
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 9, 42, 0, TimeSpan.Zero);
    private static readonly string[] Reasons = ["Resource", "Arrival", "Definition", "Exemption", "Removal", "Assignment"];
    private static readonly string[] Controls = ["Enable MFA", "Secure management ports", "Apply system updates", "Encrypt data in transit"];
    private static readonly string[] Titles = ["Second factor for all privileged users", "Storage refuses unnamed networks", "Deleted secrets can be had back", "Logs of the control plane are kept for a year, and nobody may shorten that on their own"];

    public const string Plan = "/subscriptions/s1/resourceGroups/rg-shop/providers/Microsoft.Storage/storageAccounts/stshop003/providers/Microsoft.Bartizan/fixPlans/fix-3";

    public static object? Answer(Mood mood, string path, string body) => path switch
    {
        _ when path.EndsWith("/regulatoryComplianceAssessments", StringComparison.Ordinal) => List(3, i => new ArmResource<ComplianceAssessmentProperties>
        {
            Name = $"check-{i}",
            Properties = new ComplianceAssessmentProperties($"Storage accounts should refuse public access to blobs ({i})", "Assessment", null, i == 2 ? "Passed" : "Failed", 20 + i, i == 2 ? 0 : 3 + i, 1, 0),
        }),
        _ when path.EndsWith("/regulatoryComplianceControls", StringComparison.Ordinal) => List(mood == Mood.Empty ? 0 : mood == Mood.Full ? 900 : 24, Control),
        _ when path.EndsWith("/regulatoryComplianceStandards", StringComparison.Ordinal) => List(mood == Mood.Empty ? 0 : mood == Mood.Full ? 60 : 9, Standard),
        _ when path.Contains("/regulatoryComplianceStandards/", StringComparison.Ordinal) => Standard(0),
        _ when path.EndsWith("/scoreChanges", StringComparison.Ordinal) => List(mood == Mood.Empty ? 0 : mood == Mood.Full ? 500 : 12, i => Change(path[..path.IndexOf("/providers", StringComparison.Ordinal)], i)),
        _ when path.EndsWith("/whatIf", StringComparison.Ordinal) => new WhatIfAnswer(
            new ScoreDetails(57, 36.5, 0.64), new ScoreDetails(57, 41.2, 0.7228), [.. Controls.Select((c, i) => new WhatIfControl($"c{i}", c, 10 - i, 4, i < 2 ? 6.5 : 4))]),
        _ when path.EndsWith("/policyAssignments", StringComparison.Ordinal) => List(mood == Mood.Empty ? 0 : mood == Mood.Full ? 200 : 4, Assignment),
        _ when path.Contains("/policySetDefinitions/", StringComparison.Ordinal) => new ArmResource<System.Text.Json.JsonElement> { Name = "baseline", Properties = Initiative(mood == Mood.Full ? 400 : 12) },
        _ when path.EndsWith("/governanceSummary", StringComparison.Ordinal) => new GovernanceSummary(
            mood == Mood.Empty ? new GovernanceCounts(0, 0, 0, 0) : new GovernanceCounts(7, 31, 204, 12),
            [.. Enumerable.Range(0, mood == Mood.Empty ? 0 : mood == Mood.Full ? 300 : 5).Select(i => new GovernanceOwner(i == 0 ? null : $"person{i}@example.org", new GovernanceCounts(i % 3, i * 2, 0, i), Now.AddDays(i)))]),
        _ when path.EndsWith("/governanceReport", StringComparison.Ordinal) => List(mood == Mood.Empty ? 0 : mood == Mood.Full ? 1_000 : 30, Governed),
        _ when path.EndsWith("/governanceRules", StringComparison.Ordinal) => List(mood == Mood.Empty ? 0 : mood == Mood.Full ? 200 : 4, Rule),
        _ when path.EndsWith("/proposeFix", StringComparison.Ordinal) => Fix(3, mood) with { Status = null, Steps = [] },
        _ when path.EndsWith("/fixPlans", StringComparison.Ordinal) => List(mood == Mood.Empty ? 0 : mood == Mood.Full ? 400 : 9, i => new ArmResource<FixPlanProperties> { Id = $"{Plan}{i}", Name = $"fix-3{i}", Properties = Fix(i, mood) }),
        _ when path.Contains("/fixPlans/", StringComparison.Ordinal) => new ArmResource<FixPlanProperties> { Id = Plan, Name = "fix-3", Properties = Fix(3, mood) },
        _ => null,
    };

    private static FixPlanProperties Fix(int i, Mood mood)
    {
        string[] states = ["Proposed", "Approved", "Succeeded", "Failed", "Undone", "Rejected"];
        var target = $"/subscriptions/s1/resourceGroups/rg-shop/providers/Microsoft.Storage/storageAccounts/stshop{i:000}";
        return new FixPlanProperties
        {
            ResourceId = target,
            ResourceName = $"stshop{i:000}",
            ResourceType = "Microsoft.Storage/storageAccounts",
            Recommendation = "check-0",
            DisplayName = "Storage accounts should refuse networks that nobody named",
            Status = states[i % states.Length],
            Operation = new FixOperationShape("Patch", target, Json("""{"properties":{"networkAcls":{"defaultAction":"Deny","bypass":"AzureServices"}}}"""), Json("""{"properties":{"networkAcls":null}}""")),
            Digest = "9f86d081884c7d65",
            Changes = [.. Enumerable.Range(0, mood == Mood.Full ? 60 : 2).Select(k => new FixChangeShape($"properties.networkAcls.place{k}", k == 0 ? null : Json("\"Allow\""), Json(k == 0 ? """{"defaultAction":"Deny","bypass":"AzureServices"}""" : "\"Deny\"")))],
            Effects = [.. Enumerable.Range(0, mood == Mood.Full ? 40 : 2).Select(k => new FixEffectShape($"check-{k}", Titles[k % Titles.Length], k % 2 == 0 ? "Unhealthy" : "Healthy", k % 2 == 0 ? "Healthy" : "Unhealthy"))],
            Mends = true,
            Risk = new FixRiskShape("Moderate", ["Where nothing stood before, undoing writes null; some providers then keep the new value."]),
            Snippets = [new FixSnippetShape("Azure CLI", "bash", $"az resource patch --ids '{target}' --is-full-object \\\n  --properties '{{\"properties\":{{\"networkAcls\":{{\"defaultAction\":\"Deny\"}}}}}}'"), new FixSnippetShape("Bicep", "bicep", "resource fixed 'Microsoft.Storage/storageAccounts@API_VERSION' = {}"), new FixSnippetShape("Terraform", "hcl", "resource \"azapi_update_resource\" \"fix\" {}")],
            Steps = [new FixStepShape(Now.AddHours(-5), "ana@example.org", "Proposed", null), new FixStepShape(Now.AddHours(-4), "noor@example.org", states[i % states.Length], "agreed in the change meeting")],
        };
    }

    private static ArmResource<System.Text.Json.JsonElement> Assignment(int i) => new()
    {
        Id = $"/subscriptions/s1/providers/Microsoft.Authorization/policyAssignments/a{i}",
        Name = $"a{i}",
        Properties = Json($$"""{"displayName":"Baseline of the harbour for accounts that hold manifests, edition {{i}}","scope":"/subscriptions/s{{i}}","policyDefinitionId":"/providers/Microsoft.Authorization/policySetDefinitions/baseline","parameters":{"p1":{"value":"Disabled"} } }"""),
    };

    private static System.Text.Json.JsonElement Initiative(int members) => System.Text.Json.JsonSerializer.SerializeToElement(new
    {
        displayName = "Baseline of the harbour",
        description = "Every check that counts towards the secure score.",
        parameters = Enumerable.Range(0, members).ToDictionary(i => $"p{i}", i => new { type = "String", allowedValues = new[] { "Audit", "Deny", "Disabled" }, defaultValue = "Audit", metadata = new { displayName = "Effect of: " + Titles[i % Titles.Length] } }),
        policyDefinitions = Enumerable.Range(0, members).Select(i => new { policyDefinitionReferenceId = $"r{i}", policyDefinitionId = $"/d{i}", groupNames = new[] { Controls[i % Controls.Length] }, parameters = new { effect = new { value = $"[parameters('p{i}')]" } } }),
    });

    private static GovernanceEntry Governed(int i) => new(
        $"/x/{i}", $"/subscriptions/s1/resourceGroups/rg-shop/providers/Microsoft.Storage/storageAccounts/stshop{i:000}", $"stshop{i:000}", $"check-{i % 12}", Titles[i % Titles.Length], i % 3 == 0 ? "High" : "Medium",
        ((string[])["Overdue", "OnTime", "Unassigned", "Completed"])[i % 4], i % 4 == 2 ? null : "noor.of.the.night.shift@example.org", i % 4 == 2 ? null : Now.AddDays(i - 9), null, null, i % 8 == 1);

    private static ArmResource<System.Text.Json.JsonElement> Rule(int i) => new()
    {
        Id = $"/subscriptions/s{i}/providers/Microsoft.Security/governanceRules/r{i}",
        Name = $"r{i}",
        Properties = Json($$"""{"displayName":"Severe findings in {{7 + i}} days","rulePriority":{{i * 10}},"remediationTimeframe":"{{7 + i}}.00:00:00","ownerSource":{"type":"{{(i % 2 == 0 ? "ByTag" : "Manually")}}","value":"owner"} }"""),
    };

    private static System.Text.Json.JsonElement Json(string text)
    {
        using var document = System.Text.Json.JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    private static ArmList<T> List<T>(int count, Func<int, T> make) => new() { Value = [.. Enumerable.Range(0, count).Select(make)], Count = count };

    private static ArmResource<ComplianceStandardProperties> Standard(int i) => new()
    {
        Name = $"Standard-{i}",
        Properties = new ComplianceStandardProperties("Failed", 3 + i * 4 % 30, 18 - i % 17, i % 5, i * 3 % 11) { DisplayName = $"Invented standard of the sea, edition {2010 + i}" },
    };

    private static ArmResource<ComplianceControlProperties> Control(int i) => new()
    {
        Name = $"{1 + i / 6}.{1 + i % 6}",
        Properties = (i % 4) switch
        {
            0 => new ComplianceControlProperties(Titles[0], "Failed", 2, 1, 0),
            1 => new ComplianceControlProperties(Titles[1], "Passed", 3, 0, 0),
            2 => new ComplianceControlProperties(Titles[3], "Skipped", 0, 0, 2),
            _ => new ComplianceControlProperties(Titles[2], "Unsupported", 0, 0, 0),
        },
    };

    private static ScoreChangeEntry Change(string scope, int i)
    {
        var (before, after) = (0.58 + (i + 1) % 7 * 0.013, 0.58 + i % 7 * 0.013);
        return new ScoreChangeEntry(
            $"change-{scope.Length}-{i}", scope, Now.AddHours(-19 * i - scope.Length), new ScoreDetails(57, before * 57, before), new ScoreDetails(57, after * 57, after),
            [.. Controls.Select((c, k) => new ScoreChangeControl($"c{k}", c, 10 - k * 2, 5 - k, 12 + k, 3 + k))],
            [.. Enumerable.Range(0, 3).Select(k => new ScoreChangeItem($"{scope}/resourceGroups/rg-shop/providers/Microsoft.Storage/storageAccounts/stshop{k:000}", $"check-{k}", Reasons[(i + k) % Reasons.Length], k == 0 ? null : "Unhealthy", k == 2 ? "Unhealthy" : "Healthy"))],
            i % 3 == 0 ? 60 : 3);
    }
}
