using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Syntax.Nodes;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Binding;

/// <summary>Statements in order: declarations fill the names, expressions are the results.</summary>
internal sealed class StatementBinder(Binder binder)
{
    public List<BoundParameter> Parameters { get; } = [];

    public Dictionary<string, BoundExpression> Settings { get; } = new(StringComparer.Ordinal);

    public List<BoundResult> BindAll(QueryTextSyntax text)
    {
        var results = new List<BoundResult>();
        var names = new NameScope(null);
        var scope = new Scope(names, binder.Database);
        foreach (var statement in text.Statements)
        {
            if (statement is not ExpressionStatementSyntax expression)
            {
                BindDeclaration(statement, scope);
                continue;
            }

            switch (BindResult(expression.Expression, scope))
            {
                case TableMeaning table:
                    results.Add(new BoundResult(table.Query, IsScalar: false));
                    break;
                case TablesMeaning tables:
                    results.Add(new BoundResult(binder.Tables.ToTable(tables, expression.Span), IsScalar: false));
                    break;
                case ScalarMeaning scalar:
                    var column = new KqlColumn("print_0", scalar.Value.Type);
                    results.Add(new BoundResult(new BoundPrint(new RowShape([column]), [new BoundAssignment(column, scalar.Value)]), IsScalar: true));
                    break;
                case ErrorMeaning:
                    break;
                default:
                    binder.Report("KS112", expression.Span, "A tabular or scalar value expected.");
                    break;
            }
        }

        return results;
    }

    /// <summary>The expression that is the value of a query, a let or a function body: a name there is first of all that of a table.</summary>
    public Meaning BindResult(ExpressionSyntax expression, Scope scope)
    {
        if (expression is NameSyntax { HasWildcard: false } name && scope.Names.Find(name.Text) is null)
        {
            return binder.Tables.FindInDatabase(name, scope.Database, scope) ?? Unknown(name, scope);
        }

        return binder.Expressions.Bind(expression, scope);
    }

    private Meaning Unknown(NameSyntax name, Scope scope) =>
        name.IsMissing ? ErrorMeaning.Instance : binder.Expressions.Bind(name, scope);

    public void BindDeclaration(StatementSyntax statement, Scope scope)
    {
        switch (statement)
        {
            case LetStatementSyntax let:
                BindLet(let, scope);
                break;
            case SetStatementSyntax set:
                Settings[set.Name.Text.ToLowerInvariant()] = set.Value switch
                {
                    null => new BoundLiteral(KqlType.Bool, true),
                    NameSyntax word when scope.Names.Find(word.Text) is null => new BoundLiteral(KqlType.String, word.Text),
                    { } value => binder.Expressions.Scalar(value, scope),
                };
                break;
            case QueryParametersStatementSyntax declared:
                BindParameters(declared, scope);
                break;
            case AliasStatementSyntax alias:
                scope.Names.Replace(alias.Name.Text, binder.Expressions.Bind(alias.Database, scope));
                break;
            case PatternStatementSyntax pattern:
                if (pattern.Cases.Count > 0)
                {
                    scope.Names.Replace(pattern.Name.Text, new PatternMeaning(pattern, scope.Names));
                }

                break;
            case RestrictStatementSyntax restrict:
                binder.Report("BZ2003", restrict.Span, "The statement 'restrict access' is not supported.");
                break;
            case ExpressionStatementSyntax expression:
                BindResult(expression.Expression, scope);
                break;
            default:
                break;
        }
    }

    private void BindLet(LetStatementSyntax let, Scope scope)
    {
        Meaning meaning;
        if (let.Value is FunctionDeclarationSyntax declaration)
        {
            CheckParameters(declaration.Parameters);
            var function = new UserFunction(let.Name.Text, FunctionBinder.ParametersOf(declaration.Parameters), declaration.Body, new NameScope(scope.Names), scope.Database)
            {
                IsView = declaration.IsView,
            };
            binder.Functions.CheckDeclaration(function, scope);
            meaning = new FunctionMeaning(function);
        }
        else
        {
            meaning = BindResult(let.Value, scope);
            if (meaning is ScalarMeaning scalar)
            {
                meaning = new ScalarMeaning(scalar.Value) { Of = TypeRules.IsConstant(scalar.Value) ? null : scope.OuterRow };
            }
            else if (meaning is SeveralMeaning several)
            {
                meaning = new ScalarMeaning(binder.Expressions.ToScalar(several, let.Value.Span));
            }
        }

        if (let.Name.IsMissing)
        {
            return;
        }

        if (!scope.Names.Declare(let.Name.Text, meaning))
        {
            binder.Report("KS201", let.Name.Span, $"A variable with the name '{let.Name.Text}' has already been declared.");
        }
    }

    private void CheckParameters(ParameterListSyntax list)
    {
        var seenScalar = false;
        foreach (var parameter in list.Parameters)
        {
            if (parameter.Schema is not null && seenScalar)
            {
                binder.Report("KS226", parameter.Span, "Tabular parameters must be declared first.");
            }

            seenScalar |= parameter.Schema is null;
        }
    }

    private void BindParameters(QueryParametersStatementSyntax declared, Scope scope)
    {
        foreach (var parameter in declared.Parameters.Parameters)
        {
            var type = parameter.Type ?? KqlType.Unknown;
            if (parameter.Schema is { } schema)
            {
                var shape = binder.Tables.ShapeOf(schema, null);
                scope.Names.Replace(parameter.Name.Text, new TableMeaning(new BoundEmpty(shape with { IsOpen = schema.HasStar || shape.Columns.Count == 0 }), parameter.Name.Text));
                continue;
            }

            var fallback = parameter.Default is { } text ? TypeRules.Convert(binder.Expressions.Scalar(text, scope), type) : null;
            var bound = new BoundParameter(parameter.Name.Text, type, fallback);
            Parameters.Add(bound);
            scope.Names.Replace(parameter.Name.Text, new ScalarMeaning(bound));
        }
    }
}
