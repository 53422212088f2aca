using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Binding;

/// <summary>
/// The columns that an operator's expressions see. Over an open shape a name that no column has becomes a column of unknown type, and
/// the operator's input is widened by it.
/// </summary>
internal sealed class RowScope(BoundQuery source)
{
    private readonly List<KqlColumn> inferred = [];
    private Dictionary<string, KqlColumn>? index;
    private BoundQuery? widened;
    private bool? isOrdered;

    public BoundQuery Source
    {
        get
        {
            if (inferred.Count == 0)
            {
                return source;
            }

            return widened ??= Widen();
        }
    }

    public RowShape Shape => Source.Shape;

    public bool IsOpen => source.Shape.IsOpen;

    /// <summary>True where functions over neighbouring rows may stand.</summary>
    public bool IsOrdered
    {
        get => isOrdered ??= RowOrder.IsDefined(source);
        init => isOrdered = value;
    }

    public KqlColumn? Find(string name)
    {
        if (source.Shape.Columns.Count <= 8)
        {
            return source.Shape.Find(name) ?? FindInferred(name);
        }

        if (index is null)
        {
            index = new Dictionary<string, KqlColumn>(source.Shape.Columns.Count, StringComparer.Ordinal);
            foreach (var column in source.Shape.Columns)
            {
                index.TryAdd(column.Name, column);
            }
        }

        return index.GetValueOrDefault(name) ?? FindInferred(name);
    }

    public KqlColumn Infer(string name)
    {
        var column = new KqlColumn(name, KqlType.Unknown);
        inferred.Add(column);
        widened = null;
        return column;
    }

    public static BoundExpression ColumnOf(KqlColumn column) => new BoundColumn(column.Name, column.Type);

    private KqlColumn? FindInferred(string name) => inferred.Find(c => c.Name == name);

    private BoundQuery Widen()
    {
        var shape = new RowShape([.. source.Shape.Columns, .. inferred], IsOpen: true);
        if (source is BoundEmpty)
        {
            return new BoundEmpty(shape);
        }

        return new BoundProject(source, shape, [.. shape.Columns.Select(c => new BoundAssignment(c, ColumnOf(c)))]);
    }
}
