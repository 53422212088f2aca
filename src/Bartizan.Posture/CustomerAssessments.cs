using System.Text.Json;
using System.Text.Json.Serialization;
using Bartizan.Foundation.Outcomes;
using Bartizan.Foundation.Resources;
using Bartizan.Posture.Assessments;
using Bartizan.Posture.Assignments;
using Bartizan.Store.Records;

namespace Bartizan.Posture;

/// <summary>
/// Assessments that somebody else makes and reports: a check that a subscription declares (<c>assessmentMetadata</c> of type CustomerManaged), and its findings,
/// which are taken as they are told. They stand in lists beside the server's own and count in no score, as in Azure.
/// </summary>
public sealed class CustomerAssessments(RecordStore records, TimeProvider time)
{
    private static readonly string[] Severities = ["Low", "Medium", "High"];

    private static readonly RecordKind<DeclaredCheck> checkKind = new("customerChecks", CustomerAssessmentJson.Default.DeclaredCheck);
    private static readonly RecordKind<ReportedFinding> findingKind = new("customerFindings", CustomerAssessmentJson.Default.ReportedFinding);

    private readonly RecordSet<DeclaredCheck> checks = records.Open(checkKind);
    private readonly RecordSet<ReportedFinding> findings = records.Open(findingKind);

    /// <summary>The checks that subscriptions at or below a scope declare, or the one above it.</summary>
    public async Task<IReadOnlyList<Check>> ChecksAsync(ResourceId scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        var found = new List<Check>();
        await foreach (var record in checks.EnumerateAsync(RecordQuery.All, cancellationToken).ConfigureAwait(false))
        {
            var owner = ResourceId.Parse(record.Value.Subscription);
            if (owner.IsWithin(scope) || scope.IsWithin(owner))
            {
                found.Add(Read(record.Value));
            }
        }

        return found;
    }

    public async Task<Check?> FindCheckAsync(ResourceId scope, string key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return scope.SubscriptionId is { } subscription && await checks.FindAsync(IdOf(ResourceId.Subscription(subscription), key), cancellationToken).ConfigureAwait(false) is { } record
            ? Read(record.Value)
            : null;
    }

    /// <summary>Declares a check in a subscription, or changes it.</summary>
    public async Task<Outcome<Check>> DeclareAsync(ResourceId subscription, string key, JsonElement properties, string author, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(subscription);
        if (!Guid.TryParse(key, out _))
        {
            return Wrong("The name of assessment metadata is a GUID.", "name");
        }

        if (Text(properties, "displayName") is not { } displayName)
        {
            return Wrong("properties.displayName is what people read; it is missing.", "displayName");
        }

        if (Array.Find(Severities, s => s.Equals(Text(properties, "severity"), StringComparison.OrdinalIgnoreCase)) is not { } severity)
        {
            return Wrong("properties.severity is Low, Medium or High.", "severity");
        }

        if (Text(properties, "assessmentType") is { } type && !type.Equals("CustomerManaged", StringComparison.OrdinalIgnoreCase))
        {
            return Wrong("properties.assessmentType is CustomerManaged for what is declared here.", "assessmentType");
        }

        var check = new DeclaredCheck(subscription.Text, key, displayName, severity)
        {
            Description = Text(properties, "description"),
            Remediation = Text(properties, "remediationDescription"),
            UserImpact = Text(properties, "userImpact"),
            ImplementationEffort = Text(properties, "implementationEffort"),
            Categories = Texts(properties, "categories"),
            Threats = Texts(properties, "threats"),
        };
        var saved = await checks.PutAsync(IdOf(subscription, key), check, null, author, cancellationToken).ConfigureAwait(false);
        return saved.TryGetValue(out var record, out var problem) ? Read(record.Value) : problem;
    }

    /// <summary>Removes a check and all that was found by it.</summary>
    public async Task<Outcome<bool>> WithdrawAsync(ResourceId subscription, string key, string author, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(subscription);
        await foreach (var record in findings.EnumerateAsync(RecordQuery.All, cancellationToken).ConfigureAwait(false))
        {
            if (record.Value.Key.Equals(key, StringComparison.OrdinalIgnoreCase) && ResourceId.Parse(record.Value.Resource).IsWithin(subscription))
            {
                await findings.DeleteAsync(record.Id, null, author, cancellationToken).ConfigureAwait(false);
            }
        }

        return await checks.DeleteAsync(IdOf(subscription, key), null, author, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes a finding on a resource; the check must have been declared in its subscription.</summary>
    public async Task<Outcome<(Finding Finding, bool IsNew)>> ReportAsync(ResourceId resource, string key, JsonElement properties, string author, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(resource);
        if (await FindCheckAsync(resource, key, cancellationToken).ConfigureAwait(false) is not { } check)
        {
            return new Problem(ProblemKind.NotFound, "ResourceNotFound", $"The subscription declares no assessment metadata '{key}'; declare it first.", "name");
        }

        var status = properties.ValueKind == JsonValueKind.Object && properties.TryGetProperty("status", out var given) ? given : default;
        if (!Enum.TryParse<AssessmentStatus>(Text(status, "code"), ignoreCase: true, out var code) || code == AssessmentStatus.Unknown || int.TryParse(Text(status, "code"), out _))
        {
            return Wrong("properties.status.code is Healthy, Unhealthy or NotApplicable.", "status.code");
        }

        var now = time.GetUtcNow();
        var id = IdOf(resource, key);
        var before = await findings.FindAsync(id, cancellationToken).ConfigureAwait(false);
        var finding = new ReportedFinding(
            resource.Text, check.Key, code, before?.Value.First ?? now, before is not null && before.Value.Status == code ? before.Value.Changed : now)
        {
            Cause = Text(status, "cause"),
            Description = Text(status, "description"),
        };
        var saved = await findings.PutAsync(id, finding, null, author, cancellationToken).ConfigureAwait(false);
        return saved.TryGetValue(out var record, out var problem) ? (Read(record.Value, check), before is null) : problem;
    }

    public Task<Outcome<bool>> RetractAsync(ResourceId resource, string key, string author, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return findings.DeleteAsync(IdOf(resource, key), null, author, cancellationToken);
    }

    public async Task<Finding?> FindAsync(ResourceId resource, string key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return await findings.FindAsync(IdOf(resource, key), cancellationToken).ConfigureAwait(false) is { } record
            ? Read(record.Value, await FindCheckAsync(resource, key, cancellationToken).ConfigureAwait(false))
            : null;
    }

    /// <summary>Findings at or below a scope, in the order of resource and check.</summary>
    public async Task<IReadOnlyList<Finding>> FindingsAsync(ResourceId scope, Func<ResourceId, bool> isVisible, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(isVisible);
        var found = new List<Finding>();
        await foreach (var record in findings.EnumerateAsync(RecordQuery.All, cancellationToken).ConfigureAwait(false))
        {
            var resource = ResourceId.Parse(record.Value.Resource);
            if (resource.IsWithin(scope) && isVisible(resource))
            {
                found.Add(Read(record.Value, await FindCheckAsync(resource, record.Value.Key, cancellationToken).ConfigureAwait(false)));
            }
        }

        return [.. found.OrderBy(f => f.Assessment.Id, StringComparer.OrdinalIgnoreCase)];
    }

    private static string IdOf(ResourceId scope, string key) => $"{scope.Text}/{key}".ToLowerInvariant();

    private static Check Read(DeclaredCheck check) => new(check.Key, check.Key, check.DisplayName, check.Description ?? "", "", "CustomerManaged")
    {
        Severity = check.Severity,
        UserImpact = check.UserImpact ?? "Low",
        ImplementationEffort = check.ImplementationEffort ?? "Low",
        Categories = check.Categories,
        Threats = check.Threats,
        Remediation = check.Remediation is { } steps ? [steps] : [],
    };

    private static Finding Read(ReportedFinding finding, Check? check)
    {
        var id = ResourceId.Parse(finding.Resource);
        var assessment = new Assessment(id, finding.Key, finding.Status, finding.Cause, finding.Description, null, finding.First, finding.Changed);
        var scope = id.SubscriptionId is { } subscription ? ResourceId.Subscription(subscription) : ResourceId.Tenant;
        return new Finding(new ResourceFindings(id, id.Name, id.Type, "", CloudEnvironment.Azure, id.SubscriptionId ?? "", scope, [assessment]), assessment, check);
    }

    private static Problem Wrong(string message, string target) => new(ProblemKind.Invalid, "InvalidInputJson", message, target);

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    private static IReadOnlyList<string> Texts(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Where(v => v.ValueKind == JsonValueKind.String).Select(v => v.GetString()!)]
            : [];
}

/// <summary>A check as a subscription declares it.</summary>
internal sealed record DeclaredCheck(string Subscription, string Key, string DisplayName, string Severity)
{
    public string? Description { get; init; }

    public string? Remediation { get; init; }

    public string? UserImpact { get; init; }

    public string? ImplementationEffort { get; init; }

    public IReadOnlyList<string> Categories { get; init; } = [];

    public IReadOnlyList<string> Threats { get; init; } = [];
}

/// <summary>What was told of a resource.</summary>
internal sealed record ReportedFinding(string Resource, string Key, AssessmentStatus Status, DateTimeOffset First, DateTimeOffset Changed)
{
    public string? Cause { get; init; }

    public string? Description { get; init; }
}

[JsonSerializable(typeof(DeclaredCheck))]
[JsonSerializable(typeof(ReportedFinding))]
internal sealed partial class CustomerAssessmentJson : JsonSerializerContext;
