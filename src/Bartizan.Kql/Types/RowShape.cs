namespace Bartizan.Kql.Types;

/// <summary>
/// The columns of a tabular value, in order, no name twice. An open shape has further columns that only the rows can tell
/// (<c>bag_unpack</c>, <c>pivot</c>, watchlists).
/// </summary>
public sealed record RowShape(IReadOnlyList<KqlColumn> Columns, bool IsOpen = false)
{
    public static RowShape Empty { get; } = new([]);

    public KqlColumn? Find(string name)
    {
        foreach (var column in Columns)
        {
            if (string.Equals(column.Name, name, StringComparison.Ordinal))
            {
                return column;
            }
        }

        return null;
    }

    public bool Equals(RowShape? other) => other is not null && IsOpen == other.IsOpen && Columns.SequenceEqual(other.Columns);

    public override int GetHashCode() => HashCode.Combine(Columns.Count, IsOpen);
}
