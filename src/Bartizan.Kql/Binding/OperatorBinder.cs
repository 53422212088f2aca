using System.Collections.Frozen;
using Bartizan.Foundation.Outcomes;
using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Functions;
using Bartizan.Kql.Syntax.Nodes;
using Bartizan.Kql.Syntax.Tokens;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Binding;

/// <summary>The operators inside expressions: which entry of the catalogue each sign or word is, and which types it takes.</summary>
internal sealed class OperatorBinder(Binder binder)
{
    private static readonly FrozenDictionary<string, string> Names = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["+"] = "_add",
        ["-"] = "_subtract",
        ["*"] = "_multiply",
        ["/"] = "_divide",
        ["%"] = "_modulo",
        ["=="] = "_equal",
        ["!="] = "_not_equal",
        ["<>"] = "_not_equal",
        ["<"] = "_less",
        ["<="] = "_less_or_equal",
        [">"] = "_greater",
        [">="] = "_greater_or_equal",
        ["and"] = "_and",
        ["or"] = "_or",
        ["=~"] = "_equal_ci",
        ["!~"] = "_not_equal_ci",
        [":"] = "_has",
        ["matches"] = "_matches_regex",
        ["like"] = "_like",
        ["notlike"] = "_notlike",
        ["likecs"] = "_like_cs",
        ["notlikecs"] = "_notlike_cs",
        ["containscs"] = "_contains_cs",
        ["notcontains"] = "_not_contains",
        ["notcontainscs"] = "_not_contains_cs",
        ["in"] = "_in",
        ["!in"] = "_not_in",
        ["in~"] = "_in_ci",
        ["!in~"] = "_not_in_ci",
        ["between"] = "_between",
        ["!between"] = "_not_between",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static string CanonicalName(string word) =>
        Names.GetValueOrDefault(word) ?? (word.StartsWith('!') ? "_not_" + word[1..] : "_" + word);

    public BoundExpression Unary(UnarySyntax syntax, Scope scope)
    {
        var operand = binder.Expressions.Scalar(syntax.Operand, scope);
        if (syntax.Operator.Text == "+")
        {
            return operand;
        }

        // "-1" is a literal in all but its syntax.
        if (operand is BoundLiteral { Type: KqlType.Long or KqlType.Real or KqlType.TimeSpan, Value: { } value })
        {
            return new BoundLiteral(operand.Type, value is long number ? unchecked(-number) : -(double)value);
        }

        return Apply("_negate", "-", syntax.Operator.Span, [operand]);
    }

    public BoundExpression Binary(BinarySyntax syntax, Scope scope)
    {
        var word = syntax.Operator.Text;
        return word is "and" or "or" ? Chain(syntax, word, scope) : Arithmetic(syntax, scope);
    }

    /// <summary>A chain of one connective is bound in a loop and built as a balanced tree: it may be thousands of terms long.</summary>
    private BoundExpression Chain(BinarySyntax syntax, string word, Scope scope)
    {
        var terms = new List<(ExpressionSyntax Syntax, SyntaxToken Operator)>();
        ExpressionSyntax left = syntax;
        while (left is BinarySyntax binary && binary.Operator.Text == word)
        {
            terms.Add((binary.Right, binary.Operator));
            left = binary.Left;
        }

        terms.Reverse();
        var values = new List<BoundExpression>(terms.Count + 1) { binder.Expressions.Scalar(left, scope) };
        var texts = new List<ExpressionSyntax>(terms.Count + 1) { left };
        var spans = new List<TextSpan>(terms.Count + 1) { terms[0].Operator.Span };
        foreach (var (term, sign) in terms)
        {
            values.Add(binder.Expressions.Scalar(term, scope));
            texts.Add(term);
            spans.Add(sign.Span);
        }

        // A bare text in "search" is looked for in all columns.
        if (scope.IsSearch)
        {
            for (var i = 0; i < values.Count; i++)
            {
                values[i] = SearchBinder.AsPredicate(values[i], texts[i]);
            }
        }

        var name = CanonicalName(word);
        var level = values.Select((v, i) => (Value: v, Sign: spans[i])).ToList();
        while (level.Count > 1)
        {
            var next = new List<(BoundExpression Value, TextSpan Sign)>((level.Count + 1) / 2);
            for (var i = 0; i < level.Count; i += 2)
            {
                if (i + 1 == level.Count)
                {
                    next.Add(level[i]);
                    continue;
                }

                var value = Apply(name, word, level[i + 1].Sign, [level[i].Value, level[i + 1].Value]);
                next.Add((value, level[i].Sign));
            }

            level = next;
        }

        return level[0].Value;
    }

    private BoundExpression Arithmetic(BinarySyntax syntax, Scope scope)
    {
        // Left-deep chains of signs are unrolled; deep results are refused, for those who read the tree do so by recursion.
        var chain = new Stack<BinarySyntax>();
        ExpressionSyntax left = syntax;
        while (left is BinarySyntax binary && binary.Operator.Text is not ("and" or "or"))
        {
            chain.Push(binary);
            left = binary.Left;
        }

        if (chain.Count > 600)
        {
            binder.Report("BZ1001", syntax.Operator.Span, "The expression is a chain of too many operators.", "Use strcat() or an array.");
            return Binder.Bad();
        }

        var value = left is StarSyntax ? Binder.Bad() : binder.Expressions.Scalar(left, scope);
        while (chain.TryPop(out var next))
        {
            var right = next.Right is StarSyntax ? Binder.Bad() : binder.Expressions.Scalar(next.Right, scope);
            if (next.Left is StarSyntax)
            {
                value = AnyColumn(next, right, scope);

                continue;
            }

            value = Apply(CanonicalName(next.Operator.Text), next.Operator.Text, next.Operator.Span, [value, right]);
        }

        return value;
    }

    /// <summary><c>* has "x"</c>: some column has it.</summary>
    private BoundExpression AnyColumn(BinarySyntax syntax, BoundExpression right, Scope scope)
    {
        var any = SearchPredicate.AnyColumn(syntax.Operator.Text, right);
        if (scope.IsSearch)
        {
            return any;
        }

        if (scope.Row is { } row)
        {
            return SearchPredicate.For(any, row.Shape, isCaseSensitive: false);
        }

        binder.Report("KS191", syntax.Left.Span, "The * syntax is not allowed here.");
        return Binder.Bad();
    }

    public BoundExpression Between(BetweenSyntax syntax, Scope scope)
    {
        BoundExpression[] values =
        [
            binder.Expressions.Scalar(syntax.Left, scope),
            binder.Expressions.Scalar(syntax.From, scope),
            binder.Expressions.Scalar(syntax.To, scope),
        ];
        return Apply(CanonicalName(syntax.Operator.Text), syntax.Operator.Text, syntax.Operator.Span, values);
    }

    public BoundExpression List(ListOperatorSyntax syntax, Scope scope)
    {
        var name = CanonicalName(syntax.Operator.Text);
        var left = syntax.Left is StarSyntax ? Binder.Bad() : binder.Expressions.Scalar(syntax.Left, scope);
        var values = new List<BoundExpression> { left };
        if (name is "_in_ci" or "_not_in_ci" or "_has_any" or "_has_all" && left.Type is not (KqlType.String or KqlType.Dynamic or KqlType.Unknown))
        {
            binder.Report("KS107", syntax.Left.Span, "A value of type string or dynamic expected.", "Use tostring().");
            return new BoundLiteral(KqlType.Bool, null);
        }

        BoundQuery? table = null;
        foreach (var item in syntax.Items)
        {
            switch (binder.Expressions.Bind(item, scope))
            {
                case TableMeaning { IsGraph: false } found:
                    if (found.Query.Shape.Columns.Count == 0 && !found.Query.Shape.IsOpen)
                    {
                        binder.Report("KS190", item.Span, "The table has no columns");
                    }

                    table ??= found.Query;
                    values.Add(Binder.Bad());
                    break;
                case var meaning:
                    values.Add(binder.Expressions.ToScalar(meaning, item.Span));
                    break;
            }
        }

        if (table is null)
        {
            return Apply(name, syntax.Operator.Text, syntax.Operator.Span, values);
        }

        if (syntax.Items.Count > 1)
        {
            binder.Report("KS108", syntax.Items[1].Span, "Scalar value expected.", "A table must be the only item of the list.");
        }

        var first = table.Shape.Columns.Count > 0 ? table.Shape.Columns[0].Type : KqlType.Unknown;
        if (name is "_in_ci" or "_not_in_ci" or "_has_any" or "_has_all"
            && (left.Type is not (KqlType.String or KqlType.Dynamic or KqlType.Unknown) || first is not (KqlType.String or KqlType.Dynamic or KqlType.Unknown)))
        {
            ReportOperator(syntax.Operator.Text, syntax.Operator.Span, [left.Type, first]);
        }

        return new BoundInTable(name, left, table);
    }

    /// <summary>The call of an operator's entry on values; the sign is where an error is told.</summary>
    public BoundExpression Apply(string name, string sign, TextSpan span, IReadOnlyList<BoundExpression> values)
    {
        var result = Compute(name, values, out var isKnown);
        if (!isKnown)
        {
            binder.Report("BZ2003", span, $"The operator '{sign}' is not supported.");
            return Binder.Bad();
        }

        if (result is null)
        {
            ReportOperator(sign == "matches" ? "matches regex" : sign, span, [.. values.Select(v => v.Type)]);
            return new BoundLiteral(IsPredicate(name) ? KqlType.Bool : KqlType.Unknown, null);
        }

        return result;
    }

    /// <summary>The call, or null when the operator takes no such types.</summary>
    public static BoundExpression? Compute(string name, IReadOnlyList<BoundExpression> values, out bool isKnown)
    {
        var entry = FunctionCatalog.FindOperator(name) ?? FunctionCatalog.FindScalar(name);
        isKnown = entry is not null;
        if (entry is null)
        {
            return null;
        }

        var arguments = values.Select(v => new Argument(v)).ToList();
        var choice = Overloads.Choose(entry, arguments, mustMatchAll: true);
        if (choice is null)
        {
            // Where a type is unknown any overload may be the one.
            return values.Any(v => v.Type == KqlType.Unknown) ? new BoundCall(entry.Key, values, IsPredicate(name) ? KqlType.Bool : KqlType.Unknown) : null;
        }

        var converted = choice.Convert(arguments);
        return new BoundCall(entry.Key, converted, choice.ResultType(arguments));
    }

    private static bool IsPredicate(string name) => name is not ("_add" or "_subtract" or "_multiply" or "_divide" or "_modulo" or "_negate");

    private void ReportOperator(string sign, TextSpan span, IReadOnlyList<KqlType> types)
    {
        var names = types.Select(TypeRules.NameOf).ToList();
        var text = names.Count == 1 ? $"type {names[0]}" : $"types {string.Join(", ", names[..^1])} and {names[^1]}";
        binder.Report("KS106", span, $"The operator '{sign}' is not defined for the operand {text}.", Hint(types));
    }

    private static string? Hint(IReadOnlyList<KqlType> types) =>
        types.Contains(KqlType.String) && types.Any(TypeRules.IsNumeric) ? "Convert the text with tolong() or toreal(), or the number with tostring()."
        : types.Contains(KqlType.String) && types.Contains(KqlType.DateTime) ? "Convert the text with todatetime()."
        : null;
}
