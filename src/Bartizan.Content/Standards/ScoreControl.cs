namespace Bartizan.Content.Standards;

/// <summary>A control of the secure score.</summary>
/// <param name="Id">GUID of the control definition; Azure's own where it is public.</param>
/// <param name="MaxScore">Points; 0 is not scored.</param>
public sealed record ScoreControl(string Id, string DisplayName, int MaxScore, string Description);
