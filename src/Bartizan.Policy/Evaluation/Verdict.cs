using Bartizan.Policy.Effects;
using Bartizan.Policy.Expressions;
using Bartizan.Policy.Values;

namespace Bartizan.Policy.Evaluation;

/// <summary>What a definition says of a resource, in one word.</summary>
public enum ComplianceState
{
    /// <summary>The definition is not about this resource, or is disabled.</summary>
    NotApplicable,
    Compliant,
    NonCompliant,

    /// <summary>Related resources are not known, or the definition waits for an attestation.</summary>
    Unknown,

    /// <summary>The evaluation failed; Azure would refuse a request on such a resource.</summary>
    Error,
}

/// <summary>The outcome of one evaluation.</summary>
public sealed record Verdict(bool Matched, string Effect, EffectKind? Kind, ComplianceState State)
{
    /// <summary>For effects that look for related resources, once the rule matched: whether one was found that will do. Null when unknown or not asked.</summary>
    public bool? ExistenceMet { get; init; }

    /// <summary>What the effect would need to do its work: role definitions, operations. Null for effects that only report.</summary>
    public PolicyValue? Details { get; init; }

    /// <summary>The changes that modify or append would make.</summary>
    public IReadOnlyList<FieldChange> Changes { get; init; } = [];

    public DeploymentPlan? Deployment { get; init; }

    /// <summary>The rule's clauses, when evidence was kept.</summary>
    public IReadOnlyList<ClauseEvidence> Evidence { get; init; } = [];

    /// <summary>The related resources that were tested, when evidence was kept.</summary>
    public IReadOnlyList<string> RelatedIds { get; init; } = [];

    /// <summary>Why the evaluation failed, when it did.</summary>
    public string? Error { get; init; }

    /// <summary>The clauses that settled the matter: the deepest that held for a match, that did not hold otherwise.</summary>
    public IEnumerable<ClauseEvidence> Decisive() =>
        Evidence.SelectMany(e => e.Flatten()).Where(e => e.Actual is not null && e.Holds == Matched);
}
