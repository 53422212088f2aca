using System.Globalization;
using Bartizan.Portal.Parts;
using Bartizan.Wire.Posture;

namespace Bartizan.Portal.Posture;

/// <summary>How changes of a score are told.</summary>
internal static class ScoreText
{
    /// <summary>The percentage points between two scores, signed.</summary>
    public static string Difference(double before, double after)
    {
        var points = Math.Round((after - before) * 100, 2);
        return points == 0 ? "±0" : points.ToString("+0.##;−0.##", CultureInfo.InvariantCulture);
    }

    public static string Reason(string reason) => reason switch
    {
        "Arrival" => "New resource",
        "Removal" => "Resource gone",
        "Resource" => "Resource changed",
        "Definition" => "Definition changed",
        "Assignment" => "Assignment changed",
        "Exemption" => "Exemption changed",
        _ => reason,
    };

    /// <summary>What made a change, in one line: the commonest causes first.</summary>
    public static string Summary(ScoreChangeEntry change)
    {
        var causes = change.Items.GroupBy(i => i.Reason).OrderByDescending(g => g.Count())
            .Select(g => $"{Reason(g.Key)}: {string.Join(", ", g.GroupBy(i => i.To).OrderByDescending(s => s.Count()).Select(s => $"{Counts.Number(s.Count())} {(s.Key is null ? "gone" : Status(s.Key))}"))}");
        var rest = change.ItemCount - change.Items.Count;
        return string.Join("; ", causes) + (rest > 0 ? $"; {Counts.Number(rest)} more findings" : "");
    }

    public static string Status(string status) => status switch
    {
        "NotApplicable" => "not applicable",
        _ => status.ToLowerInvariant(),
    };
}
