namespace Bartizan.Posture.SecureScore;

/// <summary>One control over several scopes.</summary>
/// <param name="Percentage">Weighted mean over the scopes in which the control counts, a fraction from 0 to 1.</param>
/// <param name="Max">The control's points, or 0 where it counts in none of the scopes.</param>
public sealed record JoinedControl(
    Control Control, int Healthy, int Unhealthy, int NotApplicable, int Unknown, double Max, double Percentage)
{
    public double Current => Max * Percentage;

    public double Potential => Max - Current;

    internal static JoinedControl Of(IEnumerable<ControlScore> scores)
    {
        var all = scores.ToList();
        double weights = all.Sum(s => s.Weight);
        return new JoinedControl(
            all[0].Control,
            all.Sum(s => s.Healthy),
            all.Sum(s => s.Unhealthy),
            all.Sum(s => s.NotApplicable),
            all.Sum(s => s.Unknown),
            weights == 0 ? 0 : all[0].Control.MaxPoints,
            weights == 0 ? 0 : all.Sum(s => s.Percentage * s.Weight) / weights);
    }
}
