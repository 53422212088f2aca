using System.Text;
using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Functions;
using Bartizan.Kql.Plans;
using Bartizan.Kql.Plans.Managed;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Sql;

/// <summary>Reads from a predicate over a table which words its rows must hold.</summary>
internal static class TermConditions
{
    /// <summary>More alternatives than this are cheaper to compare than to look up.</summary>
    private const int MaxAlternatives = 1_000;

    /// <param name="fields">The columns that the table stores.</param>
    /// <returns>Null where the predicate can be true of rows without any particular word.</returns>
    public static TermCondition? Of(BoundExpression predicate, IReadOnlyCollection<PlanColumn> fields, SqlContext context)
    {
        if (predicate is not BoundCall call)
        {
            return null;
        }

        switch (call.Function)
        {
            case "_and":
                return AllOf(call.Arguments.Select(a => Of(a, fields, context)));
            case "_or":
                return AnyOf(call.Arguments.Select(a => Of(a, fields, context)));
            case "_equal" when Root(call.Arguments[1], fields) is not null && Root(call.Arguments[0], fields) is null:
                call = call with { Arguments = [call.Arguments[1], call.Arguments[0]] };
                break;
        }

        // A number within JSON can be written in several ways; a text cannot.
        if (Root(call.Arguments[0], fields) is not { } root || Needles(call, context) is not { Count: > 0 and <= MaxAlternatives } needles)
        {
            return null;
        }

        var isJson = root.Type == KqlType.Dynamic;
        var (startsWord, endsWord) = Ends(call.Function);
        var each = needles.Select(n => Of(n, startsWord, endsWord, isJson));
        return call.Function == "_has_all" ? AllOf(each) : AnyOf(each);
    }

    /// <summary>The stored column whose text, or a value within whose JSON, the expression gives.</summary>
    private static PlanColumn? Root(BoundExpression expression, IReadOnlyCollection<PlanColumn> fields) => expression switch
    {
        PlanRef { Column: var column } => column.Type is KqlType.String or KqlType.Dynamic && fields.Contains(column) ? column : null,
        BoundMember member => Json(member.Value, fields),
        BoundIndex index => Json(index.Value, fields),
        BoundConvert { Type: KqlType.String or KqlType.Dynamic } convert => Root(convert.Value, fields),
        BoundCall { Function: "tostring", Arguments: [var text] } => Root(text, fields),
        _ => null,
    };

    private static PlanColumn? Json(BoundExpression expression, IReadOnlyCollection<PlanColumn> fields) => expression switch
    {
        PlanRef { Column: { Type: KqlType.Dynamic } column } => fields.Contains(column) ? column : null,
        BoundMember member => Json(member.Value, fields),
        BoundIndex index => Json(index.Value, fields),
        BoundCall { Function: "parse_json", Arguments: [var json] } => Json(json, fields),
        _ => null,
    };

    private static List<string>? Needles(BoundCall call, SqlContext context)
    {
        if (call.Function is not ("_equal" or "_equal_ci" or "_in" or "_in_ci" or "_has_any" or "_has_all"
            or "_has" or "_has_cs" or "_hasprefix" or "_hasprefix_cs" or "_hassuffix" or "_hassuffix_cs"
            or "_contains" or "_contains_cs" or "_startswith" or "_startswith_cs" or "_endswith" or "_endswith_cs"))
        {
            return null;
        }

        var values = call.Arguments.Skip(1).Select(a => ManagedExpression.Constant(a, context)).ToList();
        var needles = new List<string>();
        foreach (var value in values)
        {
            if (value is not { IsNull: false } known || known.Type is not (KqlType.String or KqlType.Dynamic))
            {
                return null;
            }

            if (known.Type == KqlType.String)
            {
                needles.Add(known.AsText);
                continue;
            }

            if (Functions.Json.Array(known) is not { } items || call.Function is not ("_in" or "_in_ci" or "_has_any" or "_has_all"))
            {
                return null;
            }

            foreach (var item in items.Select(Functions.Json.ToDynamic))
            {
                // Only a text is compared as a text.
                if (!item.AsText.StartsWith('"'))
                {
                    return null;
                }

                needles.Add(Conversion.ToText(item));
            }
        }

        return needles;
    }

    /// <summary>Whether a word that begins, or ends, the needle must begin, or end, a word of the text.</summary>
    private static (bool Start, bool End) Ends(string function) => function switch
    {
        "_contains" or "_contains_cs" => (false, false),
        "_startswith" or "_startswith_cs" or "_hasprefix" or "_hasprefix_cs" => (true, false),
        "_endswith" or "_endswith_cs" or "_hassuffix" or "_hassuffix_cs" => (false, true),
        _ => (true, true),
    };

    private static TermCondition? Of(string needle, bool startsWord, bool endsWord, bool isJson)
    {
        // Letters outside ASCII have case rules of their own.
        if (!Ascii.IsValid(needle))
        {
            return null;
        }

        var found = new List<TermCondition>();
        for (var at = 0; at < needle.Length;)
        {
            if (!char.IsAsciiLetterOrDigit(needle[at]))
            {
                at++;
                continue;
            }

            var start = at;
            while (at < needle.Length && char.IsAsciiLetterOrDigit(needle[at]))
            {
                at++;
            }

            var word = needle[start..at].ToLowerInvariant();
            if (isJson && char.IsAsciiDigit(word[0]))
            {
                continue;
            }

            var isWhole = (start > 0 || startsWord) && (at < needle.Length || endsWord);
            found.Add(isWhole ? new TermCondition.Word(word) : new TermCondition.Part(word));
        }

        return AllOf(found);
    }

    private static TermCondition? AllOf(IEnumerable<TermCondition?> conditions)
    {
        List<TermCondition> known = [.. conditions.OfType<TermCondition>()];
        return known.Count switch { 0 => null, 1 => known[0], _ => new TermCondition.All(known) };
    }

    private static TermCondition? AnyOf(IEnumerable<TermCondition?> conditions)
    {
        var all = conditions.ToList();
        return all.Count == 0 || all.Contains(null) ? null : all.Count == 1 ? all[0] : new TermCondition.Any([.. all.OfType<TermCondition>()]);
    }
}
