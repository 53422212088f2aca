using Bartizan.Foundation.Outcomes;

namespace Bartizan.Detection.Incidents;

/// <summary>The five ways to close an incident, and the refusal of every other.</summary>
public static class IncidentClosing
{
    public static IReadOnlyList<(Classification Classification, ClassificationReason? Reason)> Choices { get; } =
    [
        (Classification.TruePositive, ClassificationReason.SuspiciousActivity),
        (Classification.BenignPositive, ClassificationReason.SuspiciousButExpected),
        (Classification.FalsePositive, ClassificationReason.IncorrectAlertLogic),
        (Classification.FalsePositive, ClassificationReason.InaccurateData),
        (Classification.Undetermined, null),
    ];

    /// <summary>What is wrong with a status and its classification; null when they go together.</summary>
    public static Problem? Check(IncidentStatus status, Classification? classification, ClassificationReason? reason)
    {
        if (classification is null)
        {
            return status == IncidentStatus.Closed
                ? Refuse("classification", "A closed incident needs a classification: TruePositive, BenignPositive, FalsePositive or Undetermined.")
                : reason is null ? null : Refuse("classificationReason", "A classification reason needs its classification.");
        }

        if (Choices.Contains((classification.Value, reason)))
        {
            return null;
        }

        var reasons = Choices.Where(c => c.Classification == classification).Select(c => c.Reason?.ToString() ?? "none");
        return Refuse("classificationReason",
            $"The classification {classification} goes with the reason {string.Join(" or ", reasons)}, not with {reason?.ToString() ?? "none"}.");
    }

    private static Problem Refuse(string target, string message) => new(ProblemKind.Invalid, "BadRequest", message, target);
}
