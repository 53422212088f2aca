using Bartizan.Policy.Conditions;
using Bartizan.Policy.Definitions;
using Bartizan.Policy.Expressions;
using Bartizan.Policy.Values;

namespace Bartizan.Policy.Effects;

/// <summary>Checks and compiles the <c>then</c> of a rule. What an effect needs in its details is refused here when it is missing.</summary>
internal sealed class EffectCompiler(CompileScope scope)
{
    private readonly ValueCompiler values = new(scope);

    public CompiledEffect Compile(RuleSyntax rule)
    {
        var name = values.Compile(new JsonScalar(rule.EffectSpan, PolicyValue.Of(rule.EffectText)));
        var isFixed = !ExpressionText.IsExpression(rule.EffectText);
        var kind = name.Constant?.AsText is { } text ? EffectNames.Find(text) : null;
        if (isFixed && kind is null)
        {
            scope.Refuse(rule.EffectSpan, $"There is no effect '{rule.EffectText}'.");
        }

        var related = LooksForRelated(rule, kind, isFixed);
        var changes = new ChangeCompiler(scope, values);
        var o = rule.Details as JsonObject;

        // A rule whose details are operations can become a modify at any assignment, so they are checked whatever the effect is now.
        var modifies = kind == EffectKind.Modify || (!isFixed && !related && o?.Find("operations") is not null);
        var appends = kind == EffectKind.Append || (!isFixed && kind is null && !related && !modifies && rule.Details is JsonList);
        if (modifies)
        {
            return changes.CompileModify(name, rule.Details, rule.EffectSpan);
        }

        if (appends)
        {
            return changes.CompileAppend(name, rule.Details, rule.EffectSpan);
        }

        return related ? CompileRelated(name, kind, rule, o) : new CompiledEffect { Name = name };
    }

    private static bool LooksForRelated(RuleSyntax rule, EffectKind? kind, bool isFixed)
    {
        if (kind is { } known)
        {
            return known.LooksForRelated();
        }

        return !isFixed && rule.Details is JsonObject o && (rule.ExistenceCondition is not null || (o.Find("type") is not null && o.Find("operations") is null));
    }

    private CompiledEffect CompileRelated(CompiledExpression name, EffectKind? kind, RuleSyntax rule, JsonObject? details)
    {
        if (details is null)
        {
            scope.Refuse(rule.EffectSpan, "An effect that looks for a related resource needs details with its type.");
            return new CompiledEffect { Name = name };
        }

        if (details.Find("type")?.Value is not { Text: { Length: > 0 } } typeJson)
        {
            scope.Refuse(details.Span, "The details lack the type of the related resource, as text.");
            return new CompiledEffect { Name = name };
        }

        var type = values.Compile(typeJson);
        var relatedName = Optional(details, "name");
        var relatedKind = Optional(details, "kind");
        var group = Optional(details, "resourceGroupName");
        var within = Optional(details, "existenceScope");
        var roles = Optional(details, "roleDefinitionIds");
        var deployment = details.Find("deployment")?.Value as JsonObject;
        if (kind == EffectKind.DeployIfNotExists && (deployment is null || roles is null))
        {
            // Azure takes neither; a rule that is only judged, not carried out, is still told apart by them.
            scope.Note(details.Span, $"deployIfNotExists cannot be carried out without {(deployment is null ? "deployment" : "roleDefinitionIds")}.");
        }

        return new CompiledEffect
        {
            Name = name,
            RelatedType = type.Constant?.AsText,
            Related = f => new RelatedQuery(
                f.Primary,
                type.Evaluate(f).AsText ?? "",
                relatedName?.Evaluate(f).AsText,
                relatedKind?.Evaluate(f).AsText,
                group?.Evaluate(f).AsText,
                "subscription".Equals(within?.Evaluate(f).AsText, StringComparison.OrdinalIgnoreCase)),
            ExistenceCondition = rule.ExistenceCondition is { } condition ? new ConstraintCompiler(scope).Compile(condition) : null,
            Details = f => DetailsOf(f, type, roles),
            Deployment = deployment is null ? null : CompileDeployment(details, deployment, roles),
        };
    }

    private Func<Frame, DeploymentPlan> CompileDeployment(JsonObject details, JsonObject deployment, CompiledExpression? roles)
    {
        var delay = Optional(details, "evaluationDelay");
        var where = Optional(details, "deploymentScope");
        var properties = deployment.Find("properties")?.Value as JsonObject;
        var parameters = properties?.Find("parameters")?.Value is { } given ? values.Compile(given) : null;

        // The template is for the resource manager to work out, later and elsewhere.
        var template = properties?.Find("template")?.Value.ToValue() ?? PolicyValue.Undefined;
        return f => new DeploymentPlan(
            Texts(roles?.Evaluate(f)),
            delay?.Evaluate(f).AsText,
            where?.Evaluate(f).AsText ?? "ResourceGroup",
            template,
            parameters?.Evaluate(f) ?? PolicyValue.Undefined);
    }

    private static ObjectValue DetailsOf(Frame f, CompiledExpression type, CompiledExpression? roles) => roles is null
        ? new ObjectValue(["type"], [type.Evaluate(f)])
        : new ObjectValue(["type", "roleDefinitionIds"], [type.Evaluate(f), roles.Evaluate(f)]);

    private static IReadOnlyList<string> Texts(PolicyValue? value) =>
        value is ArrayValue list ? [.. list.Items.Select(i => i.AsText).OfType<string>()] : [];

    private CompiledExpression? Optional(JsonObject details, string name) =>
        details.Find(name)?.Value is { } json ? values.Compile(json) : null;
}
