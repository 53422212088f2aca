using Bartizan.Foundation.Outcomes;
using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Syntax.Nodes;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Binding;

/// <summary>Names, literals, paths and what is made of them.</summary>
internal sealed class ExpressionBinder(Binder binder)
{
    /// <summary>An expression that must be a value.</summary>
    public BoundExpression Scalar(ExpressionSyntax syntax, Scope scope) => ToScalar(Bind(syntax, scope), syntax.Span);

    /// <summary>A value of exactly this type, or of one that nothing is known of.</summary>
    public BoundExpression Typed(ExpressionSyntax syntax, Scope scope, KqlType type)
    {
        var value = Scalar(syntax, scope);
        if (value.Type != type && value.Type != KqlType.Unknown)
        {
            binder.Report("KS141", syntax.Span, $"The expression must have the type {TypeRules.NameOf(type)}.");
        }

        return value;
    }

    public BoundExpression Integer(ExpressionSyntax syntax, Scope scope)
    {
        var value = Scalar(syntax, scope);
        if (!TypeRules.IsInteger(value.Type) && value.Type != KqlType.Unknown)
        {
            binder.Report("KS134", syntax.Span, "The expression value must be an integer.");
        }

        return TypeRules.Convert(value, KqlType.Long);
    }

    public BoundExpression ToScalar(Meaning meaning, TextSpan span)
    {
        switch (meaning)
        {
            case ScalarMeaning scalar:
                return scalar.Value;
            case SeveralMeaning { Elements: [var only] } several:
                return Element(several.Call, only);
            case ErrorMeaning:
                return Binder.Bad();
            case StarMeaning:
                binder.Report("KS191", span, "The * syntax is not allowed here.");
                return Binder.Bad();
            default:
                binder.Report("KS108", span, "Scalar value expected.", meaning is TableMeaning ? "Use toscalar() for the first value of a table." : null);
                return Binder.Bad();
        }
    }

    public static BoundExpression Element(BoundCall call, NamedElement element) => new BoundElement(call, element.Index, element.Type);

    /// <summary>Whatever an expression means; a pipe and its kin are tables.</summary>
    public Meaning Bind(ExpressionSyntax syntax, Scope scope)
    {
        if (!binder.TryEnter(syntax.Span))
        {
            return ErrorMeaning.Instance;
        }

        try
        {
            return syntax switch
            {
                LiteralSyntax literal => new ScalarMeaning(new BoundLiteral(literal.Type, literal.Value)),
                DynamicSyntax dynamic => new ScalarMeaning(new BoundLiteral(KqlType.Dynamic, dynamic.Json)),
                NameSyntax name => BindName(name, scope),
                ParenthesizedSyntax inner => Bind(inner.Inner, scope),
                BinarySyntax binary => new ScalarMeaning(binder.Operators.Binary(binary, scope)),
                UnarySyntax unary => new ScalarMeaning(binder.Operators.Unary(unary, scope)),
                ListOperatorSyntax list => new ScalarMeaning(binder.Operators.List(list, scope)),
                BetweenSyntax between => new ScalarMeaning(binder.Operators.Between(between, scope)),
                CallSyntax call => binder.Calls.Bind(call, scope),
                MemberSyntax member => BindMember(member, scope),
                ElementSyntax element => BindElement(element, scope),
                MemberCallSyntax call => binder.Tables.BindMemberCall(call, scope),
                NamedSyntax named => Bind(named.Value, scope),
                OrderedSyntax ordered => Bind(ordered.Key, scope),
                TypeofSyntax type => new TypeMeaning(type.Type ?? KqlType.Unknown, type.Schema is { } s ? binder.Tables.ShapeOf(s, scope.Row) : null),
                StarSyntax => StarMeaning.Instance,
                MissingSyntax => ErrorMeaning.Instance,
                PipeSyntax or OperatorSourceSyntax or DataTableSyntax or ExternalDataSyntax or InlineExternalTableSyntax => binder.Pipes.Bind(syntax, scope),
                EntityGroupSyntax group => binder.Tables.BindEntityGroup(group, scope),
                FunctionDeclarationSyntax => Refuse(syntax.Span),
                _ => ErrorMeaning.Instance,
            };
        }
        finally
        {
            binder.Leave();
        }
    }

    private ErrorMeaning Refuse(TextSpan span)
    {
        binder.Report("KS112", span, "A tabular or scalar value expected.");
        return ErrorMeaning.Instance;
    }

    private Meaning BindName(NameSyntax name, Scope scope)
    {
        if (name.IsMissing)
        {
            return ErrorMeaning.Instance;
        }

        if (name.HasWildcard)
        {
            binder.Report("KS268", name.Span, "Wildcarded names not allowed in this context.");
            return ErrorMeaning.Instance;
        }

        if (scope.Pattern is { } pattern && GraphBinder.FindInPattern(name.Text, pattern) is { } found)
        {
            return found;
        }

        // Among aggregates a column does not stand by itself.
        if (!scope.IsAggregate && FindColumn(name.Text, scope) is { } column)
        {
            return column;
        }

        if (scope.Names.Find(name.Text) is { } declared)
        {
            if (declared is ScalarMeaning { Of: { } of } && !ReferenceEquals(of, scope.OuterRow))
            {
                binder.Report("KS129", name.Span, "The expression must be a constant.", $"'{name.Text}' depends on a row that is not seen here.");
                return ErrorMeaning.Instance;
            }

            return binder.Functions.Invoked(declared, name, scope);
        }

        if (binder.Tables.FindInDatabase(name, scope.Database, scope) is { } stored)
        {
            return stored;
        }

        if (Functions.FunctionCatalog.FindScalar(name.Text) is not null)
        {
            binder.Report("KS117", name.Span, $"The function '{name.Text}' requires an argument list.", $"Write {name.Text}().");
            return ErrorMeaning.Instance;
        }

        if (scope.IsAggregate && FindColumn(name.Text, scope) is not null)
        {
            binder.Report("KS236", name.Span, $"The name '{name.Text}' is not an aggregate or scalar function.", $"Put the column into an aggregate such as take_any({name.Text}), or after 'by'.");
            return ErrorMeaning.Instance;
        }

        if (scope.Row is { IsOpen: true } open)
        {
            return new ScalarMeaning(RowScope.ColumnOf(open.Infer(name.Text)), IsColumn: true);
        }

        if (scope.Right is { IsOpen: true } right)
        {
            return new ScalarMeaning(RowScope.ColumnOf(right.Infer(name.Text)), IsColumn: true);
        }

        binder.Report("KS142", name.Span, $"The name '{name.Text}' does not refer to any known column, table, variable or function.", Nearest(name.Text, scope));
        return ErrorMeaning.Instance;
    }

    private static ScalarMeaning? FindColumn(string name, Scope scope) =>
        (scope.Row?.Find(name) ?? scope.Right?.Find(name)) is { } column ? new ScalarMeaning(RowScope.ColumnOf(column), IsColumn: true) : null;

    private static string? Nearest(string name, Scope scope)
    {
        var candidates = (scope.Row?.Shape.Columns ?? []).Concat(scope.Right?.Shape.Columns ?? []).Select(c => c.Name).Concat(scope.Names.All().Select(p => p.Key));
        return NearestName.Find(name, candidates) is { } near ? $"Did you mean '{near}'?" : null;
    }

    private Meaning BindMember(MemberSyntax member, Scope scope)
    {
        if (member.Target is NameSyntax { IsBracketed: false } side)
        {
            if (side.Text is "$left" or "$right" && scope.Right is not null)
            {
                return BindSide(member, side.Text == "$left" ? scope.Row! : scope.Right, scope);
            }

            if (scope.Steps?.Contains(side.Text) == true && scope.Row?.Find(side.Text) is null)
            {
                return BindStep(member, side.Text, scope);
            }

            if (scope.Pattern is { } pattern && pattern.Variables.TryGetValue(side.Text, out var variable))
            {
                return binder.Graphs.BindProperty(variable, member.Name, pattern);
            }
        }

        var target = Bind(member.Target, scope);
        switch (target)
        {
            case ScalarMeaning { Value: BoundColumn or BoundCall or BoundMember or BoundIndex or BoundLiteral or BoundParameter or BoundScalarSubquery or BoundElement or BoundConvert or BoundScanState or BoundGraphProperty or BoundGraphVariable or BoundGraphLambda } scalar:
                return BindProperty(scalar.Value, member, scope);
            case SeveralMeaning several:
                return BindProperty(ToScalar(several, member.Target.Span), member, scope);
            case DatabaseMeaning or ClusterMeaning or EntityGroupMeaning:
                return binder.Tables.BindMemberName(target, member, scope);
            case ErrorMeaning:
                return target;
            case PatternMeaning choice when member.Target is CallSyntax call:
                return binder.Functions.CallPattern(choice, call, member.Name.Text, scope);
            case TableMeaning table:
                // The name of a table before a column's name says nothing new in the row of that table.
                binder.Report("KS142", member.Name.Span, $"The name '{member.Name.Text}' does not refer to any known column, table, variable or function.", table.Name is null ? null : $"Leave out '{table.Name}.'.");
                return ErrorMeaning.Instance;
            default:
                binder.Report("KS142", member.Name.Span, $"The name '{member.Name.Text}' does not refer to any known column, table, variable or function.");
                return ErrorMeaning.Instance;
        }
    }

    private Meaning BindProperty(BoundExpression value, MemberSyntax member, Scope scope)
    {
        _ = scope;
        switch (value.Type)
        {
            case KqlType.Dynamic:
                return new ScalarMeaning(new BoundMember(value, member.Name.Text));
            case KqlType.Unknown:
                return value is BoundLiteral ? ErrorMeaning.Instance : new ScalarMeaning(new BoundMember(value, member.Name.Text));
            default:
                binder.Report(
                    "KS142",
                    member.Name.Span,
                    $"The name '{member.Name.Text}' does not refer to any known column, table, variable or function.",
                    value.Type == KqlType.String ? "A string has no properties: use parse_json() first." : null);
                return ErrorMeaning.Instance;
        }
    }

    private Meaning BindSide(MemberSyntax member, RowScope row, Scope scope)
    {
        _ = scope;
        var column = row.Find(member.Name.Text) ?? (row.IsOpen ? row.Infer(member.Name.Text) : null);
        if (column is not null)
        {
            return new ScalarMeaning(RowScope.ColumnOf(column), IsColumn: true);
        }

        var near = NearestName.Find(member.Name.Text, row.Shape.Columns.Select(c => c.Name));
        binder.Report("KS142", member.Name.Span, $"The name '{member.Name.Text}' does not refer to any known column, table, variable or function.", near is null ? null : $"Did you mean '{near}'?");
        return ErrorMeaning.Instance;
    }

    private Meaning BindStep(MemberSyntax member, string step, Scope scope)
    {
        var column = scope.Row!.Find(member.Name.Text) ?? (scope.Row.IsOpen ? scope.Row.Infer(member.Name.Text) : null);
        if (column is not null)
        {
            return new ScalarMeaning(new BoundScanState(step, column.Name, column.Type), IsColumn: true);
        }

        binder.Report("KS142", member.Name.Span, $"The name '{member.Name.Text}' does not refer to any known column, table, variable or function.");
        return ErrorMeaning.Instance;
    }

    private Meaning BindElement(ElementSyntax element, Scope scope)
    {
        var target = Bind(element.Target, scope);
        if (target is DatabaseMeaning or ClusterMeaning or EntityGroupMeaning)
        {
            return binder.Tables.BindElement(target, element, scope);
        }

        if (target is SeveralMeaning { Elements.Count: > 1 } several)
        {
            return element.Index is LiteralSyntax { Value: long at } && at >= 0 && at < several.Elements.Count
                ? new ScalarMeaning(Element(several.Call, several.Elements[(int)at]))
                : Disallow(element);
        }

        if (target is PatternMeaning pattern)
        {
            return binder.Functions.BindPatternElement(pattern, element, scope);
        }

        if (target is ErrorMeaning)
        {
            Bind(element.Index, scope);
            return target;
        }

        if (target is TableMeaning)
        {
            return Disallow(element);
        }

        var value = ToScalar(target, element.Target.Span);
        var index = Scalar(element.Index, scope);
        if (value.Type is not (KqlType.Dynamic or KqlType.Unknown))
        {
            return Disallow(element);
        }

        if (value is BoundLiteral { Type: KqlType.Unknown })
        {
            return ErrorMeaning.Instance;
        }

        if (index.Type is not (KqlType.Int or KqlType.Long or KqlType.String or KqlType.Dynamic or KqlType.Unknown))
        {
            binder.Report("KS141", element.Index.Span, "The expression must have one of the types: int, long or string.");
            return ErrorMeaning.Instance;
        }

        return new ScalarMeaning(index is BoundLiteral { Value: string name, Type: KqlType.String } ? new BoundMember(value, name) : new BoundIndex(value, index));
    }

    private ErrorMeaning Disallow(ElementSyntax element)
    {
        var start = element.Target.Span.End;
        binder.Report("KS147", TextSpan.FromBounds(start, Math.Max(start, element.Span.End)), "The element access operator [] is not allowed in this context.", "Only dynamic values have elements: use parse_json() or split() first.");
        return ErrorMeaning.Instance;
    }
}
