using Bartizan.Foundation.Resources;

namespace Bartizan.Posture.SecureScore;

/// <summary>The secure score of one subscription or connector: the sum of its controls.</summary>
/// <param name="Weight">How much the scope weighs when several are joined: the resources that count in any scored control.</param>
/// <param name="Unknown">Resources that could not be judged in some control; they lower coverage, never the score.</param>
public sealed record ScopeScore(ResourceId Scope, IReadOnlyList<ControlScore> Controls, int Weight, int Unknown)
{
    public double Max => Controls.Sum(c => c.Max);

    public double Current => Controls.Sum(c => c.Current);

    /// <summary>A fraction from 0 to 1, to four decimals as the API gives it.</summary>
    public double Percentage => Max == 0 ? 0 : Math.Round(Current / Max, 4, MidpointRounding.AwayFromZero);

    /// <summary>The share of resources that could be judged, from 0 to 1.</summary>
    public double Coverage => Weight + Unknown == 0 ? 1 : (double)Weight / (Weight + Unknown);

    /// <summary>By how much of the whole score a control would raise it, from 0 to 1.</summary>
    public double PotentialShare(ControlScore control)
    {
        ArgumentNullException.ThrowIfNull(control);
        return Max == 0 ? 0 : control.Potential / Max;
    }
}
