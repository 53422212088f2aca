using Bartizan.Wire.Arm;
using Bartizan.Wire.Detection;

namespace Bartizan.Portal.Detection;

/// <summary>The words of incidents, and small changes to them.</summary>
internal static class IncidentWords
{
    public static IReadOnlyList<string> Severities { get; } = ["High", "Medium", "Low", "Informational"];

    public static IncidentProperties AssignedTo(IncidentProperties incident, SignedInUser user) => incident with
    {
        Owner = new IncidentOwnerProperties(user.ObjectId, user.Email, user.Name, user.Email),
        Status = incident.Status == "New" ? "Active" : incident.Status,
    };

    public static IncidentProperties Unassigned(IncidentProperties incident) => incident with { Owner = new IncidentOwnerProperties(null, null, null, null, null) };

    /// <summary><c>LateralMovement</c> as people read it.</summary>
    public static string Spaced(string word) =>
        string.Concat(word.Select((c, i) => i > 0 && char.IsUpper(c) && char.IsLower(word[i - 1]) ? $" {char.ToLowerInvariant(c)}" : c.ToString()));
}

/// <summary>How an incident is closed: one of the five choices, and a comment.</summary>
public sealed record ClosingChoice(string Classification, string? Reason, string Comment)
{
    public static IReadOnlyList<(string Text, string Classification, string? Reason)> All { get; } =
    [
        ("True positive – suspicious activity", "TruePositive", "SuspiciousActivity"),
        ("Benign positive – suspicious but expected", "BenignPositive", "SuspiciousButExpected"),
        ("False positive – incorrect alert logic", "FalsePositive", "IncorrectAlertLogic"),
        ("False positive – incorrect data", "FalsePositive", "InaccurateData"),
        ("Undetermined", "Undetermined", null),
    ];

    public IncidentProperties Apply(IncidentProperties incident) => incident with
    {
        Status = "Closed",
        Classification = Classification,
        ClassificationReason = Reason,
        ClassificationComment = Comment.Length > 0 ? Comment : incident.ClassificationComment,
    };
}
