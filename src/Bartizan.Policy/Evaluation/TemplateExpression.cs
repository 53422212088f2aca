using Bartizan.Foundation.Outcomes;
using Bartizan.Policy.Aliases;
using Bartizan.Policy.Expressions;
using Bartizan.Policy.Values;

namespace Bartizan.Policy.Evaluation;

/// <summary>One template expression by itself, outside of a definition.</summary>
public static class TemplateExpression
{
    /// <summary>Refusals of the text itself have this code; those of the names and arguments in it do not.</summary>
    public const string SyntaxCode = "InvalidExpressionSyntax";

    /// <summary>The code of a refusal that came up while the expression ran.</summary>
    public const string FailureCode = "ExpressionEvaluationFailed";

    /// <summary>
    /// The value of <paramref name="expression"/>, which is undefined where an argument is absent or of a kind that its function
    /// does not take. Text without brackets stands for itself.
    /// </summary>
    public static Outcome<PolicyValue> Evaluate(
        string expression, IReadOnlyDictionary<string, PolicyValue> parameters, EvaluationContext context, AliasTable aliases)
    {
        ArgumentNullException.ThrowIfNull(expression);
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(aliases);
        if (!ExpressionText.IsExpression(expression))
        {
            return PolicyValue.Of(ExpressionText.Unescape(expression));
        }

        var syntax = ExpressionParser.Parse(expression, out var fault);
        if (syntax is null)
        {
            return new Problem(ProblemKind.Invalid, SyntaxCode, $"Character {fault!.Position}: {fault.Message}");
        }

        var values = new Dictionary<string, PolicyValue>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in parameters)
        {
            values[name] = value;
        }

        var scope = new CompileScope(aliases, name => values.GetValueOrDefault(name, PolicyValue.Undefined)) { MayLackArguments = true };
        var compiled = new ExpressionCompiler(scope).Compile(syntax, new TextSpan(0, expression.Length));
        if (scope.Refusals.Count > 0)
        {
            return new Problem(ProblemKind.Invalid, scope.Refusals[0].Code, scope.Refusals[0].Message) { Diagnostics = scope.Refusals };
        }

        var frame = new Frame(PolicyResource.Of(ObjectValue.Empty), context, scope.SlotCount);
        var result = compiled.Evaluate(frame);
        return frame.Error is null ? result : new Problem(ProblemKind.Invalid, FailureCode, frame.Error);
    }
}
