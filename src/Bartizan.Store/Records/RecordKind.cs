using System.Text.Json.Serialization.Metadata;

namespace Bartizan.Store.Records;

/// <summary>A kind of document: its name, how it is written as JSON, and the fields by which it can be found and ordered.</summary>
public sealed class RecordKind<T>
{
    public RecordKind(string name, JsonTypeInfo<T> json, params IReadOnlyList<RecordField<T>> indexed)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(indexed);
        Name = name;
        Json = json;
        Fields = indexed.ToDictionary(f => f.Name, StringComparer.OrdinalIgnoreCase);
        Signature = string.Join(',', indexed.OrderBy(f => f.Name, StringComparer.Ordinal).Select(f => $"{f.Name}:{(f.IsText ? 't' : 'n')}{f.Revision}"));
    }

    public string Name { get; }

    /// <summary>False for records that the machine itself writes in masses: their audit entries then carry no value, only its etag.</summary>
    public bool AuditsValues { get; init; } = true;

    internal JsonTypeInfo<T> Json { get; }

    internal IReadOnlyDictionary<string, RecordField<T>> Fields { get; }

    internal string Signature { get; }
}

/// <summary>A field by which records can be filtered and, where it has one value, ordered.</summary>
public sealed class RecordField<T>
{
    internal RecordField(string name, bool isText, bool isMany, Func<T, IEnumerable<RecordValue>> read)
    {
        Name = name;
        IsText = isText;
        IsMany = isMany;
        Read = read;
    }

    public string Name { get; }

    public bool IsText { get; }

    public bool IsMany { get; }

    /// <summary>Raise it when the meaning of the field changes: the index is then built anew.</summary>
    public int Revision { get; init; }

    internal Func<T, IEnumerable<RecordValue>> Read { get; }
}

/// <summary>Makes indexed fields.</summary>
public static class RecordField
{
    public static RecordField<T> Text<T>(string name, Func<T, string?> read) => new(name, true, false, v => [RecordValue.Of(read(v))]);

    public static RecordField<T> Texts<T>(string name, Func<T, IEnumerable<string>> read) =>
        new(name, true, true, v => read(v).Select(t => RecordValue.Of(t)));

    public static RecordField<T> Number<T>(string name, Func<T, long?> read) => new(name, false, false, v => [RecordValue.Of(read(v))]);

    public static RecordField<T> Real<T>(string name, Func<T, double?> read) => new(name, false, false, v => [RecordValue.Of(read(v))]);

    public static RecordField<T> Time<T>(string name, Func<T, DateTimeOffset?> read) => new(name, false, false, v => [RecordValue.Of(read(v))]);

    public static RecordField<T> Flag<T>(string name, Func<T, bool?> read) => new(name, false, false, v => [RecordValue.Of(read(v))]);
}
