using Bartizan.Policy.Aliases;
using Bartizan.Policy.Definitions;
using Bartizan.Policy.Effects;
using Bartizan.Policy.Expressions;

namespace Bartizan.Policy.Evaluation;

/// <summary>A definition with its parameters, compiled once for any number of resources. Safe to use from many threads.</summary>
public sealed class CompiledPolicy
{
    private readonly Func<Frame, bool> rule;
    private readonly Func<Frame, bool> isApplicable;
    private readonly CompiledEffect effect;
    private readonly int slots;
    private readonly EffectKind? fixedKind;

    internal CompiledPolicy(
        PolicyDefinition definition, Func<Frame, bool> rule, Func<Frame, bool> isApplicable, CompiledEffect effect, int slots, IReadOnlySet<string>? types)
    {
        Definition = definition;
        this.rule = rule;
        this.isApplicable = isApplicable;
        this.effect = effect;
        this.slots = slots;
        Types = types;
        Effect = effect.Name.Constant?.AsText;
        fixedKind = Effect is null ? null : EffectNames.Find(Effect);
    }

    public PolicyDefinition Definition { get; }

    /// <summary>The effect, where parameters settle it; null where it depends on the resource.</summary>
    public string? Effect { get; }

    public EffectKind? Kind => fixedKind;

    /// <summary>The resource types the rule can hold for; null when it may hold for any.</summary>
    public IReadOnlySet<string>? Types { get; }

    /// <summary>The type of resource that an existence check looks for; null where there is none, or where it depends on the resource.</summary>
    public string? RelatedType => fixedKind is null || fixedKind.Value.LooksForRelated() ? effect.RelatedType : null;

    public bool CanApplyTo(string? type) => Types is null || type is null || Types.Contains(type);

    /// <summary>Only whether the rule holds; the quickest question.</summary>
    public bool Matches(PolicyResource resource, EvaluationContext context)
    {
        var frame = new Frame(resource, context, slots);
        return rule(frame) && frame.Error is null;
    }

    public Verdict Evaluate(PolicyRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var log = request.KeepEvidence ? new EvidenceLog() : null;
        var frame = new Frame(request.Resource, request.Context, slots) { Evidence = log };
        var name = Effect ?? effect.Name.Evaluate(frame).AsText ?? "";
        var kind = fixedKind ?? EffectNames.Find(name);
        if (kind == EffectKind.Disabled)
        {
            return new Verdict(false, name, kind, ComplianceState.NotApplicable);
        }

        var matched = rule(frame);
        if (frame.Error is not null)
        {
            return Failed(frame, name, kind);
        }

        var verdict = matched ? WhenMatched(frame, request, name, kind) : new Verdict(false, name, kind, WhenNotMatched(frame, kind));
        if (frame.Error is not null)
        {
            return Failed(frame, name, kind);
        }

        return log is null ? verdict : verdict with { Evidence = log.Clauses };
    }

    private static Verdict Failed(Frame frame, string name, EffectKind? kind) =>
        new(false, name, kind, ComplianceState.Error) { Error = frame.Error, Evidence = frame.Evidence?.Clauses ?? [] };

    private ComplianceState WhenNotMatched(Frame frame, EffectKind? kind)
    {
        if (kind?.LooksForRelated() == true)
        {
            return ComplianceState.NotApplicable;
        }

        var quiet = new Frame(frame.Primary, frame.Context, slots);
        return isApplicable(quiet) ? ComplianceState.Compliant : ComplianceState.NotApplicable;
    }

    private Verdict WhenMatched(Frame frame, PolicyRequest request, string name, EffectKind? kind)
    {
        var verdict = new Verdict(true, name, kind, kind == EffectKind.Manual ? ComplianceState.Unknown : ComplianceState.NonCompliant);
        if (effect.Related is { } related && kind?.LooksForRelated() != false)
        {
            verdict = LookForRelated(frame, request, related(frame), verdict);
            if (verdict.ExistenceMet != false)
            {
                return verdict;
            }
        }

        return verdict with
        {
            Details = effect.Details?.Invoke(frame) is { IsUndefined: false } details ? details : null,
            Changes = effect.Changes?.Invoke(frame) ?? [],
            Deployment = kind == EffectKind.DeployIfNotExists ? effect.Deployment?.Invoke(frame) : null,
        };
    }

    private Verdict LookForRelated(Frame frame, PolicyRequest request, RelatedQuery query, Verdict verdict)
    {
        if (request.Related?.Invoke(query) is not { } found)
        {
            return verdict with { State = ComplianceState.Unknown };
        }

        var tested = new List<string>();
        var isMet = false;
        foreach (var candidate in found)
        {
            tested.Add(candidate.Id ?? candidate.FullName.AsText ?? candidate.Type ?? "");
            frame.Subject = candidate;
            isMet = effect.ExistenceCondition is not { } condition || condition(frame);
            frame.Subject = frame.Primary;
            if (isMet || frame.Error is not null)
            {
                break;
            }
        }

        return verdict with
        {
            ExistenceMet = isMet,
            State = isMet ? ComplianceState.Compliant : ComplianceState.NonCompliant,
            RelatedIds = tested,
        };
    }
}
