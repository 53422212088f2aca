using Bartizan.Kql.Syntax.Nodes;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Binding;

/// <summary>Which columns each plugin gives.</summary>
internal sealed class PluginShapes(Binder binder, CallSyntax call, RowScope? row, IReadOnlyList<PluginArgument> arguments)
{
    private static readonly HashSet<string> Known =
    [
        "bag_unpack", "pivot", "narrow", "ipv4_lookup", "ipv6_lookup", "autocluster", "basket", "diffpatterns",
    ];

    public static bool IsKnown(string name) => Known.Contains(name);

    private RowShape Input => row?.Shape ?? RowShape.Empty;

    public RowShape Shape() => call.Name.Text switch
    {
        "bag_unpack" => BagUnpack(),
        "pivot" => Pivot(),
        "narrow" => new RowShape([new("Row", KqlType.Long), new("Column", KqlType.String), new("Value", KqlType.String)]),
        "ipv4_lookup" or "ipv6_lookup" => Lookup(),
        "autocluster" => With([new("SegmentId", KqlType.Long), new("Count", KqlType.Long), new("Percent", KqlType.Real)], Input),
        "basket" => With([new("SegmentId", KqlType.Long), new("Count", KqlType.Long), new("Percent", KqlType.Real)], Input),
        "diffpatterns" => With(
            [
                new("SegmentId", KqlType.Long), new("CountA", KqlType.Long), new("CountB", KqlType.Long), new("PercentA", KqlType.Real),
                new("PercentB", KqlType.Real), new("PercentDiffAB", KqlType.Real),
            ],
            Input),
        _ => new RowShape([], IsOpen: true),
    };

    private static RowShape With(IEnumerable<KqlColumn> first, RowShape rest) => new([.. first, .. rest.Columns], rest.IsOpen);

    private bool Need(int least)
    {
        if (arguments.Count >= least)
        {
            return true;
        }

        binder.Report("KS119", call.Name.Span, $"The function '{call.Name.Text}' expects {least} argument{(least == 1 ? "" : "s")}.");
        return false;
    }

    private KqlColumn? Column(int index, bool dynamic = false)
    {
        if (index >= arguments.Count || arguments[index].Meaning is ErrorMeaning)
        {
            return null;
        }

        if (arguments[index].Column is not { } column)
        {
            binder.Report("KS109", arguments[index].Text.Span, "Column name expected.");
            return null;
        }

        if (dynamic && column.Type is not (KqlType.Dynamic or KqlType.Unknown))
        {
            binder.Report("KS107", arguments[index].Text.Span, "A value of type dynamic expected.", column.Type == KqlType.String ? "Use parse_json() before evaluate." : null);
        }

        return new KqlColumn(column.Name, column.Type);
    }

    private RowShape BagUnpack()
    {
        if (!Need(1))
        {
            return new RowShape([], IsOpen: true);
        }

        var bag = Column(0, dynamic: true);
        return new RowShape([.. Input.Columns.Where(c => c.Name != bag?.Name)], IsOpen: true);
    }

    private RowShape Pivot()
    {
        if (!Need(1))
        {
            return new RowShape([], IsOpen: true);
        }

        var pivot = Column(0);
        if (arguments.Count > 2)
        {
            return new RowShape([.. Enumerable.Range(2, arguments.Count - 2).Select(i => Column(i)).OfType<KqlColumn>()], IsOpen: true);
        }

        var used = arguments.Count > 1 ? SearchBinder.Names(arguments[1].Text) : [];
        return new RowShape([.. Input.Columns.Where(c => c.Name != pivot?.Name && !used.Contains(c.Name))], IsOpen: true);
    }

    /// <summary>The input's columns, then those of the lookup table.</summary>
    private RowShape Lookup()
    {
        if (!Need(3) || arguments[0].Bound.Table is not { } table)
        {
            return new RowShape([.. Input.Columns], IsOpen: true);
        }

        var names = new UniqueNames();
        return new RowShape([.. Input.Columns.Concat(table.Shape.Columns).Select(c => c with { Name = names.Add(c.Name) })], Input.IsOpen || table.Shape.IsOpen);
    }
}
