using System.Text.Json;
using Bartizan.Posture.Fixes;
using Bartizan.Response.Fixes;
using Bartizan.Server.Api.Posture;
using Bartizan.Store.Records;
using Bartizan.Wire.Arm;
using Bartizan.Wire.Posture;

namespace Bartizan.Server.Api.Response;

/// <summary>Fixes over the wire.</summary>
internal static class FixShapes
{
    public const string Type = "Microsoft.Bartizan/fixPlans";

    public static FixPlanProperties Proposal(FixProposal p) => Properties(
        p.Resource.Id.Text, p.Resource.Name, p.Resource.Type, p.Check.Key, p.Check.DisplayName, p.Operation, p.Changes, p.Effects, p.Mends, p.Risk, p.Snippets);

    public static ArmResource<FixPlanProperties> Plan(Record<FixPlan> record)
    {
        var plan = record.Value;
        return new ArmResource<FixPlanProperties>
        {
            Id = $"{plan.Resource}/providers/{Type}/{plan.Name}",
            Name = plan.Name,
            Type = Type,
            Etag = record.ETag,
            SystemData = new SystemData(plan.Steps[0].Who, "User", record.CreatedAt, record.UpdatedBy, "User", record.UpdatedAt),
            Properties = Properties(
                plan.Resource, plan.ResourceName, plan.ResourceType, plan.Key, plan.Title, plan.Operation, plan.Changes, plan.Effects, plan.Mends, plan.Risk, plan.Snippets) with
            {
                Status = plan.Status.ToString(),
                Digest = plan.Digest,
                Steps = [.. plan.Steps.Select(s => new FixStepShape(s.At, s.Who, s.Became.ToString(), s.Note))],
            },
        };
    }

    private static FixPlanProperties Properties(
        string resource, string name, string type, string key, string title, FixOperation operation, IReadOnlyList<FixChange> changes, IReadOnlyList<FixEffect> effects, bool? mends, FixRisk risk,
        IReadOnlyList<FixSnippet> snippets) => new()
        {
            ResourceId = resource,
            ResourceName = name,
            ResourceType = type,
            Recommendation = key,
            DisplayName = title,
            Operation = new FixOperationShape(operation.Kind, operation.Target, PostureShapes.Parse(operation.Body), Json(operation.Undo)),
            Changes = [.. changes.Select(c => new FixChangeShape(c.Path, Json(c.Before), Json(c.After)))],
            Effects = [.. effects.Select(e => new FixEffectShape(e.Key, e.DisplayName, e.Before, e.After))],
            Mends = mends,
            Risk = new FixRiskShape(risk.Level, risk.Notes),
            Snippets = [.. snippets.Select(s => new FixSnippetShape(s.Tool, s.Language, s.Text))],
        };

    private static JsonElement? Json(string? text) => text is null ? null : PostureShapes.Parse(text);
}
