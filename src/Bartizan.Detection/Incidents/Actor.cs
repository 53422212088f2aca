namespace Bartizan.Detection.Incidents;

/// <summary>What kind of hand made a change.</summary>
public enum ActorKind
{
    User,
    Application,
    AlertGrouping,
    AutomationRule,
    Playbook,
    OtherProduct,
}

/// <summary>Who made a change, as the activity log names them.</summary>
public sealed record Actor(ActorKind Kind, string Name, string? Email = null, Guid? ObjectId = null)
{
    public static Actor Grouping { get; } = new(ActorKind.AlertGrouping, "Alert grouping");

    /// <summary>A person, by display name or sign-in name.</summary>
    public static Actor User(string name, string? email = null, Guid? objectId = null) => new(ActorKind.User, name, email, objectId);
}
