using System.Numerics;
using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Functions;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Binding;

/// <summary>An argument as overload resolution sees it.</summary>
internal readonly record struct Argument(BoundExpression? Value, BoundQuery? Table = null, bool IsStar = false, KqlType TypeLiteral = KqlType.Unknown)
{
    public KqlType Type => Value?.Type ?? KqlType.Unknown;
}

/// <summary>The signature that fits, and the parameter of each argument.</summary>
internal sealed record Choice(Signature Signature, IReadOnlyList<Parameter?> Parameters)
{
    /// <summary>The type that the arguments of the sharing parameters have in common; null when there is none.</summary>
    public static KqlType? CommonType(IReadOnlyList<Parameter?> parameters, IReadOnlyList<Argument> arguments)
    {
        KqlType? common = null;
        var follower = KqlType.Unknown;
        for (var i = 0; i < arguments.Count; i++)
        {
            if (parameters[i] is not { SharesType: true } parameter || arguments[i].Value is null)
            {
                continue;
            }

            if (parameter.FollowsOthers && arguments[i].Type == KqlType.Dynamic)
            {
                follower = KqlType.Dynamic;
                continue;
            }

            if (common is null)
            {
                common = arguments[i].Type;
                continue;
            }

            if (TypeRules.Common(common.Value, arguments[i].Type) is not { } next)
            {
                return parameter.FollowsOthers ? KqlType.Dynamic : null;
            }

            common = next;
        }

        return common ?? follower;
    }

    public KqlType ResultType(IReadOnlyList<Argument> arguments)
    {
        var rule = Signature.Result;
        switch (rule.Kind)
        {
            case ResultKind.Fixed:
                return rule.Type;
            case ResultKind.Argument:
                return rule.Index < arguments.Count ? arguments[rule.Index].Type : KqlType.Unknown;
            case ResultKind.Promoted:
                return rule.Index < arguments.Count ? arguments[rule.Index].Type is KqlType.Int ? KqlType.Long : arguments[rule.Index].Type : KqlType.Unknown;
            case ResultKind.Widest:
                var widest = arguments.Aggregate(KqlType.Unknown, (w, a) => TypeRules.Widest(w, a.Type));

                // The sum of two int is a long.
                return widest == KqlType.Int ? KqlType.Long : arguments.Any(a => a.Type == KqlType.Unknown) ? KqlType.Unknown : widest;
            case ResultKind.Common:
                return CommonType(Parameters, arguments) ?? KqlType.Unknown;
            case ResultKind.TypeLiteral:
                for (var i = arguments.Count - 1; i >= 0; i--)
                {
                    if (arguments[i].TypeLiteral != KqlType.Unknown)
                    {
                        return arguments[i].TypeLiteral;
                    }
                }

                return KqlType.Unknown;
            default:
                return KqlType.Unknown;
        }
    }

    /// <summary>The arguments as the parameters want them.</summary>
    public IReadOnlyList<BoundExpression> Convert(IReadOnlyList<Argument> arguments)
    {
        var common = CommonType(Parameters, arguments);
        var converted = new List<BoundExpression>(arguments.Count);
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i].Value is not { } value)
            {
                continue;
            }

            var parameter = Parameters[i];
            converted.Add(
                parameter is null ? value
                : parameter.SharesType && common is { } shared ? Coercion.To(value, shared)
                : parameter.Accepts(value.Type) ? value
                : Overloads.Wider(value.Type, parameter.Types) is { } wider ? TypeRules.Convert(value, wider)
                : value);
        }

        return converted;
    }
}

/// <summary>Chooses the signature that fits the arguments best, by Kusto's rules.</summary>
internal static class Overloads
{
    /// <summary>The best signature; null when two are as good or, with <paramref name="mustMatchAll"/>, none takes all the arguments.</summary>
    public static Choice? Choose(KqlFunction function, IReadOnlyList<Argument> arguments, bool mustMatchAll)
    {
        Choice? best = null;
        (int Matches, int Worst, int Best) bestScore = (-1, -1, -1);
        foreach (var signature in function.Signatures)
        {
            if (arguments.Count < signature.MinArguments || arguments.Count > signature.MaxArguments)
            {
                continue;
            }

            var parameters = Assign(signature, arguments.Count);
            var score = Score(parameters, arguments);
            if (score.CompareTo(bestScore) > 0)
            {
                best = new Choice(signature, parameters);
                bestScore = score;
            }
        }

        if (best is null && !mustMatchAll && function.Signatures.Count > 0)
        {
            return null;
        }

        return best is null || (mustMatchAll && bestScore.Matches < arguments.Count) ? null : best;
    }

    /// <summary>The parameter for each argument; a run of repeated parameters takes what those around it leave.</summary>
    public static IReadOnlyList<Parameter?> Assign(Signature signature, int count)
    {
        var parameters = signature.Parameters;
        var result = new Parameter?[count];
        var first = 0;
        while (first < parameters.Count && !parameters[first].IsRepeatable)
        {
            first++;
        }

        if (first == parameters.Count)
        {
            for (var i = 0; i < count && i < parameters.Count; i++)
            {
                result[i] = parameters[i];
            }

            return result;
        }

        var end = first + 1;
        while (end < parameters.Count && parameters[end].IsRepeatable && parameters[end].Max == parameters[first].Max)
        {
            end++;
        }

        var block = end - first;
        var trailing = 0;
        for (var i = end; i < parameters.Count; i++)
        {
            trailing += parameters[i].IsOptional ? 0 : 1;
        }

        var repeated = Math.Max(0, count - first - trailing);
        if (parameters[first].Max != int.MaxValue)
        {
            repeated = Math.Min(repeated, parameters[first].Max * block);
        }

        for (var i = 0; i < count; i++)
        {
            if (i < first)
            {
                result[i] = parameters[i];
            }
            else if (i < first + repeated)
            {
                result[i] = parameters[first + ((i - first) % block)];
            }
            else
            {
                var at = end + i - first - repeated;
                result[i] = at < parameters.Count ? parameters[at] : null;
            }
        }

        return result;
    }

    /// <summary>How well one argument fits: 0 not at all, the more the better.</summary>
    public static int Fit(Parameter? parameter, Argument argument, KqlType? common)
    {
        if (parameter is null)
        {
            return 0;
        }

        if (argument.IsStar)
        {
            return parameter.Style is ParameterStyle.Star or ParameterStyle.StarAllowed ? 1000 : 0;
        }

        if (parameter.Style is ParameterStyle.Star)
        {
            return 0;
        }

        if (argument.Table is not null)
        {
            return parameter.Style is ParameterStyle.Table ? 1000 : 0;
        }

        if (parameter.Style is ParameterStyle.Table)
        {
            return 0;
        }

        if (parameter.Style is ParameterStyle.TypeLiteral)
        {
            return argument.TypeLiteral != KqlType.Unknown ? 1000 : 0;
        }

        if (argument.Type == KqlType.Unknown)
        {
            return 1;
        }

        if (parameter.SharesType)
        {
            return common is null || !parameter.Types.HasFlag(TypeRules.SetOf(argument.Type)) ? 0
                : common == argument.Type ? 1000
                : TypeRules.Widens(argument.Type, common.Value) ? 800
                : common == KqlType.Unknown || parameter.FollowsOthers ? 700
                : 0;
        }

        if (parameter.Accepts(argument.Type))
        {
            var count = BitOperations.PopCount((uint)parameter.Types);
            return count == 1 ? 1000 : 900 - (count * 20);
        }

        return Wider(argument.Type, parameter.Types) is null ? 0 : 850;
    }

    /// <summary>The nearest type of the set that values of this type widen to.</summary>
    public static KqlType? Wider(KqlType from, TypeSet set)
    {
        foreach (var to in (ReadOnlySpan<KqlType>)[KqlType.Long, KqlType.Real, KqlType.Decimal])
        {
            if (set.HasFlag(TypeRules.SetOf(to)) && TypeRules.Widens(from, to))
            {
                return to;
            }
        }

        return null;
    }

    private static (int Matches, int Worst, int Best) Score(IReadOnlyList<Parameter?> parameters, IReadOnlyList<Argument> arguments)
    {
        var common = Choice.CommonType(parameters, arguments);
        int matches = 0, worst = int.MaxValue, best = 0;
        for (var i = 0; i < arguments.Count; i++)
        {
            var fit = Fit(parameters[i], arguments[i], common);
            matches += fit > 0 ? 1 : 0;
            worst = Math.Min(worst, fit);
            best = Math.Max(best, fit);
        }

        return (matches, worst, best);
    }
}
