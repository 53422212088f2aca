using Bartizan.Policy.Aliases;
using Bartizan.Policy.Definitions;
using Bartizan.Policy.Expressions;
using Bartizan.Policy.Values;

namespace Bartizan.Policy.Conditions;

/// <summary>One condition: a left side, an operator, a right side.</summary>
internal sealed class ConditionCompiler(CompileScope scope, ConstraintCompiler constraints)
{
    private const int LongText = 1_024;

    private readonly ValueCompiler values = new(scope);

    public Func<Frame, bool> Compile(ConditionSyntax condition)
    {
        var right = values.Compile(condition.Right);
        switch (condition.Left)
        {
            case FieldOperandSyntax { Expression: null } field:
                return CompileField(condition, field.Name, right);
            case FieldOperandSyntax { Expression: { } expression } field:
                return CompileNamedByExpression(condition, new ExpressionCompiler(scope).Compile(expression, field.Span), right);
            case ValueOperandSyntax value:
                return CompileValue(condition, values.Compile(value.Value), right);
            case CountOperandSyntax count:
                var counter = new CountCompiler(scope, constraints).Compile(count);
                var limit = right.Constant is NumberValue { IsInteger: true } n ? CountCompiler.EnoughFor(condition.Operator, n.Integer) : long.MaxValue;
                return Test(condition, f => PolicyValue.Of(counter(f, f.Evidence is null ? limit : long.MaxValue)), right, isLocation: false);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private static Func<Frame, bool> CompileValue(ConditionSyntax condition, CompiledExpression left, CompiledExpression right)
    {
        var test = Test(condition, left.Evaluate, right, isLocation: false, undefinedFails: true);

        // A rule that is switched by a parameter is decided here once and for all; evidence still shows it.
        if (left.Constant is { } l && right.Constant is { } r)
        {
            var decided = !l.IsUndefined && OperatorTable.Of(condition.Operator)(l, r);
            return f => f.Evidence is null ? decided : test(f);
        }

        return test;
    }

    private Func<Frame, bool> CompileNamedByExpression(ConditionSyntax condition, CompiledExpression name, CompiledExpression right)
    {
        if (name.Constant is { } constant)
        {
            return CompileField(condition, constant.AsText ?? "", right);
        }

        var aliases = scope.Aliases;
        PolicyValue Read(Frame f) => name.Evaluate(f).AsText is { } text ? FieldReference.Resolve(text, aliases).Read(f.Subject) : PolicyValue.Undefined;
        return Test(condition, Absent(Read, condition.Operator), right, isLocation: false);
    }

    private Func<Frame, bool> CompileField(ConditionSyntax condition, string name, CompiledExpression right)
    {
        var field = scope.Field(name, condition.Left.Span);
        if (field.Wildcards == 0)
        {
            return Test(condition, Absent(f => field.Read(f.Subject), condition.Operator), right, field.IsLocation);
        }

        if (scope.Bound(name, int.MaxValue) is not { } level)
        {
            return TestEach(condition, f => (field.PathFor(f.Subject), f.Subject.Root), right);
        }

        return field.Wildcards == level.Wildcards
            ? Test(condition, Absent(FieldReader.FromLevel(field, level, collect: false, ofPrimary: false), condition.Operator), right, isLocation: false)
            : TestEach(condition, f => (field.PathFor(f.Subject).After(level.Wildcards), f.Slots[level.Slot]), right);
    }

    /// <summary>To all operators but <c>exists</c> a field that is not there is null.</summary>
    private static Func<Frame, PolicyValue> Absent(Func<Frame, PolicyValue> read, Operator operation) =>
        operation == Operator.Exists ? read : f => read(f) is { IsUndefined: false } value ? value : PolicyValue.Null;

    private static Func<Frame, bool> Test(
        ConditionSyntax condition, Func<Frame, PolicyValue> left, CompiledExpression right, bool isLocation, bool undefinedFails = false)
    {
        var text = ClauseText.Later(condition);
        var location = isLocation && condition.Operator is Operator.Equals or Operator.NotEquals or Operator.In or Operator.NotIn;
        var read = location ? f => LocationName.Normalize(left(f)) : left;
        if (right.Constant is { } constant)
        {
            var fixedTest = OperatorTable.With(condition.Operator, location ? LocationName.Normalize(constant) : constant);
            return f =>
            {
                Begin(f, condition);
                var value = read(f);
                var holds = CanCompare(f, value) && fixedTest(value) && !(undefinedFails && value.IsUndefined);
                Note(f, condition, text, holds, value, constant);
                return holds;
            };
        }

        var test = OperatorTable.Of(condition.Operator);
        return f =>
        {
            Begin(f, condition);
            var value = read(f);
            var expected = right.Evaluate(f);
            var holds = CanCompare(f, value) && CanCompare(f, expected)
                && test(value, location ? LocationName.Normalize(expected) : expected) && !(undefinedFails && value.IsUndefined);
            Note(f, condition, text, holds, value, expected);
            return holds;
        };
    }

    /// <summary>
    /// A field with <c>[*]</c> that no count is at: the condition holds when it holds for every element, so also for an empty array.
    /// An array that is not there is no empty one: the condition is then asked of a place that does not exist, so that
    /// <c>exists: false</c> holds and <c>equals</c> does not.
    /// </summary>
    private static Func<Frame, bool> TestEach(
        ConditionSyntax condition, Func<Frame, (AliasPath Path, PolicyValue From)> where, CompiledExpression right)
    {
        var text = ClauseText.Later(condition);
        var test = OperatorTable.Of(condition.Operator);
        return f =>
        {
            var (path, from) = where(f);
            var expected = right.Evaluate(f);
            var holds = Every(path, from, f, value => test(value, expected));
            if (f.Evidence is not null)
            {
                var read = new List<PolicyValue>();
                path.Collect(from, read);
                Note(f, condition, text, holds, new ArrayValue([.. read]), expected);
            }

            return holds;
        };
    }

    private static bool Every(AliasPath path, PolicyValue from, Frame f, Func<PolicyValue, bool> test)
    {
        if (path.Wildcards == 0)
        {
            return test(path.Read(from));
        }

        if (path.ReadToFirstWildcard(from) is not ArrayValue array)
        {
            return test(PolicyValue.Undefined);
        }

        var rest = path.After(1);
        foreach (var item in array.Items)
        {
            if (!f.CanStep() || !Every(rest, item, f, test))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Arrays, objects and long text are walked when they are compared, and counted for that.</summary>
    private static bool CanCompare(Frame f, PolicyValue value) =>
        value is not (ArrayValue or ObjectValue or StringValue { Text.Length: > LongText }) || f.CanWalk(value.Weight);

    /// <summary>A count takes the clauses of its elements as its own.</summary>
    private static void Begin(Frame f, ConditionSyntax condition)
    {
        if (condition.Left is CountOperandSyntax)
        {
            f.Evidence?.Begin();
        }
    }

    private static void Note(Frame f, ConditionSyntax condition, Lazy<string> text, bool holds, PolicyValue actual, PolicyValue expected)
    {
        if (f.Evidence is not { } log)
        {
            return;
        }

        var clause = new ClauseEvidence(condition.Path, text.Value, holds) { Actual = actual, Expected = expected };
        if (condition.Left is CountOperandSyntax)
        {
            log.End(clause);
        }
        else
        {
            log.Add(clause);
        }
    }
}
