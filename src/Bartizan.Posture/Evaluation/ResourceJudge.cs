using Bartizan.Foundation.Resources;
using Bartizan.Policy.Aliases;
using Bartizan.Policy.Effects;
using Bartizan.Policy.Evaluation;
using Bartizan.Policy.Expressions;
using Bartizan.Posture.Assessments;
using Bartizan.Posture.Assignments;

namespace Bartizan.Posture.Evaluation;

/// <summary>Asks every definition in force about one resource. Safe to use from many threads while the index rests.</summary>
internal sealed class ResourceJudge(AssignmentPlan plan, RelatedIndex related, ContextSource contexts)
{
    /// <param name="withEvidence">Whether failing verdicts say which clauses decided; they are then evaluated once more.</param>
    public IEnumerable<Judgement> Judge(Resource resource, DateTimeOffset now, bool withEvidence)
    {
        PolicyResource? shape = null;
        EvaluationContext? context = null;
        foreach (var check in plan.For(resource.Id, resource.Type, resource.Location))
        {
            if (check.Compiled is not { } policy || IsOfOtherCloud(check, resource))
            {
                continue;
            }

            // Azure evaluates provider modes inside the provider; here nothing is known of those objects.
            if (policy.Definition.Mode == Policy.Definitions.PolicyMode.ResourceProvider)
            {
                continue;
            }

            if (check.IsOff)
            {
                if (policy.Types is not null)
                {
                    yield return Of(check, policy.Effect ?? "", AssessmentStatus.NotApplicable, AssessmentCause.OffByPolicy, "The effect of this check is Disabled in the assignment.", null);
                }

                continue;
            }

            shape ??= ResourceShape.Of(resource);
            context ??= contexts.For(resource, now);
            if (Judge(check, policy, resource, shape, context, now, withEvidence) is { } judgement)
            {
                yield return judgement;
            }
        }
    }

    /// <summary>The verdict of the first definition that fails the resource under an assessment key; null where none does.</summary>
    public Verdict? VerdictOf(Resource resource, string key, DateTimeOffset now)
    {
        var request = new PolicyRequest(ResourceShape.Of(resource)) { Context = contexts.For(resource, now), Related = q => related.Find(resource.Id, q) };
        return plan.For(resource.Id, resource.Type, resource.Location)
            .Where(c => c.Check.Key.Equals(key, StringComparison.OrdinalIgnoreCase) && !c.IsOff)
            .Select(c => c.Compiled?.Evaluate(request)).FirstOrDefault(v => v?.State == ComplianceState.NonCompliant);
    }

    private Judgement? Judge(
        PlannedCheck check, CompiledPolicy policy, Resource resource, PolicyResource shape, EvaluationContext context, DateTimeOffset now, bool withEvidence)
    {
        if (check.Applies is { } applies && !applies.Matches(shape, context))
        {
            return Of(check, policy.Effect ?? "", AssessmentStatus.NotApplicable, null, null, null);
        }

        var request = new PolicyRequest(shape) { Context = context, Related = q => related.Find(resource.Id, q) };
        var verdict = policy.Evaluate(request);
        if (verdict.State == ComplianceState.NotApplicable && (policy.Types is null || verdict.Kind == EffectKind.Disabled))
        {
            return verdict.Kind == EffectKind.Disabled && policy.Types is not null
                ? Of(check, verdict.Effect, AssessmentStatus.NotApplicable, AssessmentCause.OffByPolicy, null, null)
                : null;
        }

        if (plan.ExemptionFor(resource.Id, check, now) is { } exemption)
        {
            return Of(check, verdict.Effect, AssessmentStatus.NotApplicable, AssessmentCause.Exempt, exemption.Description ?? exemption.DisplayName, null);
        }

        if (verdict is { Kind: EffectKind.Manual, State: ComplianceState.Unknown })
        {
            return Manual(check, verdict.Effect, plan.AttestationFor(resource.Id, check, now));
        }

        return verdict.State switch
        {
            ComplianceState.Compliant => Of(check, verdict.Effect, AssessmentStatus.Healthy, null, null, null),
            ComplianceState.NonCompliant => Of(check, verdict.Effect, AssessmentStatus.Unhealthy, null, Message(check), withEvidence ? Evidence(check, policy, request) : null),
            ComplianceState.Unknown => Of(check, verdict.Effect, AssessmentStatus.Unknown, AssessmentCause.MissingInput, "The related resources that this check reads are not in the inventory.", null),
            ComplianceState.Error => Of(check, verdict.Effect, AssessmentStatus.Unknown, AssessmentCause.EvaluationFailed, verdict.Error, null),
            _ => Of(check, verdict.Effect, AssessmentStatus.NotApplicable, null, null, null),
        };
    }

    /// <summary>What was attested, else the <c>defaultState</c> of the effect.</summary>
    private static Judgement Manual(PlannedCheck check, string effect, Attestation? attestation)
    {
        return (attestation?.State ?? check.DefaultState) switch
        {
            AttestedState.Compliant => Of(check, effect, AssessmentStatus.Healthy, null, attestation?.Comments, null),
            AttestedState.NonCompliant => Of(check, effect, AssessmentStatus.Unhealthy, null, attestation?.Comments ?? Message(check), null),
            _ => Of(check, effect, AssessmentStatus.Unknown, AssessmentCause.AwaitsAttestation, attestation?.Comments ?? "A person has to attest to this.", null),
        };
    }

    private static string Evidence(PlannedCheck check, CompiledPolicy policy, PolicyRequest request)
    {
        var verdict = policy.Evaluate(request with { KeepEvidence = true });
        return EvidenceText.Write(verdict.Effect, check.Reference, check.Assignment.Id, verdict);
    }

    private static string? Message(PlannedCheck check) =>
        check.Assignment.Messages.GetValueOrDefault(check.Reference) ?? check.Assignment.Messages.GetValueOrDefault("");

    /// <summary>A definition that names no type would speak of every cloud; an Azure definition is about Azure.</summary>
    private static bool IsOfOtherCloud(PlannedCheck check, Resource resource) =>
        check.Compiled!.Types is null && resource.Environment is CloudEnvironment.Aws or CloudEnvironment.Gcp;

    private static Judgement Of(PlannedCheck check, string effect, AssessmentStatus status, string? cause, string? description, string? evidence) =>
        new(check.Assignment.Id, check.Reference, check.Check.DefinitionId, check.Check.Key, effect, status, cause, description, evidence);
}
