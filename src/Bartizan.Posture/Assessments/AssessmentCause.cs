namespace Bartizan.Posture.Assessments;

/// <summary>Why an assessment is NotApplicable or Unknown, in the tokens of Azure's <c>status.cause</c> where it has one.</summary>
public static class AssessmentCause
{
    public const string Exempt = "Exempt";
    public const string OffByPolicy = "OffByPolicy";

    /// <summary>Ours: the definition could not be judged, because a resource or a value it needs is not known.</summary>
    public const string MissingInput = "MissingInput";

    /// <summary>Ours: the evaluation failed on this resource; the description says how.</summary>
    public const string EvaluationFailed = "EvaluationFailed";

    /// <summary>Ours: the definition waits for a person's attestation (effect manual).</summary>
    public const string AwaitsAttestation = "AwaitsAttestation";
}
