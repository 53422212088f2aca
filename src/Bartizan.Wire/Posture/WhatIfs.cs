namespace Bartizan.Wire.Posture;

/// <summary><c>POST Microsoft.Bartizan/whatIf</c>: keys of recommendations to take as mended or exempt.</summary>
public sealed record WhatIfQuestion(IReadOnlyList<string>? Mend, IReadOnlyList<string>? Exempt);

/// <summary>The whole score as it is and as it would be.</summary>
public sealed record WhatIfAnswer(ScoreDetails Before, ScoreDetails After, IReadOnlyList<WhatIfControl> Controls);

public sealed record WhatIfControl(string Id, string DisplayName, double Max, double Before, double After);
