using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Bartizan.Foundation.Outcomes;

namespace Bartizan.Server.Api.Arm;

/// <summary>
/// A <c>$filter</c>: comparisons (<c>eq ne gt ge lt le in</c>) of a property with a literal, <c>and or not</c>, parentheses, and <c>contains</c>,
/// <c>startswith</c>, <c>endswith</c>, <c>substringof</c>, <c>tolower</c>, <c>toupper</c>. Text compares without regard to case, as Azure's filters do. Values never
/// become part of a query's text.
/// </summary>
internal sealed class ODataFilter
{
    /// <summary>Nothing that a client writes nests deeper; a longer text is refused before it is read.</summary>
    private const int MaxDepth = 40;

    private const int MaxLength = 8000;

    private readonly Node root;

    private ODataFilter(Node root) => this.root = root;

    /// <summary>The filter that everything passes.</summary>
    public static ODataFilter All { get; } = new(new Always());

    public static bool TryParse(string? text, out ODataFilter filter, [NotNullWhen(false)] out Problem? problem)
    {
        filter = All;
        problem = null;
        if (string.IsNullOrWhiteSpace(text))
        {
            return true;
        }

        try
        {
            if (text.Length > MaxLength)
            {
                throw new FormatException($"it is longer than {MaxLength} characters");
            }

            var parser = new Parser(ODataTokens.Read(text));
            filter = new ODataFilter(parser.Parse());
            return true;
        }
        catch (FormatException e)
        {
            problem = new Problem(ProblemKind.Invalid, "InvalidFilter", $"The $filter '{text[..Math.Min(text.Length, 200)]}' cannot be read: {e.Message}.", "$filter");
            return false;
        }
    }

    /// <summary>Whether something passes; <paramref name="read"/> gives a property by its path (text, number, bool, time or null).</summary>
    public bool Matches(Func<string, object?> read) => root.Holds(read);

    /// <summary>The text that a property must equal for anything to pass, where the filter says so; for narrowing a search at its source.</summary>
    public string? Required(string property) => Conjuncts(root).OfType<Comparison>()
        .FirstOrDefault(c => c.Operator == "eq" && c.Property.Equals(property, StringComparison.OrdinalIgnoreCase) && c.Value is string)?.Value as string;

    /// <summary>Every property that the filter names.</summary>
    public IEnumerable<string> Properties => root.Names();

    private static IEnumerable<Node> Conjuncts(Node node) => node is Both both ? Conjuncts(both.Left).Concat(Conjuncts(both.Right)) : [node];

    private sealed class Parser(IReadOnlyList<ODataToken> tokens)
    {
        private int at;
        private int depth;

        public Node Parse()
        {
            var node = Or();
            return at == tokens.Count ? node : throw new FormatException($"'{tokens[at].Text}' is not expected there");
        }

        private Node Or()
        {
            var left = And();
            while (Takes("or"))
            {
                left = new Either(left, And());
            }

            return left;
        }

        private Node And()
        {
            var left = Unary();
            while (Takes("and"))
            {
                left = new Both(left, Unary());
            }

            return left;
        }

        private Node Unary()
        {
            if (++depth > MaxDepth)
            {
                throw new FormatException("it nests too deeply");
            }

            try
            {
                if (Takes("not"))
                {
                    return new Negation(Unary());
                }

                if (Takes("("))
                {
                    var inner = Or();
                    Expect(")");
                    return inner;
                }

                return Comparison();
            }
            finally
            {
                depth--;
            }
        }

        private Node Comparison()
        {
            var word = Next();
            if (word.IsWord && Peek("("))
            {
                return Function(word.Text);
            }

            if (word.Text is var literal && word.IsLiteral)
            {
                throw new FormatException($"a property is expected where '{literal}' stands");
            }

            return Compare(word.Text);
        }

        private Node Compare(string property)
        {
            var name = Next().Text.ToLowerInvariant();
            if (name == "in")
            {
                Expect("(");
                var values = new List<object?> { Value() };
                while (Takes(","))
                {
                    values.Add(Value());
                }

                Expect(")");
                return values.Select(v => (Node)new Comparison(property, "eq", v)).Aggregate((a, b) => new Either(a, b));
            }

            return name is "eq" or "ne" or "gt" or "ge" or "lt" or "le"
                ? new Comparison(property, name, Value())
                : throw new FormatException($"eq, ne, gt, ge, lt, le or in is expected after '{property}', not '{name}'");
        }

        private Node Function(string name)
        {
            Expect("(");
            var lower = name.ToLowerInvariant();
            if (lower is "tolower" or "toupper")
            {
                var inner = Next().Text;
                Expect(")");
                return Compare(inner);
            }

            if (lower == "atscope")
            {
                Expect(")");
                return new Comparison("atScope()", "eq", true);
            }

            if (lower == "assignedto")
            {
                var who = Value();
                Expect(")");
                return new Comparison("assignedTo()", "eq", who);
            }

            if (lower is not ("contains" or "startswith" or "endswith" or "substringof"))
            {
                throw new FormatException($"the function '{name}' is not known");
            }

            var first = Next();
            var wrapped = first.IsWord && (first.Text.Equals("tolower", StringComparison.OrdinalIgnoreCase) || first.Text.Equals("toupper", StringComparison.OrdinalIgnoreCase)) && Takes("(");
            var property = wrapped ? Next().Text : first.Text;
            if (wrapped)
            {
                Expect(")");
            }

            Expect(",");
            var second = Next();
            Expect(")");
            var node = lower == "substringof" ? new Comparison(second.Text, "contains", first.Value) : new Comparison(property, lower, second.Value);
            if ((Takes("eq") && Value() is false) || (Takes("ne") && Value() is true))
            {
                return new Negation(node);
            }

            return node;
        }

        private object? Value()
        {
            var token = Next();
            return token.IsLiteral ? token.Value : throw new FormatException($"a value is expected where '{token.Text}' stands; text goes in single quotes");
        }

        private ODataToken Next() => at < tokens.Count ? tokens[at++] : throw new FormatException("it ends too early");

        private bool Peek(string text) => at < tokens.Count && !tokens[at].IsQuoted && tokens[at].Text == text;

        private bool Takes(string text)
        {
            if (at < tokens.Count && !tokens[at].IsQuoted && tokens[at].Text.Equals(text, StringComparison.OrdinalIgnoreCase))
            {
                at++;
                return true;
            }

            return false;
        }

        private void Expect(string text)
        {
            if (!Takes(text))
            {
                throw new FormatException(at < tokens.Count ? $"'{text}' is expected where '{tokens[at].Text}' stands" : $"'{text}' is missing at its end");
            }
        }
    }

    private abstract record Node
    {
        public abstract bool Holds(Func<string, object?> read);

        public abstract IEnumerable<string> Names();
    }

    private sealed record Always : Node
    {
        public override bool Holds(Func<string, object?> read) => true;

        public override IEnumerable<string> Names() => [];
    }

    private sealed record Both(Node Left, Node Right) : Node
    {
        public override bool Holds(Func<string, object?> read) => Left.Holds(read) && Right.Holds(read);

        public override IEnumerable<string> Names() => Left.Names().Concat(Right.Names());
    }

    private sealed record Either(Node Left, Node Right) : Node
    {
        public override bool Holds(Func<string, object?> read) => Left.Holds(read) || Right.Holds(read);

        public override IEnumerable<string> Names() => Left.Names().Concat(Right.Names());
    }

    private sealed record Negation(Node Inner) : Node
    {
        public override bool Holds(Func<string, object?> read) => !Inner.Holds(read);

        public override IEnumerable<string> Names() => Inner.Names();
    }

    private sealed record Comparison(string Property, string Operator, object? Value) : Node
    {
        public override IEnumerable<string> Names() => [Property];

        public override bool Holds(Func<string, object?> read)
        {
            var actual = read(Property);
            return Operator switch
            {
                "contains" => Text(actual).Contains(Text(Value), StringComparison.OrdinalIgnoreCase),
                "startswith" => Text(actual).StartsWith(Text(Value), StringComparison.OrdinalIgnoreCase),
                "endswith" => Text(actual).EndsWith(Text(Value), StringComparison.OrdinalIgnoreCase),
                "eq" => Compare(actual) == 0,
                "ne" => Compare(actual) != 0,
                "gt" => Compare(actual) > 0,
                "ge" => Compare(actual) >= 0,
                "lt" => Compare(actual) < 0,
                "le" => Compare(actual) <= 0,
                _ => false,
            };
        }

        /// <summary>Null where the two cannot be put in order; it is then neither less, equal nor greater.</summary>
        private int? Compare(object? actual) => (actual, Value) switch
        {
            (null, null) => 0,
            (null, _) or (_, null) => null,
            (bool a, bool b) => a.CompareTo(b),
            (DateTimeOffset a, DateTimeOffset b) => a.CompareTo(b),
            (DateTimeOffset a, string b) => DateTimeOffset.TryParse(b, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? a.CompareTo(time) : null,
            (string a, DateTimeOffset b) => DateTimeOffset.TryParse(a, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.CompareTo(b) : null,
            (int or long or double or decimal, double b) => Convert.ToDouble(actual, CultureInfo.InvariantCulture).CompareTo(b),
            _ => string.Compare(Text(actual), Text(Value), StringComparison.OrdinalIgnoreCase),
        };

        private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
    }
}
