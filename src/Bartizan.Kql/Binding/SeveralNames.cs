using System.Globalization;
using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Functions;
using Bartizan.Kql.Syntax.Nodes;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Binding;

/// <summary>The calls whose result is several columns, and how Kusto names each: <c>arg_max</c>, <c>take_any</c>, percentiles, fitted lines.</summary>
internal sealed class SeveralNames(KqlFunction function, CallSyntax call, Scope scope, IReadOnlySet<string>? keyNames)
{
    private readonly List<BoundExpression> values = [];
    private readonly List<NamedElement> elements = [];

    public Meaning Bind(Choice choice, IReadOnlyList<Argument> arguments, IReadOnlyList<bool> columns)
    {
        switch (function.Naming.Kind)
        {
            case NameRuleKind.ArgExtreme or NameRuleKind.ArgExtremePrefixed:
                Extreme(arguments, columns);
                break;
            case NameRuleKind.EachArgument or NameRuleKind.EachArgumentPrefixed when choice.Signature.Result.Kind == ResultKind.Several:
                Each(arguments, columns);
                break;
            case NameRuleKind.EachArgument or NameRuleKind.EachArgumentPrefixed:
                return new ScalarMeaning(new BoundCall(function.Key, choice.Convert(arguments), choice.ResultType(arguments)));
            case NameRuleKind.Percentiles:
                Percentiles(choice, arguments);
                break;
            case NameRuleKind.EachArgumentSuffixed:
                values.AddRange(choice.Convert(arguments));
                for (var i = 0; i < arguments.Count && arguments[i].Type != KqlType.Bool; i++)
                {
                    elements.Add(new NamedElement($"{ArgumentName(i) ?? $"array{i}"}_{function.Naming.Prefix}", KqlType.Dynamic, i, false));
                }

                break;
            default:
                values.AddRange(choice.Convert(arguments));
                var prefix = string.IsNullOrEmpty(function.Naming.Prefix) ? function.Name : function.Naming.Prefix;
                elements.AddRange(function.Naming.Kind == NameRuleKind.EachArgumentSuffixed
                    ? arguments.TakeWhile(a => a.Type is KqlType.Dynamic or KqlType.Unknown).Select((a, i) => new NamedElement($"{ArgumentName(i) ?? $"array{i}"}_{function.Naming.Prefix}", KqlType.Dynamic, i, false))
                    : function.Elements.Select((e, i) => new NamedElement($"{prefix}_{ArgumentName(0)}_{e.Name}", e.Type, i, false)));
                break;
        }

        var result = new BoundCall(function.Key, values, elements.Count == 1 ? elements[0].Type : KqlType.Unknown);
        return new SeveralMeaning(result, elements);
    }

    private string? ArgumentName(int index) => ColumnNames.Of(call.Arguments[index], scope);

    /// <summary>The old spelling <c>argmax</c> puts the extreme's name before the others.</summary>
    private bool IsOld => function.Naming.Kind is NameRuleKind.ArgExtremePrefixed;

    private void Extreme(IReadOnlyList<Argument> arguments, IReadOnlyList<bool> columns)
    {
        var hasStar = arguments.Any(a => a.IsStar);
        var given = new HashSet<string>(StringComparer.Ordinal);
        var word = function.Naming.Prefix;
        var primary = (IsOld ? word + "_" : "") + ArgumentName(0);
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i].IsStar)
            {
                foreach (var column in scope.Row?.Shape.Columns ?? [])
                {
                    if (keyNames?.Contains(column.Name) != true && given.Add(column.Name))
                    {
                        Add(IsOld ? primary + "_" + column.Name : column.Name, RowScope.ColumnOf(column), !IsOld);
                    }
                }

                continue;
            }

            var value = arguments[i].Value!;
            var named = call.Arguments[i] as NamedSyntax;
            if (columns[i])
            {
                var column = value is BoundColumn found ? found.Name : "";
                if (i > 0 && hasStar && (given.Contains(column) || keyNames?.Contains(column) == true))
                {
                    continue;
                }

                var isRepeat = !given.Add(column) || keyNames?.Contains(column) == true;
                var name = named?.Names[0].Text ?? ArgumentName(i)!;
                Add(!IsOld ? name : i == 0 ? primary : primary + "_" + name, value, named is null && !isRepeat && !IsOld);
                continue;
            }

            var text = ArgumentName(i) ?? (i == 0 ? word + "_" : IsOld ? $"arg{i}" : $"{word}_{primary}_arg{i}");
            Add(!IsOld ? text : i == 0 ? primary : primary + "_" + text, value, false);
        }
    }

    private void Each(IReadOnlyList<Argument> arguments, IReadOnlyList<bool> columns)
    {
        var given = new HashSet<string>(keyNames ?? new HashSet<string>(), StringComparer.Ordinal);
        var hasStar = arguments.Any(a => a.IsStar);
        var prefix = function.Naming.Kind == NameRuleKind.EachArgumentPrefixed ? function.Naming.Prefix + "_" : "";
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i].IsStar)
            {
                foreach (var column in scope.Row?.Shape.Columns ?? [])
                {
                    if (given.Add(column.Name))
                    {
                        Add(prefix + column.Name, RowScope.ColumnOf(column), prefix.Length == 0);
                    }
                }

                continue;
            }

            var name = ArgumentName(i);
            if (columns[i] && name is not null)
            {
                var isNew = given.Add(name);
                if (isNew || !hasStar)
                {
                    Add(prefix + name, arguments[i].Value!, isNew && prefix.Length == 0 && call.Arguments[i] is not NamedSyntax);
                }

                continue;
            }

            Add(prefix + (string.IsNullOrEmpty(name) ? (prefix.Length > 0 ? arguments.Count == 1 ? "" : "arg" : "any_arg") + (prefix.Length > 0 && arguments.Count == 1 ? "" : i.ToString(CultureInfo.InvariantCulture)) : name), arguments[i].Value!, false);
        }
    }

    private void Percentiles(Choice choice, IReadOnlyList<Argument> arguments)
    {
        values.AddRange(choice.Convert(arguments));
        var type = arguments[0].Type switch
        {
            KqlType.Int => KqlType.Long,
            KqlType.Decimal => KqlType.Real,
            var other => other,
        };
        var first = choice.Parameters.ToList().FindIndex(p => p is not null && p.Name.StartsWith("percentile", StringComparison.Ordinal));
        if (choice.Signature.Result.Kind == ResultKind.Fixed)
        {
            elements.Add(new NamedElement("percentiles_" + ArgumentName(0), choice.Signature.Result.Type, 0, false));
            return;
        }

        first = first < 0 ? 1 : first;
        for (var i = first; i < arguments.Count; i++)
        {
            elements.Add(new NamedElement($"percentile_{ArgumentName(0)}_{Fragment(arguments[i].Value)}", type, i - first, false));
        }
    }

    /// <summary>A number as it stands in a column's name: 99.9 is <c>99_9</c>.</summary>
    private static string Fragment(BoundExpression? value)
    {
        var text = value is BoundLiteral { Value: { } constant } ? Convert.ToString(constant, CultureInfo.InvariantCulture) ?? "" : "";
        return string.Concat(text.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
    }

    private void Add(string name, BoundExpression value, bool isColumn)
    {
        elements.Add(new NamedElement(name, value.Type, values.Count, isColumn));
        values.Add(value);
    }
}
