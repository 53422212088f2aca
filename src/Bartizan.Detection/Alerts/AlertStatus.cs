namespace Bartizan.Detection.Alerts;

/// <summary>What became of an alert, in the words of Defender for Cloud.</summary>
public enum AlertStatus
{
    Active,
    InProgress,
    Resolved,
    Dismissed,
}
