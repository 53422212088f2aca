using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Binding;

/// <summary>
/// A predicate of <c>search</c> or <c>find</c>, bound once over the columns of all tables, and made for each table: a column that the table
/// lacks is null there, and "any column" is each of its columns.
/// </summary>
internal sealed class SearchPredicate
{
    private const string Marker = "$any_column";

    private readonly RowShape shape;
    private readonly Dictionary<string, KqlColumn> columns = new(StringComparer.Ordinal);
    private readonly bool isCaseSensitive;

    private SearchPredicate(RowShape shape, bool isCaseSensitive)
    {
        this.shape = shape;
        this.isCaseSensitive = isCaseSensitive;
        foreach (var column in shape.Columns)
        {
            columns.TryAdd(column.Name, column);
        }
    }

    /// <summary><c>* has "x"</c>, until it is known which columns there are.</summary>
    public static BoundExpression AnyColumn(string word, BoundExpression value) =>
        new BoundCall(Marker, [new BoundLiteral(KqlType.String, word), value], KqlType.Bool);

    public static BoundExpression For(BoundExpression predicate, RowShape shape, bool isCaseSensitive) =>
        new SearchPredicate(shape, isCaseSensitive).Rewrite(predicate);

    private BoundExpression Rewrite(BoundExpression value) => value switch
    {
        BoundColumn column => Column(column),
        BoundCall { Function: Marker } any => Any((string)((BoundLiteral)any.Arguments[0]).Value!, any.Arguments[1]),
        BoundCall call => new BoundCall(call.Function, [.. call.Arguments.Select(Rewrite)], call.Type),
        BoundElement element => element with { Call = (BoundCall)Rewrite(element.Call) },
        BoundConvert convert => convert with { Value = Rewrite(convert.Value) },
        BoundMember member => member with { Value = Rewrite(member.Value) },
        BoundIndex index => new BoundIndex(Rewrite(index.Value), Rewrite(index.Index)),
        BoundInTable table => table with { Value = Rewrite(table.Value) },
        _ => value,
    };

    private BoundExpression Column(BoundColumn column)
    {
        if (columns.TryGetValue(column.Name, out var found))
        {
            return Coercion.To(RowScope.ColumnOf(found), column.Type);
        }

        // "X_string" is the X of those tables where it is a string.
        var suffix = "_" + TypeRules.NameOf(column.Type);
        if (column.Name.EndsWith(suffix, StringComparison.Ordinal) && columns.TryGetValue(column.Name[..^suffix.Length], out found) && found.Type == column.Type)
        {
            return RowScope.ColumnOf(found);
        }

        return shape.IsOpen ? column : new BoundLiteral(column.Type, column.Type == KqlType.String ? "" : null);
    }

    private BoundExpression Any(string word, BoundExpression value)
    {
        var name = OperatorBinder.CanonicalName(word);
        if (value is BoundLiteral { Value: string text } && (word is "has" or ":"))
        {
            (name, value) = Term(text, isCaseSensitive);
        }

        var tests = new List<BoundExpression>();
        foreach (var column in shape.Columns)
        {
            var isText = column.Type is KqlType.String or KqlType.Dynamic;
            if ((isText && value.Type is KqlType.String or KqlType.Unknown) || column.Type == value.Type)
            {
                if (OperatorBinder.Compute(name, [RowScope.ColumnOf(column), value], out _) is { } test)
                {
                    tests.Add(test);
                }
            }
        }

        while (tests.Count > 1)
        {
            tests = [.. tests.Chunk(2).Select(p => p.Length == 1 ? p[0] : OperatorBinder.Compute("_or", p, out _) ?? p[0])];
        }

        return tests.Count == 0 ? new BoundLiteral(KqlType.Bool, false) : tests[0];
    }

    /// <summary>Stars at the ends of a term make it a prefix, a suffix or a piece; one inside, a pattern.</summary>
    private static (string Name, BoundExpression Value) Term(string text, bool isCaseSensitive)
    {
        var cs = isCaseSensitive ? "_cs" : "";
        var bare = text.Trim('*');
        if (bare.Contains('*', StringComparison.Ordinal))
        {
            var pattern = (isCaseSensitive ? "" : "(?i)") + string.Join(".*?", text.Split('*').Select(System.Text.RegularExpressions.Regex.Escape));
            return ("_matches_regex", new BoundLiteral(KqlType.String, pattern));
        }

        var word = (text.StartsWith('*'), text.EndsWith('*')) switch
        {
            (true, true) => "_contains",
            (true, false) => "_hassuffix",
            (false, true) => "_hasprefix",
            _ => "_has",
        };
        return (word + cs, new BoundLiteral(KqlType.String, bare));
    }
}
