using System.Diagnostics;
using Bartizan.Content.Rules;
using Bartizan.Detection.Incidents;
using Bartizan.Foundation.Outcomes;
using Bartizan.Response.Automation;
using Bartizan.Server.Api.Detection;
using Bartizan.Store.Records;
using Bartizan.Wire.Arm;
using Bartizan.Wire.Detection;
using Bartizan.Wire.Response;

namespace Bartizan.Server.Api.Response;

/// <summary>Automation rules in the shapes of the API, both ways.</summary>
internal static class AutomationShapes
{
    public static ArmResource<AutomationRuleProperties> Shape(Record<AutomationRule> record, Home home)
    {
        var rule = record.Value;
        return new ArmResource<AutomationRuleProperties>
        {
            Id = InsightsPath.Id(home, $"AutomationRules/{record.Id}"),
            Name = record.Id,
            Type = "Microsoft.SecurityInsights/AutomationRules",
            Etag = $"\"{record.ETag}\"",
            Properties = new AutomationRuleProperties
            {
                DisplayName = rule.DisplayName,
                Order = rule.Order,
                TriggeringLogic = new AutomationTrigger(rule.IsEnabled, rule.ExpiresAt, rule.TriggersOn.ToString(), rule.TriggersWhen.ToString(), [.. rule.Conditions.Select(Shape)]),
                Actions = [.. rule.Actions.Select(Shape)],
                CreatedTimeUtc = rule.Created,
                LastModifiedTimeUtc = rule.LastModified,
                CreatedBy = Client(rule.CreatedBy),
                LastModifiedBy = Client(rule.LastModifiedBy),
            },
        };
    }

    /// <summary>The rule that a body describes; words that mean nothing here are refused by name.</summary>
    public static Outcome<AutomationRule> Read(string name, AutomationRuleProperties body)
    {
        try
        {
            var logic = body.TriggeringLogic ?? throw new Refusal("properties.triggeringLogic", "An automation rule needs a triggeringLogic.");
            return new AutomationRule
            {
                Name = name,
                DisplayName = body.DisplayName ?? "",
                Order = body.Order ?? throw new Refusal("properties.order", "An automation rule needs an order."),
                IsEnabled = logic.IsEnabled ?? throw new Refusal("properties.triggeringLogic.isEnabled", "Say whether the rule is enabled."),
                ExpiresAt = logic.ExpirationTimeUtc,
                TriggersOn = Word<TriggersOn>(logic.TriggersOn, "properties.triggeringLogic.triggersOn"),
                TriggersWhen = Word<TriggersWhen>(logic.TriggersWhen, "properties.triggeringLogic.triggersWhen"),
                Conditions = [.. (logic.Conditions ?? []).Select(c => Read(c, 0))],
                Actions = [.. (body.Actions ?? []).Select(Read)],
            };
        }
        catch (Refusal refusal)
        {
            return refusal.Problem;
        }
    }

    private static AutomationCondition Read(AutomationConditionEntry entry, int depth)
    {
        const string target = "properties.triggeringLogic.conditions";
        var p = entry?.ConditionProperties ?? throw new Refusal(target, "A condition needs its conditionType and conditionProperties.");
        if (depth > 5)
        {
            throw new Refusal(target, "Conditions stand at most five deep in one another.");
        }

        switch (entry.ConditionType?.ToLowerInvariant())
        {
            case "property":
                return new AutomationCondition.Property(p.PropertyName ?? "", Word<ConditionOperator>(p.Operator, target), p.PropertyValues ?? []);
            case "propertychanged":
                return new AutomationCondition.PropertyChanged(
                    Word<ChangedProperty>(p.PropertyName, target), p.ChangeType is null ? null : Word<ChangeType>(p.ChangeType, target),
                    p.Operator is null ? ConditionOperator.Equals : Word<ConditionOperator>(p.Operator, target), p.PropertyValues ?? []);
            case "propertyarraychanged":
                Expect("Added", p.ChangeType);
                return new AutomationCondition.Added(Word<AddedThing>(p.ArrayType, target));
            case "propertyarray":
                Expect("AnyItem", p.ArrayConditionType);
                return new AutomationCondition.AnyItem(Word<ItemsOf>(p.ArrayType, target), [.. (p.ItemConditions ?? []).Select(c => Read(c, depth + 1))]);
            case "boolean":
                IReadOnlyList<AutomationCondition> inner = [.. (p.InnerConditions ?? []).Select(c => Read(c, depth + 1))];
                return p.Operator?.ToLowerInvariant() switch
                {
                    "and" => new AutomationCondition.All(inner),
                    "or" => new AutomationCondition.Any(inner),
                    _ => throw new Refusal(target, $"A Boolean condition has the operator And or Or, not '{p.Operator}'."),
                };
            default:
                throw new Refusal(target, $"'{entry.ConditionType}' is no type of condition: there are Property, PropertyChanged, PropertyArrayChanged, PropertyArray and Boolean.");
        }

        static void Expect(string word, string? given)
        {
            if (given is not null && !given.Equals(word, StringComparison.OrdinalIgnoreCase))
            {
                throw new Refusal(target, $"'{given}' is not known here; {word} is.");
            }
        }
    }

    private static AutomationAction Read(AutomationActionEntry entry, int index)
    {
        const string target = "properties.actions";
        var c = entry?.ActionConfiguration ?? throw new Refusal(target, "An action needs its actionType and actionConfiguration.");
        var order = entry.Order ?? index + 1;
        return entry.ActionType?.ToLowerInvariant() switch
        {
            "modifyproperties" => new AutomationAction.ModifyProperties
            {
                Order = order,
                Severity = Optional<AlertSeverity>(c.Severity, target),
                Status = Optional<IncidentStatus>(c.Status, target),
                Classification = Optional<Classification>(c.Classification, target),
                ClassificationReason = Optional<ClassificationReason>(c.ClassificationReason, target),
                ClassificationComment = c.ClassificationComment,
                Owner = c.Owner is null ? null : Read(c.Owner),
                Labels = [.. (c.Labels ?? []).Select(l => l?.LabelName ?? "")],
            },
            "addincidenttask" => new AutomationAction.AddTask(c.Title ?? "", c.Description ?? "") { Order = order },
            "runplaybook" => new AutomationAction.RunPlaybook(c.LogicAppResourceId ?? throw new Refusal(target, "RunPlaybook needs a logicAppResourceId."), c.TenantId) { Order = order },
            _ => throw new Refusal(target, $"'{entry.ActionType}' is no type of action: there are ModifyProperties, AddIncidentTask and RunPlaybook."),
        };
    }

    private static IncidentOwner Read(IncidentOwnerProperties owner) => new()
    {
        ObjectId = string.IsNullOrEmpty(owner.ObjectId) ? null
            : Guid.TryParse(owner.ObjectId, out var id) ? id : throw new Refusal("properties.actions", $"The owner's objectId '{owner.ObjectId}' is not a GUID."),
        Email = owner.Email,
        AssignedTo = owner.AssignedTo,
        UserPrincipalName = owner.UserPrincipalName,
        Kind = owner.OwnerType is null ? OwnerKind.User : Word<OwnerKind>(owner.OwnerType, "properties.actions"),
    };

    private static AutomationConditionEntry Shape(AutomationCondition condition) => condition switch
    {
        AutomationCondition.Property c => new("Property", new() { PropertyName = c.Name, Operator = c.Operator.ToString(), PropertyValues = c.Values }),
        AutomationCondition.PropertyChanged c => new("PropertyChanged", new()
        {
            PropertyName = c.Name.ToString(),
            ChangeType = c.Type?.ToString(),
            Operator = c.Values.Count == 0 ? null : c.Operator.ToString(),
            PropertyValues = c.Values.Count == 0 ? null : c.Values,
        }),
        AutomationCondition.Added c => new("PropertyArrayChanged", new() { ArrayType = c.What.ToString(), ChangeType = "Added" }),
        AutomationCondition.AnyItem c => new("PropertyArray", new() { ArrayType = c.Of.ToString(), ArrayConditionType = "AnyItem", ItemConditions = [.. c.Conditions.Select(Shape)] }),
        AutomationCondition.All c => new("Boolean", new() { Operator = "And", InnerConditions = [.. c.Conditions.Select(Shape)] }),
        AutomationCondition.Any c => new("Boolean", new() { Operator = "Or", InnerConditions = [.. c.Conditions.Select(Shape)] }),
        _ => throw new UnreachableException(),
    };

    private static AutomationActionEntry Shape(AutomationAction action) => action switch
    {
        AutomationAction.ModifyProperties a => new(a.Order, "ModifyProperties", new()
        {
            Severity = a.Severity?.ToString(),
            Status = a.Status?.ToString(),
            Classification = a.Classification?.ToString(),
            ClassificationReason = a.ClassificationReason?.ToString(),
            ClassificationComment = a.ClassificationComment,
            Owner = a.Owner is null ? null : new(a.Owner.ObjectId?.ToString("D"), a.Owner.Email, a.Owner.AssignedTo, a.Owner.UserPrincipalName, a.Owner.Kind.ToString()),
            Labels = a.Labels.Count == 0 ? null : [.. a.Labels.Select(l => new IncidentLabelProperties(l))],
        }),
        AutomationAction.AddTask a => new(a.Order, "AddIncidentTask", new() { Title = a.Title, Description = a.Description }),
        AutomationAction.RunPlaybook a => new(a.Order, "RunPlaybook", new() { LogicAppResourceId = a.ResourceId, TenantId = a.TenantId }),
        _ => throw new UnreachableException(),
    };

    private static ClientProperties? Client(Actor? actor) => actor is null ? null : new(actor.Email, actor.Name, actor.ObjectId?.ToString("D"), actor.Email);

    private static T? Optional<T>(string? text, string target)
        where T : struct, Enum => string.IsNullOrEmpty(text) ? null : Word<T>(text, target);

    private static T Word<T>(string? text, string target)
        where T : struct, Enum =>
        text is not null && !text.Contains(',', StringComparison.Ordinal) && !int.TryParse(text, out _) && Enum.TryParse<T>(text, ignoreCase: true, out var word)
            ? word
            : throw new Refusal(target, $"'{text}' is not one of {string.Join(", ", Enum.GetNames<T>())}.");

    /// <summary>Ends the reading of a body; never leaves this file.</summary>
    private sealed class Refusal(string target, string message) : Exception(message)
    {
        public Problem Problem => new(ProblemKind.Invalid, "BadRequest", Message, target);
    }
}
