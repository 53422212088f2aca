using Bartizan.Foundation.Outcomes;
using Bartizan.Policy.Aliases;
using Bartizan.Policy.Expressions;
using Bartizan.Policy.Values;

namespace Bartizan.Policy.Evaluation;

/// <summary>An expression of a deployment template: the same language, with functions that only such templates have.</summary>
public static class DeploymentExpression
{
    /// <summary>
    /// The value, or undefined where it cannot be known before the deployment or is not well-formed. Text without brackets stands
    /// for itself.
    /// </summary>
    /// <param name="functions">Functions by name, asked before those of the language; they may answer undefined.</param>
    public static PolicyValue Evaluate(
        string text, IReadOnlyDictionary<string, Func<IReadOnlyList<PolicyValue>, PolicyValue>> functions, EvaluationContext context)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(functions);
        ArgumentNullException.ThrowIfNull(context);
        if (!ExpressionText.IsExpression(text))
        {
            return PolicyValue.Of(ExpressionText.Unescape(text));
        }

        if (ExpressionParser.Parse(text, out _) is not { } syntax)
        {
            return PolicyValue.Undefined;
        }

        var scope = new CompileScope(AliasTable.Empty, _ => PolicyValue.Undefined) { MayLackArguments = true, Outside = functions };
        var compiled = new ExpressionCompiler(scope).Compile(syntax, new TextSpan(0, text.Length));
        var frame = new Frame(PolicyResource.Of(ObjectValue.Empty), context, scope.SlotCount);
        var value = scope.Refusals.Count == 0 ? compiled.Evaluate(frame) : PolicyValue.Undefined;
        return frame.Error is null ? value : PolicyValue.Undefined;
    }
}
