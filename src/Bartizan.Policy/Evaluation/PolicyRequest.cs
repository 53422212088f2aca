using Bartizan.Policy.Aliases;
using Bartizan.Policy.Effects;
using Bartizan.Policy.Expressions;

namespace Bartizan.Policy.Evaluation;

/// <summary>Finds the resources that an existence check asks for; null where nobody can say what there is.</summary>
public delegate IEnumerable<PolicyResource>? RelatedLookup(RelatedQuery query);

/// <summary>What to evaluate.</summary>
public sealed record PolicyRequest(PolicyResource Resource)
{
    public EvaluationContext Context { get; init; } = EvaluationContext.Empty;

    /// <summary>Where an existence check looks; null when related resources are not known, and the outcome is then unknown too.</summary>
    public RelatedLookup? Related { get; init; }

    /// <summary>Whether to write down each clause with what it read. Costs time.</summary>
    public bool KeepEvidence { get; init; }

    /// <summary>A look-up among <paramref name="resources"/> by type, name and scope; the resource itself is among them.</summary>
    public static RelatedLookup Among(IReadOnlyCollection<PolicyResource> resources) =>
        query => resources.Prepend(query.Of).Where(query.Accepts);

    /// <summary>A look-up whose outcome is known already.</summary>
    public static RelatedLookup Resolved(IReadOnlyCollection<PolicyResource> found) => _ => found;
}
