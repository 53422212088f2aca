namespace Bartizan.Posture.SecureScore;

/// <summary>
/// One control's points in one scope, with the sum that made them. Every resource is counted once: unhealthy if any of its checks in
/// the control fails, unknown if none fails but one could not be judged, healthy if at least one passes, else not applicable.
/// </summary>
public sealed record ControlScore(Control Control, int Healthy, int Unhealthy, int NotApplicable, int Unknown)
{
    private int Counted => Healthy + Unhealthy;

    /// <summary>The control's points, or 0 where no resource counts: such a control adds nothing to either sum.</summary>
    public double Max => Counted == 0 ? 0 : Control.MaxPoints;

    public double Current => Counted == 0 ? 0 : Max * Healthy / Counted;

    /// <summary>Points to be gained by mending every unhealthy resource.</summary>
    public double Potential => Counted == 0 ? 0 : Max * Unhealthy / Counted;

    /// <summary>A fraction from 0 to 1.</summary>
    public double Percentage => Max == 0 ? 0 : Current / Max;

    /// <summary>How much this control weighs when several scopes are joined: the resources that count in it.</summary>
    public int Weight => Counted;
}
