namespace Bartizan.Detection.Fusion;

/// <summary>Signals that together tell of one attack, with every number that led to it.</summary>
/// <param name="Id">Made of the first signal: a chain that has grown is still the same.</param>
/// <param name="Scenario">The class of attack it fits; null when none.</param>
/// <param name="Support">Signals tied to a step that are no step themselves.</param>
/// <param name="Branches">Chains of a lower score that share entities with this one: the attack went that way too.</param>
public sealed record Chain(
    Guid Id, double Score, string? Scenario, string MainEntity, IReadOnlyList<ChainStep> Steps, IReadOnlyList<Guid> Support, ChainTerms Terms, IReadOnlyList<Chain> Branches)
{
    public IEnumerable<Guid> Members => Steps.Select(s => s.Signal.Id).Concat(Support).Concat(Branches.SelectMany(b => b.Members));
}

/// <summary>One step: the signal, its band, and what ties it to the step before.</summary>
public sealed record ChainStep(Signal Signal, Band Band, double Link, IReadOnlyList<SharedEntity> Shared, double Novelty);

/// <param name="IsByName">Whether only the bare name is the same, and no identifier.</param>
public sealed record SharedEntity(string Name, double Weight, bool IsByName = false);

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
