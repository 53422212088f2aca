using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Bartizan.Detection.Incidents;

namespace Bartizan.Response.Automation;

public enum TriggersOn
{
    Incidents,
    Alerts,
}

public enum TriggersWhen
{
    Created,
    Updated,
}

/// <summary>When this, then that: a trigger, conditions that must all hold, and actions that are taken in order.</summary>
public sealed record AutomationRule
{
    public const int MaxRules = 512;
    public const int MaxConditions = 50;
    public const int MaxActions = 20;
    public const int MaxItems = 10;
    public const int MaxName = 500;
    public const int MaxOrder = 1000;

    /// <summary>The last part of its resource id, chosen by whoever made it.</summary>
    public required string Name { get; init; }

    public required string DisplayName { get; init; }

    /// <summary>Its place in the queue of its trigger, from 1.</summary>
    public required int Order { get; init; }

    public bool IsEnabled { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public TriggersOn TriggersOn { get; init; }

    public TriggersWhen TriggersWhen { get; init; }

    public IReadOnlyList<AutomationCondition> Conditions { get; init; } = [];

    public IReadOnlyList<AutomationAction> Actions { get; init; } = [];

    public DateTimeOffset Created { get; init; }

    public DateTimeOffset LastModified { get; init; }

    public Actor? CreatedBy { get; init; }

    public Actor? LastModifiedBy { get; init; }

    /// <summary>What happened before it was switched on is not its matter; null while it is off.</summary>
    public DateTimeOffset? EnabledSince { get; init; }

    /// <summary>The rule as the log of an incident names it.</summary>
    [JsonIgnore]
    public Actor Actor => new(ActorKind.AutomationRule, DisplayName, ObjectId: Guid.TryParse(Name, out var id) ? id : IdOf(Name));

    public bool IsLive(DateTimeOffset now) => IsEnabled && (ExpiresAt is null || now < ExpiresAt);

    private static Guid IdOf(string name) => new(SHA256.HashData(Encoding.UTF8.GetBytes("automationRule|" + name.ToLowerInvariant())).AsSpan(0, 16), bigEndian: true);
}

[JsonSourceGenerationOptions(UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AutomationRule))]
[JsonSerializable(typeof(AutomationTrail))]
[JsonSerializable(typeof(AutomationPosition))]
[JsonSerializable(typeof(AlertPosition))]
internal sealed partial class AutomationJson : JsonSerializerContext;
