using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Functions;
using Bartizan.Kql.Syntax.Nodes;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Binding;

/// <summary>parse, parse-where and parse-kv: columns out of a text.</summary>
internal sealed class ParseBinder(Binder binder)
{
    public BoundParse Parse(BoundQuery source, ParseSyntax parse, Scope scope)
    {
        var row = new RowScope(source);
        var text = Text(parse.Text, scope.WithRow(row));
        var columns = row.Shape.Columns.ToList();
        var declared = new HashSet<string>(StringComparer.Ordinal);
        var parts = new List<BoundParsePart>();
        for (var i = 0; i < parse.Pattern.Count; i++)
        {
            var before = i > 0 ? parse.Pattern[i - 1] : null;
            switch (parse.Pattern[i])
            {
                case LiteralSyntax { Value: string literal }:
                    parts.Add(new BoundParseText(literal));
                    break;
                case StarSyntax star:
                    CheckStar(star, before, i + 1 < parse.Pattern.Count ? parse.Pattern[i + 1] : null);
                    parts.Add(new BoundParseSkip());
                    break;
                case ParseColumnSyntax column:
                    if (before is not (null or LiteralSyntax))
                    {
                        binder.Report("KS101", column.Span, "The column name must follow a string literal");
                    }

                    if (!declared.Add(column.Name.Text))
                    {
                        binder.Report("KS171", column.Name.Span, $"A column with the name '{column.Name.Text}' is already declared.");
                        break;
                    }

                    var made = new KqlColumn(column.Name.Text, column.Type ?? KqlType.String);
                    Put(columns, made);
                    parts.Add(new BoundParseColumn(made, column.Type is not null));
                    break;
                default:
                    break;
            }
        }

        var kind = parse.ParameterText("kind") switch
        {
            "regex" => BoundParseKind.Regex,
            "relaxed" => BoundParseKind.Relaxed,
            null or "simple" => BoundParseKind.Simple,
            _ => Unknown(parse),
        };
        return new BoundParse(row.Source, new RowShape(columns, row.IsOpen), text, kind, parse.ParameterText("flags") ?? "", parts, parse.Keyword.Text == "parse-where");
    }

    private BoundParseKind Unknown(ParseSyntax parse)
    {
        binder.Report("KS140", parse.Parameter("kind")!.Value.Span, "The expression must be one of the values: simple, regex, relaxed");
        return BoundParseKind.Simple;
    }

    private void CheckStar(StarSyntax star, SyntaxNode? before, SyntaxNode? after)
    {
        if (after is not (null or LiteralSyntax))
        {
            binder.Report("KS102", star.Span, "A string literal must follow a *");
        }

        if (before is ParseColumnSyntax { Type: null or KqlType.String })
        {
            binder.Report("KS103", star.Span, "Using * after parsing a string column is ambiguous.");
        }
    }

    /// <summary>A column that is there already gets the new value in its place.</summary>
    private static void Put(List<KqlColumn> columns, KqlColumn column)
    {
        var at = columns.FindIndex(c => c.Name == column.Name);
        if (at < 0)
        {
            columns.Add(column);
        }
        else
        {
            columns[at] = column;
        }
    }

    private BoundExpression Text(ExpressionSyntax syntax, Scope inner)
    {
        var value = binder.Expressions.Scalar(syntax, inner);
        return value.Type is KqlType.String or KqlType.Unknown || FunctionCatalog.FindScalar("tostring") is not { } conversion
            ? value
            : new BoundCall(conversion.Key, [value], KqlType.String);
    }

    public BoundParseKv ParseKv(BoundQuery source, ParseKvSyntax parse, Scope scope)
    {
        var row = new RowScope(source);
        var text = Text(parse.Text, scope.WithRow(row));
        var keys = binder.Tables.ShapeOf(parse.Keys, null).Columns;
        var columns = row.Shape.Columns.ToList();
        foreach (var key in keys)
        {
            Put(columns, key);
        }

        return new BoundParseKv(row.Source, new RowShape(columns, row.IsOpen), text, keys, binder.Pipes.Properties(parse.Properties, scope));
    }
}
