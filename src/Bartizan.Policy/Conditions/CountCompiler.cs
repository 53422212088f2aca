using Bartizan.Policy.Aliases;
using Bartizan.Policy.Definitions;
using Bartizan.Policy.Expressions;
using Bartizan.Policy.Values;

namespace Bartizan.Policy.Conditions;

/// <summary>How many elements of an array satisfy a condition.</summary>
internal sealed class CountCompiler(CompileScope scope, ConstraintCompiler constraints)
{
    private const string Wildcard = "[*]";

    /// <summary>Counts, and may stop at <paramref name="enough"/>.</summary>
    public delegate long Counter(Frame frame, long enough);

    /// <summary>The count from which on more elements do not change whether it stands in the relation.</summary>
    public static long EnoughFor(Operator operation, long right) => operation switch
    {
        Operator.GreaterOrEquals or Operator.Less => right,
        Operator.Greater or Operator.LessOrEquals or Operator.Equals or Operator.NotEquals => right + 1,
        _ => long.MaxValue,
    };

    public Counter Compile(CountOperandSyntax count) => count.Field is { } field ? CompileOverField(count, field) : CompileOverValue(count);

    private Counter CompileOverValue(CountOperandSyntax count)
    {
        var collection = new ValueCompiler(scope).Compile(count.Value!);
        var slot = scope.TakeSlot();
        var where = CompileWhere(count, new CountScope(count.Name, slot, []));
        return (f, enough) => collection.Evaluate(f) is ArrayValue array ? CountItems(f, array, slot, where, enough) : 0;
    }

    private Counter CompileOverField(CountOperandSyntax count, FieldOperandSyntax operand)
    {
        var name = operand.Name;
        if (operand.Expression is { } expression)
        {
            name = new ExpressionCompiler(scope).Compile(expression, operand.Span).Constant?.AsText ?? "";
        }

        var field = scope.Field(name, operand.Span);
        if (field.Wildcards == 0)
        {
            scope.Refuse(operand.Span, $"A count needs a field with [*]; '{name}' has none.");
            return (_, _) => 0;
        }

        // Inside another count over the same array the elements of its current element are counted.
        var outer = scope.Bound(name, field.Wildcards - 1);
        var levels = new List<CountLevel>();
        for (int wildcard = 1, at = 0; wildcard <= field.Wildcards; wildcard++)
        {
            at = name.IndexOf(Wildcard, at, StringComparison.Ordinal) + Wildcard.Length;
            if (wildcard > (outer?.Wildcards ?? 0))
            {
                levels.Add(new CountLevel(name[..at], wildcard, scope.TakeSlot()));
            }
        }

        var slots = levels.Select(l => l.Slot).ToArray();
        var where = CompileWhere(count, new CountScope(null, slots[^1], levels));
        return (f, enough) =>
        {
            var path = field.PathFor(f.Subject);
            return outer is null
                ? Walk(f, f.Subject.Root, path, slots, where, enough)
                : Walk(f, f.Slots[outer.Slot], path.After(outer.Wildcards), slots, where, enough);
        };
    }

    private Func<Frame, bool>? CompileWhere(CountOperandSyntax count, CountScope inner)
    {
        if (count.Where is null)
        {
            return null;
        }

        scope.Enter(inner);
        var where = constraints.Compile(count.Where);
        scope.Leave();
        return where;
    }

    private static long Walk(Frame f, PolicyValue from, AliasPath path, ReadOnlySpan<int> slots, Func<Frame, bool>? where, long enough)
    {
        if (path.ReadToFirstWildcard(from) is not ArrayValue array)
        {
            return 0;
        }

        if (slots.Length == 1)
        {
            return CountItems(f, array, slots[0], where, enough);
        }

        var total = 0L;
        var rest = path.After(1);
        foreach (var item in array.Items)
        {
            if (total >= enough || !f.CanStep())
            {
                break;
            }

            f.Slots[slots[0]] = item;
            total += Walk(f, item, rest, slots[1..], where, enough - total);
        }

        return total;
    }

    private static long CountItems(Frame f, ArrayValue array, int slot, Func<Frame, bool>? where, long enough)
    {
        if (where is null)
        {
            return array.Items.Length;
        }

        var total = 0L;
        foreach (var item in array.Items)
        {
            if (total >= enough || !f.CanStep())
            {
                break;
            }

            f.Slots[slot] = item;
            if (where(f))
            {
                total++;
            }
        }

        return total;
    }
}
