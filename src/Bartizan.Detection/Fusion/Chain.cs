namespace Bartizan.Detection.Fusion;

/// <summary>Signals that together tell of one attack, with every number that led to it.</summary>
/// <param name="Id">Made of the first signal: a chain that has grown is still the same.</param>
/// <param name="Scenario">The class of attack it fits; null when none.</param>
public sealed record Chain(
    Guid Id, double Score, string? Scenario, string MainEntity, IReadOnlyList<ChainStep> Steps, IReadOnlyList<Guid> Support, ChainTerms Terms)
{
    public IEnumerable<Guid> Members => Steps.Select(s => s.Signal.Id).Concat(Support);
}

/// <summary>One step: the signal, its band, and what ties it to the step before.</summary>
public sealed record ChainStep(Signal Signal, Band Band, double Link, IReadOnlyList<SharedEntity> Shared, double Novelty);

public sealed record SharedEntity(string Name, double Weight);

/// <summary>The terms of the score, as they were added.</summary>
public sealed record ChainTerms(int Bands, double MeanLink, double MeanNovelty, double Severity, int Providers, bool HasScenario, double Sum);

/// <summary>The four stretches of an attack.</summary>
public enum Band
{
    Unknown,
    Enter,
    Establish,
    Expand,
    Act,
}
