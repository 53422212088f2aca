using System.Text.Json;
using Bartizan.Store.Engines.Relational;

namespace Bartizan.Store.Records;

/// <summary>One write of a batch; made by <see cref="RecordSet{T}.Put"/> and <see cref="RecordSet{T}.Delete"/>.</summary>
public sealed class RecordChange
{
    private readonly Func<IEnumerable<RecordFieldRow>> fieldRows;

    private RecordChange(string kind, string id, string? value, string? ifMatch, bool auditsValue, Func<IEnumerable<RecordFieldRow>> fieldRows)
    {
        Kind = kind;
        Id = id;
        Value = value;
        IfMatch = ifMatch;
        AuditsValue = auditsValue;
        this.fieldRows = fieldRows;
    }

    public string Kind { get; }

    public string Id { get; }

    /// <summary>The id in the form that is compared.</summary>
    internal string Key => Id.ToLowerInvariant();

    public string? IfMatch { get; }

    internal string? Value { get; }

    internal bool AuditsValue { get; }

    internal static RecordChange Put<T>(RecordKind<T> kind, string id, T value, string? ifMatch) => new(
        kind.Name, id, JsonSerializer.Serialize(value, kind.Json), ifMatch, kind.AuditsValues, () => FieldRows(kind, id.ToLowerInvariant(), value));

    internal static RecordChange Delete<T>(RecordKind<T> kind, string id, string? ifMatch) => new(
        kind.Name, id, null, ifMatch, kind.AuditsValues, () => []);

    internal static IEnumerable<RecordFieldRow> FieldRows<T>(RecordKind<T> kind, string key, T value)
    {
        foreach (var (name, field) in kind.Fields)
        {
            var ordinal = 0;
            foreach (var item in field.Read(value).Distinct())
            {
                yield return new RecordFieldRow
                {
                    Kind = kind.Name,
                    Key = key,
                    Field = name.ToLowerInvariant(),
                    Ordinal = ordinal++,
                    Text = item.StoredText,
                    Number = item.StoredNumber,
                };
            }
        }
    }

    internal IEnumerable<RecordFieldRow> FieldRows() => fieldRows();
}
